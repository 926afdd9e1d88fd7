//! What the objects of the profile's own are as such, and beside ours.

use std::collections::BTreeSet;

use super::{Raw, document::last_key};
use crate::{
    problem::{Code, Problem},
    targets::{
        check::{Finding, Weight},
        k8s::{check, object::Object},
    },
    tree::Node,
};

/// Whatever is wrong with them is wrong since they are there.
pub fn check(raw: &[Raw<'_>], ours: &[Object], problems: &mut Vec<Problem>) {
    if raw.is_empty() {
        return;
    }
    let mut roots: Vec<&Node> = ours.iter().map(|object| &object.root).collect();
    let before: BTreeSet<_> = check::objects(&roots).iter().map(Finding::identity).collect();
    roots.extend(raw.iter().map(|raw| &raw.object.root));
    let found = check::objects(&roots).into_iter().filter(|finding| !before.contains(&finding.identity()));
    problems.extend(found.map(|finding| problem(&finding, raw, ours)));
}

fn problem(finding: &Finding, raw: &[Raw<'_>], ours: &[Object]) -> Problem {
    let Finding { weight, rule: (rule, source), document, path, message, help } = finding;
    let its = document.checked_sub(ours.len()).and_then(|index| raw.get(index));
    let (object, span) = match its {
        Some(raw) => (&raw.object, raw.here.key(last_key(path))),
        // One of ours, since they are there: any of them may be the cause.
        None => (&ours[*document], raw.first().and_then(|raw| raw.here.span())),
    };
    // What they are about may be somewhere else.
    let elsewhere = its.is_some() && check::is_about_others(rule);
    let code = match weight {
        Weight::Invalid if !elsewhere => Code::BadExtra,
        Weight::Invalid | Weight::Unhardened => Code::WeakExtra,
    };
    let label = if message.contains(&format!("`{path}`")) { "this object".to_owned() } else { format!("at `{path}`") };
    Problem::new(code, format!("{} `{}`: {message}", object.kind, object.name))
        .at(span, label)
        .help(help.clone().unwrap_or_else(|| format!("{rule} ({source})")))
}
