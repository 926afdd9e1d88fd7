//! When to write in colours: what is asked for, then what the environment says (no-color.org, bixense.com/clicolors),
//! then whether anybody looks.
//!
//! Decided here for both streams, and before the arguments are read, since what is wrong with them is written in colours,
//! too. `anstream` would take `CLICOLOR_FORCE=0` for a wish.

use std::{
    ffi::{OsStr, OsString},
    io::{self, IsTerminal, StderrLock, StdoutLock},
    sync::OnceLock,
};

use anstream::{AutoStream, ColorChoice};

/// The value of an environment variable.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// For standard output, and for standard error.
static CHOSEN: OnceLock<(bool, bool)> = OnceLock::new();

/// Decides for this run.
pub fn settle(arguments: &[OsString], environment: Environment<'_>) {
    let asked = asked(arguments);
    let wanted = |is_terminal| is_wanted(asked, environment, is_terminal);
    // A process that runs twice, as no program does, keeps its first choice.
    let _ = CHOSEN.set((wanted(io::stdout().is_terminal()), wanted(io::stderr().is_terminal())));
}

/// What `--color` says, wherever it stands; nothing of `auto`, and of what the arguments are refused for.
pub fn asked(arguments: &[OsString]) -> Option<bool> {
    let mut words = arguments.iter().take_while(|word| *word != "--");
    let mut asked = None;
    while let Some(word) = words.next() {
        let value = match word.to_str().and_then(|word| word.strip_prefix("--color=")) {
            Some(value) => Some(OsStr::new(value)),
            None if word == "--color" => words.next().map(OsString::as_os_str),
            None => continue,
        };
        asked = match value.and_then(OsStr::to_str) {
            Some("always") => Some(true),
            Some("never") => Some(false),
            _ => None,
        };
    }
    asked
}

/// Whether a stream is written in colours.
pub fn is_wanted(asked: Option<bool>, environment: Environment<'_>, is_terminal: bool) -> bool {
    let said = |name| environment(name).filter(|value| !value.is_empty());
    if let Some(asked) = asked {
        return asked;
    } else if said("NO_COLOR").is_some() {
        return false;
    } else if said("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return true;
    } else if said("CLICOLOR").is_some_and(|value| value == "0") {
        return false;
    }
    // Windows has terminals without a name.
    let is_dumb = said("TERM").map_or(!cfg!(windows), |value| value == "dumb");
    is_terminal && !is_dumb
}

pub fn stdout() -> AutoStream<StdoutLock<'static>> {
    AutoStream::new(io::stdout().lock(), choice(CHOSEN.get().is_some_and(|(out, _)| *out)))
}

pub fn stderr() -> AutoStream<StderrLock<'static>> {
    AutoStream::new(io::stderr().lock(), choice(CHOSEN.get().is_some_and(|(_, err)| *err)))
}

fn choice(is_wanted: bool) -> ColorChoice {
    if is_wanted { ColorChoice::Always } else { ColorChoice::Never }
}
