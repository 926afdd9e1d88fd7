//! `render completions`, `render man`: for shells, and for who reads in them.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, value_parser};
use clap_complete::Shell;
use clap_mangen::Man;

use super::{Exit, args, say};
use crate::deliver;

pub const COMPLETIONS: &str = "completions";
pub const MAN: &str = "man";

const SHELL: &str = "shell";
const OUTPUT: &str = "output";

pub fn commands() -> [Command; 2] {
    let completions = Command::new(COMPLETIONS)
        .about("What a shell needs to complete commands, options and their values")
        .arg(Arg::new(SHELL).value_name("SHELL").required(true).value_parser(value_parser!(Shell)).help("Which shell"))
        .after_help(
            "Examples:\n  \
             render completions bash > ~/.local/share/bash-completion/completions/render\n  \
             render completions zsh > ~/.zfunc/_render          where ~/.zfunc is in $fpath\n  \
             render completions fish > ~/.config/fish/completions/render.fish",
        );
    let output = Arg::new(OUTPUT)
        .long("output")
        .short('o')
        .value_name("DIR")
        .value_parser(value_parser!(PathBuf))
        .help("Write the pages of all commands into this folder");
    let man = Command::new(MAN)
        .about("The manual page of the program, or with `-o` those of all its commands")
        .arg(output)
        .after_help(
            "Examples:\n  render man | man -l -\n  render man -o ~/.local/share/man/man1    then: man render-k8s",
        );
    [completions, man]
}

pub fn completions(matches: &ArgMatches) -> Exit {
    let shell = *matches.get_one::<Shell>(SHELL).expect("clap asks for it");
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::command(), "render", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    let script = if shell == Shell::Bash { with_environments(&script) } else { script };
    finish(deliver::print(&[&script], &mut std::io::stdout().lock()))
}

/// The names of environments, which the profiles below the working folder have.
const ENVIRONMENTS: &str =
    r#"COMPREPLY=($(compgen -W "$(render list -q 2>/dev/null | awk '{print $3}' | sort -u)" -- "${cur}"))"#;

/// Files are no environments.
fn with_environments(script: &str) -> String {
    let mut is_env = false;
    let line = |line: &str| {
        let word = line.trim();
        let names = is_env && word.starts_with("COMPREPLY=");
        is_env = word == "--env)";
        if names {
            format!("{}{ENVIRONMENTS}\n", &line[..line.len() - line.trim_start().len()])
        } else {
            format!("{line}\n")
        }
    };
    script.lines().map(line).collect()
}

pub fn man(matches: &ArgMatches) -> Exit {
    let mut command = args::command();
    // Names of commands are those of their pages from here on: `render-k8s`.
    command.build();
    let pages = pages(&command);
    let Some(folder) = matches.get_one::<PathBuf>(OUTPUT) else {
        let text = pages.first().map_or("", |(_, text)| text);
        return finish(deliver::print(&[text], &mut std::io::stdout().lock()));
    };
    // Nobody edits them, so that the next version's may lie over them.
    let written = pages.iter().try_for_each(|(name, text)| deliver::new(&folder.join(name), text, true));
    if written.is_ok() {
        say::done(format!("{}: {} manual pages", folder.display(), pages.len()), false);
    }
    finish(written)
}

/// The page of a command, then those of what is below it.
fn pages(command: &Command) -> Vec<(String, String)> {
    let page = Man::new(command.clone());
    let mut text = Vec::new();
    page.render(&mut text).expect("memory takes what is written");
    let own = (page.get_filename(), String::from_utf8_lossy(&text).into_owned());
    let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
    std::iter::once(own).chain(shown.flat_map(pages)).collect()
}

fn finish(result: Result<(), deliver::Error>) -> Exit {
    match result {
        Ok(()) => Exit::Done,
        Err(error) => {
            say::error(error);
            Exit::Wrong
        }
    }
}
