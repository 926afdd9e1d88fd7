//! Texts that profiles are made of, and places in them.

use std::{ops::Range, sync::OnceLock};

/// A place in one of the [`Sources`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Which source; an index that [`Sources::add`] returned.
    pub source: usize,
    /// Bytes of its text.
    pub range: Range<usize>,
}

impl Span {
    /// Where the profile begins: the place of what it does not say.
    pub const BEGINNING: Span = Span { source: 0, range: 0..0 };

    /// Where it ends.
    pub fn end(&self) -> Span {
        Span { source: self.source, range: self.range.end..self.range.end }
    }
}

/// One text, under the name that people know it by.
#[derive(Debug, Clone)]
pub struct Source {
    /// A path as it was given, `preset:fastapi`, or `--set`.
    pub name: String,
    pub text: String,
    /// Where its lines end, from when somebody asks for the number of one.
    ends: OnceLock<Vec<usize>>,
}

impl Source {
    /// The number of the line that a byte stands in, from 1.
    pub fn line(&self, at: usize) -> usize {
        let ends = self.ends.get_or_init(|| self.text.match_indices('\n').map(|(end, _)| end).collect());
        ends.partition_point(|end| *end < at) + 1
    }

    /// The characters of its line before a byte, and their bytes, each from 1.
    pub fn column(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..at).unwrap_or(&self.text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        (line.chars().count() + 1, line.len() + 1)
    }

    /// Whether it is a file, and no preset, `--set` or standard input.
    pub fn is_file(&self) -> bool {
        self.name != "--set" && self.name != "<stdin>" && !self.name.starts_with("preset:")
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.text) == (&other.name, &other.text)
    }
}

impl Eq for Source {}

/// Every text that took part in a profile: the profile first, then what it extends, then each `--set`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources(Vec<Source>);

impl Sources {
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> usize {
        self.0.push(Source { name: name.into(), text: text.into(), ends: OnceLock::new() });
        self.0.len() - 1
    }

    pub fn get(&self, source: usize) -> &Source {
        &self.0[source]
    }

    /// Like [`Sources::get`], for an index that may be another's.
    pub fn find(&self, source: usize) -> Option<&Source> {
        self.0.get(source)
    }

    /// The first source of a name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|source| source.name == name)
    }

    /// What is written at a place; nothing where there is no such place.
    pub fn text(&self, span: &Span) -> &str {
        self.find(span.source).and_then(|source| source.text.get(span.range.clone())).unwrap_or_default()
    }

    /// `profile.toml:12`, the form in which notes name a place. Lines count from 1.
    pub fn line(&self, span: &Span) -> String {
        let source = self.get(span.source);
        format!("{}:{}", source.name, source.line(span.range.start))
    }
}
