//! The instructions of a Dockerfile, typed: what must not be written has no form here. There is no `CMD` for a shell,
//! no user by name, no `ADD`, and whatever is started is a list of words (Dockerfile reference).

use super::spelling::{json, path, quoted};
use crate::{app::Protocol, targets::asking::Timing};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instruction {
    From {
        image: String,
        stage: &'static str,
    },
    /// Of the project, or of another stage. Root keeps what is copied.
    Copy {
        from: Option<&'static str>,
        paths: Vec<String>,
        to: String,
    },
    Env(Vec<(&'static str, Value)>),
    Arg {
        name: String,
        default: String,
    },
    Workdir(&'static str),
    Run(Run),
    /// By number: a cluster cannot tell whether a name is root's.
    User {
        uid: u32,
        gid: u32,
    },
    Expose(Vec<(u16, Protocol)>),
    Healthcheck(Option<(Exec, Timing)>),
    Label(Vec<(String, Vec<Value>)>),
    /// What the base image starts by itself is not started.
    NoEntrypoint,
    Cmd(Exec),
}

/// A program and its arguments, which no shell reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exec(pub Vec<String>);

/// A value, as a whole or in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Literal(String),
    /// An argument of the build.
    Arg(String),
    /// Folders before those in which programs are found already.
    Path(String),
}

/// Steps of a build, one after another as long as they succeed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run {
    pub mounts: Vec<Mount>,
    /// Words of our own, or of which the profile's schema admits none that a shell would read.
    pub steps: Vec<Vec<String>>,
    /// A rule of hadolint that does not hold here.
    pub ignore: Option<&'static str>,
}

/// What is there during a step, and not in the image. All targets are absolute: not every builder takes others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mount {
    /// Stays from build to build.
    Cache { target: String },
    /// A file of the project.
    Bind { source: String, target: String },
    /// A secret as a variable.
    Secret { id: String, env: &'static str },
}

impl Instruction {
    /// The instruction on its lines, without the last line end.
    pub fn text(&self) -> String {
        match self {
            Instruction::From { image, stage } => format!("FROM {image} AS {stage}"),
            Instruction::Copy { from, paths, to } => {
                let from = from.map(|stage| format!("--from={stage} ")).unwrap_or_default();
                let paths: Vec<String> = paths.iter().map(|one| path(one)).collect();
                format!("COPY {from}{} {}", paths.join(" "), path(to))
            }
            Instruction::Env(pairs) => {
                let pairs = pairs.iter().map(|(name, value)| format!("{name}={}", quoted(std::slice::from_ref(value))));
                format!("ENV {}", lines(pairs))
            }
            Instruction::Arg { name, default } => {
                format!("ARG {name}={}", quoted(&[Value::Literal(default.clone())]))
            }
            Instruction::Workdir(folder) => format!("WORKDIR {folder}"),
            Instruction::Run(run) => run.text(),
            Instruction::User { uid, gid } => format!("USER {uid}:{gid}"),
            Instruction::Expose(ports) => {
                let port = |(number, protocol): &(u16, Protocol)| match protocol {
                    Protocol::Tcp => number.to_string(),
                    Protocol::Udp => format!("{number}/udp"),
                };
                format!("EXPOSE {}", ports.iter().map(port).collect::<Vec<_>>().join(" "))
            }
            Instruction::Healthcheck(None) => "HEALTHCHECK NONE".into(),
            Instruction::Healthcheck(Some((command, timing))) => {
                let Timing { every, timeout, failures, start, start_every } = timing;
                format!(
                    "HEALTHCHECK --interval={}s --timeout={}s --start-period={}s --start-interval={}s --retries={failures} \\\n    CMD {}",
                    every.0,
                    timeout.0,
                    start.0,
                    start_every.0,
                    json(&command.0)
                )
            }
            Instruction::Label(labels) => {
                let labels = labels.iter().map(|(name, value)| format!("{name}={}", quoted(value)));
                format!("LABEL {}", lines(labels))
            }
            Instruction::NoEntrypoint => "ENTRYPOINT []".into(),
            Instruction::Cmd(command) => format!("CMD {}", json(&command.0)),
        }
    }
}

impl Run {
    fn text(&self) -> String {
        let ignore = self.ignore.map(|rule| format!("# hadolint ignore={rule}\n")).unwrap_or_default();
        let mounts: String = self.mounts.iter().map(|mount| format!("{} \\\n    ", mount.text())).collect();
        let steps: Vec<String> = self.steps.iter().map(|words| words.join(" ")).collect();
        format!("{ignore}RUN {mounts}{}", steps.join(" \\\n && "))
    }
}

impl Mount {
    fn text(&self) -> String {
        match self {
            Mount::Cache { target } => format!("--mount=type=cache,target={target}"),
            Mount::Bind { source, target } => format!("--mount=type=bind,source={source},target={target}"),
            Mount::Secret { id, env } => format!("--mount=type=secret,id={id},env={env},required=true"),
        }
    }
}

/// Each on a line of its own.
fn lines(pairs: impl Iterator<Item = String>) -> String {
    pairs.collect::<Vec<_>>().join(" \\\n    ")
}
