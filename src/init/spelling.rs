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
    let texts: Vec<Text> = words.iter().map(Text::literal).collect();
    let secrets = app::in_words(&texts.iter().collect::<Vec<_>>());
    let spelled = words.iter().enumerate().map(|(i, word)| {
        let is_secret = secrets.iter().any(|(at, _)| *at == i);
        if is_secret { "<secret>".to_owned() } else { word.replace("${", "$${") }
    });
    list(&spelled.collect::<Vec<_>>())
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
