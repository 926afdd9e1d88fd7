//! Amounts of memory and CPU.

use std::fmt;

/// Memory or disk, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Bytes(pub u64);

/// CPU, in thousandths of a core.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct MilliCpu(pub u64);

impl Bytes {
    pub const fn mebi(mebibytes: u64) -> Self {
        Bytes(mebibytes << 20)
    }

    /// Reads a Kubernetes quantity; `None` if it is no whole number of bytes, or too many.
    pub fn parse(text: &str) -> Option<Self> {
        Some(Bytes(u64::try_from(exactly(text, 1)?).ok()?))
    }
}

/// In the largest binary unit that holds it exactly: `256Mi`.
impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: &[(u64, &str)] = &[(1 << 40, "Ti"), (1 << 30, "Gi"), (1 << 20, "Mi"), (1 << 10, "Ki")];
        match UNITS.iter().find(|(unit, _)| self.0 >= *unit && self.0.is_multiple_of(*unit)) {
            Some((unit, suffix)) => write!(f, "{}{suffix}", self.0 / unit),
            None => write!(f, "{}", self.0),
        }
    }
}

impl MilliCpu {
    /// Reads a Kubernetes quantity; `None` if it is finer than a thousandth of a core, or too much.
    pub fn parse(text: &str) -> Option<Self> {
        Some(MilliCpu(u64::try_from(exactly(text, 1000)?).ok()?))
    }
}

/// A Kubernetes quantity times `scale`, if that is a whole number (Kubernetes API conventions, `Quantity`).
fn exactly(text: &str, scale: u128) -> Option<u128> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, suffix) = text.split_at(digits);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let (numerator, denominator): (u128, u128) = match suffix {
        "m" => (1, 1000),
        "" => (1, 1),
        "k" => (1_000, 1),
        "M" => (1_000_000, 1),
        "G" => (1_000_000_000, 1),
        "T" => (1_000_000_000_000, 1),
        "Ki" => (1 << 10, 1),
        "Mi" => (1 << 20, 1),
        "Gi" => (1 << 30, 1),
        "Ti" => (1 << 40, 1),
        _ => return None,
    };
    let tens = 10u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let value: u128 = format!("{whole}{fraction}").parse().ok()?;
    let value = value.checked_mul(numerator)?.checked_mul(scale)?;
    let divisor = denominator.checked_mul(tens)?;
    (value % divisor == 0).then_some(value / divisor)
}

impl std::ops::Mul<u32> for Bytes {
    type Output = Bytes;
    fn mul(self, count: u32) -> Bytes {
        Bytes(self.0.saturating_mul(count.into()))
    }
}

impl std::ops::Add for Bytes {
    type Output = Bytes;
    fn add(self, other: Bytes) -> Bytes {
        Bytes(self.0.saturating_add(other.0))
    }
}

impl std::iter::Sum for Bytes {
    fn sum<I: Iterator<Item = Bytes>>(items: I) -> Bytes {
        items.fold(Bytes(0), std::ops::Add::add)
    }
}

impl std::ops::Mul<u32> for MilliCpu {
    type Output = MilliCpu;
    fn mul(self, count: u32) -> MilliCpu {
        MilliCpu(self.0.saturating_mul(count.into()))
    }
}
