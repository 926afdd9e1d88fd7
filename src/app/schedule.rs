//! When a cron runs: five fields, as Kubernetes reads them.
//!
//! Source: Kubernetes documentation, "CronJob", "Schedule syntax"; robfig/cron v3, `ParseStandard`, which the API server
//! asks.

use std::fmt;

/// A schedule that a cluster takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schedule(String);

/// What is wrong with one, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    pub title: String,
    pub label: &'static str,
    pub help: String,
}

/// What one of the five fields takes.
struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    /// Names of numbers, from the least on.
    names: &'static [&'static str],
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const FIELDS: [Field; 5] = [
    Field { name: "minute", least: 0, most: 59, names: &[] },
    Field { name: "hour", least: 0, most: 23, names: &[] },
    Field { name: "day of the month", least: 1, most: 31, names: &[] },
    Field { name: "month", least: 1, most: 12, names: MONTHS },
    Field { name: "day of the week", least: 0, most: 6, names: WEEKDAYS },
];

const MACROS: &[&str] = &["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/// Every day of the week, as bits.
const ANY_WEEKDAY: u64 = 0b111_1111;

/// The days of each month, of a leap year.
const DAYS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const EXAMPLE: &str = "write minute, hour, day of the month, month and day of the week, as in \"0 3 * * *\"";

impl Schedule {
    /// Reads a schedule that comes at some time.
    pub fn parse(text: &str) -> Result<Self, Misfit> {
        let (schedule, sets) = Self::read(text)?;
        match sets {
            // With a day of the week, either of the two days is enough.
            Some([_, _, days, months, weekdays]) if weekdays == ANY_WEEKDAY && !ever(days, months) => Err(Misfit {
                title: format!("`{schedule}` never comes: no such month has such a day"),
                label: "never runs",
                help: "name a day that the month has".into(),
            }),
            _ => Ok(schedule),
        }
    }

    /// As five fields, for whoever knows no names of schedules (robfig/cron v3, `parseDescriptor`).
    pub fn fields(&self) -> &str {
        match self.0.as_str() {
            "@yearly" | "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" | "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            fields => fields,
        }
    }

    /// Whether a server takes it, if it never comes or not.
    pub fn is_one(text: &str) -> bool {
        Self::read(text).is_ok()
    }

    /// The schedule as every other cron reads it too, and the numbers of its fields as bits, if it has fields.
    fn read(text: &str) -> Result<(Self, Option<[u64; 5]>), Misfit> {
        let words: Vec<&str> = text.split_whitespace().collect();
        if let Some(zone) = words.iter().find_map(|word| zone(word)) {
            return Err(Misfit {
                title: "a schedule has no time zone in it".into(),
                label: "refused by the API server",
                help: format!("drop it here, and write `timezone = \"{zone}\"`"),
            });
        }
        if let Some(name) = words.first().filter(|word| word.starts_with('@')) {
            return named(name, words.len()).map(|schedule| (schedule, None));
        }
        if words.len() != FIELDS.len() {
            return Err(count(words.len()));
        }
        let mut sets = [0u64; 5];
        for ((set, field), word) in sets.iter_mut().zip(&FIELDS).zip(&words) {
            *set = field.read(word)?;
        }
        let fields = FIELDS.iter().zip(words).map(|(field, word)| field.portable(word));
        Ok((Schedule(fields.collect::<Vec<_>>().join(" ")), Some(sets)))
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn zone(word: &str) -> Option<&str> {
    word.strip_prefix("CRON_TZ=").or_else(|| word.strip_prefix("TZ="))
}

fn named(name: &str, words: usize) -> Result<Schedule, Misfit> {
    if words == 1 && MACROS.contains(&name) {
        return Ok(Schedule(name.to_owned()));
    }
    let help = match name {
        "@every" => "count from the hour instead, as in \"*/15 * * * *\"".to_owned(),
        _ => format!("write one of {}, alone, or five fields", MACROS.join(", ")),
    };
    Err(Misfit { title: format!("`{name}` is no schedule of a cluster"), label: "not a schedule", help })
}

fn count(words: usize) -> Misfit {
    let help = match words {
        6 | 7 => format!("there are neither seconds nor years: {EXAMPLE}"),
        _ => EXAMPLE.to_owned(),
    };
    Misfit { title: format!("a schedule has five fields, not {words}"), label: "not five fields", help }
}

fn is_any(word: &str) -> bool {
    matches!(word, "*" | "?")
}

/// Whether any of these months has any of these days.
fn ever(days: u64, months: u64) -> bool {
    (1u32..).zip(DAYS).any(|(month, last)| months & (1 << month) != 0 && (1..=last).any(|day| days & (1 << day) != 0))
}

impl Field {
    /// The numbers that a field names: values, ranges and steps, with commas between them.
    fn read(&self, word: &str) -> Result<u64, Misfit> {
        word.split(',').try_fold(0, |set, part| Ok(set | self.part(part)?))
    }

    /// The same without what only this parser knows: `?`, and `5/15`, which goes on from 5.
    fn portable(&self, word: &str) -> String {
        let parts = word.split(',').map(|part| match part.split_once('/') {
            _ if part == "?" => "*".to_owned(),
            Some((first, step)) if is_number(first) => format!("{first}-{}/{step}", self.most),
            _ => part.replace('?', "*"),
        });
        parts.collect::<Vec<_>>().join(",")
    }

    fn part(&self, part: &str) -> Result<u64, Misfit> {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(self.step(part, step)?)),
            None => (part, None),
        };
        let (first, last) = match range.split_once('-') {
            _ if is_any(range) => (self.least, self.most),
            Some((first, last)) => (self.value(first)?, self.value(last)?),
            None if step.is_some() => (self.value(range)?, self.most),
            None => (self.value(range)?, self.value(range)?),
        };
        if first > last {
            let (least, most) = (self.least, self.most);
            return Err(Misfit {
                title: format!("`{range}` runs backwards"),
                label: "begins after its end",
                help: format!("write two ranges, as in \"{first}-{most},{least}-{last}\""),
            });
        }
        Ok((first..=last).step_by(step.unwrap_or(1)).fold(0, |set, number| set | 1 << number))
    }

    fn step(&self, part: &str, step: &str) -> Result<usize, Misfit> {
        let number = step.parse().ok().filter(|number| is_number(step) && (1..=59).contains(number));
        number.ok_or_else(|| Misfit {
            title: format!("`{part}` has no step that goes anywhere"),
            label: "not a step",
            help: "write a number from 1 up, as in \"*/15\"".into(),
        })
    }

    fn value(&self, text: &str) -> Result<u32, Misfit> {
        let name = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let named = name.and_then(|at| u32::try_from(at).ok()).map(|at| at + self.least);
        let number = || text.parse().ok().filter(|_| is_number(text));
        let value = named.or_else(number).filter(|value| (self.least..=self.most).contains(value));
        value.ok_or_else(|| self.no_value(text))
    }

    fn no_value(&self, text: &str) -> Misfit {
        let Field { name, least, most, names } = self;
        let names = match (names.first(), names.last()) {
            (Some(first), Some(last)) => format!(", or from `{first}` to `{last}`"),
            _ => String::new(),
        };
        let sunday = if *name == "day of the week" && text == "7" { "; Sunday is 0" } else { "" };
        Misfit {
            title: format!("`{text}` is no {name}"),
            label: "not a value of its field",
            help: format!("it is a number from {least} to {most}{names}{sunday}"),
        }
    }
}

/// Digits alone: Rust reads a sign, too.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
