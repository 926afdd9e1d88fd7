//! Why nothing, or not everything, was delivered. Each ends the program with exit code 2.

use std::{fmt, io, path::PathBuf};

use super::{Finding, header::one_line};

/// What kept a rendering from being delivered.
#[derive(Debug)]
pub enum Error {
    /// There are no files.
    Nothing,
    /// A path that leads out of the folder, or that two files would share. Nothing was written.
    BadPath { path: String, why: &'static str },
    /// Files that are not overwritten, all of them. Nothing was written.
    Refused(Vec<Finding>),
    /// A file that a person has. Nothing was written.
    There(PathBuf),
    /// The disk said no. Nothing was written.
    Io { doing: &'static str, path: PathBuf, error: io::Error },
    /// The disk said no after some files, of all that were to be written, had been replaced. Each of them is complete.
    Halfway { path: PathBuf, error: io::Error, replaced: usize, all: usize },
    /// Standard output cannot be written.
    Print(io::Error),
}

impl Error {
    /// For `map_err`: what was being done, and with what.
    pub(super) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |error| Error::Io { doing, path, error }
    }

    /// Whether whatever else is written will fail for the same reason.
    pub fn is_general(&self) -> bool {
        let (Error::Io { error, .. } | Error::Halfway { error, .. }) = self else { return false };
        use io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        matches!(error.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Nothing => write!(f, "the rendering has no files"),
            Error::BadPath { path, why } => write!(f, "cannot write a file `{}`: {why}", one_line(path)),
            Error::Refused(findings) => {
                write!(f, "nothing was written, because of")?;
                findings.iter().try_for_each(|finding| write!(f, "\n  {finding}"))
            }
            Error::There(path) => {
                write!(f, "there is a `{}` already; nothing was written", one_line(&path.to_string_lossy()))
            }
            Error::Io { doing, path, error } => {
                write!(f, "cannot {doing} `{}`: {error}", one_line(&path.to_string_lossy()))
            }
            Error::Halfway { path, error, replaced, all } => write!(
                f,
                "cannot replace `{}`: {error}; {replaced} of {all} files were replaced before, run again",
                one_line(&path.to_string_lossy())
            ),
            Error::Print(error) => write!(f, "cannot write to standard output: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { error, .. } | Error::Halfway { error, .. } | Error::Print(error) => Some(error),
            Error::Nothing | Error::BadPath { .. } | Error::Refused(_) | Error::There(_) => None,
        }
    }
}
