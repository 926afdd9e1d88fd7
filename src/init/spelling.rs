//! TOML, as init writes it: strings that hold anything, and comments that cannot end early.

use crate::app::{self, Text};

/// A basic string (TOML 1.0, "String"): JSON's escapes are TOML's, but for one character that JSON lets stand.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007F")
}

pub fn list(words: &[String]) -> String {
    format!("[{}]", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", "))
}

/// A command line without references, be it a shell's or not: `$$` alone is no dollar sign to every one. What holds a
/// secret stays where it was found.
pub fn command(words: &[String]) -> String {
    let spelled = without_secrets(words).0.into_iter().map(|word| word.replace("${", "$${"));
    list(&spelled.collect::<Vec<_>>())
}

/// What stands where a secret stood.
pub const SECRET: &str = "<secret>";

/// The words of a command line with `<secret>` for each that it holds, and what these are called. Of a script the rest
/// stays, unless it is not sure where the secret ends.
pub fn without_secrets(words: &[String]) -> (Vec<String>, Vec<String>) {
    let parts: Vec<(usize, &str)> =
        words.iter().enumerate().flat_map(|(i, word)| word.split_whitespace().map(move |part| (i, part))).collect();
    let texts: Vec<Text> = parts.iter().map(|(_, part)| Text::literal(*part)).collect();
    let found = app::in_words(&texts.iter().collect::<Vec<_>>());
    let mut open = words.to_vec();
    for (at, _) in &found {
        let (i, part) = parts[*at];
        open[i] = match without(part) {
            Some(plain) => open[i].replace(part, &plain),
            None => SECRET.to_owned(),
        };
    }
    (open, found.into_iter().map(|(_, name)| name).collect())
}

/// A part of a command line without its secret; nothing if it may go on behind a blank.
fn without(part: &str) -> Option<String> {
    if part.contains(['\'', '"', '\\', '`']) {
        return None;
    }
    let of_mysql = part.starts_with("-p").then(|| "-p".to_owned());
    let name = part.split_once('=').filter(|(name, _)| !name.contains(':')).map(|(name, _)| format!("{name}="));
    let name = name.or(of_mysql);
    Some(format!("{}{SECRET}", name.unwrap_or_default()))
}

/// A text in which references are read, that has none.
pub fn verbatim(text: &str) -> String {
    text.replace('$', "$$")
}

/// A line of a table, and the words behind it.
pub struct Line {
    pub text: String,
    pub comment: String,
}

impl Line {
    pub fn new(text: impl Into<String>, comment: impl ToString) -> Self {
        Line { text: text.into(), comment: comment.to_string() }
    }
}

/// Comments further right than this stand right behind their lines.
const FURTHEST: usize = 56;

/// Lines with their comments in a column.
pub fn block(lines: &[Line], out: &mut String) {
    let width = |line: &Line| line.text.chars().count();
    let column = lines
        .iter()
        .filter(|line| !line.comment.is_empty())
        .map(width)
        .filter(|width| *width <= FURTHEST)
        .max()
        .unwrap_or(0);
    for line in lines {
        out.push_str(&line.text);
        if !line.comment.is_empty() {
            let blanks = column.saturating_sub(width(line)) + 2;
            out.extend(std::iter::repeat_n(' ', if line.text.is_empty() { 0 } else { blanks }));
            out.push_str("# ");
            out.push_str(&crate::tree::one_line(&line.comment));
        }
        out.push('\n');
    }
}
