//! Short hashes for headers: they detect changes; they do not protect against anyone.

use std::{fmt, str::FromStr};

use sha2::{Digest, Sha256};

const PREFIX: &str = "sha256:";

/// The first 64 bits of a SHA-256, shown as `sha256:` and 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(u64);

impl Fingerprint {
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        let head = Sha256::digest(bytes.as_ref()).iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        Fingerprint(head)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{:016x}", self.0)
    }
}

/// Only what `Display` writes is read: a header that people touched is not ours.
impl FromStr for Fingerprint {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text.strip_prefix(PREFIX).ok_or(())?;
        let exact = digits.len() == 16 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        u64::from_str_radix(digits, 16).ok().filter(|_| exact).map(Fingerprint).ok_or(())
    }
}
