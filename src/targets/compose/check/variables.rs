//! Variables in texts: `${NAME:-default}`.
//!
//! Source: compose-go, template/template.go. Keys of maps are taken as they stand, all other texts are read like this.

use std::borrow::Cow;

use crate::targets::check::{At, Found, Rule, Weight};

pub const RULES: &[Rule] = &[Rule {
    name: "every `${` begins the name of a variable, and ends",
    source: "compose-go, template/template.go: invalid interpolation format",
    weight: Weight::Invalid,
    find: written,
}];

fn written(files: &[At<'_>], found: &mut Found) {
    for at in files.iter().flat_map(At::all) {
        if let Some(Err(part)) = at.text().map(expand) {
            let help = "write `${NAME}` or `${NAME:-default}`; a dollar sign itself is `$$`";
            found.add_with(&at, format!("`{}` has `{part}`, which is no variable", at.path), Some(help.into()));
        }
    }
}

/// A text as the program gets it; `None` where a variable decides.
pub fn fixed(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('$') {
        return Some(Cow::Borrowed(text));
    }
    let (text, decides) = expand(text).ok()?;
    (!decides).then_some(Cow::Owned(text))
}

/// What stands at a place as a text, like [`fixed`]. A variable decides nothing where nothing stands.
pub fn fixed_at<'a>(at: &At<'a>) -> Option<Cow<'a, str>> {
    match at.text() {
        Some(text) => fixed(text),
        None => at.scalar(),
    }
}

/// A text where no variable is set: their defaults.
pub fn unset(text: &str) -> String {
    expand(text).map_or_else(|_| text.to_owned(), |(text, _)| text)
}

/// The text where no variable is set, and whether one could be; or what Compose cannot read.
fn expand(text: &str) -> Result<(String, bool), String> {
    let (mut out, mut decides, mut rest) = (String::new(), false, text);
    while let Some((before, after)) = rest.split_once('$') {
        out += before;
        rest = match after.as_bytes().first() {
            Some(b'$') => {
                out.push('$');
                &after[1..]
            }
            Some(b'{') => {
                let end = closing(after).ok_or_else(|| format!("${after}"))?;
                out += &braced(&after[1..end])?;
                decides = true;
                &after[end + 1..]
            }
            _ => match name(after) {
                0 => {
                    out.push('$');
                    after
                }
                length => {
                    decides = true;
                    &after[length..]
                }
            },
        };
    }
    Ok((out + rest, decides))
}

/// Where the brace at the start is closed: by its own, or else by the last one.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    let own = text.bytes().position(|byte| {
        depth += match byte {
            b'{' => 1,
            b'}' => -1,
            _ => 0,
        };
        depth == 0
    });
    own.or_else(|| text.rfind('}'))
}

/// What stands for a variable that is not set.
fn braced(text: &str) -> Result<String, String> {
    let (_, operation) = text.split_at(name(text));
    let sign = operation.strip_prefix(':').unwrap_or(operation);
    let is_known = operation.is_empty() || sign.starts_with(['-', '?', '+']);
    if operation.len() == text.len() || !is_known || text.contains('\n') {
        return Err(format!("${{{text}}}"));
    }
    let (value, _) = expand(sign.get(1..).unwrap_or_default())?;
    Ok(if sign.starts_with('-') { value } else { String::new() })
}

/// How long the name at the start is.
fn name(text: &str) -> usize {
    let letter = |byte: u8| byte == b'_' || byte.is_ascii_alphabetic();
    if !text.bytes().next().is_some_and(letter) {
        return 0;
    }
    text.bytes().position(|byte| !letter(byte) && !byte.is_ascii_digit()).unwrap_or(text.len())
}
