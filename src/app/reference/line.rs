//! References in the words of a command line, of which one may be the script of a shell.

use super::{
    Part, Text,
    read::{Names, Reading, read, text},
};
use crate::{app::findings::Findings, key::Key, problem::Code};

/// Shells that are told a script by `-c`.
const SHELLS: &[&str] = &["sh", "bash", "dash", "ash", "zsh", "ksh"];

/// Reads what is one command line, wherever its words stand.
pub fn line(words: &[(&str, Key)], names: &Names<'_>, findings: &mut Findings<'_>) -> Vec<Text> {
    let plain: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let script = script(&plain);
    let texts = words.iter().enumerate().map(|(i, (word, key))| match script {
        Some(script) if script == i => {
            unset_port(word, names, key, findings);
            read(word, Reading::Script, names, key, findings)
        }
        _ => text(word, names, key, findings),
    });
    texts.collect()
}

/// Reads a command that stands alone in a list.
pub fn command(words: &[String], names: &Names<'_>, key: &Key, findings: &mut Findings<'_>) -> Vec<Text> {
    let words = words.iter().enumerate().map(|(i, word)| (word.as_str(), key.child(i.to_string())));
    line(&words.collect::<Vec<_>>(), names, findings)
}

/// Which word a shell takes for its script: the first after its flags, of which one is `-c` (The Open Group Base
/// Specifications, `sh`).
fn script(words: &[&str]) -> Option<usize> {
    let shell = words.iter().position(|word| SHELLS.contains(&word.rsplit('/').next().unwrap_or(word)))?;
    let (mut at, mut is_script) = (shell + 1, false);
    while let Some(flag) = words.get(at).filter(|word| word.starts_with(['-', '+'])) {
        let is_short = !flag.starts_with("--");
        is_script |= is_short && flag.contains('c');
        // `-o pipefail`.
        at += if is_short && flag.ends_with('o') { 2 } else { 1 };
    }
    (is_script && at < words.len()).then_some(at)
}

/// Whether a name between braces can be no variable of a shell, whose names have no dots. A dot after an operator, as in
/// `${VERSION-1.2}`, is in no name.
pub(super) fn is_reference(name: &str, names: &Names<'_>) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    let Some((table, rest)) = name.split_once('.') else { return false };
    is_word(table) && rest.split('.').all(is_word) && (!table.contains('-') || names.services.contains_key(table))
}

/// What is a reference everywhere else is the shell's in its script.
fn unset_port(script: &str, names: &Names<'_>, key: &Key, findings: &mut Findings<'_>) {
    let mut words = script.split(|c: char| c.is_whitespace() || ";&|(".contains(c));
    // `port=80`, `read port`, `for port in`.
    let is_set = words.any(|word| word == "port" || word.starts_with("port="));
    if names.port.is_some() && script.contains("${port}") && !is_set {
        findings.value(
            Code::ShellCommand,
            key,
            "`${port}` in the script of a shell is a variable of the shell",
            "empty: nothing sets it",
            "write `${PORT}`, and `port_env = \"PORT\"`; or name the program itself, without a shell",
        );
    }
}

impl Text {
    /// Whether it is known before anything runs, and of the process itself.
    pub fn is_settled(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Literal(_) | Part::Input(_)))
    }
}
