//! Texts for a cluster, in which `$(NAME)` is a variable.

use std::collections::BTreeMap;

use crate::app::{Address, Field, Input, Part, Place, Process, Text};

/// What references of a process stand for.
pub struct Names<'a> {
    inputs: BTreeMap<&'a str, &'a Input>,
    services: BTreeMap<(String, Field), Stands>,
    places: BTreeMap<&'a str, Place>,
}

/// What stands for something of a backing service.
pub enum Stands {
    /// A text that everybody may read.
    Plain(String),
    /// A variable of this name.
    Variable(String),
    /// Parts, of which each stands for something again.
    Parts(Vec<Part>),
}

impl<'a> Names<'a> {
    pub fn of(process: &'a Process) -> Self {
        let inputs = process.inputs.iter().map(|input| (input.name.as_str(), input)).collect();
        Names { inputs, services: BTreeMap::new(), places: BTreeMap::new() }
    }

    pub fn service(&mut self, name: &str, field: Field, stands: Stands) {
        self.services.insert((name.to_owned(), field), stands);
    }

    /// Where a process of the app is.
    pub fn place(&mut self, name: &'a str, place: Place) {
        self.places.insert(name, place);
    }

    fn address(&self, process: &str, address: Address) -> Option<String> {
        Some(self.places.get(process)?.address(address))
    }
}

/// A text for `env.value`, `command` and `args`, where `$(NAME)` is a variable and `$$` a dollar sign (Kubernetes API,
/// `EnvVar.value`). An input stands with its value: whoever deploys to Kubernetes supplies it by an environment.
pub fn text(text: &Text, names: &Names<'_>) -> String {
    let mut out = String::new();
    // Everything since the last variable, as one: a dollar sign at the end of a part can meet the beginning of the next.
    let mut plain = String::new();
    write(&text.parts, names, &mut plain, &mut out);
    escape(&plain, false, &mut out);
    out
}

fn write(parts: &[Part], names: &Names<'_>, plain: &mut String, out: &mut String) {
    for part in parts {
        match part {
            Part::Literal(literal) => plain.push_str(literal),
            Part::Input(name) => {
                let input = names.inputs.get(name.as_str());
                plain.push_str(input.and_then(|input| input.default.as_deref()).unwrap_or_default());
            }
            Part::Secret(name) => variable(plain, name, out),
            Part::Pod(fact) => variable(plain, fact.variable(), out),
            Part::Process { process, address } => {
                plain.push_str(&names.address(process, *address).unwrap_or_default());
            }
            Part::Service { service, field } => match names.services.get(&(service.clone(), *field)) {
                Some(Stands::Plain(text)) => plain.push_str(text),
                Some(Stands::Variable(name)) => variable(plain, name, out),
                Some(Stands::Parts(parts)) => write(parts, names, plain, out),
                None => {}
            },
        }
    }
}

/// A text for a file, in which nothing is expanded. What only variables hold is refused before anything is rendered.
pub fn file(text: &Text, names: &Names<'_>) -> String {
    let mut plain = String::new();
    write(&text.parts, names, &mut plain, &mut String::new());
    plain
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
