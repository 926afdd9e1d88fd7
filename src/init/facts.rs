//! What is known of a project: what a profile of it says, each with where it is from.

/// A value, and where it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact<T> {
    pub value: T,
    pub from: From,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// `path:line`, or a path.
    Found(String),
    /// Why it may be so.
    Guessed(String),
}

impl<T> Fact<T> {
    pub fn found(value: T, at: impl Into<String>) -> Self {
        Fact { value, from: From::Found(at.into()) }
    }

    pub fn guessed(value: T, why: impl Into<String>) -> Self {
        Fact { value, from: From::Guessed(why.into()) }
    }
}

impl std::fmt::Display for From {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            From::Found(at) => write!(f, "found: {at}"),
            From::Guessed(why) => write!(f, "guessed: {why}"),
        }
    }
}

/// How something is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    Server(Server),
    /// As the image starts.
    Image,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// `module:attribute`, with `()` behind a factory.
    pub app: Fact<String>,
    pub kind: Fact<&'static str>,
    pub args: Vec<String>,
}

/// A variable that the app reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub name: String,
    /// `path:line`.
    pub at: String,
    /// What the source takes without it. Nothing: it does not start.
    pub default: Default,
    /// Holds a number, or yes and no.
    pub is_plain: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Default {
    /// It has to be set.
    None,
    /// Made up at run time, or nothing.
    Empty,
    Computed,
    Text(String),
}

/// A line of `[env]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    pub name: String,
    pub value: Fact<Value>,
    /// Written as a comment: the source knows a value of its own.
    pub is_comment: bool,
}

/// What a variable is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    /// `${db.url}`, for the profile to read.
    Reference(String),
}

/// A line of `[secrets]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    pub name: String,
    pub about: String,
    pub optional: bool,
    /// What whoever reads the profile should know.
    pub comment: &'static str,
}

/// A backing service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backing {
    pub name: String,
    pub kind: &'static str,
    pub version: Option<Fact<String>>,
    pub driver: Option<Fact<String>>,
    pub from: From,
}

/// A further process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    pub name: &'static str,
    pub command: Vec<String>,
    /// By which it learns how many processes it forks.
    pub workers_env: Option<&'static str>,
    /// Two of it would do everything twice.
    pub alone: bool,
    pub from: From,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    pub command: Vec<String>,
    pub from: From,
}

/// What can be asked whether the app is well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    pub liveness: Option<Fact<String>>,
    pub readiness: Option<Fact<String>>,
    /// The `Host` that it answers to.
    pub host: Option<String>,
    /// Paths that are not known whole.
    pub parts: Vec<Fact<String>>,
}

/// How the image is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Build {
    /// By the project's Dockerfile, relative to the context.
    Own {
        context: String,
        dockerfile: String,
    },
    Rendered {
        context: String,
        recipe: Recipe,
    },
}

/// What a rendered Dockerfile is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    pub python: Option<Fact<String>>,
    pub lock: &'static str,
    /// The file of requirements, where it is not the usual one.
    pub requirements: Option<String>,
    /// What is copied; nothing if the project is installed.
    pub source: Option<Vec<String>>,
    pub copy: Vec<String>,
    /// Of the operating system.
    pub packages: Packages,
}

/// Packages of Debian that packages of Python need, where they bring no wheel or look for a library.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packages {
    pub build: Vec<&'static str>,
    pub runtime: Vec<&'static str>,
    /// Those that need them.
    pub of: Vec<String>,
}

/// What a developer's container has of the host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dev {
    pub sync: Vec<String>,
    /// Source and target.
    pub mounts: Vec<(String, String)>,
    pub command: Option<Fact<Vec<String>>>,
}

/// Everything, in the order of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub name: Fact<String>,
    pub image: Fact<String>,
    /// What kind of project it is, in lines.
    pub about: Vec<String>,
    pub start: Start,
    pub port: Option<Fact<u16>>,
    pub port_env: Option<Fact<String>>,
    pub uid: Option<Fact<u32>>,
    pub health: Health,
    /// Of one worker.
    pub memory: Fact<&'static str>,
    pub env: Vec<Variable>,
    pub secrets: Vec<Secret>,
    pub backing: Vec<Backing>,
    pub workers: Vec<Worker>,
    pub migration: Option<Migration>,
    /// Where a database in a file lies.
    pub data: Option<Fact<String>>,
    pub build: Option<Fact<Build>>,
    /// Where the build does not say it.
    pub dev: Option<Dev>,
    /// What whoever runs it has to know or to do, each a sentence.
    pub hints: Vec<String>,
}
