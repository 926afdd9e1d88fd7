//! What is known of one kind of backing service.

use crate::{
    app::{Bytes, Seconds},
    profile::BackingKind,
};

/// A kind of backing service, as its image wants to be run.
///
/// Texts of variables and arguments may hold `{host}`, `{user}`, `{password}`, `{name}` and `{heap}`, half of its memory.
pub struct Facts {
    pub kind: BackingKind,
    /// As the profile writes it.
    pub name: &'static str,
    pub image: Release,
    /// The main one first.
    pub ports: &'static [u16],
    /// Those that people look at from the host, the one that `publish` moves first.
    pub shown: &'static [u16],
    /// Where its data lies, by the oldest major version that this holds for, the newest first. Empty: it keeps none.
    pub data: &'static [(u32, &'static str)],
    /// Docker would give a new volume of its data to root, since its image gives the folder to nobody else.
    pub data_is_roots: bool,
    pub user: Owner,
    pub env: &'static [(&'static str, &'static str)],
    pub args: &'static [&'static str],
    pub password: Password,
    pub health: Health,
    /// The longest first start that is healthy.
    pub within: Seconds,
    /// Between being told to stop and being killed.
    pub stop: Seconds,
    /// In all; what lies in scratch directories and shared memory is part of it.
    pub memory: Bytes,
    /// The most processes and threads.
    pub pids: u32,
    /// Directories that it writes to beside its data.
    pub scratch: &'static [Scratch],
    /// Runs on a root file system that cannot be written.
    pub read_only: bool,
    /// Shared memory, where the runtime's 64Mi are too little.
    pub shm: Option<Bytes>,
    pub url: Option<Url>,
}

/// How its images are named.
pub struct Release {
    /// With the registry, so that no host has to guess one.
    pub repository: &'static str,
    /// Before and after the version in a tag.
    pub prefix: &'static str,
    pub suffix: &'static str,
    /// The version that is taken where the profile names none.
    pub default: &'static str,
    /// How a version is written.
    pub form: Form,
    /// The oldest major version of which all this is true.
    pub oldest: u32,
    /// A newer version does not read the data of an older one by itself.
    pub migrates: bool,
}

/// How a version is written in tags.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// By as many numbers as one likes: `17`, `17.6`.
    Any,
    /// By three numbers: there are no tags of fewer.
    Whole,
    /// Not by numbers.
    Free,
}

/// The user that an image is made for.
pub struct Owner {
    pub uid: u32,
    /// Absent: the user's own groups, as the image has them.
    pub gid: Option<u32>,
    /// The same in builds of the image that are not on Alpine, where they differ.
    pub elsewhere: Option<(u32, u32)>,
}

/// How a password is told.
pub enum Password {
    /// There is none.
    None,
    /// Variables that name a file.
    File(&'static [&'static str]),
    /// A variable that holds it: the image reads no file.
    Env(&'static str),
}

/// How it is asked whether it answers.
pub enum Health {
    /// On the loopback, where nothing listens before it is ready.
    Loopback(&'static [&'static str]),
    /// By its host name: while it sets itself up, it listens on the loopback already.
    Host(&'static [&'static str]),
}

/// A directory in memory.
#[derive(Clone, Copy)]
pub struct Scratch {
    pub path: &'static str,
    pub size: Bytes,
    /// Programs in it are run: libraries of Java are unpacked there.
    pub exec: bool,
}

/// How clients are told where it is.
pub struct Url {
    /// What its scheme may be, before a `+`; the default first.
    pub schemes: &'static [&'static str],
    pub user: User,
    /// What stands for the database, if anything does.
    pub database: Database,
    /// What follows.
    pub query: &'static str,
}

/// Who may use it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum User {
    /// Everybody who reaches it.
    Nobody,
    /// The app's.
    App,
    /// One whom the image knows.
    Fixed(&'static str),
    /// The app's, who is not part of a URL.
    Apart,
}

/// What a URL ends with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Database {
    None,
    /// The app's own.
    App,
    /// This one unless the profile names another.
    Else(&'static str),
}
