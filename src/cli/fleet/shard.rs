//! `--shard 2/8`: every eighth profile, beginning with the second.

use std::str::FromStr;

use crate::deliver::Fingerprint;

/// One of equal parts of all profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 0.
    at: usize,
    of: usize,
}

impl FromStr for Shard {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |text: &str| text.parse::<usize>().ok();
        let parts = text.split_once('/').and_then(|(at, of)| Some((number(at)?, number(of)?)));
        let (at, of) = parts.ok_or("write which of how many, as in `2/8`")?;
        if at == 0 || at > of {
            return Err("the first of eight is `1/8`, the last is `8/8`");
        }
        Ok(Shard { at: at - 1, of })
    }
}

impl Shard {
    /// Its part of a list. Neighbours go to different shards, which makes them about equal.
    pub fn part<T>(self, all: Vec<T>) -> Vec<T> {
        all.into_iter().skip(self.at).step_by(self.of).collect()
    }

    /// Whether something that is in no list is its.
    pub fn has(self, name: &str) -> bool {
        // The last digits are as good as any.
        let digits = Fingerprint::of(name).to_string();
        let number = digits.get(digits.len() - 8..).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        number.is_some_and(|number| number as usize % self.of == self.at)
    }
}
