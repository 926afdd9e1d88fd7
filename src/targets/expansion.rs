//! Texts for a cluster, in which `$(NAME)` is a variable.

use std::collections::BTreeMap;

use crate::app::{Input, Part, Text};

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
            Part::Secret(name) => variable(&mut plain, name, &mut out),
            Part::Pod(fact) => variable(&mut plain, fact.variable(), &mut out),
        }
    }
    escape(&plain, false, &mut out);
    out
}

/// A variable, after what stands before it.
fn variable(plain: &mut String, name: &str, out: &mut String) {
    escape(&std::mem::take(plain), true, out);
    out.push_str("$(");
    out.push_str(name);
    out.push(')');
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
