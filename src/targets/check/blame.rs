//! Which patch a finding comes from, and where that stands in the profile.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Finding, Identity};
use crate::{
    app::{App, Change, Patch},
    key::Key,
    problem::{self, Problem},
    tree::{Node, Step},
};

/// Documents as a patch sees them.
pub struct Patched<'a> {
    /// What is applied to them, in this order.
    pub patches: Vec<Patch>,
    /// The documents that findings count, each with what people call it: ``Deployment `orders` ``.
    pub titles: &'a [String],
    /// The steps of a finding's path, as the patch writes them; `None` if the patch is about other documents.
    pub inside: &'a dyn Fn(&Patch, &Finding) -> Option<Vec<Step>>,
    /// Applies patches to the plain documents, and checks the result.
    pub findings: &'a dyn Fn(&[Patch]) -> Vec<Finding>,
}

/// The findings that patches brought, each as a problem that points at the first patch since which it is there.
///
/// What was there before any patch is not theirs: the profile asked for it in its own words, or it is ours to mend.
pub fn blame(app: &App, patched: &Patched<'_>) -> Vec<Problem> {
    let findings = (patched.findings)(&patched.patches);
    let mut stages = Stages { patched, found: BTreeMap::new() };
    let culprits = findings.iter().filter_map(|finding| Some((finding, stages.culprit(finding)?)));
    let mut problems: Vec<Problem> = culprits.map(|(finding, patch)| problem(finding, patch, app, patched)).collect();
    problem::sort(&mut problems);
    problems
}

/// What is found after the first so many patches. Each stage costs a check of all documents, so few are looked at.
struct Stages<'a> {
    patched: &'a Patched<'a>,
    found: BTreeMap<usize, BTreeSet<Identity>>,
}

/// As many patches are taken back one by one before it goes faster.
const NEAR: usize = 16;

impl<'a> Stages<'a> {
    /// The patch since which there is a finding that is there at the end: back until it is not there, then by halves.
    fn culprit(&mut self, finding: &Finding) -> Option<&'a Patch> {
        let (patches, identity) = (self.patched.patches.as_slice(), finding.identity());
        let (mut without, mut with) = (None, patches.len());
        for count in backwards(patches.len()) {
            if !self.has(count, &identity) {
                without = Some(count);
                break;
            }
            with = count;
        }
        let mut without = without?;
        while with - without > 1 {
            let middle = without.midpoint(with);
            let half = if self.has(middle, &identity) { &mut with } else { &mut without };
            *half = middle;
        }
        patches.get(without)
    }

    fn has(&mut self, count: usize, identity: &Identity) -> bool {
        let patched = self.patched;
        let find = || (patched.findings)(&patched.patches[..count]).iter().map(Finding::identity).collect();
        self.found.entry(count).or_insert_with(find).contains(identity)
    }
}

/// From all but one down to none of so many: the last ones each, those before them in strides that double.
fn backwards(all: usize) -> impl Iterator<Item = usize> {
    let farther = move |back: usize| if back < NEAR { back + 1 } else { back.saturating_mul(2).min(all) };
    let back = std::iter::successors((all > 0).then_some(1), move |back| (*back < all).then(|| farther(*back)));
    back.map(move |back| all - back)
}

fn problem(finding: &Finding, patch: &Patch, app: &App, patched: &Patched<'_>) -> Problem {
    let Finding { weight, rule: (rule, source), document, path, message, help } = finding;
    let title = patched.titles.get(*document).map_or("", String::as_str);
    let steps = (patched.inside)(patch, finding);
    let shown = format!("`{path}`");
    let label = if message.contains(&shown) { "patched here".to_owned() } else { format!("at {shown}") };
    Problem::new(weight.code(), format!("{title}: {message}"))
        .at(app.provenance.key(&place(patch, &steps.unwrap_or_default())), label)
        .help(help.clone().unwrap_or_else(|| format!("{rule} ({source})")))
}

/// Where in the profile the patch says what became of a place.
fn place(patch: &Patch, steps: &[Step]) -> Key {
    let (merged, depth) = match &patch.change {
        Some(Change::Table(table)) => inside_table(table, steps, patch.at.below("merge")),
        Some(Change::Yaml(_)) => (patch.at.below("yaml"), 0),
        None => (patch.at.clone(), 0),
    };
    let removed = patch.remove.iter().enumerate().map(|(i, pointer)| (i, common(pointer, steps)));
    match removed.max_by_key(|(_, common)| *common) {
        Some((i, common)) if common > depth || patch.change.is_none() => patch.at.below("remove").child(i.to_string()),
        _ => merged,
    }
}

/// As far as the table goes along the steps, and how far that is.
pub fn inside_table(table: &Map<String, Value>, steps: &[Step], from: Key) -> (Key, usize) {
    let root = Value::Object(table.clone());
    let (mut key, mut value, mut depth) = (from, &root, 0);
    for step in steps {
        let Some((segment, next)) = below(value, step) else { break };
        (key, value, depth) = (key.child(segment), next, depth + 1);
    }
    (key, depth)
}

fn below<'a>(value: &'a Value, step: &Step) -> Option<(String, &'a Value)> {
    match (step, value) {
        (Step::Key(key), Value::Object(map)) => Some((key.to_string(), map.get(&**key)?)),
        (Step::Index(index), Value::Array(items)) => Some((index.to_string(), items.get(*index)?)),
        (Step::Item { key, value }, Value::Array(items)) => {
            let index = items.iter().position(|item| Node::from(item.clone()).is_named(key, value))?;
            Some((index.to_string(), &items[index]))
        }
        _ => None,
    }
}

/// How many steps a pointer shares with a path.
fn common(pointer: &str, steps: &[Step]) -> usize {
    let segments = pointer.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~"));
    segments.zip(steps).take_while(|(segment, step)| *segment == text(step)).count()
}

fn text(step: &Step) -> String {
    match step {
        Step::Key(key) => key.to_string(),
        Step::Item { value, .. } => value.to_string(),
        Step::Index(index) => index.to_string(),
    }
}
