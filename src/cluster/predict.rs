//! What an object is once it is applied.

use serde_json::{Map, Value};

use super::{
    overlay::overlay,
    place::{Step, name, remove},
};

/// By what was read alone.
pub(super) fn by_reading(live: &Value, desired: &Value, removed: &[Vec<Step>]) -> Value {
    let mut applied = overlay(&mut Vec::new(), live, desired);
    for place in removed {
        remove(&mut applied, place);
    }
    applied
}

/// By what a dry run answered, without what it says of itself: what the server and its webhooks fill in where neither we
/// nor the live object says anything, and generated values that are others each time.
pub(super) fn by_dry_run(live: &Value, desired: &Value, answer: &Value, removed: &[Vec<Step>]) -> Value {
    let mut applied = ours(&mut Vec::new(), Some(live), Some(desired), answer, removed);
    for place in removed {
        // What the answer changes is changed as it says: to a default, or to what somebody else wants.
        if at(live, place) == at(answer, place) {
            remove(&mut applied, place);
        }
    }
    applied
}

fn at<'a>(value: &'a Value, place: &[Step]) -> Option<&'a Value> {
    let mut value = value;
    for (depth, step) in place.iter().enumerate() {
        value = step.inside(&place[..depth], value)?;
    }
    Some(value)
}

fn ours(
    at: &mut Vec<Step>,
    live: Option<&Value>,
    desired: Option<&Value>,
    answer: &Value,
    removed: &[Vec<Step>],
) -> Value {
    match answer {
        Value::Object(entries) => {
            let mut kept = Map::new();
            for (key, value) in entries {
                let step = Step::Key(key.clone());
                let (live, desired) = (side(at, &step, live), side(at, &step, desired));
                if live.is_some() || desired.is_some() {
                    at.push(step);
                    kept.insert(key.clone(), ours(at, live, desired, value, removed));
                    at.pop();
                }
            }
            Value::Object(kept)
        }
        Value::Array(items) => {
            let names: Option<Vec<String>> = items.iter().map(|item| name(at, item)).collect();
            let length = items.len();
            let is_whole =
                |side: Option<&Value>| side.and_then(Value::as_array).is_none_or(|side| side.len() == length);
            let steps: Vec<Step> = match names {
                Some(names) => names.into_iter().map(Step::Named).collect(),
                None if is_whole(live) && is_whole(desired) => (0..length).map(Step::At).collect(),
                None => return answer.clone(),
            };
            let mut kept = Vec::with_capacity(length);
            for (step, item) in steps.into_iter().zip(items) {
                let (live, desired) = (side(at, &step, live), side(at, &step, desired));
                // An injected sidecar that is not there yet.
                if live.is_some() || desired.is_some() {
                    at.push(step);
                    kept.push(ours(at, live, desired, item, removed));
                    at.pop();
                }
            }
            Value::Array(kept)
        }
        answer => match (live, desired) {
            (Some(live), None) if !removed.iter().any(|place| at.starts_with(place)) => live.clone(),
            _ => answer.clone(),
        },
    }
}

fn side<'a>(at: &[Step], step: &Step, side: Option<&'a Value>) -> Option<&'a Value> {
    side.and_then(|side| step.inside(at, side))
}
