//! Python's logical lines: enough to look for assignments, calls and definitions, and no more. Nothing is run.

/// A statement, or the head of one with a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Of its first character, from 1.
    pub number: usize,
    pub indent: usize,
    /// On one line, without comments. Strings are as they were written.
    pub text: String,
}

/// Takes a source apart. What is broken in it gives lines that nobody looks for.
pub fn lines(source: &str) -> Vec<Line> {
    let mut scan = Scan { rest: source, number: 1, depth: 0, line: None, done: Vec::new() };
    while let Some(c) = scan.rest.chars().next() {
        scan.step(c);
    }
    scan.end();
    scan.done
}

struct Scan<'a> {
    rest: &'a str,
    number: usize,
    /// How many brackets are open.
    depth: usize,
    line: Option<Line>,
    done: Vec<Line>,
}

impl<'a> Scan<'a> {
    fn step(&mut self, c: char) {
        match c {
            '#' => {
                self.take(self.rest.find('\n').unwrap_or(self.rest.len()));
            }
            '\n' => self.newline(),
            '\\' if self.rest.starts_with("\\\n") || self.rest.starts_with("\\\r\n") => {
                self.take(self.rest.find('\n').map_or(1, |at| at + 1));
                self.push(" ");
            }
            '"' | '\'' => {
                let text = self.string(c);
                self.push(text);
            }
            ' ' | '\t' | '\r' if self.line.is_none() => self.indent(),
            _ => {
                match c {
                    '(' | '[' | '{' => self.depth += 1,
                    ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                let text = self.take(c.len_utf8());
                self.push(if c.is_whitespace() { " " } else { text });
            }
        }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.number += taken.matches('\n').count();
        taken
    }

    fn push(&mut self, text: &str) {
        let number = self.number - text.matches('\n').count();
        let line = self.line.get_or_insert_with(|| Line { number, indent: 0, text: String::new() });
        line.text.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c }));
    }

    fn newline(&mut self) {
        self.take(1);
        if self.depth == 0 {
            self.end();
        } else {
            self.push(" ");
        }
    }

    fn end(&mut self) {
        self.depth = 0;
        if let Some(mut line) = self.line.take() {
            line.text.truncate(line.text.trim_end().len());
            if !line.text.is_empty() {
                self.done.push(line);
            }
        }
    }

    /// Blanks before a statement.
    fn indent(&mut self) {
        let blanks = self.rest.len() - self.rest.trim_start_matches([' ', '\t', '\r']).len();
        let indent = self.take(blanks).chars().map(|c| if c == '\t' { 8 } else { 1 }).sum();
        if !self.rest.is_empty() && !self.rest.starts_with(['\n', '#']) {
            self.line = Some(Line { number: self.number, indent, text: String::new() });
        }
    }

    /// A string with its quotes: up to the end of the line, or to three quotes.
    fn string(&mut self, quote: char) -> &'a str {
        let triple: String = [quote; 3].iter().collect();
        let is_triple = self.rest.starts_with(&triple);
        let end = if is_triple { triple } else { quote.to_string() };
        let mut at = end.len();
        while let Some(c) = self.rest[at..].chars().next() {
            match c {
                '\\' => at += 1 + self.rest[at + 1..].chars().next().map_or(0, char::len_utf8),
                '\n' if !is_triple => break,
                _ if self.rest[at..].starts_with(&end) => {
                    at += end.len();
                    break;
                }
                _ => at += c.len_utf8(),
            }
        }
        self.take(at)
    }
}
