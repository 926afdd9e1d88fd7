//! Keys as people write them in values and arguments: dotted, with TOML's quotes.

use std::ops::Range;

use toml::de::DeTable;

/// One segment of a written key, and the bytes it stands in.
pub(super) struct Segment {
    pub name: String,
    pub range: Range<usize>,
}

/// The segments of `labels."acme.io/owner"`; `None` if the text is anything but one dotted key.
pub(super) fn dotted(text: &str) -> Option<Vec<Segment>> {
    // To the parser, a key is what a value can be given to.
    let assignment = format!("{text}=0");
    let parsed = DeTable::parse(&assignment).ok()?;
    let mut table = parsed.get_ref();
    let mut segments = Vec::new();
    loop {
        let mut entries = table.iter();
        let (key, value) = entries.next()?;
        segments.push(Segment { name: key.get_ref().to_string(), range: key.span() });
        match value.get_ref().as_table() {
            Some(deeper) if entries.next().is_none() => table = deeper,
            // Otherwise a `=` of the text itself ended the key.
            None if entries.next().is_none() && value.span().start == text.len() + 1 => return Some(segments),
            _ => return None,
        }
    }
}

/// The text before and after the `=` that ends a key: the first one outside of quotes.
pub(super) fn split_assignment(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match quote {
            Some('"') if escaped => escaped = false,
            Some('"') if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '=' => return Some((&text[..at], &text[at + 1..])),
            None => {}
        }
    }
    None
}
