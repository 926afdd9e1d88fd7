//! One text of a TOML document replaced or added. Every byte that is not part of it stays as it is: nothing is parsed and
//! written again, so there is no layout that could get lost.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::key::Key;

/// A changed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub text: String,
    /// The new value in it, with its quotes.
    pub place: Range<usize>,
}

/// Why a key cannot be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocked {
    /// The document is no TOML.
    Syntax,
    /// This key of the path is no table, or the key itself is one.
    Taken(Key),
}

/// Sets a key of a document to a text. The key is added, with the tables around it, where it is not there.
///
/// # Errors
/// What stands in the way; a document that has been read as a profile has nothing of the kind.
pub fn set(text: &str, key: &Key, value: &str) -> Result<Edit, Blocked> {
    // A mark at the beginning is no part of TOML.
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let (before, text) = text.split_at(mark);
    let root = DeTable::parse(text).map_err(|_| Blocked::Syntax)?;
    let path: Vec<&str> = key.segments().collect();
    let splice = Document { text, path: &path, value }.splice(root.get_ref())?;
    let Splice { at, above, value, below } = splice;
    let start = mark + at.start + above.len();
    let place = start..start + value.len();
    let text = [before, &text[..at.start], &above, &value, &below, &text[at.end..]].concat();
    Ok(Edit { text, place })
}

/// Bytes that are replaced, and by what: the value, and what has to stand around it.
struct Splice {
    at: Range<usize>,
    above: String,
    value: String,
    below: String,
}

struct Document<'a> {
    text: &'a str,
    path: &'a [&'a str],
    value: &'a str,
}

/// How and where a table is written.
struct Here {
    form: Form,
    /// Its header, its braces; or else its key.
    span: Range<usize>,
    /// Where the key begins, with those before its dots.
    begins: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The document itself.
    Root,
    /// `[environments.prod]`.
    Header,
    /// `{ … }`.
    Inline,
    /// `environments.prod.workers = 2`: by the keys in it.
    Dotted,
    /// `[environments.prod.resources]`: by the headers of the tables in it.
    Implied,
}

impl Document<'_> {
    fn splice(&self, root: &DeTable<'_>) -> Result<Splice, Blocked> {
        let (mut table, mut here) = (root, Here { form: Form::Root, span: 0..0, begins: 0 });
        let mut is_inline = false;
        for (depth, name) in self.path.iter().enumerate() {
            let Some((key, value)) = table.get_key_value(*name) else {
                here.form = if is_inline { Form::Inline } else { here.form };
                return Ok(self.add(table, depth, &here));
            };
            let is_last = depth + 1 == self.path.len();
            match value.get_ref() {
                DeValue::String(_) if is_last => return Ok(self.replace(value.span())),
                DeValue::Table(inner) if !is_last => {
                    let form = self.form(key.span(), value);
                    is_inline |= form == Form::Inline;
                    let is_further = form == Form::Dotted && here.form == Form::Dotted;
                    let begins = if is_further { here.begins } else { key.span().start };
                    // That of a dotted table is its key's.
                    here = Here { form, span: value.span(), begins };
                    table = inner;
                }
                _ => return Err(Blocked::Taken(self.key(depth + 1))),
            }
        }
        Err(Blocked::Taken(self.key(self.path.len())))
    }

    fn key(&self, depth: usize) -> Key {
        self.path[..depth].iter().fold(Key::ROOT, |key, segment| key.child(*segment))
    }

    /// In the quotes that it has.
    fn replace(&self, at: Range<usize>) -> Splice {
        let is_literal = self.text[at.clone()].starts_with('\'') && !self.value.contains('\'');
        let value = if is_literal && !self.value.chars().any(char::is_control) {
            format!("'{}'", self.value)
        } else {
            quoted(self.value)
        };
        Splice { at, above: String::new(), value, below: String::new() }
    }

    fn form(&self, key: Range<usize>, value: &Spanned<DeValue<'_>>) -> Form {
        let written = &self.text[value.span()];
        if written.starts_with('{') {
            Form::Inline
        } else if written.starts_with('[') {
            Form::Header
        } else if self.text[self.line_start(key.start)..].trim_start().starts_with('[') {
            Form::Implied
        } else {
            Form::Dotted
        }
    }

    /// Adds what the path says from a depth on to a table, which has nothing of it.
    fn add(&self, table: &DeTable<'_>, depth: usize, here: &Here) -> Splice {
        let rest = self.dotted(depth);
        let is_nested = depth + 1 < self.path.len();
        match here.form {
            Form::Inline => self.add_inside(&rest, here),
            Form::Dotted => {
                // As the neighbour is written, up to the dot.
                let line = self.line_start(here.begins);
                self.entry(line, &format!("{}.{rest}", &self.text[line..here.span.end]))
            }
            Form::Header | Form::Root if !is_nested => self.add_line(table, here, &rest),
            Form::Implied if !is_nested => self.header(self.above_comments(self.line_start(here.begins)), false),
            Form::Root | Form::Header | Form::Implied => self.header(self.text.len(), true),
        }
    }

    /// A line of its own in a table: below its header, or below the name of the app.
    fn add_line(&self, table: &DeTable<'_>, here: &Here, rest: &str) -> Splice {
        let below = match here.form {
            Form::Header => Some(here.span.end),
            _ => ["name", "extends"].iter().find_map(|name| table.get(*name)).map(|value| value.span().end),
        };
        let Some(end) = below else { return self.entry(self.first_entry(table), rest) };
        let line = self.text[end..].find('\n').map_or(self.text.len(), |length| end + length + 1);
        let indent = if here.form == Form::Header { self.indent(line, here.span.start) } else { "" };
        self.entry(line, &format!("{indent}{rest}"))
    }

    /// Between braces, before whatever stands there.
    fn add_inside(&self, rest: &str, here: &Here) -> Splice {
        let value = quoted(self.value);
        if !self.text[here.span.clone()].starts_with('{') {
            // A table that is dotted inside of braces: before its first entry, and as that is written.
            let begins = &self.text[here.begins..here.span.end];
            let (above, below) = (format!("{begins}.{rest} = "), ", ".to_owned());
            return Splice { at: here.begins..here.begins, above, value, below };
        }
        let inside = here.span.start + 1..here.span.end - 1;
        let is_empty = self.text[inside.clone()].trim().is_empty();
        let at = if is_empty { inside } else { inside.start..inside.start };
        let below = if is_empty { " " } else { "," };
        Splice { at, above: format!(" {rest} = "), value, below: below.to_owned() }
    }

    /// A table of its own: at the end of the document, or above another.
    fn header(&self, at: usize, is_end: bool) -> Splice {
        let end = self.line_end();
        let table = self.key(self.path.len() - 1);
        let name = quoted_key(self.path[self.path.len() - 1]);
        let blank = match is_end {
            true if self.text.ends_with(&format!("\n{end}")) => String::new(),
            true if self.text.ends_with('\n') => end.to_owned(),
            true => format!("{end}{end}"),
            false => String::new(),
        };
        let below = if is_end { end.to_owned() } else { format!("{end}{end}") };
        Splice { at: at..at, above: format!("{blank}[{table}]{end}{name} = "), value: quoted(self.value), below }
    }

    /// An entry on a line of its own, above what begins at a place.
    fn entry(&self, at: usize, key: &str) -> Splice {
        let end = self.line_end();
        let before = if at == 0 || self.text[..at].ends_with('\n') { "" } else { end };
        Splice {
            at: at..at,
            above: format!("{before}{key} = "),
            value: quoted(self.value),
            below: if before.is_empty() { end.to_owned() } else { String::new() },
        }
    }

    /// Where the first line of a document that is no comment begins.
    fn first_entry(&self, table: &DeTable<'_>) -> usize {
        let first = table.iter().map(|(key, _)| key.span().start).min();
        first.map_or(self.text.len(), |first| self.line_start(first))
    }

    fn dotted(&self, depth: usize) -> String {
        self.path[depth..].iter().map(|segment| quoted_key(segment)).collect::<Vec<_>>().join(".")
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |end| end + 1)
    }

    /// As the first line ends.
    fn line_end(&self) -> &'static str {
        match self.text.find('\n') {
            Some(at) if self.text[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        }
    }

    /// How far a line is indented that comes right below a header: as the one that does now, or as the header.
    fn indent(&self, line: usize, header: usize) -> &str {
        let blanks = |at: usize| {
            let rest = &self.text[at..];
            &rest[..rest.len() - rest.trim_start_matches([' ', '\t']).len()]
        };
        let next = blanks(line);
        match self.text[line + next.len()..].chars().next() {
            Some(c) if !c.is_whitespace() && c != '[' => next,
            _ => blanks(self.line_start(header)),
        }
    }

    /// The comments right above a line belong to it.
    fn above_comments(&self, mut line: usize) -> usize {
        while line > 0 {
            let above = self.line_start(line - 1);
            if !self.text[above..line].trim_start().starts_with('#') {
                break;
            }
            line = above;
        }
        line
    }
}

/// JSON's escapes are TOML's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn quoted_key(segment: &str) -> String {
    Key::ROOT.child(segment).to_string()
}
