//! Which of the keys that decide a value is the one that has changed.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    key::Key,
    layers::Provenance,
    report::{Change, Kind, Place},
    tree::Note,
};

/// What is known of a profile besides how it is now.
#[derive(Debug, Clone, Default)]
pub struct Known<'a> {
    /// The merged profile on either side, where both are known.
    pub models: Option<(&'a Value, &'a Value)>,
    /// Keys that have changed, as what they alone decide has.
    pub changed: BTreeSet<Key>,
}

/// How much speaks for a key, the most certain first.
type Signs = (bool, bool, usize, bool);

/// Where the key is written that changed a value. Nothing where that is anybody's guess: a wrong line is worse than none.
pub fn blame(note: &Note, change: &Change, provenance: &Provenance, known: &Known<'_>) -> Option<Place> {
    let written: Vec<&Key> = provenance.written_keys(note).map(|(key, _)| key).collect();
    let signs: Vec<Signs> = written.iter().map(|key| signs(key, change, provenance, known)).collect();
    let most = signs.iter().max().copied().unwrap_or_default();
    if change.change == Kind::Remove && written.len() > 1 && most == Signs::default() {
        return None;
    }
    // The first of those for which as much speaks, as the first decides most.
    let mut best = written.into_iter().zip(signs).filter(|(_, signs)| *signs == most).map(|(key, _)| key);
    best.find_map(|key| Place::of(&Note::new("", vec![key.clone()]), provenance))
}

/// The key that has changed without doubt: it alone decides a changed value, or it alone says what is new.
pub fn sure(note: &Note, change: &Change, provenance: &Provenance) -> Option<Key> {
    let written: Vec<&Key> = provenance.written_keys(note).map(|(key, _)| key).collect();
    if let [key] = written[..] {
        return Some(key.clone());
    }
    let mut new = written.into_iter().filter(|key| is_new(key, change, provenance));
    new.next().filter(|_| new.next().is_none()).cloned()
}

fn signs(key: &Key, change: &Change, provenance: &Provenance, known: &Known<'_>) -> Signs {
    let differs = known.models.is_some_and(|(old, new)| key.find(old) != key.find(new));
    (differs, is_new(key, change, provenance), alike(key, change), known.changed.contains(key))
}

/// Whether a key says what a value is now, and not what it was.
fn is_new(key: &Key, change: &Change, provenance: &Provenance) -> bool {
    let text = written(key, provenance);
    let says = |value: &Option<Value>| value.as_ref().is_some_and(|value| says(text, value));
    says(&change.new_value) && !says(&change.old_value)
}

/// A value as the profile spells it; nothing of what stands in no text.
fn written<'a>(key: &Key, provenance: &'a Provenance) -> &'a str {
    let span = provenance.origins.get(key).map(|origin| &origin.value);
    let text = span.and_then(|span| provenance.sources.find(span.source)?.text.get(span.range.clone()));
    text.unwrap_or_default()
}

/// Whether what is written stands in a value, or the value in it: `"40s"` and `40`.
fn says(written: &str, value: &Value) -> bool {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(_) | Value::Null => return false,
        Value::Array(items) => return items.iter().any(|item| says(written, item)),
        Value::Object(map) => return map.values().any(|item| says(written, item)),
    };
    let bare = written.trim().trim_matches(['"', '\'']);
    !bare.is_empty() && (has_word(bare, &text) || has_word(&text, bare))
}

/// Whether a text has another in it, and neither goes on with the same: no digits after a number.
fn has_word(text: &str, word: &str) -> bool {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic());
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let (before, after) = (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
            let goes_on = |one: Option<char>, other: Option<char>| {
                is_digit(one) && is_digit(other) || is_letter(one) && is_letter(other)
            };
            !goes_on(before, word.chars().next()) && !goes_on(word.chars().next_back(), after)
        })
}

/// How many words of a key the changed place names: `probes.startup.within` is of `startupProbe`.
fn alike(key: &Key, change: &Change) -> usize {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    // Of `name=orders` the name.
    let token = |token: &'_ str| token.rsplit('=').next().unwrap_or_default().to_owned();
    let at: Vec<String> = change.path.rsplit('/').take(3).map(token).collect();
    let mut place = plain(&at.concat());
    place.extend([&change.old_value, &change.new_value].into_iter().flatten().filter_map(Value::as_str).map(plain));
    key.segments().map(plain).filter(|word| word.len() > 3 && place.contains(word.as_str())).count()
}
