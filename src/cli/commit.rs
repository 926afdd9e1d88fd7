//! The files of a commit, read by two git processes: one lists them, one hands out what is in them.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read, Write},
    ops::Bound,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{Mutex, PoisonError},
};

use super::{
    git::{self, git},
    profile::{with_slashes, without_links},
};

/// A commit, and the process that reads from it.
pub struct Commit {
    pub id: String,
    /// Without links.
    pub repository: PathBuf,
    /// Files by their paths from the root of the repository, with `/`.
    files: BTreeMap<Box<str>, Entry>,
    batch: Mutex<Batch>,
}

struct Entry {
    id: Box<str>,
    is_link: bool,
}

struct Batch {
    child: Child,
    ask: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// So many are asked for at once: their names must fit into a pipe while nobody reads the answers.
const AT_ONCE: usize = 256;

impl Commit {
    /// The commit that a revision stands for, with its files: those in a folder of the working tree, or all.
    ///
    /// # Errors
    /// What git says, and what to do about it.
    pub fn open(reference: &str, folder: Option<&Path>) -> Result<Self, String> {
        let repository = git::repository()?;
        let id = git::commit(&repository, reference)?;
        let folder = folder.map_or_else(|| repository.clone(), without_links);
        let Ok(below) = folder.strip_prefix(&repository) else {
            return Err(format!(
                "`{}` is not in the repository {}, so that no commit holds it",
                folder.display(),
                repository.display()
            ));
        };
        let mut arguments = vec!["ls-tree", "-r", "-z", "--full-tree", id.as_str()];
        let below = with_slashes(below);
        if !below.is_empty() {
            arguments.extend(["--", &below]);
        }
        let listed = git(&repository, &arguments)?;
        let batch = Batch::start(&repository)?;
        Ok(Commit { files: listed.split('\0').filter_map(entry).collect(), id, repository, batch: Mutex::new(batch) })
    }

    /// The way to a file or folder from the root of the repository; nothing of what lies outside.
    pub fn inside(&self, path: &Path) -> Option<String> {
        Some(with_slashes(without_links(path).strip_prefix(&self.repository).ok()?))
    }

    /// The paths of all files below a folder, from the root of the repository, in order.
    pub fn below<'a>(&'a self, folder: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let from = (Bound::Included(start.as_str()), Bound::Unbounded);
        let all = self.files.range::<str, _>(from).map(|(path, _)| &**path);
        all.take_while(move |path| path.starts_with(&start))
    }

    /// The names of the files right in a folder.
    ///
    /// # Errors
    /// There is no such folder.
    pub fn names(&self, folder: &str) -> io::Result<Vec<String>> {
        let start = if folder.is_empty() { 0 } else { folder.len() + 1 };
        let mut below = self.below(folder).peekable();
        if below.peek().is_none() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(below.map(|path| &path[start..]).filter(|name| !name.contains('/')).map(str::to_owned).collect())
    }

    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// What is in files.
    ///
    /// # Errors
    /// One is not there, is a link, or git has lost it.
    pub fn read(&self, paths: &[&str]) -> io::Result<Vec<Vec<u8>>> {
        let id = |path: &&str| match self.files.get(*path) {
            None => Err(io::Error::from(io::ErrorKind::NotFound)),
            Some(Entry { is_link: true, .. }) => Err(io::Error::other("it is a symbolic link in that commit")),
            Some(Entry { id, .. }) => Ok(&**id),
        };
        let ids: Vec<&str> = paths.iter().map(id).collect::<Result<_, _>>()?;
        let mut batch = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
        let mut texts = Vec::new();
        for some in ids.chunks(AT_ONCE) {
            texts.extend(batch.read(some)?);
        }
        Ok(texts)
    }
}

/// `mode type id<tab>path`; nothing of what is no file.
fn entry(listed: &str) -> Option<(Box<str>, Entry)> {
    let (about, path) = listed.split_once('\t')?;
    let mut about = about.split(' ');
    let (mode, kind, id) = (about.next()?, about.next()?, about.next()?);
    (kind == "blob").then(|| (path.into(), Entry { id: id.into(), is_link: mode == "120000" }))
}

impl Batch {
    fn start(repository: &Path) -> Result<Self, String> {
        let mut command = Command::new("git");
        command.arg("-C").arg(repository).args(["--no-optional-locks", "cat-file", "--batch"]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("git cannot be run: {error}"))?;
        let (ask, answers) = (child.stdin.take(), child.stdout.take().expect("it is piped"));
        Ok(Batch { child, ask, answers: BufReader::new(answers) })
    }

    fn read(&mut self, ids: &[&str]) -> io::Result<Vec<Vec<u8>>> {
        let lines: String = ids.iter().map(|id| format!("{id}\n")).collect();
        let ask = self.ask.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        ask.write_all(lines.as_bytes())?;
        ask.flush()?;
        ids.iter().map(|_| self.answer()).collect()
    }

    /// `id type size`, a line end, the content, a line end.
    fn answer(&mut self) -> io::Result<Vec<u8>> {
        let mut about = String::new();
        self.answers.read_line(&mut about)?;
        let size = about.trim_end().rsplit_once(' ').and_then(|(_, size)| size.parse().ok());
        let Some(size) = size else {
            return Err(io::Error::other(format!("git has no content of it: {}", about.trim_end())));
        };
        let mut content = vec![0; size];
        self.answers.read_exact(&mut content)?;
        self.answers.read_exact(&mut [0])?;
        Ok(content)
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        drop(self.ask.take()); // it ends with what it is asked
        let _ = self.child.wait();
    }
}
