//! The part of a source that a message shows, made safe to print.

use std::{borrow::Cow, ops::Range};

use crate::source::Source;

/// Bytes shown of a line beyond what is pointed at. A terminal cuts it further; this only keeps a 1 MiB line cheap.
const BEYOND: usize = 300;

/// The lines from the first to the last place of interest.
pub(super) struct Excerpt {
    pub text: String,
    /// The number of its first line, from 1.
    pub first_line: usize,
    /// The places, in `text`.
    pub places: Vec<Range<usize>>,
}

impl Excerpt {
    /// Places may lie anywhere, even beyond the end or inside a character. Each is cut to its first line: what is wrong
    /// begins there, and a bracket around forty lines hides it.
    pub fn new(source: &Source, places: &[Range<usize>]) -> Self {
        let (lines, source) = (source, source.text.as_str());
        let places: Vec<Range<usize>> = places.iter().map(|place| on_one_line(source, place)).collect();
        let first = places.iter().map(|place| place.start).min().unwrap_or(0);
        let last = places.iter().map(|place| place.end).max().unwrap_or(0);
        let start = line_start(source, first);
        let mut excerpt =
            Excerpt { text: String::new(), first_line: lines.line(start), places: vec![0..0; places.len()] };
        let mut at = start;
        for (index, line) in source[start..line_end(source, last)].split('\n').enumerate() {
            if index > 0 {
                excerpt.text.push('\n');
            }
            excerpt.push(at, line, &places);
            at += line.len() + 1;
        }
        excerpt
    }

    /// Adds a line that begins at byte `at` of the source, and finds the places that lie on it.
    fn push(&mut self, at: usize, line: &str, places: &[Range<usize>]) {
        let shift = self.text.len();
        let here = |place: &Range<usize>| place.start >= at && place.start <= at + line.len();
        let line_without_return = line.strip_suffix('\r').unwrap_or(line);
        let safe = |end: usize| shift + clean(&line_without_return[..end.min(line_without_return.len())]).len();
        for (found, place) in self.places.iter_mut().zip(places).filter(|(_, place)| here(place)) {
            *found = safe(place.start - at)..safe(place.end - at);
        }
        let needed = places.iter().filter(|place| here(place)).map(|place| place.end - at).max().unwrap_or(0);
        let end = floor(line_without_return, needed.saturating_add(BEYOND));
        self.text.push_str(&clean(&line_without_return[..end]));
    }
}

/// The part of a place on its first line, at borders of characters of the source.
pub(super) fn on_one_line(source: &str, place: &Range<usize>) -> Range<usize> {
    let start = floor(source, place.start);
    let end = floor(source, place.end).clamp(start, line_end(source, start));
    start..end
}

/// A text of one line that no terminal takes for an instruction: control characters become pictures of themselves,
/// and what reorders or breaks lines becomes `�`. Tabs stay.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| picture(c) == c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(picture).collect())
}

fn picture(c: char) -> char {
    match c {
        '\t' => c,
        '\0'..='\x1f' => char::from_u32(0x2400 + c as u32).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\x7f' => '␡',
        '\u{80}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{feff}' => char::REPLACEMENT_CHARACTER,
        '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

/// The border of a character at or before a byte.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end)
}
