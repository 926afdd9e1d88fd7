//! The verbs in their order, once: parse, resolve. What follows, render and deliver, is the caller's choice.

use serde::Deserialize;

use crate::{
    app::{self, App, Resolved},
    layers::{self, Layered, Request},
    problem::{self, Problem, any_error},
    profile::Profile,
    source::Sources,
};

/// What became of a profile.
pub struct Outcome {
    /// Absent when an error is among the problems.
    pub app: Option<App>,
    /// Of the first phase that found an error, or of all phases.
    pub problems: Vec<Problem>,
    /// What the problems point into.
    pub sources: Sources,
    /// The merged profile, for fingerprints. Null when it could not be read.
    pub model: serde_json::Value,
    /// The names of all environments of the profile.
    pub environments: Vec<String>,
}

/// Reads, merges, checks and decides a profile.
pub fn app(request: &Request<'_>) -> Outcome {
    let mut layered = match layers::load(request) {
        Ok(layered) => layered,
        Err((problems, sources)) => {
            let (model, environments) = (serde_json::Value::Null, Vec::new());
            return Outcome { app: None, problems, sources, model, environments };
        }
    };
    let mut problems = layers::check(&layered);
    // What is not well-formed has nothing to hand on.
    if !any_error(&problems) {
        problems.extend(layers::inherit(&mut layered));
        problems.extend(layers::read_files(&mut layered, request));
        problems.extend(layers::read_extra(&mut layered, request));
    }
    let Layered { value: model, environments, provenance, warnings, disowned: _ } = layered;
    let environments = environments.into_iter().map(|(name, _)| name).collect();
    problems.extend(warnings);
    problem::sort(&mut problems);
    let sources = provenance.sources.clone();
    if any_error(&problems) {
        return Outcome { app: None, problems, sources, model, environments };
    }
    let profile = match Profile::deserialize(&model) {
        Ok(profile) => profile,
        // The schema is made of the same types, so this is a gap between the two, and ours to mend.
        Err(error) => unreachable!("the schema admitted what the types refuse: {error}"),
    };
    let Resolved { app, problems: found } = app::resolve(profile, provenance, request.env);
    problems.extend(found);
    problem::sort(&mut problems);
    Outcome { app, problems, sources, model, environments }
}
