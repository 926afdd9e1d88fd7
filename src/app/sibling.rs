//! Where the app's own processes are reached: `${processes.NAME.url}`, `.host` and `.port`.

use std::collections::BTreeMap;

use super::{App, Process, defaults};
use crate::{
    key::Key,
    profile::{self, ProcessName},
};

/// What a value can refer to of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Address {
    Url,
    Host,
    /// That others reach its main port by.
    Port,
}

impl Address {
    pub const ALL: [Address; 3] = [Address::Url, Address::Host, Address::Port];

    /// As it is written after the name of the process.
    pub fn name(self) -> &'static str {
        match self {
            Address::Url => "url",
            Address::Host => "host",
            Address::Port => "port",
        }
    }
}

/// The app's processes by name, before they are decided.
pub type Siblings = BTreeMap<String, Open>;

/// What of a process is open to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// The main port.
    pub main: bool,
    /// Any port.
    pub any: bool,
}

impl Open {
    fn of(wanted: &profile::Process) -> Self {
        let entered = wanted.service.as_ref().is_some_and(|service| service.to.is_some());
        let main = wanted.port.is_some() || wanted.server.is_some() || entered;
        Open { main, any: main || wanted.ports.as_ref().is_some_and(|ports| !ports.is_empty()) }
    }

    pub fn has(self, address: Address) -> bool {
        match address {
            Address::Host => self.any,
            Address::Url | Address::Port => self.main,
        }
    }
}

pub fn siblings(main: (&str, &profile::Process), others: Option<&BTreeMap<ProcessName, profile::Sibling>>) -> Siblings {
    let others = others.into_iter().flatten().map(|(name, one)| (name.0.clone(), Open::of(&one.process)));
    std::iter::once((main.0.to_owned(), Open::of(main.1))).chain(others).collect()
}

/// Where a target has a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub host: String,
    pub port: u16,
    /// Whether TLS is spoken there.
    pub tls: bool,
}

impl Place {
    /// What stands for a reference. A port that everybody takes for granted is left out of a URL (RFC 3986, section
    /// 3.2.3).
    pub fn address(&self, address: Address) -> String {
        let Place { host, port, tls } = self;
        let (scheme, usual) = if *tls { ("https", defaults::HTTPS_PORT) } else { ("http", defaults::HTTP_PORT) };
        match address {
            Address::Host => host.clone(),
            Address::Port => port.to_string(),
            Address::Url if *port == usual => format!("{scheme}://{host}"),
            Address::Url => format!("{scheme}://{host}:{port}"),
        }
    }
}

impl App {
    /// A lasting process, by its name.
    pub fn process(&self, name: &str) -> Option<&Process> {
        self.processes.iter().find(|process| process.name == name)
    }

    /// What decides where a process is, of what decides its host and its port in a target.
    pub fn address_keys(&self, process: &Process, address: Address, host: Vec<Key>, port: Vec<Key>) -> Vec<Key> {
        match address {
            Address::Host => host,
            Address::Port => port,
            Address::Url => [host, port, self.tls_keys(self.entrance(process))].concat(),
        }
    }

    /// What decides whether TLS is spoken. A probe that is not there could say so.
    pub fn tls_keys(&self, process: &Process) -> Vec<Key> {
        let all = ["probes.liveness", "probes.readiness", "probes.startup"].into_iter();
        let silent = all.filter(|name| self.is_silent(process, name));
        process.keys(&process.tls_probes().chain(silent).collect::<Vec<_>>())
    }
}
