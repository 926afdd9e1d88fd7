//! Names of time zones, by their form: the zones themselves are the server's.

use std::fmt;

use crate::problem::near::near;

/// Areas that hold zones, of which none has been added in decades (IANA Time Zone Database, `zone1970.tab`, `backward`).
const AREAS: &[&str] = &[
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Brazil",
    "Canada",
    "Chile",
    "Etc",
    "Europe",
    "Indian",
    "Mexico",
    "Pacific",
    "US",
];

/// Zones of no area (IANA Time Zone Database, `backward`).
const ALONE: &[&str] = &[
    "CET",
    "CST6CDT",
    "Cuba",
    "EET",
    "EST",
    "EST5EDT",
    "Egypt",
    "Eire",
    "GB",
    "GB-Eire",
    "GMT",
    "GMT+0",
    "GMT-0",
    "GMT0",
    "Greenwich",
    "HST",
    "Hongkong",
    "Iceland",
    "Iran",
    "Israel",
    "Jamaica",
    "Japan",
    "Kwajalein",
    "Libya",
    "MET",
    "MST",
    "MST7MDT",
    "NZ",
    "NZ-CHAT",
    "Navajo",
    "PRC",
    "PST8PDT",
    "Poland",
    "Portugal",
    "ROC",
    "ROK",
    "Singapore",
    "Turkey",
    "UCT",
    "UTC",
    "Universal",
    "W-SU",
    "WET",
    "Zulu",
];

/// As many characters has each part of a name (Kubernetes, `validTimeZoneCharacters`).
const LONGEST: usize = 14;

/// The name of a time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timezone(String);

impl Timezone {
    /// Reads a name, or says what to write instead.
    pub fn parse(name: &str) -> Result<Self, String> {
        let (area, rest) = name.split_once('/').map_or((name, None), |(area, rest)| (area, Some(rest)));
        let known = if rest.is_some() { AREAS } else { ALONE };
        if known.contains(&area) && rest.is_none_or(|rest| rest.split('/').all(is_part) && is_capital(rest)) {
            return Ok(Timezone(name.to_owned()));
        }
        let meant = match (near(area, known.iter().copied()), rest) {
            (Some(meant), Some(rest)) => format!("{meant}/{}", capital(rest)),
            (Some(meant), None) => meant.to_owned(),
            (None, _) => name.to_owned(),
        };
        Err(match meant == name {
            true => "write its IANA name, as in \"Europe/Berlin\" or \"Etc/UTC\"".to_owned(),
            false => format!("did you mean `{meant}`?"),
        })
    }

    /// The zone without summer time, in which no hour comes twice or never.
    pub fn utc() -> Self {
        Timezone("Etc/UTC".to_owned())
    }
}

impl fmt::Display for Timezone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_part(part: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_+.".contains(&byte);
    (1..=LONGEST).contains(&part.len())
        && part.starts_with(|c: char| c.is_ascii_alphabetic())
        && part.bytes().all(inner)
}

/// Places are written with a capital: the server reads names as names of files.
fn is_capital(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_ascii_uppercase())
}

fn capital(rest: &str) -> String {
    let mut chars = rest.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}
