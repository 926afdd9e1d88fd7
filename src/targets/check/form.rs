//! How single values have to be written, where their type is just a text or a number.

use super::{At, Found};
use crate::{
    app::{Schedule, Timezone},
    tree::{Content, Step},
};

/// Every value is written as the table of its documents says: the end of a path, with `*` for any key and any item; the
/// first that fits holds.
pub fn forms(documents: &[At<'_>], places: &[(&str, Form)], found: &mut Found) {
    for at in documents.iter().flat_map(At::all) {
        let is_scalar = at.node.is_some_and(|node| !matches!(node.content, Content::Map(_) | Content::Seq(_)));
        let place = places.iter().find(|(end, _)| is_scalar && ends_with(at.path.steps(), end));
        if let Some(misfit) = place.and_then(|(_, form)| form.misfit(&at)) {
            found.add(&at, format!("`{}` is `{}`: {misfit}", at.path, at.scalar().unwrap_or_default()));
        }
    }
}

fn ends_with(steps: &[Step], end: &str) -> bool {
    let mut steps = steps.iter().rev();
    end.rsplit('.').all(|wanted| match steps.next() {
        Some(Step::Key(key)) => wanted == "*" || key == wanted,
        Some(Step::Item { .. } | Step::Index(_)) => wanted == "*",
        None => false,
    })
}

/// A way in which a value is written.
#[derive(Clone, Copy)]
pub enum Form {
    Any,
    /// One of a few words.
    OneOf(&'static [&'static str]),
    Between(i64, i64),
    /// A number of a port, or the name of one.
    Port,
    /// At most 15 characters (RFC 6335, "Service Name Syntax").
    PortName,
    /// A DNS label (RFC 1123).
    Label,
    /// DNS labels with dots between them.
    Subdomain,
    /// A key of an annotation.
    Qualified,
    /// A key of a label and its value.
    LabelPair,
    /// A key of a ConfigMap (Kubernetes, `IsConfigMapKey`).
    ConfigKey,
    Quantity,
    /// A count, or a percentage.
    Surge,
    EnvName,
    Absolute,
    /// A path below a volume.
    Below,
    /// A name of a server; a `*` may stand for its first label.
    Host,
    /// Numbers and units, without blanks (Gateway API, GEP-2257).
    TimeSpan,
    Schedule,
    TimeZone,
}

impl Form {
    /// What is wrong with the value at a place, as it goes on after "is `x`: ".
    pub fn misfit(self, at: &At<'_>) -> Option<String> {
        let text = at.scalar().unwrap_or_default();
        let is = |good: bool, wanted: &str| (!good).then(|| wanted.to_owned());
        match self {
            Form::Any => None,
            Form::OneOf(words) => is(words.contains(&text.as_ref()), &format!("it is one of {}", listed(words))),
            Form::Between(least, i64::MAX) => is(number(at, least, i64::MAX), &format!("it is at least {least}")),
            Form::Between(least, most) => is(number(at, least, most), &format!("it is from {least} to {most}")),
            Form::Port => match at.text() {
                Some(name) => is(port_name(name), "a port has a name of at most 15 small letters, digits and dashes"),
                None => is(number(at, 1, 65535), "ports are from 1 to 65535"),
            },
            Form::PortName => is(port_name(&text), "at most 15 small letters, digits and dashes, one of them a letter"),
            Form::Label => is(label(&text), "small letters, digits and dashes, at most 63"),
            Form::Subdomain => is(subdomain(&text), "small letters, digits, dashes and dots, at most 253"),
            Form::Qualified => is(last_key(at).is_some_and(|key| qualified(&key)), "the key is not one that it takes"),
            Form::ConfigKey => is(last_key(at).is_some_and(|key| config_key(&key)), "the key is not one that it takes"),
            Form::LabelPair if !last_key(at).is_some_and(|key| qualified(&key)) => {
                Some("the key is not one that a label takes".into())
            }
            Form::LabelPair => is(label_value(&text), "letters, digits, `-`, `_` and `.`, at most 63"),
            Form::Quantity => is(quantity(&text).is_some(), "write an amount as in `250m`, `1.5` or `256Mi`"),
            Form::Surge => is(surge(at), "write a count, or a percentage as in `\"25%\"`"),
            Form::EnvName => is(env_name(&text), "printable characters without `=`"),
            Form::Absolute => is(text.starts_with('/') && !text.contains(':'), "write a path that starts with `/`"),
            Form::Host => is(subdomain(text.strip_prefix("*.").unwrap_or(&text)), "write a host name in small letters"),
            Form::TimeSpan => is(time_span(&text), "write a time as in `30s` or `1m30s`"),
            Form::Schedule => {
                is(Schedule::is_one(&text), "write five fields, as in `0 3 * * *`, or `@daily` and its like")
            }
            Form::TimeZone => is(Timezone::parse(&text).is_ok(), "write the name of a zone, as in `Europe/Berlin`"),
            Form::Below => is(!text.starts_with('/') && text.split('/').all(|part| part != ".."), "stay in the volume"),
        }
    }
}

fn listed(words: &[&str]) -> String {
    let shown = words.iter().filter(|word| !word.is_empty()).map(|word| format!("`{word}`"));
    shown.collect::<Vec<_>>().join(", ")
}

fn number(at: &At<'_>, least: i64, most: i64) -> bool {
    at.number().is_some_and(|number| (least..=most).contains(&number))
}

fn last_key(at: &At<'_>) -> Option<String> {
    match at.path.steps().last()? {
        Step::Key(key) => Some(key.to_string()),
        _ => None,
    }
}

fn edges(text: &str, inner: fn(u8) -> bool) -> bool {
    let ends = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    ends(bytes.first()) && ends(bytes.last()) && bytes.iter().all(|byte| inner(*byte))
}

pub fn label(text: &str) -> bool {
    text.len() <= 63 && edges(text, |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

fn subdomain(text: &str) -> bool {
    text.len() <= 253
        && text.split('.').all(|part| edges(part, |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')))
}

fn port_name(text: &str) -> bool {
    label(text) && text.len() <= 15 && !text.contains("--") && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn label_value(text: &str) -> bool {
    text.is_empty() || text.len() <= 63 && edges(text, |byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// `prefix/name`, the prefix optional.
fn qualified(key: &str) -> bool {
    let (prefix, name) = key.split_once('/').map_or((None, key), |(prefix, name)| (Some(prefix), name));
    !name.is_empty() && label_value(name) && prefix.is_none_or(subdomain)
}

/// `([0-9]{1,5}(h|m|s|ms)){1,4}`
fn time_span(text: &str) -> bool {
    let (mut rest, mut parts) = (text, 0);
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let unit = ["ms", "h", "m", "s"].iter().find_map(|unit| rest[digits..].strip_prefix(unit));
        let Some(tail) = unit.filter(|_| (1..=5).contains(&digits)) else { return false };
        (rest, parts) = (tail, parts + 1);
    }
    (1..=4).contains(&parts)
}

fn config_key(key: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=253).contains(&key.len()) && key.bytes().all(fits) && key != "." && !key.starts_with("..")
}

fn env_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'=')
}

fn surge(at: &At<'_>) -> bool {
    match at.text() {
        Some(text) => text.strip_suffix('%').is_some_and(|digits| digits.parse::<u32>().is_ok()),
        None => at.number().is_some_and(|number| number >= 0),
    }
}

/// The value of an amount (Kubernetes API, `Quantity`), precise enough to compare; `None` if it is not written as one.
pub fn quantity(text: &str) -> Option<f64> {
    const UNITS: &[(&str, f64)] = &[
        ("Ki", 1024.0),
        ("Mi", 1_048_576.0),
        ("Gi", 1_073_741_824.0),
        ("Ti", 1_099_511_627_776.0),
        ("Pi", 1_125_899_906_842_624.0),
        ("Ei", 1_152_921_504_606_846_976.0),
        ("n", 1e-9),
        ("u", 1e-6),
        ("m", 1e-3),
        ("k", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("T", 1e12),
        ("P", 1e15),
        ("E", 1e18),
    ];
    let unit = UNITS.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, *factor)));
    let (digits, factor) = unit.unwrap_or((text, 1.0));
    // What Rust reads beyond that, such as `inf`, is no amount.
    let plain = |byte: u8| byte.is_ascii_digit() || b"+-.".contains(&byte) || factor == 1.0 && b"eE".contains(&byte);
    let number: f64 = digits.bytes().all(plain).then(|| digits.parse().ok())??;
    Some(number * factor)
}
