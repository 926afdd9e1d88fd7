//! How Kubernetes writes amounts, and texts in which it would see a variable.

use std::collections::BTreeMap;

use k8s_openapi::{apimachinery::pkg::api::resource::Quantity, apimachinery::pkg::util::intstr::IntOrString};

use crate::app::{Bytes, Input, MilliCpu, Part, Surge, Text};

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

/// A text for `env.value`, `command` and `args`, where `$(NAME)` is a variable and `$$` a dollar sign (Kubernetes API,
/// `EnvVar.value`). An input stands with its value: whoever deploys to Kubernetes supplies it by an environment.
pub fn text(text: &Text, inputs: &BTreeMap<&str, &Input>) -> String {
    let mut out = String::new();
    // Everything since the last variable, as one: a dollar sign at the end of a part can meet the beginning of the next.
    let mut plain = String::new();
    for part in &text.parts {
        match part {
            Part::Literal(literal) => plain.push_str(literal),
            Part::Input(name) => {
                plain
                    .push_str(inputs.get(name.as_str()).and_then(|input| input.default.as_deref()).unwrap_or_default());
            }
            Part::Secret(name) => {
                escape(&std::mem::take(&mut plain), true, &mut out);
                out.push_str("$(");
                out.push_str(name);
                out.push(')');
            }
        }
    }
    escape(&plain, false, &mut out);
    out
}

/// A text without references.
pub fn literal(text: &str) -> String {
    let mut out = String::new();
    escape(text, false, &mut out);
    out
}

/// Doubles the dollar signs that would start something: before `(`, before another, and before a variable.
fn escape(literal: &str, before_variable: bool, out: &mut String) {
    let mut chars = literal.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        let starts = match chars.peek() {
            Some(next) => matches!(next, '(' | '$'),
            None => before_variable,
        };
        if c == '$' && starts {
            out.push('$');
        }
    }
}
