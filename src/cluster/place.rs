//! Places in an object, as its field managers name them.

use serde_json::{Map, Value};

use crate::diff;

/// A step from a value into it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Key(String),
    /// The item of a list with these values.
    With(Map<String, Value>),
    /// The item of a list that is this value.
    Is(Value),
    /// The item of a list that bears this name among the others.
    Named(String),
    At(usize),
}

impl Step {
    /// Out of the text of `FieldsV1`: `f:name`, `k:{"name":"app"}`, `v:"text"`, `i:0`.
    pub fn of_field(text: &str) -> Option<Step> {
        let (kind, rest) = text.split_once(':')?;
        match kind {
            "f" => Some(Step::Key(rest.to_owned())),
            "k" => serde_json::from_str(rest).ok().map(Step::With),
            "v" => serde_json::from_str(rest).ok().map(Step::Is),
            "i" => rest.parse().ok().map(Step::At),
            _ => None,
        }
    }

    /// Where it leads from a value at a place, as an index for lists.
    fn index(&self, at: &[Step], items: &[Value]) -> Option<usize> {
        match self {
            Step::Key(_) => None,
            Step::With(keys) => items.iter().position(|item| has(item, keys)),
            Step::Is(value) => items.iter().position(|item| item == value),
            Step::Named(name) => items.iter().position(|item| self::name(at, item).as_ref() == Some(name)),
            Step::At(index) => Some(*index).filter(|index| *index < items.len()),
        }
    }

    pub fn inside<'a>(&self, at: &[Step], value: &'a Value) -> Option<&'a Value> {
        match (self, value) {
            (Step::Key(key), Value::Object(map)) => map.get(key),
            (_, Value::Array(items)) => items.get(self.index(at, items)?),
            _ => None,
        }
    }

    fn inside_mut<'a>(&self, at: &[Step], value: &'a mut Value) -> Option<&'a mut Value> {
        match (self, value) {
            (Step::Key(key), Value::Object(map)) => map.get_mut(key),
            (_, Value::Array(items)) => {
                let index = self.index(at, items)?;
                items.get_mut(index)
            }
            _ => None,
        }
    }

    fn shown(&self) -> String {
        match self {
            Step::Key(key) => format!(".{key}"),
            Step::With(keys) => {
                let pair = |(key, value): (&String, &Value)| match value {
                    Value::String(text) => format!("{key}={text}"),
                    value => format!("{key}={value}"),
                };
                format!("[{}]", keys.iter().map(pair).collect::<Vec<_>>().join(","))
            }
            Step::Is(value) => format!("[{value}]"),
            Step::Named(name) => format!("[{name}]"),
            Step::At(index) => format!("[{index}]"),
        }
    }
}

/// Keys that an item leaves out are at their defaults: of a port that names no protocol it is TCP.
fn has(item: &Value, keys: &Map<String, Value>) -> bool {
    keys.iter().all(|(key, value)| match item.get(key) {
        Some(own) => own == value,
        None => key == "protocol" && value == "TCP",
    })
}

/// What tells an item of the list at a place from the others.
pub(super) fn name(at: &[Step], item: &Value) -> Option<String> {
    let key = |from_end: usize| match at.iter().nth_back(from_end) {
        Some(Step::Key(key)) => key.as_str(),
        _ => "",
    };
    diff::item_name(key(0), key(1), item)
}

/// As people write it: `.spec.template.spec.containers[name=app].image`.
pub(super) fn shown(at: &[Step]) -> String {
    at.iter().map(Step::shown).collect()
}

/// Takes away what stands at a place, and whatever is empty without it.
pub(super) fn remove(root: &mut Value, at: &[Step]) {
    let Some((last, above)) = at.split_last() else { return };
    let mut value = &mut *root;
    for (depth, step) in above.iter().enumerate() {
        match step.inside_mut(&at[..depth], value) {
            Some(inner) => value = inner,
            None => return,
        }
    }
    match (last, value) {
        (Step::Key(key), Value::Object(map)) => {
            map.shift_remove(key);
            if map.is_empty() && at.len() > 2 {
                remove(root, above);
            }
        }
        (step, Value::Array(items)) => {
            if let Some(index) = step.index(above, items) {
                items.remove(index);
            }
            if items.is_empty() {
                remove(root, above);
            }
        }
        _ => {}
    }
}
