//! Paths as every reader of a report needs them: from the folder where the command runs, which in a pipeline is the
//! root of the repository, and with `/`.

use super::{Change, Diagnostic, FileState, Fix, Object, Of, Place, Report};

impl Report {
    /// Names everything as seen from a folder, given without links. What lies elsewhere keeps its whole path.
    pub fn seen_from(&mut self, here: &str) {
        let here = here.trim_end_matches(['/', '\\']);
        let mut path = |path: &mut String| {
            if let Some(shorter) = seen(path, here) {
                *path = shorter;
            }
        };
        let Report { command: _, base: _, summary: _, renderings, files, objects, diagnostics } = self;
        renderings.iter_mut().for_each(|one| of(&mut one.of, &mut path));
        for FileState { file, of: whose, source, .. } in files {
            path(file);
            of(whose, &mut path);
            place(source, &mut path);
        }
        for Object { of: whose, file, identity, changes, .. } in objects {
            of(whose, &mut path);
            file.iter_mut().for_each(&mut path);
            // What is no object is called by its file.
            if identity.kind.is_empty() {
                path(&mut identity.name);
            }
            changes.iter_mut().for_each(|Change { source, .. }| place(source, &mut path));
        }
        for Diagnostic { profile, source, fix, .. } in diagnostics {
            profile.iter_mut().for_each(&mut path);
            place(source, &mut path);
            if let Some(Fix { from, to, text: _ }) = fix {
                path(&mut from.file);
                path(&mut to.file);
            }
        }
    }
}

fn of(of: &mut Of, path: &mut impl FnMut(&mut String)) {
    of.profile.iter_mut().for_each(path);
}

fn place(place: &mut Option<Place>, path: &mut impl FnMut(&mut String)) {
    place.iter_mut().for_each(|place| path(&mut place.file));
}

/// Another spelling of a path, if it needs one.
fn seen(path: &str, here: &str) -> Option<String> {
    let mut seen = path;
    if let Some(below) = path.strip_prefix(here).and_then(|rest| rest.strip_prefix(['/', '\\'])) {
        seen = below;
    }
    while let Some(rest) = seen.strip_prefix("./") {
        seen = rest;
    }
    let windows = cfg!(windows) && seen.contains('\\');
    (windows || seen.len() < path.len()).then(|| if windows { seen.replace('\\', "/") } else { seen.to_owned() })
}
