//! How a process starts: a known server, a command, or what the image does by itself.

use super::{
    Text,
    findings::Findings,
    reference::{self, Names},
    server::{self, Server},
};
use crate::{
    key::Key,
    problem::{Code, Problem},
    profile,
};

/// How a process starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    Server(Server),
    /// Replaces what the image starts.
    Command {
        command: Vec<Text>,
        args: Option<Vec<Text>>,
        workers_env: Option<String>,
    },
    /// The image's own start, perhaps with other arguments.
    Image {
        args: Option<Vec<Text>>,
        workers_env: Option<String>,
    },
}

impl Start {
    /// Whether one container can hold several workers.
    pub fn can_fork(&self) -> bool {
        match self {
            Start::Server(_) => true,
            Start::Command { workers_env, .. } | Start::Image { workers_env, .. } => workers_env.is_some(),
        }
    }

    /// Whether a Python interpreter is surely in the image.
    pub fn has_python(&self) -> bool {
        match self {
            Start::Server(_) => true,
            Start::Command { command, .. } => {
                let program = command.first().and_then(|word| word.literals().next()).unwrap_or_default();
                let program = program.rsplit('/').next().unwrap_or(program);
                program.starts_with("python")
            }
            Start::Image { .. } => false,
        }
    }

    /// The command that the profile gives itself.
    pub fn command(&self) -> &[Text] {
        match self {
            Start::Command { command, .. } => command,
            Start::Server(_) | Start::Image { .. } => &[],
        }
    }

    /// The arguments that the profile gives itself.
    pub fn args(&self) -> &[Text] {
        match self {
            Start::Command { args: Some(args), .. } | Start::Image { args: Some(args), .. } => args,
            Start::Server(_) | Start::Command { args: None, .. } | Start::Image { args: None, .. } => &[],
        }
    }

    pub fn server(&self) -> Option<&Server> {
        match self {
            Start::Server(server) => Some(server),
            _ => None,
        }
    }
}

/// The keys of a profile that say how a process starts.
pub struct Wanted {
    pub server: Option<profile::Server>,
    pub command: Option<Vec<String>>,
    pub args: Option<Vec<String>>,
    pub workers_env: Option<String>,
}

pub fn start(wanted: Wanted, names: &Names<'_>, at: &Key, findings: &mut Findings<'_>) -> Start {
    let Wanted { server, command, args, workers_env } = wanted;
    let Some(server) = server else {
        let (command_key, args_key) = (at.below("command"), at.below("args"));
        if let Some(command) = &command {
            check_program(command, &command_key, findings);
            if !ends(at) {
                check_shell(command, &command_key, findings);
            }
            check_reload(command, &command_key, findings);
        }
        check_reload(args.as_deref().unwrap_or_default(), &args_key, findings);
        let (command, args) = words(command, args, names, at, findings);
        return match command {
            Some(command) => Start::Command { command, args, workers_env },
            None => Start::Image { args, workers_env },
        };
    };
    let given = [("command", command.is_some()), ("args", args.is_some()), ("workers_env", workers_env.is_some())];
    let given: Vec<&str> = given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect();
    two_starts(&given, at, findings);
    Start::Server(server::resolve(server, &at.below("server"), findings))
}

type Words = Option<Vec<Text>>;

/// The command and its arguments, which are one line: what a shell is told may stand in either.
fn words(
    command: Option<Vec<String>>,
    args: Option<Vec<String>>,
    names: &Names<'_>,
    at: &Key,
    findings: &mut Findings<'_>,
) -> (Words, Words) {
    let placed = |list: &'static str, words: &Option<Vec<String>>| {
        let key = at.child(list);
        let words = words.iter().flatten().enumerate();
        words.map(|(i, word)| (word.clone(), key.child(i.to_string()))).collect::<Vec<_>>()
    };
    let all = [placed("command", &command), placed("args", &args)].concat();
    let all: Vec<(&str, Key)> = all.iter().map(|(word, key)| (word.as_str(), key.clone())).collect();
    let mut texts = reference::line(&all, names, findings);
    let rest = texts.split_off(command.as_ref().map_or(0, Vec::len));
    (command.map(|_| texts), args.map(|_| rest))
}

/// A process is started by a server or by a command, not by both.
fn two_starts(given: &[&str], at: &Key, findings: &mut Findings<'_>) {
    let Some((first, others)) = given.split_first() else { return };
    let provenance = findings.provenance;
    let mut problem = Problem::new(Code::Conflict, format!("`{first}` and `[server]` exclude each other"))
        .at(provenance.key(&at.child(*first)), "either this")
        .related(provenance.key(&at.below("server")), "or this")
        .help(match *first {
            "args" => "move them to `[server] args`",
            _ => "the renderer writes the server's command line: drop one of the two",
        });
    for other in others {
        problem = problem.related(provenance.key(&at.child(*other)), "with this");
    }
    findings.report(problem);
}

/// The first word is the program; nothing splits it, as no shell reads it.
pub fn check_program(command: &[String], key: &Key, findings: &mut Findings<'_>) {
    let program = command.first().map_or("", String::as_str);
    let (title, label, help) = if program.trim().is_empty() {
        let help = "name the program first, as in `[\"python\", \"-m\", \"orders\"]`".to_owned();
        ("the command does not name a program", "no program", help)
    } else if program.contains(char::is_whitespace) {
        let words: Vec<String> = program.split_whitespace().map(|word| format!("\"{word}\"")).collect();
        let help = format!("write each word by itself: `{}`", words.join(", "));
        ("no shell splits the command into words", "would be taken for the name of a program", help)
    } else {
        return;
    };
    findings.value(Code::BadCommand, &key.child("0"), title, label, help);
}

fn check_reload(words: &[String], key: &Key, findings: &mut Findings<'_>) {
    for (i, _) in words.iter().enumerate().filter(|(_, word)| *word == "--reload") {
        findings.value(
            Code::ReloadOutsideDev,
            &key.child(i.to_string()),
            "a command outside development must not reload",
            "runs one process and watches files",
            "drop it here, and write the command that reloads as `[dev] command`",
        );
    }
}

/// Whether a workload runs to its end: then nobody waits for a drain of it, and a shell may take its steps.
fn ends(at: &Key) -> bool {
    matches!(at.segments().next(), Some("jobs" | "crons" | "inits"))
}

fn check_shell(command: &[String], key: &Key, findings: &mut Findings<'_>) {
    let shell = command.first().is_some_and(|word| {
        matches!(word.rsplit('/').next(), Some("sh" | "bash" | "dash" | "ash"))
            && command.get(1).is_some_and(|flag| flag.starts_with('-') && flag.contains('c'))
    });
    let script = command.get(2).map_or("", String::as_str).trim_start();
    if shell && (!script.starts_with("exec ") || script.contains("&&") || script.contains(';')) {
        findings.value(
            Code::ShellCommand,
            key,
            "a shell in front of the process swallows its stop signal",
            "the process is killed without a drain",
            "name the program itself, or write `exec program …`; move other steps to a job",
        );
    }
}
