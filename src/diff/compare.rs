//! The walk through two documents.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{
    Document, Form, Ignore, hide,
    impact::group,
    keys,
    same::same,
    secrets::{Secrets, Side, mask},
    step::{Step, pointer},
    tags::untag,
};
use crate::report::{Change, Kind};

/// What is told of a difference, and what is not.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    pub ignore: &'a [Ignore],
    /// Nothing is left out.
    pub show_ignored: bool,
    /// The names of variables that hold secrets, besides those that look so.
    pub secrets: &'a BTreeSet<String>,
    /// Whether an autoscaler targets the object.
    pub is_scaled: bool,
}

impl Rules<'static> {
    /// Those without anything of an app.
    pub const PLAIN: Rules<'static> =
        Rules { ignore: &[], show_ignored: false, secrets: &BTreeSet::new(), is_scaled: false };
}

/// The fields in which two documents differ, in the order of the new one; what is gone stands where it stood. Of a
/// document that is new or gone, one change of the whole.
///
/// Values that nobody may read are masked.
pub fn compare(old: Option<&Document>, new: Option<&Document>, rules: &Rules<'_>) -> Vec<Change> {
    let Some(one) = new.or(old) else { return Vec::new() };
    let secrets = Secrets { form: one.form, kind: &one.identity.kind, names: rules.secrets };
    let is_built_in = is_built_in(group(&one.identity.api_version));
    let (at, old_at, new_at) = (Vec::new(), Vec::new(), Vec::new());
    let mut walk = Walk { rules, secrets, is_built_in, at, old: old_at, new: new_at, changes: Vec::new() };
    match (old, new) {
        (Some(old), Some(new)) if one.form == Form::Text => walk.lines(&old.value, &new.value),
        (Some(old), Some(new)) => walk.values(&old.value, &new.value),
        (old, new) => walk.sides(old.map(|old| &old.value), new.map(|new| &new.value)),
    }
    walk.changes
}

/// Gateways and the like are others', however they are called.
fn is_built_in(group: &str) -> bool {
    let is_other = group == "gateway.networking.k8s.io" || group.ends_with(".x-k8s.io");
    !group.contains('.') || (group.ends_with(".k8s.io") && !is_other)
}

struct Walk<'a> {
    rules: &'a Rules<'a>,
    secrets: Secrets<'a>,
    /// Whether the API is one of Kubernetes' own, whose servers drop empty lists.
    is_built_in: bool,
    at: Vec<Step>,
    /// The tokens of the pointers into either document.
    old: Vec<String>,
    new: Vec<String>,
    changes: Vec<Change>,
}

impl Walk<'_> {
    fn form(&self) -> Form {
        self.secrets.form
    }

    fn values(&mut self, old: &Value, new: &Value) {
        // Nearly everything ends here.
        if old == new || self.is_hidden(false) {
            return;
        }
        let ((tag, old_inner), (new_tag, new_inner)) = (untag(old), untag(new));
        if tag.is_some() && tag == new_tag {
            return self.values(old_inner, new_inner);
        }
        match (old, new) {
            (Value::Object(a), Value::Object(b)) if tag == new_tag => self.maps(a, b),
            (Value::Array(a), Value::Array(b)) => self.lists(a, b),
            (a, b) => {
                if !same(self.form(), &self.at, a, b) {
                    self.push(Kind::Replace, Some(old), Some(new));
                }
            }
        }
    }

    fn maps(&mut self, old: &Map<String, Value>, new: &Map<String, Value>) {
        for (key, value) in new {
            self.inside(Step::Key(key.clone()), key.clone(), key.clone(), |walk| match old.get(key) {
                Some(was) if walk.is_absent(was) != walk.is_absent(value) => walk.sides(Some(was), Some(value)),
                Some(was) => walk.values(was, value),
                None => walk.sides(None, Some(value)),
            });
        }
        for (key, value) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
            self.inside(Step::Key(key.clone()), key.clone(), key.clone(), |walk| walk.sides(Some(value), None));
        }
    }

    fn lists(&mut self, old: &[Value], new: &[Value]) {
        if Secrets::in_command(&self.at, old) || Secrets::in_command(&self.at, new) {
            // Which word of it is the secret hangs on the others.
            return self.push(Kind::Replace, Some(&old.into()), Some(&new.into()));
        }
        match keys::names(self.form(), &self.at, old, new) {
            Some(names) => self.by_name(old, new, &names),
            None => self.by_place(old, new),
        }
    }

    fn by_name(&mut self, old: &[Value], new: &[Value], names: &keys::Names) {
        let renamed = names.renamed(&self.at);
        for (to, (name, value)) in names.new.iter().zip(new).enumerate() {
            let from = names.old.iter().position(|other| other == name);
            let from = from.or(renamed.filter(|(_, new)| *new == to).map(|(old, _)| old));
            let at = (from.unwrap_or(to).to_string(), to.to_string());
            let name = from.map_or(name, |from| &names.old[from]);
            self.inside(Step::Item(name.clone()), at.0, at.1, |walk| match from {
                Some(from) => walk.values(&old[from], value),
                None => walk.sides(None, Some(value)),
            });
        }
        for (from, (name, value)) in names.old.iter().zip(old).enumerate() {
            if !names.new.contains(name) && renamed.is_none() {
                let at = from.to_string();
                self.inside(Step::Item(name.clone()), at.clone(), at, |walk| walk.sides(Some(value), None));
            }
        }
        let stays = |one: &[String], other: &[String]| -> Vec<String> {
            one.iter().filter(|name| other.contains(name)).cloned().collect()
        };
        if names.is_ordered && stays(&names.old, &names.new) != stays(&names.new, &names.old) && !self.is_hidden(false)
        {
            let order = |names: &[String]| Some(Value::from(names.to_vec()));
            let (old, new) = (order(&names.old), order(&names.new));
            self.changes.push(self.change(Kind::Reorder, old, new));
        }
    }

    /// What is alike at both ends is the same; what is between is compared one by one.
    fn by_place(&mut self, old: &[Value], new: &[Value]) {
        let fewer = old.len().min(new.len());
        let start = (0..fewer).take_while(|i| self.is_same(*i, &old[*i], &new[*i])).count();
        let from_end = |i: &usize| self.is_same(new.len() - 1 - i, &old[old.len() - 1 - i], &new[new.len() - 1 - i]);
        let end = (0..fewer - start).take_while(from_end).count();
        let (left, right) = (&old[start..old.len() - end], &new[start..new.len() - end]);
        for place in 0..left.len().max(right.len()) {
            let at = start + place;
            self.inside(Step::Index(at), at.to_string(), at.to_string(), |walk| {
                match (left.get(place), right.get(place)) {
                    (Some(old), Some(new)) => walk.values(old, new),
                    (old, new) => walk.sides(old, new),
                }
            });
        }
    }

    fn is_same(&self, at: usize, old: &Value, new: &Value) -> bool {
        let mut place = self.at.clone();
        place.push(Step::Index(at));
        let secrets = Secrets { ..self.secrets };
        let (old_at, new_at) = (Vec::new(), Vec::new());
        let mut walk = Walk { secrets, at: place, old: old_at, new: new_at, changes: Vec::new(), ..*self };
        walk.values(old, new);
        walk.changes.is_empty()
    }

    /// A text of lines, whole.
    fn lines(&mut self, old: &Value, new: &Value) {
        if old != new {
            let of = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let (was, is) = self.texts(&of(old), &of(new));
            self.changes.push(self.change(Kind::Replace, Some(was), Some(is)));
        }
    }

    /// Two texts of lines as they may be told.
    fn texts(&self, old: &str, new: &str) -> (Value, Value) {
        let shown = |text: &str, side| Value::from(self.secrets.lines(text, side));
        let (was, is) = (shown(old, Side::Alone), shown(new, Side::Alone));
        // Only secrets differ.
        if was == is { (shown(old, Side::Before), shown(new, Side::After)) } else { (was, is) }
    }

    /// What stands on one side alone, or means nothing on the other.
    fn sides(&mut self, old: Option<&Value>, new: Option<&Value>) {
        let told = |walk: &Self, value: Option<&Value>| value.filter(|value| !walk.is_absent(value)).is_some();
        match (told(self, old), told(self, new)) {
            (true, true) => self.push(Kind::Replace, old, new),
            (true, false) => self.push(Kind::Remove, old, None),
            (false, true) => self.push(Kind::Add, None, new),
            (false, false) => {}
        }
    }

    fn push(&mut self, kind: Kind, old: Option<&Value>, new: Option<&Value>) {
        let (before, after) = match kind {
            Kind::Replace => (Side::Before, Side::After),
            Kind::Add | Kind::Remove | Kind::Reorder => (Side::Alone, Side::Alone),
        };
        let is_unsaid = new.is_none();
        if let (Kind::Replace, Some(Value::String(a)), Some(Value::String(b))) = (kind, old, new)
            && [a, b].iter().any(|text| self.secrets.is_file(&self.at, text))
        {
            let (was, is) = self.texts(a, b);
            return self.changes.push(self.change(kind, Some(was), Some(is)));
        }
        let old = old.and_then(|value| self.shown(value, before, is_unsaid));
        let new = new.and_then(|value| self.shown(value, after, is_unsaid));
        // Of one side nothing may be left.
        let kind = match (&old, &new) {
            (None, None) => return,
            (Some(_), None) => Kind::Remove,
            (None, Some(_)) => Kind::Add,
            (Some(_), Some(_)) => kind,
        };
        self.changes.push(self.change(kind, old, new));
    }

    fn change(&self, change: Kind, old_value: Option<Value>, new_value: Option<Value>) -> Change {
        let path: Vec<String> = self.at.iter().map(Step::shown).collect();
        let tokens = if change == Kind::Remove { &self.old } else { &self.new };
        Change {
            path: pointer(path.iter().map(String::as_str)),
            pointer: pointer(tokens.iter().map(String::as_str)),
            change,
            old_value,
            new_value,
            source: None,
            reason: None,
        }
    }

    /// A value as it may be told: without what is hidden, and without secrets. Nothing where nothing is left.
    fn shown(&mut self, value: &Value, side: Side, is_unsaid: bool) -> Option<Value> {
        if self.is_hidden(is_unsaid) || self.is_absent(value) {
            return None;
        }
        match value {
            Value::String(text) if self.form() == Form::Text || self.secrets.is_file(&self.at, text) => {
                Some(self.secrets.lines(text, side).into())
            }
            Value::Object(map) if !map.is_empty() => {
                let mut is_left_out = false;
                let entries = map.iter().filter_map(|(key, value)| {
                    let keep = |walk: &mut Self| {
                        let shown = walk.shown(value, side, is_unsaid);
                        is_left_out |= shown.is_none() && !walk.is_absent(value);
                        shown
                    };
                    let shown = self.inside(Step::Key(key.clone()), String::new(), String::new(), keep)?;
                    Some((key.clone(), shown))
                });
                let map: Map<String, Value> = entries.collect();
                (!map.is_empty() || !is_left_out).then_some(Value::Object(map))
            }
            Value::Array(items) if !items.is_empty() => {
                if Secrets::in_command(&self.at, items) {
                    return Some(mask(side));
                }
                let shown = items.iter().enumerate().filter_map(|(at, item)| {
                    let name = keys::name(self.form(), &self.at, item);
                    let step = name.map_or(Step::Index(at), Step::Item);
                    self.inside(step, String::new(), String::new(), |walk| walk.shown(item, side, is_unsaid))
                });
                let items: Vec<Value> = shown.collect();
                (!items.is_empty()).then_some(Value::Array(items))
            }
            value if self.secrets.is(&self.at, value) => Some(mask(side)),
            value => Some(value.clone()),
        }
    }

    /// A null is as good as nothing to Kubernetes, and so are no labels, and a list of nothing where the server drops it.
    fn is_absent(&self, value: &Value) -> bool {
        let Some(Step::Key(key)) = self.at.last().filter(|_| self.form() == Form::Object) else { return false };
        match value {
            Value::Object(map) => {
                matches!(key.as_str(), "labels" | "annotations") && map.values().all(|value| self.is_nothing(value))
            }
            value => self.is_nothing(value),
        }
    }

    fn is_nothing(&self, value: &Value) -> bool {
        value.is_null() || value.as_array().is_some_and(|items| items.is_empty() && self.is_built_in)
    }

    fn is_hidden(&self, is_unsaid: bool) -> bool {
        let kind = self.secrets.kind;
        if self.rules.show_ignored || self.at.is_empty() {
            return false;
        }
        let by_table =
            self.form() == Form::Object && hide::hidden(kind, &self.at, is_unsaid, self.rules.is_scaled).is_some();
        by_table || self.rules.ignore.iter().any(|ignore| ignore.covers(kind, &self.at))
    }

    fn inside<T>(&mut self, step: Step, old: String, new: String, work: impl FnOnce(&mut Self) -> T) -> T {
        self.at.push(step);
        self.old.push(old);
        self.new.push(new);
        let done = work(self);
        self.at.pop();
        self.old.pop();
        self.new.pop();
        done
    }
}
