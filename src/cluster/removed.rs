//! What applying takes away: what the deployer said before, and no longer says.
//!
//! A dry run does not show it where its manager is another than the one who said it (kubernetes#107828), and reading alone
//! shows nothing of it.

use serde_json::{Map, Value};

use super::{
    managers,
    owned::{Entry, SELF, said, together},
    place::{Step, name, shown},
};

#[derive(Debug, Default, PartialEq)]
pub(super) struct Removed {
    pub places: Vec<Vec<Step>>,
    /// What stays, and why.
    pub notes: Vec<String>,
}

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// What the deployer has said of a live object, and does not say in what it will apply.
pub(super) fn removed(live: &Value, desired: &Value, entries: &[Entry<'_>], deployer: &str) -> Removed {
    let (own, others): (Vec<&Entry<'_>>, Vec<&Entry<'_>>) =
        entries.iter().partition(|entry| managers::is_of(entry, deployer));
    let own = said(own);
    let mut walk = Walk { at: Vec::new(), keys: Vec::new(), others: &others, found: Removed::default() };
    let foreign = together(others.iter().copied());
    walk.owned(&own, Some(&foreign), Some(desired), live);
    let annotation = live["metadata"]["annotations"][LAST_APPLIED].as_str();
    if let Some(last) = annotation.and_then(|text| serde_json::from_str::<Value>(text).ok()) {
        walk.applied(&last, desired, live, Some(&own), Some(&foreign));
    }
    walk.found
}

struct Walk<'a> {
    at: Vec<Step>,
    /// The same place as `FieldsV1` has it.
    keys: Vec<String>,
    others: &'a [&'a Entry<'a>],
    found: Removed,
}

impl Walk<'_> {
    /// By what the server keeps of managers.
    fn owned(
        &mut self,
        own: &Map<String, Value>,
        foreign: Option<&Map<String, Value>>,
        desired: Option<&Value>,
        live: &Value,
    ) {
        for (key, below) in own.iter().filter(|(key, _)| *key != SELF) {
            let Some(step) = Step::of_field(key) else { continue };
            let Some(there) = step.inside(&self.at, live) else { continue };
            let told = desired.and_then(|desired| step.inside(&self.at, desired));
            let foreign = foreign.and_then(|foreign| foreign.get(key)).and_then(Value::as_object);
            let below = below.as_object().filter(|below| below.keys().any(|key| key != SELF));
            self.at.push(step);
            self.keys.push(key.clone());
            match (told, foreign, below) {
                (Some(_), _, None) => {}
                (Some(told), _, Some(below)) => self.owned(below, foreign, Some(told), there),
                (None, None, _) => self.found.places.push(self.at.clone()),
                // Of what others have a part in, only the rest goes.
                (None, Some(_), Some(below)) => self.owned(below, foreign, None, there),
                (None, Some(_), None) => self.note_owners(),
            }
            self.at.pop();
            self.keys.pop();
        }
    }

    fn note_owners(&mut self) {
        let owns = |entry: &&&Entry<'_>| {
            let mut fields = Some(entry.fields);
            for key in &self.keys {
                fields = fields.and_then(|fields| fields.get(key)).and_then(Value::as_object);
            }
            fields.is_some()
        };
        let owners: Vec<String> = self.others.iter().filter(owns).map(|entry| format!("`{}`", entry.manager)).collect();
        let place = shown(&self.at);
        self.found
            .notes
            .push(format!("`{place}` is no longer rendered and stays: {} set it, too", owners.join(" and ")));
    }

    /// By what `kubectl apply` keeps of what it applied last.
    fn applied(
        &mut self,
        last: &Value,
        desired: &Value,
        live: &Value,
        own: Option<&Map<String, Value>>,
        foreign: Option<&Map<String, Value>>,
    ) {
        let steps: Vec<(Step, &Value)> = match last {
            Value::Object(map) => map.iter().map(|(key, value)| (Step::Key(key.clone()), value)).collect(),
            Value::Array(items) => {
                let named = items.iter().map(|item| Some((Step::Named(name(&self.at, item)?), item)));
                named.collect::<Option<_>>().unwrap_or_default()
            }
            _ => return,
        };
        for (step, last) in steps {
            let Some(there) = step.inside(&self.at, live) else { continue };
            let told = step.inside(&self.at, desired);
            let (own, foreign) = (field(own, &step), field(foreign, &step));
            // What others have taken over stays theirs.
            let is_taken = foreign.is_some() && own.is_none();
            let (own, foreign) = (own.and_then(Value::as_object), foreign.and_then(Value::as_object));
            // Of labels and annotations everybody has his own.
            let is_shared = matches!(&step, Step::Key(key) if key == "labels" || key == "annotations");
            let told = if is_shared { told.or(Some(&Value::Null)) } else { told };
            self.at.push(step);
            match told {
                Some(told) => self.applied(last, told, there, own, foreign),
                None if last.is_null() || is_taken || self.found.places.contains(&self.at) => {}
                None => self.found.places.push(self.at.clone()),
            }
            self.at.pop();
        }
    }
}

/// A field of which owners are known.
fn field<'a>(fields: Option<&'a Map<String, Value>>, step: &Step) -> Option<&'a Value> {
    let Step::Key(key) = step else { return None };
    fields?.get(&format!("f:{key}"))
}
