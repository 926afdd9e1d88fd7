//! Where something that is written twice was written first.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::syntax::line_start;

/// Where something was written first, and how.
pub(super) struct First {
    pub place: Range<usize>,
    pub form: Form,
}

#[derive(Clone, Copy)]
pub(super) enum Form {
    Inline,
    Table,
    Value,
}

/// What was written under the name of a repeated key. The parser does not tell; so the text before the repetition is
/// parsed, and searched for the path of the header, or for the last entry of that name.
pub(super) fn first(text: &str, again: &Range<usize>) -> Option<First> {
    let (before, _) = DeTable::parse_recoverable(text.get(..again.start)?);
    let header = text.get(line_start(text, again.start)..again.end)?.trim_start();
    if header.starts_with('[') {
        first_of_header(text, before.get_ref(), header)
    } else {
        last_named(text, before.get_ref(), text.get(again.clone())?)
    }
}

fn first_of_header(text: &str, before: &DeTable<'_>, header: &str) -> Option<First> {
    let header = format!("[{}]", header.trim_start_matches('['));
    let parsed = DeTable::parse(&header).ok()?;
    let (mut path, mut table) = (parsed.get_ref(), before);
    loop {
        let (name, deeper) = path.iter().next()?;
        let (key, value) = table.get_key_value(name)?;
        path = deeper.get_ref().as_table()?;
        if path.is_empty() {
            return Some(First { place: key.span(), form: form(text, value) });
        }
        table = match value.get_ref() {
            DeValue::Array(items) => items.last()?.get_ref().as_table()?,
            value => value.as_table()?,
        };
    }
}

fn last_named(text: &str, before: &DeTable<'_>, name: &str) -> Option<First> {
    let mut last: Option<First> = None;
    let mut tables = vec![before];
    while let Some(table) = tables.pop() {
        for (key, value) in table {
            let later = last.as_ref().is_none_or(|last| last.place.start < key.span().start);
            if later && text.get(key.span()) == Some(name) {
                last = Some(First { place: key.span(), form: form(text, value) });
            }
            match value.get_ref() {
                DeValue::Table(table) => tables.push(table),
                DeValue::Array(items) => tables.extend(items.iter().filter_map(|item| item.get_ref().as_table())),
                _ => {}
            }
        }
    }
    last
}

fn form(text: &str, value: &toml::Spanned<DeValue<'_>>) -> Form {
    match value.get_ref() {
        DeValue::Table(_) if text.get(value.span()).is_some_and(|text| text.starts_with('{')) => Form::Inline,
        DeValue::Table(_) => Form::Table,
        _ => Form::Value,
    }
}
