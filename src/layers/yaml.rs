//! A profile that is part of a YAML document, as functions of pipelines have it. Its keys are those of TOML, one to one.

use serde_json::Value;

use super::{
    Origin,
    item::{Data, Item, Table},
};
use crate::{
    problem::{Code, Problem},
    source::{Sources, Span},
    tree::{Read, Spot, read},
};

/// How deep tables and arrays may nest, as in TOML.
const DEEPEST: usize = 64;

/// The table under a key of a whole source.
pub(super) fn document(source: usize, under: &str, sources: &Sources, problems: &mut Vec<Problem>) -> Table {
    let text = &sources.get(source).text;
    let root = match read(text) {
        Ok(root) => root,
        Err(unreadable) => {
            let span = unreadable.at.map(|at| Span { source, range: at..at });
            problems.push(Problem::new(Code::Syntax, "not YAML").at(span, unreadable.why));
            return Table::new();
        }
    };
    let mut reader = Reader { source, text, depth: 0, problems };
    match root.entry(under) {
        Some((_, Spot { value: Read::Map(entries), .. })) => reader.table(entries),
        // Everything has a default, or is asked for.
        Some((_, Spot { value: Read::Null, .. })) | None => Table::new(),
        Some((_, other)) => {
            let span = Some(reader.span(other));
            let problem = Problem::new(Code::WrongType, format!("`{under}` has the wrong type"));
            problems.push(problem.at(span, "expected the keys of a profile"));
            Table::new()
        }
    }
}

struct Reader<'a> {
    source: usize,
    text: &'a str,
    depth: usize,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    /// What holds others is only known by where it begins.
    fn span(&self, spot: &Spot) -> Span {
        let range = match spot.value {
            Read::List(_) | Read::Map(_) => spot.at.start..spot.at.start,
            _ => spot.at.clone(),
        };
        let is_text = self.text.get(range.clone()).is_some();
        Span { source: self.source, range: if is_text { range } else { 0..0 } }
    }

    fn table(&mut self, entries: &[(Spot, Spot)]) -> Table {
        let mut table = Table::with_capacity(entries.len());
        for (key, value) in entries {
            let Some(name) = key.as_text() else { continue };
            let own = self.span(key);
            let value_span = match value.value {
                Read::List(_) | Read::Map(_) => own.clone(),
                _ => self.span(value),
            };
            // What is said to be nothing is not said.
            if let Some(data) = self.data(value, &own) {
                table.insert(name.to_owned(), Item { origin: Origin { key: own, value: value_span }, data });
            }
        }
        table
    }

    fn data(&mut self, value: &Spot, key: &Span) -> Option<Data> {
        match &value.value {
            Read::Null => None,
            Read::Bool(value) => Some(Data::Scalar(Value::Bool(*value))),
            Read::Number(number) if number.is_u64() && !number.is_i64() => {
                let problem = Problem::new(Code::OutOfRange, "a number out of range");
                self.problems.push(problem.at(Some(self.span(value)), "a whole number has at most 64 bits"));
                Some(Data::Scalar(Value::Null))
            }
            Read::Number(number) => Some(Data::Scalar(Value::Number(number.clone()))),
            Read::Text(text) => Some(Data::Scalar(Value::String(text.clone()))),
            Read::List(_) | Read::Map(_) if self.depth == DEEPEST => {
                let problem = Problem::new(Code::TooDeep, format!("nested deeper than {DEEPEST} levels"));
                self.problems.push(problem.at(Some(key.clone()), "no profile needs so many levels"));
                Some(Data::Scalar(Value::Null))
            }
            Read::List(items) => {
                self.depth += 1;
                let items = items.iter().filter_map(|item| {
                    let span = self.span(item);
                    let data = self.data(item, key)?;
                    Some(Item { origin: Origin { key: span.clone(), value: span }, data })
                });
                let items = items.collect();
                self.depth -= 1;
                Some(Data::Array(items))
            }
            Read::Map(entries) => {
                self.depth += 1;
                let table = self.table(entries);
                self.depth -= 1;
                Some(Data::Table(table))
            }
        }
    }
}
