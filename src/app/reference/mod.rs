//! References in values: `${secrets.NAME}`, `${inputs.NAME}`, `${ports.NAME}`, `${port}`, `${pod.NAME}`,
//! `${processes.NAME.url}`, and `${SERVICE.url}` or another field of a backing service.

mod line;
mod read;
mod unknown;

pub use self::{
    line::{command, line},
    read::{Names, Others, first, text},
};
use super::{services::Field, sibling::Address};

/// A text of literals and references, in order. Every target escapes it in its own way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    pub parts: Vec<Part>,
    /// Every reference as it was written: `inputs.REGION`, `port`.
    pub refers_to: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Literal(String),
    /// The value of a secret that is a variable.
    Secret(String),
    /// The value of an input.
    Input(String),
    /// What only the running pod knows.
    Pod(PodFact),
    /// What tells about a backing service.
    Service {
        service: String,
        field: Field,
    },
    /// Where a process of the app is.
    Process {
        process: String,
        address: Address,
    },
}

/// A fact about the pod that a process runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PodFact {
    Name,
    Namespace,
    Ip,
}

impl PodFact {
    pub const ALL: [PodFact; 3] = [PodFact::Name, PodFact::Namespace, PodFact::Ip];

    /// As it is written after `pod.`.
    pub fn name(self) -> &'static str {
        match self {
            PodFact::Name => "name",
            PodFact::Namespace => "namespace",
            PodFact::Ip => "ip",
        }
    }

    /// The variable that texts take it from.
    pub fn variable(self) -> &'static str {
        match self {
            PodFact::Name => "POD_NAME",
            PodFact::Namespace => "POD_NAMESPACE",
            PodFact::Ip => "POD_IP",
        }
    }
}

impl Text {
    pub fn literal(text: impl Into<String>) -> Self {
        Text { parts: vec![Part::Literal(text.into())], refers_to: Vec::new() }
    }

    /// What stands in the profile itself.
    pub fn literals(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Literal(text) => Some(text.as_str()),
            Part::Secret(_) | Part::Input(_) | Part::Pod(_) | Part::Service { .. } | Part::Process { .. } => None,
        })
    }

    /// The secret that is all of the text.
    pub fn only_secret(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Secret(name)] => Some(name),
            _ => None,
        }
    }

    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Secret(name) => Some(name.as_str()),
            Part::Literal(_) | Part::Input(_) | Part::Pod(_) | Part::Service { .. } | Part::Process { .. } => None,
        })
    }

    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Input(name) => Some(name.as_str()),
            Part::Literal(_) | Part::Secret(_) | Part::Pod(_) | Part::Service { .. } | Part::Process { .. } => None,
        })
    }

    /// The facts about the pod that are part of it.
    pub fn facts(&self) -> impl Iterator<Item = PodFact> {
        self.parts.iter().filter_map(|part| match part {
            Part::Pod(fact) => Some(*fact),
            Part::Literal(_) | Part::Secret(_) | Part::Input(_) | Part::Service { .. } | Part::Process { .. } => None,
        })
    }

    /// What it takes of backing services.
    pub fn services(&self) -> impl Iterator<Item = (&str, Field)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Service { service, field } => Some((service.as_str(), *field)),
            Part::Literal(_) | Part::Secret(_) | Part::Input(_) | Part::Pod(_) | Part::Process { .. } => None,
        })
    }

    /// The processes of the app that it leads to.
    pub fn processes(&self) -> impl Iterator<Item = (&str, Address)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Process { process, address } => Some((process.as_str(), *address)),
            Part::Literal(_) | Part::Secret(_) | Part::Input(_) | Part::Pod(_) | Part::Service { .. } => None,
        })
    }

    /// The fact about the pod that is all of it.
    pub fn fact(&self) -> Option<PodFact> {
        match self.parts.as_slice() {
            [Part::Pod(fact)] => Some(*fact),
            _ => None,
        }
    }

    /// What it takes of a backing service, if it is nothing else.
    pub fn only_service(&self) -> Option<(&str, Field)> {
        match self.parts.as_slice() {
            [Part::Service { service, field }] => Some((service, *field)),
            _ => None,
        }
    }
}
