//! What must lie beside a rendering, and does not. Nobody renders it: it is secret.

use std::{fmt::Write, path::Path};

use crate::bundle::Supplied;

/// What a file that was rendered into a folder lacks there, and how it is made; nothing if all of it is there.
pub fn missing(file: &str, supplied: &[Supplied], dir: &Path) -> Option<String> {
    // What cannot be looked at may be there.
    let absent = |one: &&Supplied| !dir.join(&one.path).try_exists().unwrap_or(true);
    let missing: Vec<&Supplied> = supplied.iter().filter(absent).collect();
    let width = missing.iter().map(|one| one.path.chars().count()).max()?;
    let here = if dir.as_os_str().is_empty() { Path::new(".") } else { dir }.display();
    let mut text = format!("{here} lacks what {file} needs to start");
    for Supplied { path, about, make: _ } in &missing {
        let _ = write!(text, "\n  {path:width$}  {about}");
        text.truncate(text.trim_end().len());
    }
    let _ = write!(text, "\nhelp: in {here}");
    for Supplied { path: _, about: _, make } in &missing {
        let _ = write!(text, "\n  {make}");
    }
    Some(text)
}
