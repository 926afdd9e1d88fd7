//! Pieces of Python's expressions, read from one logical line.

/// The text of a string literal without escapes and without names in it.
pub fn literal(text: &str) -> Option<&str> {
    let text = text.trim();
    let start = text.find(['"', '\''])?;
    let prefix = &text[..start];
    if !matches!(prefix.to_ascii_lowercase().as_str(), "" | "r" | "u") {
        return None;
    }
    let quoted = &text[start..];
    let quote = if quoted.starts_with("\"\"\"") || quoted.starts_with("'''") { &quoted[..3] } else { &quoted[..1] };
    let inner = quoted.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains('\\') && !inner.contains(quote)).then_some(inner)
}

/// Splits at a character that stands in no brackets and no string.
pub fn split(text: &str, at: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut from, mut quote, mut escaped) = (0usize, 0, None, false);
    for (i, c) in text.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None => match c {
                '"' | '\'' => quote = Some(c),
                _ if c == at && depth == 0 => {
                    parts.push(text[from..i].trim());
                    from = i + c.len_utf8();
                }
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            },
        }
    }
    parts.push(text[from..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// A call at the beginning of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call<'a> {
    /// With its dots.
    pub callee: &'a str,
    pub args: Vec<&'a str>,
}

impl<'a> Call<'a> {
    pub fn read(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix("await ").unwrap_or(text);
        let open = text.find('(')?;
        let callee = text[..open].trim_end();
        let dotted = !callee.is_empty() && callee.split('.').all(is_name);
        dotted.then(|| Call { callee, args: split(within(&text[open..]), ',') })
    }

    /// The last part of what is called.
    pub fn name(&self) -> &'a str {
        self.callee.rsplit('.').next().unwrap_or(self.callee)
    }

    pub fn named(&self, name: &str) -> Option<&'a str> {
        self.args.iter().find_map(|arg| {
            let (key, value) = arg.split_once('=')?;
            (key.trim() == name && !value.starts_with('=')).then(|| value.trim())
        })
    }

    pub fn positional(&self, at: usize) -> Option<&'a str> {
        let plain = |arg: &&&str| !arg.split_once('=').is_some_and(|(key, _)| is_name(key.trim()));
        self.args.iter().filter(plain).nth(at).copied()
    }

    /// Every call of this name in a text, with what stands before it.
    pub fn find_all(text: &'a str, name: &str) -> Vec<Self> {
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let found = text.match_indices(name).filter_map(|(at, _)| {
            let rest = &text[at + name.len()..];
            let before = &text[..at];
            let fits = rest.trim_start().starts_with('(')
                && (name.contains('.') || !before.ends_with(is_word) || before.ends_with('.'));
            fits.then(|| {
                let start = before.trim_end_matches(is_word).len();
                Call::read(&text[start..])
            })?
        });
        found.collect()
    }
}

/// What is inside of the brackets that a text begins with.
pub fn within(text: &str) -> &str {
    let (mut depth, mut quote, mut escaped) = (0usize, None, false);
    for (i, c) in text.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None => match c {
                '"' | '\'' => quote = Some(c),
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return &text[1..i];
                    }
                }
                _ => {}
            },
        }
    }
    text.get(1..).unwrap_or_default()
}

/// `name = value`, `name: annotation = value` or `name: annotation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignment<'a> {
    pub name: &'a str,
    pub annotation: Option<&'a str>,
    pub value: Option<&'a str>,
}

impl<'a> Assignment<'a> {
    pub fn read(text: &'a str) -> Option<Self> {
        let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
        let (name, rest) = text.split_at(end);
        if !is_name(name) || KEYWORDS.contains(&name) {
            return None;
        }
        let rest = rest.trim_start();
        if let Some(value) = rest.strip_prefix('=').filter(|value| !value.starts_with('=')) {
            return Some(Assignment { name, annotation: None, value: Some(value.trim()) });
        }
        let rest = rest.strip_prefix(':')?.trim();
        let annotation = split(rest, '=').first().copied().filter(|annotation| !annotation.is_empty())?;
        let value = rest[annotation.len()..].trim_start().strip_prefix('=').map(str::trim);
        Some(Assignment { name, annotation: Some(annotation), value })
    }
}

const KEYWORDS: &[&str] = &["class", "def", "else", "finally", "lambda", "try", "if", "for", "while", "with", "return"];

pub fn is_name(text: &str) -> bool {
    let first = |c: char| c.is_ascii_alphabetic() || c == '_';
    text.starts_with(first) && text.chars().all(|c| first(c) || c.is_ascii_digit())
}
