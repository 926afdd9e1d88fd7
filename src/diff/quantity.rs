//! Amounts, however they are written.

/// A Kubernetes quantity in thousandths of a millionth (Kubernetes API, `resource.Quantity`); nothing where it is none,
/// is finer, or larger than anything that exists.
pub(super) fn nano(text: &str) -> Option<u128> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let (times, exponent): (u128, i32) = match suffix {
        "" => (1, 0),
        "n" => (1, -9),
        "u" => (1, -6),
        "m" => (1, -3),
        "k" => (1, 3),
        "M" => (1, 6),
        "G" => (1, 9),
        "T" => (1, 12),
        "P" => (1, 15),
        "E" => (1, 18),
        "Ki" => (1 << 10, 0),
        "Mi" => (1 << 20, 0),
        "Gi" => (1 << 30, 0),
        "Ti" => (1 << 40, 0),
        "Pi" => (1 << 50, 0),
        "Ei" => (1 << 60, 0),
        other => (1, other.strip_prefix(['e', 'E'])?.parse().ok()?),
    };
    scaled(number, times, exponent.checked_add(9)?)
}

/// An amount of memory as Compose reads it, in bytes (`docker/go-units`, `RAMInBytes`).
pub(super) fn bytes(text: &str) -> Option<u128> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let suffix = suffix.trim_start().to_ascii_lowercase();
    let suffix = suffix.strip_suffix("ib").or_else(|| suffix.strip_suffix('b')).unwrap_or(&suffix);
    let power = ["", "k", "m", "g", "t", "p"].iter().position(|unit| *unit == suffix)?;
    scaled(number, 1 << (10 * power), 0)
}

/// A decimal number times `times` times ten to the power of `exponent`, if that is a whole number.
fn scaled(number: &str, times: u128, exponent: i32) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let value: u128 = format!("{whole}{fraction}").parse().ok()?;
    let value = value.checked_mul(times)?;
    let exponent = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let tens = 10u128.checked_pow(exponent.unsigned_abs())?;
    match exponent >= 0 {
        true => value.checked_mul(tens),
        false => value.is_multiple_of(tens).then_some(value / tens),
    }
}
