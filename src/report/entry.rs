//! A report as linters see the world: one thing to tell, at one place.

use super::{Change, ChangeType, Diagnostic, FileState, Fix, Impact, Object, Place, Report, values};
use crate::problem::Severity;

/// More changes of an object are counted: an annotation is read at a glance.
const MOST_CHANGES: usize = 10;

/// One thing to tell.
pub(super) struct Entry<'a> {
    pub severity: Severity,
    /// `unknown-key`, `stale`, `rollout`.
    pub code: &'a str,
    /// In one line.
    pub message: String,
    pub place: Option<&'a Place>,
    pub fix: Option<&'a Fix>,
    /// The file to point at where no place is known.
    instead: Option<&'a str>,
    /// What sets it apart from others of its code in its file, however the lines move.
    pub id: String,
}

impl Entry<'_> {
    /// The file that it is about.
    pub fn file(&self) -> Option<&str> {
        self.place.map(|place| place.file.as_str()).or(self.instead)
    }

    /// The line, where one is known.
    pub fn line(&self) -> Option<usize> {
        self.place.map(|place| place.line)
    }
}

/// Everything of a report: errors, what differs, and what is said of profiles besides, the worst of each first.
pub(super) fn entries(report: &Report) -> Vec<Entry<'_>> {
    let (errors, besides): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        report.diagnostics.iter().partition(|one| one.severity == Severity::Error);
    let mut differing: Vec<Entry<'_>> = report.files.iter().map(of_file).collect();
    differing.extend(report.objects.iter().flat_map(of_object));
    let mut besides: Vec<Entry<'_>> = besides.into_iter().map(of_diagnostic).collect();
    for part in [&mut differing, &mut besides] {
        part.sort_by_key(|entry| entry.severity);
    }
    errors.into_iter().map(of_diagnostic).chain(differing).chain(besides).collect()
}

fn of_diagnostic(diagnostic: &Diagnostic) -> Entry<'_> {
    let Diagnostic { code, severity, message, help, profile, environments, source, fix, shown: _ } = diagnostic;
    let mut text = message.clone();
    if !environments.is_empty() {
        text.push_str(&format!(" (environment: {})", environments.join(", ")));
    }
    let id = text.clone();
    text.extend(help.iter().map(|help| format!("; help: {help}")));
    Entry {
        severity: *severity,
        code,
        message: values::one_line(&text),
        place: source.as_ref(),
        fix: fix.as_ref(),
        instead: profile.as_deref(),
        id,
    }
}

fn of_file(state: &FileState) -> Entry<'_> {
    let FileState { file, state: code, advice: _, detail: _, of, source, shown: _ } = state;
    // What the profile decides is changed there, and what somebody did to a file, in the file.
    let profile = of.profile.as_deref().filter(|_| matches!(*code, "missing" | "stale"));
    Entry {
        severity: Severity::Error,
        code,
        message: values::one_line(&state.said()),
        place: source.as_ref(),
        fix: None,
        instead: Some(profile.unwrap_or(file)),
        id: file.clone(),
    }
}

fn line(place: Option<&Place>) -> Option<(&str, usize)> {
    place.map(|place| (place.file.as_str(), place.line))
}

/// One for each line of the profile that takes part, so that it stands beside what the reader typed.
fn of_object(object: &Object) -> Vec<Entry<'_>> {
    let mut by_line: Vec<(Option<&Place>, Vec<&Change>)> = Vec::new();
    for change in &object.changes {
        let same = by_line.iter_mut().find(|(place, _)| line(*place) == line(change.source.as_ref()));
        match same {
            Some((_, changes)) => changes.push(change),
            None => by_line.push((change.source.as_ref(), vec![change])),
        }
    }
    if by_line.is_empty() {
        by_line.push((None, Vec::new()));
    }
    by_line.into_iter().map(|(place, changes)| of_changes(object, place, &changes)).collect()
}

fn of_changes<'a>(object: &'a Object, place: Option<&'a Place>, changes: &[&Change]) -> Entry<'a> {
    let mut parts: Vec<String> = changes.iter().take(MOST_CHANGES).map(|change| values::change(change)).collect();
    if changes.len() > MOST_CHANGES {
        parts.push(format!("and {} more", changes.len() - MOST_CHANGES));
    }
    parts.extend(object.notes.iter().cloned());
    let said = if parts.is_empty() { String::new() } else { format!(": {}", parts.join("; ")) };
    Entry {
        severity: object.impact.severity(),
        code: object.impact.name(),
        message: values::one_line(&format!("{}{said}", object.said())),
        place,
        fix: None,
        instead: object.of.profile.as_deref().or(object.file.as_deref()),
        id: [
            object.title().as_str(),
            object.of.profile.as_deref().unwrap_or_default(),
            object.of.env.as_deref().unwrap_or_default(),
            object.of.target.as_deref().unwrap_or_default(),
            place.and_then(|place| place.key.as_deref()).unwrap_or_default(),
        ]
        .join("\0"),
    }
}

impl ChangeType {
    /// The word of the JSON, and that of people.
    pub const WORDS: [(ChangeType, &str, &str); 3] = [
        (ChangeType::Add, "ADD", "added"),
        (ChangeType::Modify, "MODIFY", "changed"),
        (ChangeType::Remove, "REMOVE", "removed"),
    ];

    /// The word of the JSON.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(one, ..)| *one == self).map_or("", |(_, name, _)| name)
    }
}

impl Impact {
    /// The word of the JSON.
    pub fn name(self) -> &'static str {
        match self {
            Impact::None => "none",
            Impact::Metadata => "metadata",
            Impact::Create => "create",
            Impact::InPlace => "in-place",
            Impact::Rollout => "rollout",
            Impact::Recreate => "recreate",
            Impact::Delete => "delete",
        }
    }

    /// A difference is no error; that pods restart is to be seen.
    fn severity(self) -> Severity {
        match self {
            Impact::None | Impact::Metadata | Impact::Create | Impact::InPlace => Severity::Note,
            Impact::Rollout | Impact::Recreate | Impact::Delete => Severity::Warning,
        }
    }
}
