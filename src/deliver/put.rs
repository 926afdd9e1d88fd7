//! Reports, which anybody may overwrite: the next run makes them anew.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

use super::{Error, write::Staged};

/// Whether a report may be written there: over anything but a link. Somebody else may have committed it, and it leads
/// to whatever else this user may write.
///
/// # Errors
/// It is a link.
pub fn may_put(path: &Path) -> Result<(), Error> {
    if path.is_symlink() && !is_stream(path) {
        let link = io::Error::other("it is a symbolic link; delete it, or name the file that it leads to");
        return Err(Error::io("write", path)(link));
    }
    Ok(())
}

/// Writes a file, over one that is there, in one step. A pipe or a device (`/dev/stderr`) is written to: whoever names
/// it wants the report there. Its folder must be there.
///
/// # Errors
/// Those of [`may_put`], and whatever the disk does not allow; a file that was there stays as it was then.
pub fn put(path: &Path, text: &str) -> Result<(), Error> {
    if is_stream(path) {
        let mut file = OpenOptions::new().append(true).open(path).map_err(Error::io("open", path))?;
        return file.write_all(text.as_bytes()).map_err(Error::io("write", path));
    }
    may_put(path)?;
    let mut staged = Staged::default();
    staged.add(path, text)?;
    staged.replace()
}

/// Whether it has no text of its own that could be replaced: devices and pipes, and the links of the system to what
/// this process has open, such as `/dev/stderr`, also where that is a file.
fn is_stream(path: &Path) -> bool {
    let is_of_system = ["/dev", "/proc"].iter().any(|folder| path.starts_with(folder)) && path.is_symlink();
    is_of_system || fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}
