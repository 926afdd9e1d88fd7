//! Bytes to text.

use crate::{
    problem::{Code, Problem},
    source::{Sources, Span},
};

/// The largest profile, in bytes. The largest that people wrote by hand is a hundredth of it.
const LARGEST: usize = 1 << 20;

/// Adds a file to the sources and returns its index, or what keeps it from being text.
pub(super) fn text(name: &str, bytes: &[u8], sources: &mut Sources) -> Result<usize, Box<Problem>> {
    if bytes.len() > LARGEST {
        let size = bytes.len().div_ceil(LARGEST);
        let title = format!("`{name}` is larger than any profile: {size} MiB, where 1 MiB is the limit");
        return Err(Problem::new(Code::TooLarge, title).into());
    }
    match std::str::from_utf8(bytes) {
        // Editors on Windows put a mark at the beginning, which is no part of the text.
        Ok(text) => Ok(sources.add(name, text.strip_prefix('\u{feff}').unwrap_or(text))),
        Err(error) => Err(not_utf8(name, bytes, error.valid_up_to(), sources).into()),
    }
}

/// Why something cannot be read, for people; `what` it should have been.
pub(super) fn why(error: &std::io::Error, what: &str) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => format!("there is no such {what}"),
        std::io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

fn not_utf8(name: &str, bytes: &[u8], bad: usize, sources: &mut Sources) -> Problem {
    if matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        return Problem::new(Code::NotUtf8, format!("`{name}` is UTF-16, not UTF-8")).help("save it as UTF-8");
    }
    // What precedes the first bad byte is kept as it is, so the place is the same in the repaired text.
    let source = sources.add(name, String::from_utf8_lossy(bytes));
    let before = &sources.get(source).text[..bad];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let byte = bytes.get(bad).copied().unwrap_or_default();
    let span = Span { source, range: bad..bad + char::REPLACEMENT_CHARACTER.len_utf8() };
    Problem::new(Code::NotUtf8, format!("`{name}` is not UTF-8: byte 0x{byte:02X} in line {line}, column {column}"))
        .at(Some(span), "this byte is part of no character")
        .help("save it as UTF-8; it may be Latin-1 or Windows-1252 now")
}
