//! What people read of a run over many profiles.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{
    super::{Exit, reporting, say},
    Plan,
    look::{Looked, take_told},
    settings::Foreign,
    tree::Tree,
};
use crate::{
    deliver::Finding,
    problem::Severity,
    report::{Base, BaseKind, Command, Diagnostic, FileState, Of, Report, Summary, number},
};

/// Everything that `--check` found.
pub fn report(tree: &mut Tree, plan: &Plan<'_>) -> Report {
    let Tree { all, orphans, unfinished: _, strangers } = tree;
    let (strangers, tolerated): (Vec<&Finding>, Vec<&Finding>) =
        strangers.iter().partition(|_| plan.settings.foreign == Foreign::Error);
    let about = |looked: &Looked, finding: &Finding| looked.about.get(&finding.path).cloned();
    let state = |finding: &Finding, about: Option<(Of, _)>| {
        let (of, place) = about.unwrap_or_default();
        reporting::file(finding, of, place)
    };
    let mut files: Vec<FileState> = Vec::new();
    let mut left: BTreeMap<&Path, Of> = BTreeMap::new();
    for looked in all.iter() {
        files.extend(looked.differing().map(|finding| state(finding, about(looked, finding))));
        left.extend(looked.orphans().filter_map(|one| Some((one.path.as_path(), about(looked, one)?.0))));
    }
    files.extend(orphans.iter().map(|one| state(one, left.get(one.path.as_path()).map(|of| (of.clone(), None)))));
    files.extend(strangers.into_iter().map(|one| state(one, None)));
    let mut changed: BTreeMap<String, usize> = BTreeMap::new();
    for file in &files {
        *changed.entry(file.state.to_owned()).or_default() += 1;
    }
    let unchanged = all.iter().map(|one| one.kept).sum::<usize>();
    let summary = Summary {
        profiles: all.len(),
        selected: all.iter().filter(|one| !one.is_passed_over).count(),
        compared: unchanged + files.len(),
        unchanged,
        changed,
        errors: all.iter().filter(|one| one.is_wrong).count(),
        left_out: 0,
        mode: None,
    };
    let reference = plan.root.to_string_lossy().into_owned();
    let (renderings, diagnostics) = take_told(all);
    Report {
        command: Command::Check,
        base: Some(Base { kind: BaseKind::Folder, reference, commit: None }),
        summary,
        renderings,
        files,
        objects: Vec::new(),
        diagnostics: diagnostics.into_iter().chain(tolerated.into_iter().map(warning)).collect(),
    }
}

/// Of a file that a repository tolerates.
fn warning(finding: &Finding) -> Diagnostic {
    let severity = Severity::Warning;
    Diagnostic { severity, ..reporting::wrong(finding.state.name(), finding, None) }
}

/// What a comparison ends with.
pub fn exit(report: &Report) -> Exit {
    if report.summary.errors > 0 {
        Exit::Wrong
    } else if report.files.is_empty() && report.objects.is_empty() {
        Exit::Done
    } else {
        Exit::Differs
    }
}

/// Tells the problems of all profiles in their order. Of many profiles, warnings are counted.
pub fn problems(all: &[Looked], plan: &Plan<'_>, quiet: bool) {
    let mut counted: BTreeMap<Severity, usize> = BTreeMap::new();
    let mut of = BTreeSet::new();
    for looked in all {
        for one in &looked.told.each {
            if one.severity == Severity::Error || !(quiet || plan.brief) {
                say::told(&one.shown);
            }
        }
        for (severity, count) in &looked.told.counted {
            *counted.entry(*severity).or_default() += count;
            of.insert(&looked.path);
        }
    }
    let counts: Vec<String> = [Severity::Warning, Severity::Note]
        .into_iter()
        .filter_map(|severity| Some(number(*counted.get(&severity)?, severity.name())))
        .collect();
    if let Some(first) = of.first() {
        let text = format!(
            "{} about {}\nhelp: `render all {} -o {} --check` tells those of one",
            counts.join(" and "),
            number(of.len(), "profile"),
            first.display(),
            plan.root.display()
        );
        say::warning(text, quiet);
    }
}

/// `deploy: 3 profiles, 42 files: 2 stale, 1 missing`.
pub fn summary(root: &Path, all: &[Looked], summary: &Summary) -> String {
    let files = number(summary.compared, "file");
    let states: Vec<String> = summary.changed.iter().map(|(state, count)| format!("{count} {state}")).collect();
    let what = if states.is_empty() { " as rendered".to_owned() } else { format!(": {}", states.join(", ")) };
    format!("{}: {}, {files}{what}{}", root.display(), profiles(all), failed(all))
}

/// How many profiles were asked for.
pub fn profiles(all: &[Looked]) -> String {
    let asked = all.iter().filter(|looked| !looked.is_passed_over).count();
    match asked == all.len() {
        true => number(asked, "profile"),
        false => format!("{asked} of {}", number(all.len(), "profile")),
    }
}

/// How many of them were not rendered.
pub fn failed(all: &[Looked]) -> String {
    match all.iter().filter(|looked| looked.is_wrong).count() {
        0 => String::new(),
        count => format!("; {} with errors", number(count, "profile")),
    }
}
