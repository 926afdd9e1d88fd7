//! How a file on the disk stands to what is rendered, and how people are told.

use std::{fmt, path::PathBuf};

use super::header::{self, Sealed, one_line};

/// How a file on the disk stands to what is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Byte for byte what is rendered, apart from CRLF.
    Ok,
    /// Not there.
    Missing,
    /// As it was rendered once, but something else is rendered now.
    Stale,
    /// Changed by hand; what is rendered did not change.
    Edited,
    /// Changed by hand, and something else is rendered now.
    StaleEdited,
    /// The rendered values and comments in another layout.
    Reformatted,
    /// Not ours.
    Foreign,
    /// Ours, but rendered from another profile, or for another environment.
    Other,
    /// Ours, and no part of what is rendered.
    Orphan,
    /// Not ours, and among ours in a folder that is applied as a whole.
    Stranger,
    /// A file that a reader would take instead of ours.
    Rival,
    /// A symbolic link, or under one.
    Linked,
    /// A folder, a device or the like where the file belongs, or a file where a folder belongs.
    Blocked,
}

/// What is known of a file that is rendered no more and that a person changed.
pub(super) const EDITED: &str = "edited by hand since";

/// The state of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub path: PathBuf,
    pub state: State,
    /// What else is known: from what the file was rendered if from something else, or what stands in the way.
    pub detail: Option<String>,
}

impl State {
    /// The word that people read, and that reports carry.
    pub fn name(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Missing => "missing",
            State::Stale => "stale",
            State::Edited => "edited",
            State::StaleEdited => "stale+edited",
            State::Reformatted => "reformatted",
            State::Foreign | State::Stranger => "foreign",
            State::Other => "other",
            State::Orphan => "orphan",
            State::Rival => "rival",
            State::Linked => "linked",
            State::Blocked => "blocked",
        }
    }

    /// What happened, and what to do about it.
    fn advice(self) -> &'static str {
        match self {
            State::Ok => "as rendered",
            State::Missing => "not there; run without --check",
            State::Stale => "the profile or the renderer changed; run without --check",
            State::Edited => "edited by hand; put the change into the profile, or overwrite it with --force",
            State::StaleEdited => {
                "edited by hand, and the profile or the renderer changed since; \
                 put the edit into the profile, or overwrite it with --force"
            }
            State::Reformatted => {
                "the same values in another layout; keep the formatter away from it, and run without --check"
            }
            State::Foreign => "not written by render; move it away, or overwrite it with --force",
            State::Other => {
                "render each into a folder of its own, or, if the profile or the environment was renamed or moved, \
                 overwrite it with --force"
            }
            State::Orphan => {
                "no part of what is rendered here; `render all … --prune` deletes it, or delete it, or move it away"
            }
            State::Stranger => {
                "no part of what is rendered, and whoever applies this folder applies it, too; move it away, bring it \
                 along with `[k8s] extra`, or write `foreign = \"allow\"` into render.toml"
            }
            State::Rival => "would be read instead of what is rendered; delete it, or move it away",
            State::Linked => "render does not write through links; put a real file or folder there",
            State::Blocked => "move it away",
        }
    }

    /// Whether writing over it would destroy, or end up somewhere else. Force only helps against the former.
    pub(super) fn refused(self, force: bool) -> bool {
        match self {
            State::Linked | State::Blocked | State::Rival => true,
            State::Edited | State::StaleEdited | State::Foreign | State::Other => !force,
            State::Ok | State::Missing | State::Stale | State::Reformatted | State::Orphan | State::Stranger => false,
        }
    }

    /// Whether what is on the disk is not what is rendered.
    pub fn differs(self) -> bool {
        self != State::Ok
    }
}

impl Finding {
    /// What happened, and what to do about it.
    pub fn advice(&self) -> &'static str {
        match (self.state, &self.detail) {
            (State::Orphan, Some(detail)) if detail.ends_with(EDITED) => {
                "no part of what is rendered here; move it away, or `render all … --prune --force` deletes it"
            }
            (state, _) => state.advice(),
        }
    }

    /// The line about a file that has just been deleted.
    pub fn as_deleted(&self) -> String {
        let detail = self.detail.iter().map(|detail| format!("; {detail}")).collect::<String>();
        one_line(&format!("{:<12} {}{detail}", "deleted", self.path.to_string_lossy()))
    }

    /// The line about a file that has just been written, over what was found before.
    pub fn as_written(&self) -> String {
        let path = self.path.to_string_lossy();
        let (verb, was) = match self.state {
            State::Missing => ("wrote", String::new()),
            state => ("replaced", format!(" ({})", state.name())),
        };
        let detail = self.detail.iter().map(|detail| format!("; {detail}")).collect::<String>();
        one_line(&format!("{verb:<12} {path}{was}{detail}"))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { path, state, detail } = self;
        write!(f, "{:<12} {}: ", state.name(), one_line(&path.to_string_lossy()))?;
        detail.iter().try_for_each(|detail| write!(f, "{}; ", one_line(detail)))?;
        f.write_str(self.advice())
    }
}

/// The state of a regular file, and what else is known about it.
pub(super) fn classify(path: &str, disk: &[u8], fresh: &Sealed) -> (State, Option<String>) {
    // Nearly all files of a tree are as rendered.
    if disk == fresh.text().as_bytes() {
        return (State::Ok, None);
    }
    let text = String::from_utf8_lossy(disk);
    let Some(found) = header::find(&text) else { return (State::Foreign, None) };
    if found.header.origin != fresh.header.origin {
        return (State::Other, Some(other(&found, fresh)));
    }
    (state(path, &header::unix(&text), &found, fresh), None)
}

/// Both origins, since often little tells them apart; and whether there is more to lose than what renders again.
fn other(found: &Sealed, fresh: &Sealed) -> String {
    let edited = if found.intact() { "" } else { ", and edited by hand since" };
    format!("{}{edited}, not from {}", was_rendered_from(&found.header.origin), fresh.header.origin)
}

pub(super) fn was_rendered_from(origin: &str) -> String {
    format!("was rendered from {origin}")
}

fn state(path: &str, text: &str, found: &Sealed, fresh: &Sealed) -> State {
    if text == fresh.text() {
        State::Ok
    } else if found.intact() || found.body == fresh.body {
        // A body that somebody has already brought up to date has nothing to lose but its header.
        State::Stale
    } else if is_yaml(path) && same_values(&found.body, &fresh.body) {
        State::Reformatted
    } else if (found.header.model, found.header.body) == (fresh.header.model, fresh.header.body) {
        State::Edited
    } else {
        State::StaleEdited
    }
}

fn is_yaml(path: &str) -> bool {
    [".yaml", ".yml"].iter().any(|end| path.ends_with(end))
}

/// Whether nothing but layout differs. Comments count, a person may have left one. The reader drops tags, and
/// Compose's `!reset` and `!override` mean a lot, so that a text with tags is never the same.
fn same_values(a: &str, b: &str) -> bool {
    let read = |text| serde_yaml::from_multiple::<serde_json::Value>(text).ok();
    !has_tags(a) && !has_tags(b) && comments(a).eq(comments(b)) && read(a).is_some_and(|a| Some(a) == read(b))
}

/// Whatever may be a comment; a `#` in a text is taken for one, which at worst calls a new layout an edit.
fn comments(text: &str) -> impl Iterator<Item = &str> {
    let begins = |before: &str| before.chars().next_back().is_none_or(char::is_whitespace);
    text.lines().filter_map(move |line| {
        let (at, _) = line.match_indices('#').find(|(at, _)| begins(&line[..*at]))?;
        Some(line[at + 1..].trim())
    })
}

/// Whether anything may be a tag: a `!` where a value can begin.
fn has_tags(text: &str) -> bool {
    let begins = |before: Option<char>| before.is_none_or(|c| c.is_whitespace() || "[{,".contains(c));
    text.match_indices('!').any(|(at, _)| begins(text[..at].chars().next_back()))
}
