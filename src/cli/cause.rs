//! Which value of a file differs, and which line of the profile it comes from.

use std::fs;

use super::{blame::Known, why};
use crate::{
    bundle::File,
    deliver::{self, Finding, State},
    diff::{self, Rules},
    layers::Provenance,
    report::Place,
    tree::one_line,
};

/// What is to say about a file that differs, beyond that.
pub struct Cause {
    pub text: String,
    /// The line of the profile that makes it so.
    pub place: Option<Place>,
}

pub fn of(finding: &Finding, file: &File, provenance: &Provenance) -> Option<Cause> {
    match finding.state {
        State::Missing => of_all(file, provenance),
        State::Stale | State::Edited | State::StaleEdited => {
            let text = fs::read(&finding.path).ok()?;
            of_difference(file, &deliver::open(&String::from_utf8_lossy(&text)).body, provenance)
        }
        _ => None,
    }
}

/// Why a document is rendered at all.
fn of_all(file: &File, provenance: &Provenance) -> Option<Cause> {
    let note = why::of_all(&file.root)?;
    Some(Cause { text: one_line(&provenance.explain(note)), place: Place::of(note, provenance) })
}

/// The first value of a document that is another on the disk, how many more there are, and why it is so.
fn of_difference(file: &File, disk: &str, provenance: &Provenance) -> Option<Cause> {
    let old = diff::documents(disk, &file.path).ok()?;
    let (new, root) = why::document(file, &file.path);
    // Nobody but us writes into a tree, so that nothing of it goes without saying.
    let rules = Rules { show_ignored: true, ..Rules::PLAIN };
    let mut changes = diff::compare(old.first(), Some(&new), &rules);
    let known = Known { models: None, changed: why::sure(&changes, &root, provenance, false) };
    why::explain(&mut changes, &root, provenance, &known, false);
    let Some(first) = changes.first() else {
        // Only what is hashed in its header, or a comment.
        return Some(Cause { text: "no value differs".into(), place: None });
    };
    let more = match changes.len() - 1 {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let why = first.reason.iter().map(|reason| format!("; {reason}")).collect::<String>();
    Some(Cause { text: format!("{}{more}{why}", first.said()), place: first.source.clone() })
}
