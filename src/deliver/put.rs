//! Reports, which anybody may overwrite: the next run makes them anew.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    path::Path,
};

use super::{Error, write::Staged};

/// Writes a file, over one that is there, in one step. A link is followed, and a pipe or a device (`/dev/stderr`) written
/// to: whoever names it wants the report there. Its folder must be there.
///
/// # Errors
/// Whatever the disk does not allow; a file that was there stays as it was then.
pub fn put(path: &Path, text: &str) -> Result<(), Error> {
    let real = match fs::canonicalize(path) {
        Ok(real) => real,
        Err(error) if error.kind() == ErrorKind::NotFound => path.to_path_buf(),
        Err(error) => return Err(Error::io("look at", path)(error)),
    };
    if fs::metadata(&real).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        let mut file = OpenOptions::new().write(true).open(&real).map_err(Error::io("open", path))?;
        return file.write_all(text.as_bytes()).map_err(Error::io("write", path));
    }
    let mut staged = Staged::default();
    staged.add(&real, text)?;
    staged.replace()
}
