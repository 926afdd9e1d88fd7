//! Files that somebody keeps beside the Compose file.

use super::words::{About, Words};
use crate::{
    bundle::{Paragraph, Supplied},
    targets::compose::asked::File,
    tree::{Note, one_line},
};

/// A file, with words.
pub struct Kept<'a> {
    path: &'a str,
    /// It holds the value of a secret, not variables.
    pub is_secret: bool,
    about: About,
}

/// Compose mounts a file with the mode and owner that it has, whatever the Compose file says (Compose specification,
/// services, "secrets"), and the container runs as a user whom the host does not know.
pub fn secrets(file: &str) -> String {
    format!(
        "Files that {file} mounts, each with one value alone. Compose ignores modes and owners of its own,\n\
         # and the container runs as another user: the files are readable for all, in a folder that is closed for\n\
         # others. Never commit them:\n#\n\
         #     mkdir -m 700 secrets\n\
         #     install -m 444 /dev/stdin secrets/NAME    # takes what is typed or piped, up to Ctrl-D"
    )
}

impl<'a> Kept<'a> {
    pub fn new(path: &'a str, file: &File, words: &Words<'_>) -> Self {
        let about = words.file(file.secret.as_deref(), file.note.as_slice());
        Kept { path, is_secret: file.secret.is_some(), about }
    }

    pub fn paragraph(&self) -> Paragraph {
        let path = one_line(self.path);
        let about = self.what();
        let lines = if about.is_empty() { format!("# {path}") } else { format!("# {path}: {about}") };
        let note = Note::new("a file that nobody renders", self.about.1.clone());
        Paragraph { name: path, lines, note, below: Vec::new() }
    }

    pub fn supplied(&self) -> Supplied {
        let path = quoted(self.path);
        let make = match (self.path.rsplit_once('/'), self.is_secret) {
            (Some((folder, _)), true) => {
                format!("mkdir -p -m 700 {} && install -m 444 /dev/stdin {path}", quoted(folder))
            }
            (None, true) => format!("install -m 444 /dev/stdin {path}"),
            (_, false) => format!("touch {path}"),
        };
        Supplied { path: self.path.to_owned(), about: self.what(), make }
    }

    fn what(&self) -> String {
        self.about.0.join("; ")
    }
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", one_line(word).replace('\'', "'\\''")) }
}
