//! `-l team=shop`: profiles by their labels.

use std::str::FromStr;

use serde_json::Value;

/// What a label of the profile must be, as `kubectl` writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {
    Is(String, String),
    IsNot(String, String),
    There(String),
    NotThere(String),
}

/// What `-l` takes: conditions that must all hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels(pub Vec<Label>);

impl FromStr for Labels {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.split(',').map(|one| label(one.trim())).collect::<Result<_, _>>().map(Labels)
    }
}

fn label(text: &str) -> Result<Label, String> {
    let owned = |key: &str, value: &str| (key.trim().to_owned(), value.trim().to_owned());
    let found = if let Some((key, value)) = text.split_once("!=") {
        let (key, value) = owned(key, value);
        Label::IsNot(key, value)
    } else if let Some((key, value)) = text.split_once("==").or_else(|| text.split_once('=')) {
        let (key, value) = owned(key, value);
        Label::Is(key, value)
    } else if let Some(key) = text.strip_prefix('!') {
        Label::NotThere(key.trim().to_owned())
    } else {
        Label::There(text.to_owned())
    };
    let (Label::Is(key, _) | Label::IsNot(key, _) | Label::There(key) | Label::NotThere(key)) = &found;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    if key.is_empty() || !key.chars().all(plain) {
        return Err("write `team=shop`, `team!=shop`, `team` or `!team`".into());
    }
    Ok(found)
}

impl Label {
    /// Whether the labels of a merged profile are so.
    pub fn holds(&self, profile: &Value) -> bool {
        let of = |key: &str| profile.get("labels").and_then(|labels| labels.get(key)?.as_str());
        match self {
            Label::Is(key, value) => of(key) == Some(value),
            Label::IsNot(key, value) => of(key) != Some(value),
            Label::There(key) => of(key).is_some(),
            Label::NotThere(key) => of(key).is_none(),
        }
    }
}
