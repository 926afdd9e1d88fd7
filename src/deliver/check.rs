//! What a folder holds, against what is rendered.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{
    Error, Finding, Output, State,
    folder::{self, Astray, Listing, Spot},
    header::{self, Sealed},
    state::{EDITED, classify, was_rendered_from},
};

/// What a folder holds, against a rendering.
#[derive(Default)]
pub(super) struct Survey {
    /// Each file of the rendering, in its order.
    pub files: Vec<(Finding, Sealed)>,
    pub rivals: Vec<Finding>,
    pub orphans: Vec<Finding>,
    pub strangers: Vec<Finding>,
    pub rest: Option<Rest>,
}

/// What a walk through a tree goes on with in folders that are rendered into: names, by folder. Few have any.
pub type Rest = BTreeMap<String, Vec<String>>;

/// How a folder stands to renderings.
pub struct Checked {
    /// Of every file, then rivals and orphans.
    pub findings: Vec<Finding>,
    /// What bears no header of ours, among files that are applied with all that lies beside them.
    pub strangers: Vec<Finding>,
    /// Nothing if the disk does not tell.
    pub rest: Option<Rest>,
}

/// The state of every file of the renderings in a folder, then rivals and orphans. Writes nothing.
///
/// # Errors
/// A bad path, a folder that is none, or a file that cannot be read.
pub fn check(outputs: &(impl AsRef<[Output]> + ?Sized), dir: &Path) -> Result<Vec<Finding>, Error> {
    Ok(check_applied(outputs, dir, &|_| false)?.findings)
}

/// The same, and besides what lies among the files of those outputs whose folder is applied as a whole, and bears no
/// header of ours.
///
/// # Errors
/// Those of [`check`].
pub fn check_applied(
    outputs: &(impl AsRef<[Output]> + ?Sized),
    dir: &Path,
    is_applied: &dyn Fn(&Output) -> bool,
) -> Result<Checked, Error> {
    let Survey { files, rivals, orphans, strangers, rest } = survey(outputs.as_ref(), dir, is_applied)?;
    let findings = files.into_iter().map(|(finding, _)| finding).chain(rivals).chain(orphans).collect();
    Ok(Checked { findings, strangers, rest })
}

pub(super) fn survey(outputs: &[Output], dir: &Path, is_applied: &dyn Fn(&Output) -> bool) -> Result<Survey, Error> {
    if outputs.is_empty() || outputs.iter().any(|output| output.files.is_empty()) {
        return Err(Error::Nothing);
    }
    let mut places: BTreeMap<&str, Vec<&Output>> = BTreeMap::new();
    for output in outputs {
        places.entry(&output.at).or_default().push(output);
    }
    let root = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    let there = folder::exists(root)?;
    let mut all = Survey { rest: Some(Rest::new()), ..Survey::default() };
    for (at, outputs) in places {
        folder::validate(&outputs)?;
        // Asked once for all files of a place.
        let (here, shown) = (folder::join(root, at), folder::join(dir, at));
        let listing = match if there { folder::enter(root, at)? } else { Some(Spot::Empty) } {
            None => Ok(Listing::of(&here)?),
            Some(instead) => Err(instead),
        };
        if let Ok(listing) = &listing {
            all.note_others(listing, at, &outputs, &shown, is_applied)?;
        }
        for output in outputs {
            let origin = header::words(&output.origin);
            for document in &output.files {
                let fresh = header::seal(document, &origin);
                let path = &document.path;
                let spot = match &listing {
                    Ok(listing) => listing.look(path)?,
                    Err(instead) => instead.clone(),
                };
                all.files.push((finding(shown.join(path), path, spot, &fresh), fresh));
            }
        }
    }
    Ok(all)
}

impl Survey {
    /// What lies in a folder besides what is rendered into it.
    fn note_others(
        &mut self,
        listing: &Listing<'_>,
        at: &str,
        outputs: &[&Output],
        shown: &Path,
        is_applied: &dyn Fn(&Output) -> bool,
    ) -> Result<(), Error> {
        let rival = |name| Finding { path: shown.join(name), state: State::Rival, detail: None };
        self.rivals.extend(listing.rivals(outputs).into_iter().map(rival));
        let own: Vec<String> = outputs.iter().map(|output| header::words(&output.origin)).collect();
        let orphans = folder::orphans(listing, outputs)?;
        for output in outputs.iter().filter(|output| is_applied(output)) {
            let stranger = |name| Finding { path: shown.join(name), state: State::Stranger, detail: None };
            self.strangers.extend(listing.strangers(output)?.into_iter().map(stranger));
        }
        self.orphans.extend(orphans.into_iter().map(|file| orphan(shown.join(&file.name), &file, &own)));
        match (&mut self.rest, &listing.rest) {
            (Some(all), Some(rest)) if !rest.is_empty() => drop(all.insert(at.to_owned(), rest.clone())),
            (_, None) => self.rest = None,
            _ => {}
        }
        Ok(())
    }
}

/// A file of ours that is no part of the renderings.
pub(super) fn orphan(path: PathBuf, file: &Astray, own: &[String]) -> Finding {
    let was = (!own.contains(&file.origin)).then(|| was_rendered_from(&file.origin));
    let edited = file.edited.then(|| EDITED.to_owned());
    let detail: Vec<String> = was.into_iter().chain(edited).collect();
    Finding { path, state: State::Orphan, detail: (!detail.is_empty()).then(|| detail.join(", ")) }
}

fn finding(shown: PathBuf, path: &str, spot: Spot, fresh: &Sealed) -> Finding {
    let (state, detail) = match spot {
        Spot::Empty => (State::Missing, None),
        Spot::File(disk) => classify(path, &disk, fresh),
        Spot::Link(link) => (State::Linked, Some(format!("`{}` is a symbolic link", link.display()))),
        Spot::Blocked(why) => (State::Blocked, Some(why)),
    };
    Finding { path: shown, state, detail }
}
