//! `[[patches]]`, applied: which documents a patch matches, and what it does to them.

use serde_json::Value;

use super::{check, patch_yaml};
use crate::{
    app::{App, Change, Patch},
    problem::{Code, Problem},
    tree::{
        Node, Note,
        patch::{self, MergeKeys, Misfit},
    },
};

/// Something that a patch can name.
pub struct Document<'a> {
    pub kind: String,
    pub name: String,
    pub root: &'a mut Node,
    /// Whether a patch changed it.
    pub patched: bool,
}

/// Applies patches, in order. A patch that matches nothing is an error: it was meant to.
pub fn apply<'a>(
    app: &App,
    patches: impl IntoIterator<Item = &'a Patch>,
    documents: &mut [Document<'_>],
    keys: MergeKeys<'_>,
    problems: &mut Vec<Problem>,
) {
    for patch in patches {
        let change = match read(patch, app) {
            Ok(change) => change,
            Err(problem) => {
                problems.push(*problem);
                continue;
            }
        };
        let matches = |document: &Document<'_>| {
            patch.kind.as_ref().is_none_or(|kind| *kind == document.kind)
                && patch.name.as_ref().is_none_or(|name| *name == document.name)
        };
        if !documents.iter().any(matches) {
            problems.push(nothing_matched(patch, app, documents));
        }
        let matching: Vec<&Document<'_>> = documents.iter().filter(|document| matches(document)).collect();
        problems.extend(idle(patch, change.as_ref(), app, &matching, keys));
        for document in documents.iter_mut().filter(|document| matches(document)) {
            apply_to(patch, change.as_ref(), app, document, keys, problems);
        }
        unremoved(patch, app, documents, &matches, keys, problems);
    }
}

/// What a patch merges, as JSON.
fn read(patch: &Patch, app: &App) -> Result<Option<Value>, Box<Problem>> {
    match &patch.change {
        None => Ok(None),
        Some(Change::Table(table)) => Ok(Some(Value::Object(table.clone()))),
        Some(Change::Yaml(text)) => patch_yaml::read(text, &patch.at.below("yaml"), app).map(Some),
    }
}

fn apply_to(
    patch: &Patch,
    change: Option<&Value>,
    app: &App,
    document: &mut Document<'_>,
    keys: MergeKeys<'_>,
    problems: &mut Vec<Problem>,
) {
    document.patched = true;
    if let Some(change) = change {
        let note = note(patch);
        if let Err(misfits) = patch::merge(document.root, change, keys, &note) {
            problems.extend(misfits.iter().map(|misfit| self::misfit(misfit, patch, app)));
        }
    }
}

/// The nulls that remove nothing from any document. Only YAML has null.
fn idle(
    patch: &Patch,
    change: Option<&Value>,
    app: &App,
    documents: &[&Document<'_>],
    keys: MergeKeys<'_>,
) -> Vec<Problem> {
    let (Some(change), Some((first, others))) = (change, documents.split_first()) else { return Vec::new() };
    let mut idle = patch::idle(first.root, change, keys);
    for document in others {
        let here = patch::idle(document.root, change, keys);
        idle.retain(|path| here.contains(path));
    }
    let span = app.provenance.value(&patch.at.below("yaml"));
    let problem = |path| {
        Problem::new(Code::PatchMatchesNothing, format!("`{path}` is nowhere in what the patch matches"))
            .at(span.clone(), "its null removes nothing")
            .help(format!("null takes a key away; to set an empty value, write `{{}}`, `[]` or `\"\"` at `{path}`"))
    };
    idle.iter().map(problem).collect()
}

fn note(patch: &Patch) -> Note {
    Note::new("patched", vec![patch.at.clone()])
}

/// Removes, and reports the pointers that removed nothing from any document.
fn unremoved(
    patch: &Patch,
    app: &App,
    documents: &mut [Document<'_>],
    matches: &dyn Fn(&Document<'_>) -> bool,
    keys: MergeKeys<'_>,
    problems: &mut Vec<Problem>,
) {
    for (i, pointer) in patch.remove.iter().enumerate() {
        let mut matching = documents.iter_mut().filter(|document| matches(document)).peekable();
        if matching.peek().is_none() {
            return;
        }
        let removed = matching
            .map(|document| patch::remove(document.root, pointer, keys, &note(patch)))
            .filter(|removed| *removed)
            .count();
        if removed == 0 {
            let key = patch.at.below("remove").child(i.to_string());
            problems.push(
                Problem::new(Code::PatchMatchesNothing, format!("`{pointer}` is nowhere in what the patch matches"))
                    .at(app.provenance.value(&key), "removes nothing")
                    .help(
                        "look at the output without the patch; items of lists are counted from 0, or named by their \
                         key, as in \"/spec/template/spec/containers/orders/lifecycle\"",
                    ),
            );
        }
    }
}

fn nothing_matched(patch: &Patch, app: &App, documents: &[Document<'_>]) -> Problem {
    let known: Vec<String> = documents.iter().map(|one| format!("{} `{}`", one.kind, one.name)).collect();
    let kind_fits = |kind: &String| documents.iter().any(|document| document.kind == *kind);
    let (key, label) = match &patch.kind {
        Some(kind) if !kind_fits(kind) => ("kind", "nothing of this kind"),
        _ => ("name", "nothing of this name"),
    };
    Problem::new(Code::PatchMatchesNothing, "the patch matches no document")
        .at(app.provenance.value(&patch.at.child(key)), label)
        .help(format!("there are: {}", known.join(", ")))
}

fn misfit(misfit: &Misfit, patch: &Patch, app: &App) -> Problem {
    let steps = match misfit {
        Misfit::NotAMap => Vec::new(),
        Misfit::OtherForm { at, list: _ } => at.steps().to_vec(),
        Misfit::NoMergeKey { list, index, key: _ } => list.clone().index(*index).steps().to_vec(),
    };
    let key = match &patch.change {
        Some(Change::Table(table)) => check::inside_table(table, &steps, patch.at.below("merge")).0,
        Some(Change::Yaml(_)) | None => patch.at.below("yaml"),
    };
    let span = app.provenance.value(&key);
    match misfit {
        Misfit::NotAMap => Problem::new(Code::BadPatch, "a patch merges a map")
            .at(span, "not a map")
            .help("name the keys to change, as in `spec: { paused: true }`"),
        Misfit::OtherForm { at, list } => {
            let (ours, theirs) = if *list { ("a map", "a list") } else { ("a list", "a map") };
            Problem::new(Code::BadPatch, format!("`{at}` is {ours}: {theirs} would replace all of it"))
                .at(span, theirs)
                .help(format!("write {ours}; or remove it by a patch before this one"))
        }
        Misfit::NoMergeKey { list, index, key } => {
            Problem::new(Code::BadPatch, format!("item {index} of `{list}` does not say which one it is"))
                .at(span, format!("an item without `{key}`"))
                .help(format!("give the item its `{key}`: the items of this list merge by it"))
        }
    }
}
