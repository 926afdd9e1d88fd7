//! How Kubernetes writes amounts.

use k8s_openapi::{apimachinery::pkg::api::resource::Quantity, apimachinery::pkg::util::intstr::IntOrString};

use crate::app::{Bytes, MilliCpu, Surge};
pub use crate::targets::expansion::{Names, file, literal, text};

/// The shortest exact spelling, binary units first.
pub fn bytes(amount: Bytes) -> Quantity {
    const UNITS: &[(u64, &str)] = &[
        (1 << 40, "Ti"),
        (1 << 30, "Gi"),
        (1 << 20, "Mi"),
        (1 << 10, "Ki"),
        (1_000_000_000, "G"),
        (1_000_000, "M"),
        (1_000, "k"),
    ];
    let fits = UNITS.iter().find(|(unit, _)| amount.0 >= *unit && amount.0.is_multiple_of(*unit));
    Quantity(fits.map_or_else(|| amount.0.to_string(), |(unit, suffix)| format!("{}{suffix}", amount.0 / unit)))
}

pub fn cpu(amount: MilliCpu) -> Quantity {
    Quantity(if amount.0.is_multiple_of(1000) { (amount.0 / 1000).to_string() } else { format!("{}m", amount.0) })
}

pub fn surge(surge: &Surge) -> IntOrString {
    match surge {
        Surge::Pods(count) => IntOrString::Int(number(*count)),
        Surge::Percent(text) => IntOrString::String(text.clone()),
    }
}

/// Kubernetes' integers are signed; the profile's bounds keep ours far below their limit.
pub fn number(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
