//! Text to a tree with places.

use serde_json::{Number, Value};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Origin,
    item::{Data, Item, Table},
    syntax,
};
use crate::{
    problem::{Code, Problem},
    source::{Sources, Span},
};

/// How deep tables and arrays may nest. (The parser itself stops at 80 brackets and 80 dots, so that no input can
/// exhaust the stack.)
const DEEPEST: usize = 64;

/// The tree of a whole source. With syntax errors among the problems it is what could be understood.
pub(super) fn document(source: usize, sources: &Sources, problems: &mut Vec<Problem>) -> Table {
    let text = &sources.get(source).text;
    let (table, errors) = DeTable::parse_recoverable(text);
    // After an error of syntax, what is left may be wrong for no fault of its own.
    let mut echo = Vec::new();
    let broken = !errors.is_empty();
    problems.extend(syntax::explain(source, text, &errors));
    let problems = if broken { &mut echo } else { problems };
    let mut reader = Reader { source, shift: 0, depth: 0, too_deep: None, problems };
    let table = reader.table(table.get_ref());
    reader.finish();
    table
}

/// The value that a part of a source is, beginning at byte `at`; `None` if it is none.
pub(super) fn value(source: usize, text: &str, at: usize, problems: &mut Vec<Problem>) -> Option<Data> {
    let value = DeValue::parse(text.get(at..)?).ok()?;
    let mut reader = Reader { source, shift: at, depth: 0, too_deep: None, problems };
    let data = reader.data(&value);
    reader.finish();
    Some(data)
}

struct Reader<'a> {
    source: usize,
    /// Where in the source the parsed text begins.
    shift: usize,
    depth: usize,
    too_deep: Option<Span>,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span { source: self.source, range: range.start + self.shift..range.end + self.shift }
    }

    fn table(&mut self, table: &DeTable<'_>) -> Table {
        let mut entries = Table::with_capacity(table.len());
        for (key, value) in table {
            let origin = Origin { key: self.span(key.span()), value: self.span(value.span()) };
            let item = Item { origin, data: self.data(value) };
            entries.insert(key.get_ref().to_string(), item);
        }
        entries
    }

    fn data(&mut self, value: &Spanned<DeValue<'_>>) -> Data {
        match value.get_ref() {
            DeValue::Array(items) => {
                self.deeper(value, |reader| Data::Array(items.iter().map(|item| reader.item(item)).collect()))
            }
            DeValue::Table(table) => self.deeper(value, |reader| Data::Table(reader.table(table))),
            DeValue::String(text) => Data::Scalar(Value::String(text.to_string())),
            DeValue::Boolean(value) => Data::Scalar(Value::Bool(*value)),
            DeValue::Integer(digits) => {
                let number = i64::from_str_radix(digits.as_str(), digits.radix()).ok().map(Number::from);
                self.number(value, number, "a whole number has at most 64 bits")
            }
            DeValue::Float(digits) => {
                let number = digits.as_str().parse().ok().and_then(Number::from_f64);
                self.number(value, number, "not a number that anything can be set to")
            }
            DeValue::Datetime(date) => self.date(value, &date.to_string()),
        }
    }

    /// An element of an array has no key; its value stands for it.
    fn item(&mut self, value: &Spanned<DeValue<'_>>) -> Item {
        let span = self.span(value.span());
        Item { origin: Origin { key: span.clone(), value: span }, data: self.data(value) }
    }

    fn deeper(&mut self, value: &Spanned<DeValue<'_>>, read: impl FnOnce(&mut Self) -> Data) -> Data {
        if self.depth == DEEPEST {
            let span = self.span(value.span());
            self.too_deep.get_or_insert(span);
            return Data::Scalar(Value::Null);
        }
        self.depth += 1;
        let data = read(self);
        self.depth -= 1;
        data
    }

    fn number(&mut self, value: &Spanned<DeValue<'_>>, number: Option<Number>, why: &str) -> Data {
        let span = self.span(value.span());
        Data::Scalar(number.map(Value::Number).unwrap_or_else(|| {
            self.problems.push(Problem::new(Code::OutOfRange, "a number out of range").at(Some(span), why));
            Value::Null
        }))
    }

    /// TOML has dates and times; no key takes one. Without quotes they are mostly meant as text.
    fn date(&mut self, value: &Spanned<DeValue<'_>>, text: &str) -> Data {
        let span = Some(self.span(value.span()));
        let problem = Problem::new(Code::WrongType, "a date or time, where the profile has none")
            .at(span.clone(), "without quotes TOML reads this as a date or time")
            .help("put it in quotes if it is text")
            .fix(span, format!("\"{text}\""));
        self.problems.push(problem);
        Data::Scalar(Value::Null)
    }

    fn finish(self) {
        self.problems.extend(self.too_deep.map(|span| {
            Problem::new(Code::TooDeep, format!("nested deeper than {DEEPEST} levels"))
                .at(Some(span), "no profile needs so many brackets or dots")
        }));
    }
}
