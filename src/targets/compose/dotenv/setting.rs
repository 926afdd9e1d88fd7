//! One line of `.env`.

use super::words::{About, Words};
use crate::{
    bundle::Paragraph,
    targets::compose::asked::Variable,
    tree::{Note, one_line},
};

/// A variable, with words.
pub struct Setting<'a> {
    pub name: &'a str,
    variable: &'a Variable,
    about: About,
}

impl<'a> Setting<'a> {
    pub fn new(name: &'a str, variable: &'a Variable, words: &Words<'_>) -> Self {
        Setting { name, variable, about: words.variable(name, &variable.notes) }
    }

    pub fn is_needed(&self) -> bool {
        self.variable.required
    }

    /// What can be left out is commented out: an empty value is a value, too.
    pub fn paragraph(&self) -> Paragraph {
        let Setting { name, variable: Variable { required, defaults, notes: _ }, about: (about, keys) } = self;
        let mut lines: Vec<String> = about.iter().map(|about| format!("# {about}")).collect();
        let (line, reason) = match (required, defaults.as_slice()) {
            (true, _) => (format!("{name}="), "asked for, and Compose stops without it"),
            (false, []) => (format!("# {name}="), "asked for, and may be missing"),
            (false, [default]) => (format!("# {name}={}", value(default)), "asked for, with this default"),
            (false, several) => {
                let several: Vec<_> = several.iter().map(|default| value(default)).collect();
                lines.push(format!("# (without it, {}, by service)", several.join(" or ")));
                (format!("# {name}="), "asked for, with several defaults")
            }
        };
        lines.push(line);
        let note = Note::new(reason, keys.clone());
        Paragraph { name: (*name).to_owned(), lines: lines.join("\n"), note, below: Vec::new() }
    }
}

/// A value as Compose reads it from `.env`: what could be taken for a variable, a comment or a quote stands in quotes
/// (compose-go, dotenv/parser.go). What cannot stand on a line is left out.
fn value(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,=?&~".contains(c);
    if text.chars().all(plain) {
        text.to_owned()
    } else if one_line(&format!(".{text}.")) != format!(".{text}.") {
        String::new()
    } else if !text.contains(['\'', '\\']) {
        format!("'{text}'")
    } else {
        let escaped = text.chars().flat_map(|c| "\"\\$".contains(c).then_some('\\').into_iter().chain([c]));
        format!("\"{}\"", escaped.collect::<String>())
    }
}
