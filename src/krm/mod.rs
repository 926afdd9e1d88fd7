//! A KRM function: a ResourceList with a profile in it → the same list with what the profile renders to (Configuration
//! Functions Specification, v1).
//!
//! Every item passes through, the profile too: what a function leaves out, `kpt` deletes from the disk. What this function
//! wrote before is replaced where it stands, or taken away if it is rendered no more, so a second run changes nothing.

mod config;
mod identity;
mod list;
mod merge;
mod results;

use std::io;

use self::{
    config::{Config, Wrong},
    list::{Document, Slot},
    results::Finding,
};
use crate::{
    flow::{self, Outcome},
    layers::Request,
    problem::{self, Severity, any_error},
    targets::Wish,
    tree::Node,
};

/// The API of profiles as objects.
pub const API: (&str, &str) = ("render.dev/v1alpha1", "RenderProfile");

/// What a run of the function gives back.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The list; absent if what came in is none. After an error its items are those that came in.
    pub list: Option<String>,
    /// What people are told, the worst first.
    pub told: Vec<(Severity, String)>,
}

impl Answer {
    /// Whether the run must fail.
    pub fn is_error(&self) -> bool {
        self.told.iter().any(|(severity, _)| *severity == Severity::Error)
    }

    fn refused(why: String) -> Self {
        Answer { list: None, told: vec![(Severity::Error, format!("error: {why}"))] }
    }
}

/// Runs the function on a text.
pub fn run(text: &str) -> Answer {
    let document = match Document::new(text) {
        Ok(document) => document,
        Err(why) => return Answer::refused(why),
    };
    match rendered(&document) {
        Ok((rendered, config, mut findings)) => {
            let merged = merge::merge(&document, rendered, &config);
            findings.extend(merged.findings);
            answer(&document, &merged.slots, findings)
        }
        Err(findings) => answer(&document, &document.kept(), findings),
    }
}

fn answer(document: &Document<'_>, slots: &[Slot], mut findings: Vec<Finding>) -> Answer {
    findings.sort_by_key(|finding| finding.severity);
    let results: Vec<Node> = findings.iter().map(Finding::result).collect();
    let told = findings.into_iter().map(|finding| (finding.severity, finding.told)).collect();
    Answer { list: Some(document.write(slots, results)), told }
}

/// The objects of the profile, each with the name of its file.
type Rendered = Vec<(String, Node)>;

/// Renders the profile of the list, or says why not.
fn rendered<'a>(document: &'a Document<'_>) -> Result<(Rendered, Config<'a>, Vec<Finding>), Vec<Finding>> {
    let config = match document.config() {
        Some(config) => Config::new(config, &document.config_text()),
        None => Err(vec![Wrong {
            path: "functionConfig".into(),
            why: format!("there is no functionConfig: give the function a profile, as `kind: {}`", API.1),
        }]),
    };
    let config = config.map_err(|wrong| wrong.into_iter().map(Finding::wrong).collect::<Vec<_>>())?;
    let read = |path: &str| config.file(path);
    let list = |_: &str| Err(io::Error::other("a function of a pipeline lists no folders"));
    let set = config.set();
    let request = Request {
        name: config.name(),
        text: config.text().as_bytes(),
        syntax: config.syntax(),
        env: config.env.as_deref(),
        set: &set,
        read: &read,
        list: &list,
    };
    let Outcome { app, mut problems, sources, model: _, environments: _ } = flow::app(&request);
    let mut files = Vec::new();
    if let Some(app) = &app {
        let rendered = (config.target.render)(&Wish { app, base: None, dev: false, full: false });
        problems.extend(rendered.problems);
        problem::sort(&mut problems);
        files = rendered.bundle.files;
    }
    let mut findings: Vec<Finding> = problems.iter().map(|one| Finding::problem(one, &sources, &config)).collect();
    let Some(app) = app.filter(|_| !any_error(&problems)) else { return Err(findings) };
    if files.is_empty() {
        let why = format!("the profile renders to no object for `{}`", config.target.name);
        findings.push(Finding::wrong(Wrong { path: "functionConfig".into(), why }));
        return Err(findings);
    }
    let rendered = files.into_iter().map(|file| (file.path, file.root)).collect();
    Ok((rendered, config.of_app(&app.name), findings))
}
