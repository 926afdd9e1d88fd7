//! One run at a time delivers into a tree.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
};

use super::{Error, folder, write::NewFolders};

/// Held while a run delivers; whoever else wants to waits. It ends with its holder, even one that is killed, and leaves
/// no file behind.
#[derive(Debug)]
pub struct Lock {
    /// The folder itself, opened. Nothing on systems that cannot open folders.
    _held: Option<File>,
    /// Removed again if nothing was delivered.
    _made: NewFolders,
}

/// Takes the lock of a folder, which is made if it is missing; `waiting` is called if somebody else holds it.
///
/// # Errors
/// The folder cannot be made.
pub fn lock(dir: &Path, waiting: impl FnOnce()) -> Result<Lock, Error> {
    let root = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    let mut made = NewFolders::default();
    if !folder::exists(root)? {
        made.make(root)?;
    }
    let held = fs::File::open(root).ok().filter(|file| match file.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => {
            waiting();
            file.lock().is_ok()
        }
        // A file system without locks: each file is still replaced whole.
        Err(TryLockError::Error(_)) => false,
    });
    Ok(Lock { _held: held, _made: made })
}
