//! What was rendered, among what is there: replaced by identity, added at the end, taken away if it is ours and rendered
//! no more.

use serde_json::Value;

use super::{
    Rendered,
    config::Config,
    identity::{INDEX, Identity, OWNER, PATH, annotate, annotation, kept},
    list::{Document, Slot},
    results::Finding,
};
use crate::{
    problem::Severity,
    tree::{Node, Spot},
};

/// The items of the list that goes out, and what is to say about them.
pub struct Merged {
    pub slots: Vec<Slot>,
    pub findings: Vec<Finding>,
}

pub fn merge(document: &Document<'_>, rendered: Rendered, config: &Config<'_>) -> Merged {
    let mut left: Vec<Option<(String, Node)>> = rendered.into_iter().map(Some).collect();
    let mut merged = Merged { slots: Vec::new(), findings: Vec::new() };
    let items = document.items();
    // Who has the very identity goes first.
    let mut matches: Vec<Option<(usize, bool)>> = vec![None; items.len()];
    for is_exact in [true, false] {
        for (at, item) in items.iter().enumerate().filter(|(_, item)| Identity::of(item).is_some()) {
            let own = is_own(item, config);
            if matches[at].is_some() || !(is_exact || own) {
                continue;
            }
            let identity = Identity::of(item);
            let fits = |(_, root): &(String, Node)| {
                let wanted = Identity::rendered(root);
                identity.as_ref().is_some_and(|is| if is_exact { *is == wanted } else { is.may_be(&wanted) })
            };
            let taken: Vec<usize> = matches.iter().flatten().map(|(found, _)| *found).collect();
            let found = left.iter().position(|one| one.as_ref().is_some_and(fits)).filter(|at| !taken.contains(at));
            matches[at] = found.map(|found| (found, own));
        }
    }
    for (at, item) in items.iter().enumerate() {
        match matches[at].and_then(|(found, own)| Some((left[found].take()?, own))) {
            Some(((_, root), own)) => merged.slots.push(merged_slot(at, item, root, config, own, &mut merged.findings)),
            None if is_own(item, config) => {
                let what = Identity::of(item).map(|identity| identity.to_string()).unwrap_or_default();
                merged.findings.push(Finding::about(
                    Severity::Note,
                    format!("{what} is rendered no more, and was taken away"),
                    item,
                ));
            }
            None => merged.slots.push(Slot::Kept(at)),
        }
    }
    let folder = folder(config);
    for (path, mut root) in left.into_iter().flatten() {
        let path = format!("{folder}{}/{path}", config.mark);
        annotate(&mut root, [(OWNER, config.mark.as_str())]);
        if config.paths {
            annotate(&mut root, [(PATH, path.as_str()), (INDEX, "0")]);
        }
        merged.slots.push(Slot::New(root));
    }
    merged
}

fn is_own(item: &Spot, config: &Config<'_>) -> bool {
    annotation(item, OWNER) == Some(config.mark.as_str())
}

/// In place of what was there; that itself, with its comments, if nothing differs.
fn merged_slot(
    at: usize,
    item: &Spot,
    mut root: Node,
    config: &Config<'_>,
    own: bool,
    findings: &mut Vec<Finding>,
) -> Slot {
    annotate(&mut root, [(OWNER, config.mark.as_str())]);
    annotate(&mut root, kept(item));
    if Value::from(&root) == Value::from(item) {
        return Slot::Kept(at);
    }
    if !own {
        let what = Identity::rendered(&root);
        let text = format!("{what} was there and is not of this profile: it was replaced");
        findings.push(Finding::about(Severity::Warning, text, item));
    }
    Slot::Replaced(at, root)
}

/// Where the profile itself lies in the package.
fn folder(config: &Config<'_>) -> String {
    let path = annotation(config.root, PATH).unwrap_or_default();
    path.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default()
}
