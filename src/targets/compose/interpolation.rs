//! Variables in the texts of a Compose file: `${NAME:-default}`.
//!
//! Source: compose-go, template/template.go. Keys of maps are taken as they stand, all other texts are read like this.

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    Literal(&'a str),
    Variable(Variable<'a>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable<'a> {
    pub name: &'a str,
    pub unset: Unset<'a>,
}

/// What Compose does where a variable is not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unset<'a> {
    /// It goes on with nothing, and warns.
    Nothing,
    /// It takes another text, which may hold variables itself.
    Default(&'a str),
    /// It stops, with a message that may hold variables itself.
    Stops(&'a str),
    /// It goes on with nothing; where the variable is set it takes this text instead of it.
    Replaced(&'a str),
}

impl<'a> Unset<'a> {
    /// The text after the operator.
    pub fn operand(self) -> &'a str {
        match self {
            Unset::Nothing => "",
            Unset::Default(text) | Unset::Stops(text) | Unset::Replaced(text) => text,
        }
    }
}

/// Takes a text apart; `$$` is the literal `$`.
///
/// # Errors
///
/// The part that Compose cannot read.
pub fn pieces(text: &str) -> Result<Vec<Piece<'_>>, String> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once('$') {
        pieces.push(Piece::Literal(before));
        rest = match after.as_bytes().first() {
            Some(b'$') => {
                pieces.push(Piece::Literal("$"));
                &after[1..]
            }
            Some(b'{') => {
                let end = closing(after).ok_or_else(|| format!("${after}"))?;
                pieces.push(Piece::Variable(braced(&after[1..end])?));
                &after[end + 1..]
            }
            _ => match name(after) {
                0 => {
                    pieces.push(Piece::Literal("$"));
                    after
                }
                length => {
                    pieces.push(Piece::Variable(Variable { name: &after[..length], unset: Unset::Nothing }));
                    &after[length..]
                }
            },
        };
    }
    pieces.push(Piece::Literal(rest));
    Ok(pieces)
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

/// What stands between braces.
fn braced(text: &str) -> Result<Variable<'_>, String> {
    let (name, operation) = text.split_at(name(text));
    let sign = operation.strip_prefix(':').unwrap_or(operation);
    let operand = sign.get(1..).unwrap_or_default();
    let unset = match sign.as_bytes().first() {
        None if operation.is_empty() => Unset::Nothing,
        Some(b'-') => Unset::Default(operand),
        Some(b'?') => Unset::Stops(operand),
        Some(b'+') => Unset::Replaced(operand),
        _ => return Err(format!("${{{text}}}")),
    };
    if name.is_empty() || text.contains('\n') {
        return Err(format!("${{{text}}}"));
    }
    pieces(operand)?;
    Ok(Variable { name, unset })
}

/// How long the name at the start is.
fn name(text: &str) -> usize {
    let letter = |byte: u8| byte == b'_' || byte.is_ascii_alphabetic();
    if !text.bytes().next().is_some_and(letter) {
        return 0;
    }
    text.bytes().position(|byte| !letter(byte) && !byte.is_ascii_digit()).unwrap_or(text.len())
}
