//! The port that a probe asks: the main one, or one of `[ports]`.

use super::{NamedPort, findings::Findings};
use crate::{
    key::Key,
    problem::{Code, Problem, near::near},
    profile::{PortRef, Protocol},
};

/// Where it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskPort {
    Main,
    Named { name: String, number: u16 },
}

/// The ports that a probe may ask.
pub struct Ports<'a> {
    pub main: Option<u16>,
    pub named: &'a [NamedPort],
}

impl Ports<'_> {
    /// Those that answer. UDP has no connection that could be opened.
    fn tcp(&self) -> impl Iterator<Item = &NamedPort> {
        self.named.iter().filter(|port| port.protocol == Protocol::Tcp)
    }

    /// What can be written instead of a port that cannot be asked.
    fn instead(&self) -> String {
        let names = self.tcp().map(|port| format!("\"{}\"", port.name));
        let all: Vec<String> = self.main.map(|main| main.to_string()).into_iter().chain(names).collect();
        if all.is_empty() { "ask by `exec`".to_owned() } else { format!("write {}", all.join(" or ")) }
    }
}

/// A probe may only ask a port that the process declares, and that can be asked.
pub fn find(wanted: Option<PortRef>, ports: &Ports<'_>, key: &Key, findings: &mut Findings<'_>) -> Option<AskPort> {
    let is_meant = |port: &NamedPort| match &wanted {
        None => false,
        Some(PortRef::Number(number)) => port.number == *number,
        Some(PortRef::Name(name)) => port.name == *name,
    };
    let is_main = match &wanted {
        None => ports.main.is_some(),
        Some(PortRef::Number(number)) => ports.main == Some(*number),
        Some(PortRef::Name(_)) => false,
    };
    if is_main {
        return Some(AskPort::Main);
    }
    if let Some(port) = ports.tcp().find(|port| is_meant(port)) {
        return Some(AskPort::Named { name: port.name.clone(), number: port.number });
    }
    let Some(wanted) = &wanted else {
        no_main_port(ports, key, findings);
        return None;
    };
    let shown = match wanted {
        PortRef::Number(number) => number.to_string(),
        PortRef::Name(name) => format!("`{name}`"),
    };
    let key = key.below("port");
    let (title, label, help) = if ports.named.iter().any(is_meant) {
        (format!("a probe cannot ask port {shown}: it is UDP"), "declared as UDP", ports.instead())
    } else {
        let help = format!("declare it in `[ports]`, or {}", ports.instead());
        (format!("the process has no port {shown}"), "not declared", help)
    };
    let span = findings.provenance.value(&key);
    let problem = Problem::new(Code::UnknownPort, title).at(span.clone(), label);
    let meant = match wanted {
        PortRef::Name(name) => near(name, ports.tcp().map(|port| port.name.as_str())),
        PortRef::Number(_) => None,
    };
    findings.report(match meant {
        Some(meant) => problem.help(format!("did you mean `{meant}`?")).fix(span, format!("\"{meant}\"")),
        None => problem.help(help),
    });
    None
}

fn no_main_port(ports: &Ports<'_>, key: &Key, findings: &mut Findings<'_>) {
    findings.value(
        Code::UnknownPort,
        key,
        "the probe needs a port, and the process has no main one",
        "asks nothing",
        match ports.tcp().next() {
            Some(port) => format!("say which, as in `port = \"{}\"`, or set the main `port`", port.name),
            None => "set `port`, or ask by `exec`".to_owned(),
        },
    );
}
