//! Apps that would be written into one folder.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{
    super::reporting::{self, SAME_FOLDER},
    Plan,
    look::Looked,
    orphans::Judge,
};
use crate::{
    deliver::{self, Finding, State},
    report::Diagnostic,
};

/// Profiles that would write into one folder: nobody knows whose files should lie there. Neither is delivered.
pub fn tell(all: &mut [Looked], plan: &Plan<'_>) {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut met: BTreeMap<(usize, usize), String> = BTreeMap::new();
    for (at, looked) in all.iter().enumerate() {
        for place in &looked.places {
            let first = *places.entry(place).or_insert(at);
            if first != at {
                met.entry((first, at)).or_insert_with(|| place.clone());
            }
        }
    }
    for ((first, second), place) in met {
        let one = same_folder(&all[first].path, &all[second].path, &plan.root.join(place));
        all[second].told.each.push(one);
        all[first].refuse();
        all[second].refuse();
    }
}

/// The same of a profile that is not of this run: it has been there before.
pub fn tell_taken(all: &mut [Looked], taken: Vec<Taken>, plan: &Plan<'_>) {
    for Taken { at, place, by } in taken {
        let one = same_folder(&by, &all[at].path, &plan.root.join(place));
        all[at].told.each.push(one);
        all[at].refuse();
    }
}

/// A folder that a profile wants, and another has.
pub struct Taken {
    pub at: usize,
    pub place: String,
    pub by: PathBuf,
}

fn same_folder(first: &Path, second: &Path, folder: &Path) -> Diagnostic {
    let text = format!(
        "{} and {} would both be written to `{}`\n\
         help: give each app its own `name`, or each its own tree: `render all {} -o OTHER`",
        first.display(),
        second.display(),
        folder.display(),
        second.display()
    );
    reporting::wrong(SAME_FOLDER, &text, Some(second))
}

/// Folders in which files of living profiles lie that are not of this run, and into which these are rendered, too.
pub fn taken(judge: &Judge<'_>, all: &[Looked], root: &Path) -> Vec<Taken> {
    let is_of_others = |finding: &Finding| {
        matches!(finding.state, State::Orphan | State::Other)
            && deliver::known(root, &finding.path).is_ok_and(|one| one.is_some_and(|stray| judge.is_of_others(&stray)))
    };
    let suspects = all.iter().enumerate().filter(|(_, one)| one.findings.iter().any(is_of_others));
    let taken = suspects.filter_map(|(at, one)| {
        let (place, by) = one.places.iter().find_map(|place| Some((place, judge.elsewhere(place)?)))?;
        Some(Taken { at, place: place.clone(), by: by.to_owned() })
    });
    taken.collect()
}
