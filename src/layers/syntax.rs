//! What the TOML parser complains about, in words that say what to do.

use std::ops::Range;

use toml::de::Error;

use super::{
    echo,
    twice::{Form, first},
};
use crate::{
    problem::{Code, Problem},
    source::Span,
};

/// More than these are the echo of the first ones, or not TOML at all.
const MOST: usize = 20;

/// One problem for each line with errors: the parser reports what follows from a mistake, too.
pub(super) fn explain(source: usize, text: &str, errors: &[Error]) -> Vec<Problem> {
    let place = |error: &Error| error.span().unwrap_or_else(|| most_dots(text));
    let mut errors: Vec<_> = errors.iter().map(|error| (place(error), error.message())).collect();
    errors.sort_by_key(|(span, _)| span.start);
    echo::silence(text, &mut errors);
    let mut problems = Vec::new();
    let mut explained_until = None;
    for (span, message) in errors {
        if explained_until.is_some_and(|end| span.start <= end) {
            continue;
        }
        explained_until = Some(line_end(text, span.start));
        problems.push(Complaint { source, text, span, message }.explain());
        if problems.len() == MOST {
            break;
        }
    }
    problems
}

/// The key with the most dots: of one with too many, the parser does not tell the place.
fn most_dots(text: &str) -> Range<usize> {
    let ends = |c: char| c.is_whitespace() || "=[]{},".contains(c);
    let words = text.split(ends).filter(|word| !word.is_empty());
    let most = words.max_by_key(|word| word.matches('.').count()).unwrap_or_default();
    // A part of the text: the distance between the two is its place.
    let start = most.as_ptr() as usize - text.as_ptr() as usize;
    start..start + most.len()
}

/// One error of the parser, and where it looked.
struct Complaint<'a> {
    source: usize,
    text: &'a str,
    span: Range<usize>,
    message: &'a str,
}

impl Complaint<'_> {
    fn explain(&self) -> Problem {
        let said = |words: &str| self.message.starts_with(words);
        if let Some(c) = self.control() {
            self.control_character(c)
        } else if said("duplicate key") || said("cannot extend value") {
            self.twice()
        } else if said("cannot recurse further") || said("recursion limit") {
            let problem = Problem::new(Code::TooDeep, "nested too deeply");
            problem.at(self.place(), "no profile needs so many brackets or dots")
        } else if said("string values must be quoted")
            || said("invalid boolean")
            || said("invalid float, expected `nan`")
        {
            self.unquoted()
        } else if said("key with no value") || said("invalid unquoted key") {
            self.no_value()
        } else if said("unexpected key or value") {
            self.second_on_line()
        } else if said("unclosed") || said("invalid basic string, expected `\"`") || said("invalid literal string") {
            self.unclosed()
        } else {
            self.other()
        }
    }

    fn problem(&self, title: impl Into<String>, label: &str) -> Problem {
        Problem::new(Code::Syntax, title).at(self.place(), label)
    }

    fn place(&self) -> Option<Span> {
        self.at(self.span.clone())
    }

    fn at(&self, range: Range<usize>) -> Option<Span> {
        Some(Span { source: self.source, range })
    }

    fn found(&self) -> &str {
        self.text.get(self.span.clone()).unwrap_or_default()
    }

    /// What looks like nothing, and is the mistake.
    fn control(&self) -> Option<char> {
        let found = self.text.get(self.span.start..)?.chars().next()?;
        (found.is_control() && !matches!(found, '\n' | '\t')).then_some(found).filter(|_| !self.ends_line())
    }

    /// Whether a line ends here, in whichever way.
    fn ends_line(&self) -> bool {
        self.text.get(self.span.start..).is_some_and(|rest| rest.starts_with("\r\n"))
    }

    fn control_character(&self, found: char) -> Problem {
        let code = u32::from(found);
        let problem = Problem::new(Code::Syntax, format!("a control character that nobody sees: U+{code:04X}"));
        let place = self.at(self.span.start..self.span.start + found.len_utf8());
        let problem = problem.at(place, "TOML takes none but tabs and line breaks");
        match found {
            '\0' => problem.help("take it out: no variable and no argument can hold a NUL"),
            _ => problem.help(format!("take it out; if it is meant, write `\\u{code:04X}` between double quotes")),
        }
    }

    /// A value that is no TOML value: most often text without its quotes.
    fn unquoted(&self) -> Problem {
        let found = self.found();
        let straight = found.trim_matches(['“', '”', '„', '‘', '’']);
        if self.rest_from(self.span.end).trim_start().starts_with('=') {
            self.problem("two entries without anything between them", "one entry ends and the next begins in here")
                .help("write one entry on each line; inside braces, put a comma between them")
        } else if found.is_empty() {
            self.problem("a key without a value", "a value is missing here")
        } else if matches!(found.to_ascii_lowercase().as_str(), "true" | "yes" | "on" | "false" | "no" | "off") {
            let lower = found.to_ascii_lowercase();
            let meant = matches!(lower.as_str(), "true" | "yes" | "on");
            self.problem(format!("`{found}` is not a TOML value"), "TOML knows `true` and `false`, in lower case")
                .help(format!("write `{meant}`; or, if it is text, `\"{found}\"`"))
        } else if straight.len() < found.len() {
            self.problem("typographic quotes", "TOML wants straight quotes")
                .help("use straight quotes")
                .fix(self.place(), quoted(straight))
        } else if found.contains(char::is_whitespace) {
            self.problem("text without quotes", "text needs quotes")
                .help("put the text in quotes; if these are two values, write an array: [1, 2]")
        } else {
            self.problem("text without quotes", "text needs quotes")
                .help("put it in quotes")
                .fix(self.place(), quoted(found))
        }
    }

    /// A key that is not followed by `=`, or is not a key at all.
    fn no_value(&self) -> Problem {
        let line = self.line();
        let key = &self.text[line.start..line.end];
        if let Some(colon) = key.find(':').filter(|colon| !key[..*colon].contains(['=', '"', '\'', '#'])) {
            let at = line.start + colon;
            return self
                .problem("`:` where TOML has `=`", "")
                .at(self.at(at..at + 1), "TOML writes `key = value`")
                .help("write `=`")
                .fix(self.at(at..at + 1), " =");
        }
        if !self.span.is_empty() && self.message.starts_with("invalid unquoted key") {
            let whole = self.whole_key();
            let key = &self.text[whole.clone()];
            let label = "a key without quotes is made of letters, digits, `-` and `_`";
            return self
                .problem(format!("`{key}` is not a key"), "")
                .at(self.at(whole.clone()), label)
                .help("put the key in quotes")
                .fix(self.at(whole), quoted(key));
        }
        self.problem("a key without a value", "`=` and a value are missing here")
            .help("write `key = value`; comments begin with `#`")
    }

    /// The key that a bad character belongs to.
    fn whole_key(&self) -> Range<usize> {
        let line = self.line();
        let ends = |c: char| c.is_whitespace() || "=.[]{},\"'".contains(c);
        let start = self.text[line.start..self.span.start].rfind(ends).map_or(line.start, |at| line.start + at + 1);
        let end = self.text[self.span.end..].find(ends).map_or(self.text.len(), |at| self.span.end + at);
        start..end
    }

    /// Something after the end of a value or of a table's header.
    fn second_on_line(&self) -> Problem {
        let problem = self.problem("more than one entry on a line", "the line should end here");
        let rest = self.rest_from(self.span.start);
        match rest.chars().next() {
            Some(',') => problem.help("a comma only stands inside brackets and braces: write one entry on each line"),
            Some(']') => problem.help("take the bracket away: tables are `[name]`, lists of tables `[[name]]`"),
            _ if self.text[..self.span.start].ends_with(['"', '\'']) => {
                problem.help("if a text holds quotes, write it in single quotes: 'say \"hi\"'")
            }
            _ => problem.help("write one entry on each line"),
        }
    }

    /// A bracket, brace or quote that has no end.
    fn unclosed(&self) -> Problem {
        let what = match self.message {
            m if m.contains("array table") => "the header of a list of tables",
            m if m.contains("inline table") => "an inline table",
            m if m.contains("table") => "the header of a table",
            m if m.contains("array") => "an array",
            _ => "a text",
        };
        let missing = self.message.rsplit('`').nth(1).unwrap_or_default();
        let problem = self.problem(format!("{what} is not closed"), &format!("`{missing}` is missing"));
        match what {
            "a text" => problem.help("close it; a text of several lines stands between \"\"\" and \"\"\""),
            _ => problem.help(format!("close it with `{missing}`")),
        }
    }

    /// A key or a table that stands there already.
    fn twice(&self) -> Problem {
        let key = self.found();
        let problem = self.problem(format!("`{key}` is written twice"), "written again here");
        let Some(first) = first(self.text, &self.span) else {
            return problem.help("write it once");
        };
        let header = self.text[self.line()].trim_start().starts_with('[');
        let problem = problem.related(self.at(first.place), "first written here");
        match first.form {
            Form::Inline => problem.help(format!(
                "a table in braces is complete: move these keys into the braces, or write all of `{key}` under `[{key}]`"
            )),
            Form::Table if header => problem.help("put the keys of both under one header"),
            Form::Table => problem.help(format!("`{key}` is a table already: add to it under its header")),
            Form::Value if header => problem
                .help(format!("`{key}` has a value and cannot be a table as well: keep `{key} = …` or `[{key}]`, not both")),
            Form::Value => problem.help("keep one of them"),
        }
    }

    fn other(&self) -> Problem {
        let (what, expected) = self.message.split_once(", expected ").unwrap_or((self.message, ""));
        let label = match expected {
            "" | "nothing" => String::new(),
            expected => format!("expected {expected}"),
        };
        let begins_line = self.text[self.line()].trim_start().len() == self.rest_from(self.span.start).len();
        match what {
            "missing escaped value" => self.problem("a backslash that escapes nothing", &label).help(
                "a backslash begins an escape: write `\\\\`, or put the text in single quotes, where it means itself",
            ),
            "unexpected leading zero" => self
                .problem("a number with a leading zero", "numbers do not begin with 0")
                .help("put file modes and the like in quotes: \"0440\""),
            "extra `=`" => self.problem("more than one `=`", "one too many").help("write `key = value`"),
            "missing comma between array elements"
                if begins_line && self.rest_from(self.span.start).starts_with('[') =>
            {
                self.problem("an array is not closed", "this stands inside an array that begins above")
                    .help("close the array with `]` before the next table")
            }
            w if w.starts_with("missing comma") || w.starts_with("extra comma") => {
                self.problem(what, &label).help("write exactly one comma between two entries")
            }
            _ => self.problem(what, &label),
        }
    }

    fn rest_from(&self, at: usize) -> &str {
        self.text.get(at..line_end(self.text, at)).unwrap_or_default()
    }

    fn line(&self) -> Range<usize> {
        line_start(self.text, self.span.start)..line_end(self.text, self.span.start)
    }
}

fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) { format!("'{text}'") } else { format!("\"{text}\"") }
}

pub(super) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
}

pub(super) fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| at + end)
}
