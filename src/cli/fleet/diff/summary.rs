//! The one line at the end.

use std::collections::BTreeMap;

use super::super::{look::Looked, report};
use crate::report::{Base, BaseKind, ChangeType, Impact, Report, Summary, number};

/// `against deploy: 3 profiles, 42 objects: 1 added, 2 changed, 1 removed; 1 rollout, 1 delete`.
pub fn line(report: &Report, all: &[Looked]) -> String {
    let against = report.base.as_ref().map(base).unwrap_or_default();
    let count = |change| report.objects.iter().filter(|object| object.change_type == change).count();
    let words = [(ChangeType::Add, "added"), (ChangeType::Modify, "changed"), (ChangeType::Remove, "removed")];
    let counts = words.into_iter().map(|(change, word)| (count(change), word)).filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, word)| format!("{count} {word}")).collect();
    let what = match (counts.is_empty(), &report.summary) {
        (false, _) => format!(": {}", counts.join(", ")),
        // Of what could not be compared nobody knows.
        (true, Summary { compared: 0, errors: 1.., .. }) => String::new(),
        (true, _) => ", none differs".to_owned(),
    };
    let objects = number(report.summary.compared, "document");
    format!("{against}: {}, {objects}{what}{}{}", report::profiles(all), impacts(report), report::failed(all))
}

fn base(base: &Base) -> String {
    let Base { kind, reference, commit } = base;
    let commit = commit.as_deref().map(|id| id.get(..12).unwrap_or(id));
    let commit = commit.filter(|id| !reference.starts_with(id)).map(|id| format!(" ({id})")).unwrap_or_default();
    match kind {
        BaseKind::Rerender => format!("against what is rendered now of {reference}{commit}"),
        BaseKind::Stdin => "against standard input".into(),
        BaseKind::Git | BaseKind::Folder | BaseKind::Cluster => format!("against {reference}{commit}"),
    }
}

/// Of what disturbs anything, how often.
fn impacts(report: &Report) -> String {
    let mut counts: BTreeMap<Impact, usize> = BTreeMap::new();
    for object in &report.objects {
        *counts.entry(object.impact).or_default() += 1;
    }
    let loud = [Impact::Rollout, Impact::Recreate, Impact::Delete];
    let told = loud.iter().filter_map(|impact| Some(format!("{} {}", counts.get(impact)?, impact.name())));
    let told: Vec<String> = told.collect();
    if told.is_empty() { String::new() } else { format!("; {}", told.join(", ")) }
}
