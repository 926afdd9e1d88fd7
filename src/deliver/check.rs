//! What a folder holds, against what is rendered.

use std::path::Path;

use super::{
    Error, Finding, Output, State,
    folder::{self, Spot},
    header::{self, Sealed},
    state::{classify, was_rendered_from},
};

/// What a folder holds, against a rendering.
pub(super) struct Survey {
    /// Each file of the rendering, in its order.
    pub files: Vec<(Finding, Sealed)>,
    pub rivals: Vec<Finding>,
    pub orphans: Vec<Finding>,
}

/// The state of every file of a rendering in a folder, then rivals and orphans. Writes nothing.
///
/// # Errors
/// A bad path, a folder that is none, or a file that cannot be read.
pub fn check(output: &Output, dir: &Path) -> Result<Vec<Finding>, Error> {
    let Survey { files, rivals, orphans } = survey(output, dir)?;
    Ok(files.into_iter().map(|(finding, _)| finding).chain(rivals).chain(orphans).collect())
}

pub(super) fn survey(output: &Output, dir: &Path) -> Result<Survey, Error> {
    if output.files.is_empty() {
        return Err(Error::Nothing);
    }
    folder::validate(&output.files)?;
    let here = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    let (rivals, orphans) = if folder::exists(here)? {
        (folder::rivals(here, output), folder::orphans(here, output)?)
    } else {
        (Vec::new(), Vec::new())
    };
    let rival = |name| Finding { path: dir.join(name), state: State::Rival, detail: None };
    let own = header::words(&output.origin);
    let orphan = |(name, origin): (String, String)| {
        let detail = (origin != own).then(|| was_rendered_from(&origin));
        Finding { path: dir.join(name), state: State::Orphan, detail }
    };
    let files = output.files.iter().map(|(path, text)| {
        let fresh = header::seal(path, text, &output.origin);
        Ok((finding(dir, path, &fresh)?, fresh))
    });
    Ok(Survey {
        files: files.collect::<Result<_, _>>()?,
        rivals: rivals.into_iter().map(rival).collect(),
        orphans: orphans.into_iter().map(orphan).collect(),
    })
}

fn finding(dir: &Path, path: &str, fresh: &Sealed) -> Result<Finding, Error> {
    let (state, detail) = match folder::look(dir, path)? {
        Spot::Empty => (State::Missing, None),
        Spot::File(disk) => classify(path, &disk, fresh),
        Spot::Link(link) => (State::Linked, Some(format!("`{}` is a symbolic link", link.display()))),
        Spot::Blocked(why) => (State::Blocked, Some(why)),
    };
    Ok(Finding { path: dir.join(path), state, detail })
}
