//! What looks like a secret, by its name or by what it says.

use super::Text;

const SECRET_WORDS: &[&str] = &[
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "PASS",
    "PWD",
    "SECRET",
    "SECRETS",
    "TOKEN",
    "KEY",
    "APIKEY",
    "CREDENTIAL",
    "CREDENTIALS",
];

/// Endings of names that speak about a secret without holding it.
const HARMLESS_ENDINGS: &[&str] = &[
    "PATH",
    "FILE",
    "DIR",
    "URL",
    "URI",
    "SECONDS",
    "MINUTES",
    "HOURS",
    "DAYS",
    "TTL",
    "TIMEOUT",
    "LIMIT",
    "SIZE",
    "LENGTH",
    "COUNT",
    "PREFIX",
    "NAME",
    "HEADER",
    "ALGORITHM",
    "TYPE",
    "ENABLED",
    "REQUIRED",
];

/// Whether a variable holds what nobody may read in a profile.
pub fn looks_secret(name: &str, text: &Text) -> bool {
    if text.literals().all(str::is_empty) {
        return false;
    }
    has_user_info(text) || names_secret(name)
}

/// Whether a plain text would be a secret as the value of a variable.
pub fn holds_secret(name: &str, text: &str) -> bool {
    looks_secret(name, &Text::literal(text))
}

/// Whether a name is that of a secret.
pub fn names_secret(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let words: Vec<&str> = upper.split('_').filter(|word| !word.is_empty()).collect();
    let harmless = words.last().is_some_and(|last| HARMLESS_ENDINGS.contains(last));
    !harmless && words.iter().any(|word| SECRET_WORDS.contains(word))
}

/// A URL that carries a password of its own: `scheme://user:password@host`. A password by reference is none.
fn has_user_info(text: &Text) -> bool {
    text.literals().any(|literal| {
        literal.match_indices("://").any(|(at, _)| {
            let rest = &literal[at + 3..];
            let authority = &rest[..rest.find(['/', '?', '#', ' ']).unwrap_or(rest.len())];
            let user_info = authority.rsplit_once('@').map(|(user_info, _)| user_info);
            user_info.and_then(|user_info| user_info.split_once(':')).is_some_and(|(_, password)| !password.is_empty())
        })
    })
}
