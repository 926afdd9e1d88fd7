//! One profile: where its image is written, and what the profile is with another one.

use std::path::PathBuf;

use serde_json::Value;

use super::ImageArgs;
use crate::{
    cli::{
        profile::ProfileFile,
        rendering::{self, Reads},
    },
    edit::{self, Edit, Named, Unknown},
    flow::Outcome,
    key::Key,
    layers::{Layered, unusable_environment},
    problem::{Problem, any_error, near::near},
    source::{Sources, Span},
};

/// What became of a profile.
pub enum Looked {
    Changes(Box<Change>),
    /// It has no such image.
    Unknown(Unknown),
    /// It had errors before.
    Unread(Vec<Problem>, Sources),
    /// It has errors with the new image.
    Wrong(Vec<Problem>, Sources),
    Refused(String),
}

/// A profile with another image.
pub struct Change {
    /// Where it lies; nothing of standard input.
    pub real: Option<PathBuf>,
    pub text: String,
    was: Vec<u8>,
    pub told: String,
    pub warnings: Vec<String>,
}

impl Change {
    pub fn is_new(&self) -> bool {
        self.text.as_bytes() != self.was
    }
}

/// Looks what an image is in a profile, and sets it; `alone`, if no other profile is looked at.
pub fn look(file: ProfileFile, args: &ImageArgs, alone: bool) -> Looked {
    let layered = match rendering::layers(&file, None) {
        Ok(layered) => layered,
        Err((problems, sources)) => return Looked::Unread(problems, sources),
    };
    // A key means something in one profile; a name in each.
    if !alone && args.image.name.contains('.') {
        let why = format!(
            "`{}` is a key, and there are several profiles\nhelp: name one of them, or what runs the image: `orders-worker`",
            args.image.name
        );
        return Looked::Refused(why);
    }
    let is_known = args.env.as_ref().is_some_and(|env| layered.environments.contains_key(env));
    let merged = match args.env.as_deref().filter(|_| is_known).map(|env| rendering::layers(&file, Some(env))) {
        Some(Ok(merged)) => merged,
        Some(Err((problems, sources))) => return Looked::Unread(problems, sources),
        None => layered.clone(),
    };
    let named = match edit::meant(&args.image.name, &merged.value) {
        Ok(named) => named,
        Err(unknown) => return Looked::Unknown(unknown),
    };
    if let Some(env) = args.env.as_deref().filter(|_| !is_known) {
        return Looked::Refused(no_environment(env, &layered, &file.name));
    }
    change(file, args, &layered, &merged, &named)
}

/// An environment is more than an image, so that nobody makes one by the way: a misspelt one would be deployed.
fn no_environment(env: &str, layered: &Layered, profile: &str) -> String {
    if let Some((why, help)) = unusable_environment(env) {
        return format!("`{env}` is not the name of an environment: {why}\nhelp: {help}");
    }
    let names: Vec<String> = layered.environments.keys().map(|name| format!("`{name}`")).collect();
    let help = match near(env, layered.environments.keys().map(String::as_str)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if names.is_empty() => format!("it has none; write `[environments.{env}]` into it to add one"),
        None => format!("it has {}; write `[environments.{env}]` into it to add one", names.join(", ")),
    };
    format!("{profile} has no environment `{env}`\nhelp: {help}")
}

fn change(mut file: ProfileFile, args: &ImageArgs, layered: &Layered, merged: &Layered, named: &Named) -> Looked {
    let image = args.image.image.as_str();
    let key = match &args.env {
        None => named.key.clone(),
        Some(env) => named.key.segments().fold(Key::new("environments").child(env), |key, one| key.child(one)),
    };
    let text = String::from_utf8_lossy(&file.text).into_owned();
    let edit = match edit::set(&text, &key, image) {
        Ok(edit) => edit,
        Err(_) => {
            let why = format!("{}: `{key}` cannot be set here\nhelp: write it into the file by hand", file.name);
            return Looked::Refused(why);
        }
    };
    let before = file.clone();
    file.text = edit.text.clone().into_bytes();
    if let Some((problems, sources)) = problems(&file, &before, args, layered) {
        return Looked::Wrong(problems, sources);
    }
    let told = told(&file, &edit, &key, named, merged, image);
    let warnings = warnings(args, layered, named);
    Looked::Changes(Box::new(Change { real: file.real(), text: edit.text, was: before.text, told, warnings }))
}

/// The errors of the first reading that the change has spoilt: of what was set, or of any environment.
fn problems(
    file: &ProfileFile,
    before: &ProfileFile,
    args: &ImageArgs,
    layered: &Layered,
) -> Option<(Vec<Problem>, Sources)> {
    let read = |file: &ProfileFile, env: Option<&str>| rendering::read(file, &[], env, &mut Reads::default());
    let own = args.env.as_deref();
    let environments = layered.environments.keys().map(|env| Some(env.as_str())).chain([None]);
    let others = environments.filter(|env| *env != own);
    // What is set must hold; all others, only as far as they did.
    for env in [own].into_iter().chain(others) {
        let Outcome { problems, sources, .. } = read(file, env);
        if !any_error(&problems) {
            continue;
        }
        if env == own || !any_error(&read(before, env).problems) {
            return Some((problems, sources));
        }
    }
    None
}

/// `profile.toml:2: image: ghcr.io/acme/orders:1.4.2 → ghcr.io/acme/orders:1.5.0`.
fn told(file: &ProfileFile, edit: &Edit, key: &Key, named: &Named, merged: &Layered, image: &str) -> String {
    let line = edit.text[..edit.place.start].matches('\n').count() + 1;
    let at = format!("{}:{line}: {key}", file.name);
    let sources = &merged.provenance.sources;
    let origin = merged.provenance.origins.get(&named.key).map(|origin| &origin.value);
    match (&named.image, origin) {
        (Some(was), Some(span)) if is_replaced(span, merged, key) => match was == image {
            true => format!("{at}: {image} already"),
            false => format!("{at}: {was} → {image}"),
        },
        (Some(was), Some(span)) => format!("{at}: {image} is new, over {was} ({})", sources.line(span)),
        _ => format!("{at}: {image} is new"),
    }
}

/// Whether what was there stood at the very key, in the profile itself.
fn is_replaced(span: &Span, merged: &Layered, key: &Key) -> bool {
    let there = merged.provenance.origins.get(key).map(|origin| &origin.value);
    span.source == 0 && there == Some(span)
}

/// What keeps another image than one may think.
fn warnings(args: &ImageArgs, layered: &Layered, named: &Named) -> Vec<String> {
    let image = args.image.image.as_str();
    let mut warnings = Vec::new();
    if args.env.is_none() {
        let own = |value: &Value| {
            let value = named.key.segments().try_fold(value, |value, segment| value.get(segment))?;
            value.as_str().filter(|own| *own != image).map(str::to_owned)
        };
        for (env, value) in &layered.environments {
            if let Some(own) = own(value) {
                let name = &args.image.name;
                warnings.push(format!(
                    "environment `{env}` keeps {own}\nhelp: `render set image {name}={image} --env {env}` sets it there"
                ));
            }
        }
    }
    let stays = |other: &&Named| other.key != named.key && other.image.is_some() && other.image == named.image;
    for other in edit::images(&layered.value).iter().filter(stays).filter(|one| one.image.as_deref() != Some(image)) {
        warnings.push(format!(
            "`{}` keeps {}\nhelp: `render set image {}={image}` sets it too",
            other.name,
            other.image.as_deref().unwrap_or_default(),
            other.name
        ));
    }
    warnings
}
