//! How single values have to be written, where their type is just a text or a number.

use super::variables::fixed_at;
use crate::targets::check::At;

/// A way in which a value is written.
#[derive(Clone, Copy)]
pub enum Form {
    /// Not at all.
    Never(&'static str),
    /// One of a few words.
    OneOf(&'static [&'static str]),
    /// `true` or `false`, and what YAML 1.1 took for them.
    Flag,
    /// Bytes, with a unit.
    Bytes,
    /// A number with a point.
    Number,
    /// A number without a point.
    Whole,
    /// A whole number, not below this.
    AtLeast(i64),
    /// A number of a port.
    Port,
    /// A number of a port, or two with a dash between them.
    Ports,
    Duration,
    /// A number, not a text that looks like one.
    Unquoted,
    /// The mode of a file.
    Octal,
    /// `host=address`.
    Host,
    /// An IP address.
    Address,
    /// Words for a shell, their quotes closed.
    CommandLine,
    Restart,
    /// The name of a project.
    Project,
    /// `source:target:permissions`.
    DeviceMapping,
    /// How many devices.
    Devices,
}

/// Docker's units are powers of 1024, whatever they are called (docker/go-units, `RAMInBytes`).
const BYTES: &str = "an amount is a number with b, k, m, g or t, as in `512m` or `1.5g`";

impl Form {
    /// What is wrong with the value at a place, as it goes on after "is `x`: ". What a variable decides is right.
    pub fn misfit(self, at: &At<'_>) -> Option<String> {
        if let Form::Never(why) = self {
            return Some(why.to_owned());
        }
        let text = fixed_at(at)?;
        let is = |good: bool, wanted: &str| (!good).then(|| wanted.to_owned());
        match self {
            Form::Never(_) => None,
            Form::OneOf(words) => is(words.contains(&text.as_ref()), &format!("it is one of {}", words.join(", "))),
            Form::Flag => is(flag(&text).is_some(), "write `true` or `false`"),
            // A number is taken as it is: -1 means without bounds.
            Form::Bytes => is(at.text().is_none() || bytes(&text).is_some(), BYTES),
            Form::Number => is(number(&text).is_some(), "write a number, as in `0.5`"),
            Form::Whole => is(whole(at, &text, i64::MIN), "write a whole number"),
            Form::AtLeast(least) => is(whole(at, &text, least), &format!("write a whole number from {least} on")),
            Form::Port => is(port(&text).is_some(), "ports are from 1 to 65535"),
            Form::Ports => is(ports(&text).is_some(), "ports are from 1 to 65535, or a range as in `8000-8010`"),
            Form::Duration => is(is_duration(&text), "a time is a number with its unit, as in `30s` or `1m30s`"),
            Form::Unquoted => is(at.text().is_none(), "write a number without quotes"),
            Form::Octal => is(at.text().is_none() || i64::from_str_radix(&text, 8).is_ok(), "write a mode as in 0440"),
            Form::Host => is(is_host(&text), "write `host=address`"),
            Form::Address => is(text.parse::<std::net::IpAddr>().is_ok(), "write an IP address"),
            Form::CommandLine => is(is_closed(&text), "a quote is not closed"),
            Form::Restart => is(is_restart(&text), "write no, always, unless-stopped, on-failure or on-failure:3"),
            Form::Project => is(is_project(&text), "small letters, digits, `-` and `_`, the first no sign"),
            Form::DeviceMapping => is(text.split(':').count() <= 3, "write `source:target:permissions`"),
            Form::Devices => is(text == "all" || whole(at, &text, 0), "write a number, or `all`"),
        }
    }
}

/// What a text means that stands for true or false (compose-go, loader/interpolate.go).
pub fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "y" | "yes" | "on" => Some(true),
        "false" | "n" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// The amount that a text means.
pub fn bytes(text: &str) -> Option<f64> {
    const UNITS: &[(&str, i32)] = &[("", 0), ("k", 1), ("m", 2), ("g", 3), ("t", 4), ("p", 5)];
    let end = text.rfind(|c: char| c.is_ascii_digit() || c == '.')? + 1;
    let (digits, unit) = text.split_at(end);
    let unit = unit.strip_prefix(' ').unwrap_or(unit).to_ascii_lowercase();
    // `b` alone is bytes, but `ib` needs a letter before it.
    let unit = unit.strip_suffix("ib").filter(|unit| !unit.is_empty()).or(unit.strip_suffix('b')).unwrap_or(&unit);
    let power = UNITS.iter().find(|(name, _)| *name == unit)?.1;
    number(digits).filter(|number| *number >= 0.0).map(|number| number * 1024_f64.powi(power))
}

/// What Rust reads beyond digits, such as `inf`, is no amount.
pub fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    plain.then(|| text.parse().ok()).flatten()
}

/// Compose cuts off what follows the point of a number, but not of a text.
fn whole(at: &At<'_>, text: &str, least: i64) -> bool {
    match at.text() {
        Some(_) => text.parse::<i64>().is_ok_and(|number| number >= least),
        None => number(text).is_some_and(|number| number >= least as f64),
    }
}

pub fn port(text: &str) -> Option<u16> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().filter(|port| *port > 0)
}

/// The first and the last port of a range.
pub fn ports(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some((port(first)?, port(last)?)).filter(|(first, last)| first <= last)
}

/// Go's durations, and days and weeks (xhit/go-str2duration).
fn is_duration(text: &str) -> bool {
    const UNITS: &[&str] = &["ns", "us", "µs", "μs", "ms", "s", "m", "h", "d", "w"];
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    let mut any = false;
    while !rest.is_empty() {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let amount = &rest[..rest.len() - after.len()];
        let end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        if number(amount).is_none() || !UNITS.contains(&&after[..end]) {
            return false;
        }
        (any, rest) = (true, &after[end..]);
    }
    any
}

fn is_host(text: &str) -> bool {
    let host = text.split_once('=').or_else(|| text.split_once(':'));
    host.is_some_and(|(host, _)| !host.is_empty() && !host.contains(':'))
}

/// Whether a shell would find every quote closed (mattn/go-shellwords, which takes a bracket for a subshell and refuses
/// it).
fn is_closed(text: &str) -> bool {
    let (mut open, mut escaped, mut last) = (None, false, ' ');
    for c in text.chars() {
        match (c, open) {
            _ if escaped => escaped = false,
            ('\\', _) if open != Some('\'') => escaped = true,
            ('"' | '\'' | '`', None) => open = Some(c),
            ('(', None) if last == '$' => open = Some(')'),
            ('(' | ')', None) => return false,
            _ if open == Some(c) => open = None,
            _ => {}
        }
        last = c;
    }
    open.is_none() && !escaped
}

fn is_restart(text: &str) -> bool {
    let count = text.strip_prefix("on-failure:").map(str::parse::<u32>);
    matches!(text, "no" | "always" | "unless-stopped" | "on-failure") || count.is_some_and(|count| count.is_ok())
}

fn is_project(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.bytes().next().is_some_and(letter) && text.bytes().all(|byte| letter(byte) || b"-_".contains(&byte))
}
