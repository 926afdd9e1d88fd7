//! Errors that only follow from another one.

use std::ops::Range;

use super::syntax::{line_end, line_start};

/// A text without an end swallows the brackets behind it. What contains it seems to have no end either, and whatever
/// follows seems to stand in it.
pub(super) fn silence(text: &str, errors: &mut Vec<(Range<usize>, &str)>) {
    let swallows = |(span, message): &(Range<usize>, &str)| match *message {
        m if m.starts_with("invalid basic string, expected `\"`") => is_in_brackets(text, span.start, '"'),
        m if m.starts_with("invalid literal string, expected `'`") => is_in_brackets(text, span.start, '\''),
        _ => false,
    };
    let Some(index) = errors.iter().position(swallows) else { return };
    let line = line_start(text, errors[index].0.start);
    errors.truncate(index + 1);
    let open = errors.pop();
    errors.retain(|(span, _)| span.start < line);
    errors.extend(open);
}

/// Whether a bracket or brace is open on a line where its last text begins.
fn is_in_brackets(text: &str, at: usize, quote: char) -> bool {
    let line = &text[line_start(text, at)..line_end(text, at)];
    let before = &line[..line.rfind(quote).unwrap_or(0)];
    before.matches(['[', '{']).count() > before.matches([']', '}']).count()
}
