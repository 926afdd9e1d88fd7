//! What looks like a secret, by its name or by what it says.

use super::{Part, Text, findings::Findings};
use crate::{key::Key, problem::Code};

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
    "EXPIRATION",
    "EXPIRES",
    "EXPIRY",
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

/// Whether a plain text is to be shown to nobody, as the value of a variable by this name. More than what is refused in a
/// profile: whoever wrote it may have meant it, and whoever reads a report need not see it.
pub fn is_unreadable(name: &str, text: &str) -> bool {
    holds_secret(name, text) || has_token(text) || has_secret_url(text) || has_secret_json(text)
}

/// Tells of a value that everybody may read.
pub fn tell(name: &str, key: &Key, help: impl Into<String>, findings: &mut Findings<'_>) {
    findings.value(Code::SecretInEnv, key, title(name), "readable by everybody", help);
}

pub fn title(name: &str) -> String {
    format!("`{name}` looks like a secret, and what is in a profile is no secret")
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

/// How tokens of well-known issuers begin, and how many characters follow at least.
const TOKENS: &[(&str, usize)] = &[
    ("sk_live_", 4),
    ("rk_live_", 4),
    ("ghp_", 16),
    ("gho_", 16),
    ("ghu_", 16),
    ("ghs_", 16),
    ("github_pat_", 16),
    ("xoxb-", 8),
    ("xoxp-", 8),
    ("AKIA", 16),
    ("glpat-", 16),
];

/// Whether a word of a text is the token of a well-known issuer, or a JSON Web Token (RFC 7519).
fn has_token(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    text.split(|c| !is_part(c)).any(|word| {
        let is_issued =
            |(start, least): &(&str, usize)| word.strip_prefix(start).is_some_and(|rest| rest.len() >= *least);
        let is_web = || word.starts_with("eyJ") && word.matches('.').count() == 2 && word.len() > 20;
        TOKENS.iter().any(is_issued) || is_web()
    })
}

/// Whether a URL says a secret without naming a user: in its query, or as a token in the place of the user.
fn has_secret_url(text: &str) -> bool {
    text.match_indices("://").any(|(at, _)| {
        let rest = &text[at + 3..];
        let rest = &rest[..rest.find([' ', '"', '\'', '\n']).unwrap_or(rest.len())];
        let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
        let user = authority.rsplit_once('@').map(|(user, _)| user);
        let query = rest.split_once('?').map_or("", |(_, query)| query);
        let mut pairs = query.split(['&', ';', '#']).filter_map(|pair| pair.split_once('='));
        user.is_some_and(is_random) || pairs.any(|(name, value)| ends_as_secret(name) && is_literal(value))
    })
}

/// Whether a user is nobody's name: long, and of letters and digits.
fn is_random(user: &str) -> bool {
    user.len() >= 16
        && user.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
        && user.bytes().any(|byte| byte.is_ascii_digit())
        && user.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Whether a text is JSON that says a secret by its name.
fn has_secret_json(text: &str) -> bool {
    fn has(value: &serde_json::Value) -> bool {
        use serde_json::Value::{Array, Object, String};
        match value {
            Object(map) => map.iter().any(|(key, value)| match value {
                String(text) => (ends_as_secret(&snake(key)) && is_literal(text)) || is_unreadable("", text),
                value => has(value),
            }),
            Array(items) => items.iter().any(has),
            String(text) => is_unreadable("", text),
            _ => false,
        }
    }
    let text = text.trim_start();
    (text.starts_with('{') || text.starts_with('[')) && serde_json::from_str(text).is_ok_and(|value| has(&value))
}

/// `apiKey` as `api_Key`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && out.ends_with(|last: char| last.is_ascii_lowercase()) {
            out.push('_');
        }
        out.push(c);
    }
    out
}

/// What a word says last if it is the name of a secret; of keys only those of some kind, as there are others.
const NAMES: &[&str] =
    &["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "APIKEY", "CREDENTIALS", "PGPASSWORD", "REQUIREPASS"];
const KEYS: &[&str] = &["API", "ACCESS", "SECRET", "PRIVATE", "ENCRYPTION", "SIGNING", "MASTER", "AUTH"];

/// Flags that say that there is none.
const WITHOUT: &[&str] = &["NO", "SKIP", "WITHOUT", "DISABLE", "ENABLE", "REQUIRE"];

/// Programs that take a password right after `-p`.
const OF_MYSQL: &[&str] = &["mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump", "mariadb-admin"];

/// Words of a command line that hold a secret, by their place, with what they are called.
pub fn in_words(words: &[&Text]) -> Vec<(usize, String)> {
    let shown: Vec<String> = words.iter().map(|text| self::shown(text)).collect();
    let parts = shown.iter().enumerate().flat_map(|(i, word)| word.split_whitespace().map(move |part| (i, part)));
    let parts: Vec<(usize, &str)> = parts.collect();
    let mut found: Vec<(usize, String)> = Vec::new();
    for (at, (i, part)) in parts.iter().enumerate() {
        let hit = secret_word(&parts[..at], part, parts.get(at + 1).map(|(_, next)| *next));
        let hit = hit.map(|(name, ahead)| (if ahead { parts[at + 1].0 } else { *i }, name));
        found.extend(hit.filter(|hit| !found.contains(hit)));
    }
    let urls = words.iter().enumerate().filter(|(_, text)| has_user_info(text));
    found.extend(urls.map(|(i, _)| (i, "password".to_owned())));
    found
}

/// What a word is called that holds a secret; and whether it is the next one that does.
fn secret_word(before: &[(usize, &str)], word: &str, next: Option<&str>) -> Option<(String, bool)> {
    let program = |name: &&str| before.iter().any(|(_, word)| word.rsplit('/').next() == Some(name));
    if let Some(value) = word.strip_prefix("-p").filter(|_| OF_MYSQL.iter().any(program)) {
        return is_literal(value).then(|| ("password".to_owned(), false));
    }
    let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
    let is_flag = name.starts_with('-');
    let is_variable =
        || !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if !ends_as_secret(name) {
        return None;
    }
    let plain = name.trim_start_matches('-').to_owned();
    match value {
        Some(value) => ((is_flag || is_variable()) && is_literal(value)).then_some((plain, false)),
        None => {
            (is_flag && next.is_some_and(|next| !next.starts_with('-') && is_literal(next))).then_some((plain, true))
        }
    }
}

/// A line of a file that holds a secret, by what it is called.
pub fn in_file(text: &Text) -> Option<String> {
    let shown = shown(text);
    let named = shown.lines().find_map(in_line).map(str::to_owned);
    named.or_else(|| has_user_info(text).then(|| "password".to_owned()))
}

/// What a line of a file calls the secret that it holds.
pub fn in_line(line: &str) -> Option<&str> {
    let line = line.trim().trim_start_matches("export ");
    let is_comment = ["#", ";", "//"].iter().any(|sign| line.starts_with(sign));
    let (name, value) = line.split_once(['=', ':']).filter(|_| !is_comment)?;
    let name = name.trim().trim_matches(['"', '\'']);
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let value = value.trim().trim_end_matches([',', ';']);
    let is_secret = is_name && ends_as_secret(name) && is_literal(value) && !value.contains(['(', '{', '[']);
    is_secret.then_some(name)
}

/// The variable that a secret could be.
pub fn variable(name: &str) -> String {
    name.to_ascii_uppercase().replace(['-', '.'], "_")
}

/// A text in which each reference is a dollar sign, so that it is no literal.
fn shown(text: &Text) -> String {
    let parts = text.parts.iter().map(|part| match part {
        Part::Literal(text) => text.as_str(),
        Part::Secret(_) | Part::Input(_) | Part::Pod(_) | Part::Service { .. } | Part::Process { .. } => "$",
    });
    parts.collect()
}

fn ends_as_secret(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let words: Vec<&str> = upper.split(['-', '_', '.']).filter(|word| !word.is_empty()).collect();
    if words.first().is_some_and(|first| WITHOUT.contains(first)) {
        return false;
    }
    match words.as_slice() {
        [.., kind, "KEY"] => KEYS.contains(kind),
        [.., "MYSQL", "PWD"] => true,
        [.., last] => NAMES.contains(last),
        [] => false,
    }
}

/// Whether it is a value itself, and not where one is found, a switch, or a placeholder.
fn is_literal(value: &str) -> bool {
    let value = value.trim_matches(['"', '\'']);
    let is_short_number = value.len() <= 3 && value.chars().all(|c| c.is_ascii_digit());
    let is_place = value.starts_with(['/', '.', '<', '[', '{', '@', '%', '!', '&', '*', '|', '>', '`', '-']);
    let is_named = ["file:", "env:"].iter().any(|kind| value.starts_with(kind));
    let is_switch = ["true", "false", "yes", "no", "none", "null", "auto", "stdin", "prompt"].contains(&value);
    !value.is_empty()
        && !value.contains('$')
        && !value.contains("{{")
        && !is_short_number
        && !is_place
        && !is_named
        && !is_switch
}
