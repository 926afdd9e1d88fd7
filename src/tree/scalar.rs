//! Scalars and keys, in the one form that readers of YAML 1.1 and of YAML 1.2 take for the same value.

use serde::Serialize;
use serde_yaml::{DoubleQuoted, SingleQuoted};

/// Appends a text on one line, quoted where any reader would take it for something else.
pub(super) fn push_text(out: &mut String, text: &str) {
    if is_word(text) {
        out.push_str(text);
    } else if is_misread(text) {
        push(out, &DoubleQuoted(text));
    } else {
        push(out, &text);
    }
}

/// What is plain to every reader, and to the library, which is slower to say so: most texts and nearly all keys. No
/// version of YAML reads anything else into a word that begins with two letters, but for a few.
fn is_word(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > 1
        && bytes[..2].iter().all(u8::is_ascii_alphabetic)
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'/' | b'-'))
        && !(bytes.len() <= 5 && OF_YAML.iter().any(|word| text.eq_ignore_ascii_case(word)))
}

/// Words of two letters and more that mean a value (YAML 1.1, "Boolean Language-Independent Type" and "Null
/// Language-Independent Type"), and those that would with a dot before them.
const OF_YAML: [&str; 9] = ["yes", "no", "on", "off", "true", "false", "null", "inf", "nan"];

/// What the library leaves plain, as YAML 1.1 and 1.2 allow, and some readers get wrong all the same.
fn is_misread(text: &str) -> bool {
    let all = |text: &str, signs: &[u8]| text.bytes().all(|b| b.is_ascii_digit() || signs.contains(&b));
    // js-yaml and goccy/go-yaml end the document at `---a` and `...a`.
    text.starts_with("---")
        || text.starts_with("...")
        // npm's `yaml` takes `00:30` for a number, ruamel.yaml `-_`; and so all ports look alike.
        || all(text, b"_:.+-")
        // npm's `yaml` takes `e1` for a number.
        || text.trim_start_matches(['-', '+']).strip_prefix(['e', 'E']).is_some_and(|e| !e.is_empty() && all(e, b"+-"))
}

/// Appends a scalar on one line, as the library spells it.
pub(super) fn push(out: &mut String, value: &impl Serialize) {
    // Blocks of the library's choosing start with tabs or blanks, which libyaml and Go refuse.
    let options = serde_yaml::ser_options! { prefer_block_scalars: false };
    serde_yaml::to_fmt_writer_with_options(out, value, options).expect("a scalar has a YAML form, a String has room");
    out.truncate(out.trim_end_matches('\n').len());
}

/// Appends a text in single quotes, as long as they can hold it.
pub(super) fn push_quoted(out: &mut String, text: &str) {
    if text.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'\'') {
        push(out, &SingleQuoted(text));
    } else {
        push_text(out, text);
    }
}

/// Appends a key. What is plain as a value need not be plain as a key (`a: b:`), so most signs mean quotes.
pub(super) fn push_key(out: &mut String, key: &str) {
    let plain = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"_./-".contains(&b));
    if plain { push_text(out, key) } else { push(out, &DoubleQuoted(key)) }
}

/// Whether a text can stand under `|`, line by line, so that every reader agrees on it: lines that somebody's editor
/// would trim, a first line that hides the indentation, and anything not printable cannot.
pub(super) fn is_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\t', '\n'])
        && !text.ends_with("\n\n")
        && text.split('\n').all(|line| !line.ends_with([' ', '\t']))
        && text.chars().all(is_plain_to_see)
}

/// YAML's printable characters, without those that break lines or mark the byte order.
fn is_plain_to_see(c: char) -> bool {
    matches!(c, '\n' | '\t' | ' '..='~') || (c >= '\u{A0}' && !is_invisible(c))
}

/// What some reader takes for the end of a line, refuses, or does not show as it stands.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
        // Bidirectional controls: text that is shown in another order than it is read (CVE-2021-42574).
        || matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
