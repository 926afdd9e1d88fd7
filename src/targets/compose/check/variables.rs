//! Variables in texts: `${NAME:-default}`.

use std::borrow::Cow;

use crate::targets::{
    check::{At, Found, Rule, Weight},
    compose::interpolation::{Piece, Unset, pieces},
};

pub const RULES: &[Rule] = &[Rule {
    name: "every `${` begins the name of a variable, and ends",
    source: "compose-go, template/template.go: invalid interpolation format",
    weight: Weight::Invalid,
    find: written,
}];

fn written(files: &[At<'_>], found: &mut Found) {
    for at in files.iter().flat_map(At::all) {
        if let Some(Err(part)) = at.text().map(pieces) {
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
    let pieces = pieces(text).ok()?;
    let literal = pieces.iter().map(|piece| match piece {
        Piece::Literal(text) => Some(*text),
        Piece::Variable(_) => None,
    });
    literal.collect::<Option<String>>().map(Cow::Owned)
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
    let Ok(pieces) = pieces(text) else { return text.to_owned() };
    let expanded = pieces.iter().map(|piece| match piece {
        Piece::Literal(text) => (*text).to_owned(),
        Piece::Variable(variable) => match variable.unset {
            Unset::Default(default) => unset(default),
            Unset::Nothing | Unset::Stops(_) | Unset::Replaced(_) => String::new(),
        },
    });
    expanded.collect()
}
