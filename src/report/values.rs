//! Values and fields, as short as people read them.

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use super::{Change, Kind};
pub(super) use crate::tree::one_line;

/// Longer values are cut.
const LONGEST: usize = 72;

/// What is left of what two long values begin with.
const SHARED: usize = 8;

/// `spec.replicas: 2 → 3`.
pub(super) fn change(change: &Change) -> String {
    if change.path.is_empty() {
        return match change.change {
            Kind::Add => "all of it is new".to_owned(),
            Kind::Remove => "all of it is gone".to_owned(),
            Kind::Replace | Kind::Reorder => "other lines".to_owned(),
        };
    }
    let path = path(&change.path);
    let (old, new) = pair(change.old_value.as_ref(), change.new_value.as_ref());
    match (change.change, old, new) {
        (Kind::Reorder, ..) => format!("{path}: in another order"),
        (_, Some(old), Some(new)) => format!("{path}: {old} → {new}"),
        (_, None, Some(new)) => format!("{path}: {new} is new"),
        (_, Some(old), None) => format!("{path}: {old} is gone"),
        (Kind::Remove, None, None) => format!("{path} is gone"),
        (_, None, None) => format!("{path} is new"),
    }
}

/// `spec.containers[orders].image`, of `/spec/containers/name=orders/image`.
pub(super) fn path(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        let is_position = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        match part.split_once('=') {
            Some((_, name)) => path.push_str(&format!("[{name}]")),
            None if is_position => path.push_str(&format!("[{part}]")),
            None => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&part);
            }
        }
    }
    path
}

/// Both values on a line each; of long ones what tells them apart.
pub(super) fn pair(old: Option<&Value>, new: Option<&Value>) -> (Option<String>, Option<String>) {
    let (old, new) = (old.map(spelled), new.map(spelled));
    let (Some(a), Some(b)) = (&old, &new) else { return (old.map(|old| cut(&old)), new.map(|new| cut(&new))) };
    if a.chars().count().max(b.chars().count()) <= LONGEST {
        return (old, new);
    }
    let shared = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count().saturating_sub(SHARED);
    let rest = |text: &str| {
        let rest: String = text.chars().skip(shared).collect();
        if shared == 0 { cut(&rest) } else { format!("…{}", cut(&rest)) }
    };
    (Some(rest(a)), Some(rest(b)))
}

fn spelled(value: &Value) -> String {
    match value {
        Value::String(text) => one_line(text),
        other => one_line(&other.to_string()),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// The lines of two texts that differ, with their sign, and three around them; nothing of values on one line.
pub(super) fn lines(change: &Change) -> Option<Vec<(char, String)>> {
    let text = |value: &Option<Value>| value.as_ref().and_then(Value::as_str).map(str::to_owned);
    let (old, new) = (text(&change.old_value), text(&change.new_value));
    let long = [&old, &new].iter().any(|text| text.as_ref().is_some_and(|text| text.trim_end().contains('\n')));
    let is_text = |value: &Option<Value>| value.as_ref().is_none_or(Value::is_string);
    if !long || !is_text(&change.old_value) || !is_text(&change.new_value) {
        return None;
    }
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    let diff = TextDiff::from_lines(&old, &new);
    let mut all = Vec::new();
    for (at, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if at > 0 {
            all.push((' ', "…".to_owned()));
        }
        for line in group.iter().flat_map(|part| diff.iter_changes(part)) {
            let sign = match line.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            all.push((sign, one_line(line.value().trim_end_matches(['\r', '\n']))));
        }
    }
    Some(all)
}

/// Lines that stay, shown around those that differ.
const AROUND: usize = 3;
