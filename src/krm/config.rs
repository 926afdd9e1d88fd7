//! The functionConfig: a profile as an object, or a ConfigMap with its file.

use std::{borrow::Cow, io};

use super::{API, identity};
use crate::{
    layers::Syntax,
    problem::near::near,
    targets::{self, Target},
    tree::{Read, Spot},
};

/// What a functionConfig asks for.
pub struct Config<'a> {
    /// The functionConfig.
    pub root: &'a Spot,
    /// Its own text, that problems point into.
    written: Written<'a>,
    /// Whose the objects are.
    pub mark: String,
    pub env: Option<String>,
    pub target: &'static Target,
    /// Whether new objects are told the files that they belong into.
    pub paths: bool,
}

enum Written<'a> {
    /// The keys of the profile, under `spec`.
    Spec { text: String, name: Option<String> },
    /// `profile.toml` among the data of a ConfigMap.
    File { text: &'a str },
}

/// What is wrong with the functionConfig itself, and where.
pub struct Wrong {
    pub path: String,
    pub why: String,
}

const FILE: &str = "profile.toml";
const OPTIONS: [&str; 3] = ["env", "target", "paths"];

/// What `kpt fn eval … -- env=prod` calls the ConfigMap that it makes.
const MADE: &str = "function-input";

impl<'a> Config<'a> {
    /// Takes a functionConfig apart, of which `text` is a YAML document.
    pub fn new(root: &'a Spot, text: &str) -> Result<Self, Vec<Wrong>> {
        let word = |key| root.get(key).and_then(Spot::as_text).unwrap_or_default();
        let name = identity::metadata(root, "name").unwrap_or_default().to_owned();
        let mut wrong = Vec::new();
        let (written, options) = match (word("apiVersion"), word("kind")) {
            (api, kind) if (api, kind) == API => {
                known(root, &["apiVersion", "kind", "metadata", "options", "spec"], "", &mut wrong);
                let options = root.get("options").map_or(&[][..], Spot::entries);
                if let Some(options) = root.get("options") {
                    known(options, &OPTIONS, "options.", &mut wrong);
                }
                if !root.get("spec").is_some_and(|spec| matches!(spec.value, Read::Map(_))) {
                    let why = "`spec` is missing: it takes the keys of the profile".to_owned();
                    wrong.push(Wrong { path: "spec".into(), why });
                }
                let is_named = root.get("spec").is_some_and(|spec| spec.get("name").is_some());
                let name = Some(name.clone()).filter(|name| !is_named && !name.is_empty());
                (Written::Spec { text: text.to_owned(), name }, options)
            }
            ("v1", "ConfigMap") => {
                let data = root.get("data").map_or(&[][..], Spot::entries);
                let is_option = |entry: &&(Spot, Spot)| entry.0.as_text().is_some_and(|key| !key.contains('.'));
                for (key, _) in data.iter().filter(is_option) {
                    unknown(key.as_text().unwrap_or_default(), &OPTIONS, "data.", &mut wrong);
                }
                let text = root.get("data").and_then(|data| data.get(FILE)).and_then(Spot::as_text);
                if text.is_none() {
                    let why = format!("the ConfigMap has no `{FILE}` among its data");
                    wrong.push(Wrong { path: format!("data[{FILE}]"), why });
                }
                (Written::File { text: text.unwrap_or_default() }, data)
            }
            (api, kind) => {
                let why = format!(
                    "this function takes `{}` of `{}`, or a ConfigMap with a `{FILE}`, and no `{kind}` of `{api}`",
                    API.1, API.0
                );
                return Err(vec![Wrong { path: "kind".into(), why }]);
            }
        };
        let at = if matches!(written, Written::File { .. }) { "data" } else { "options" };
        let env = text_of(options, "env", at, &mut wrong).filter(|env| !env.is_empty()).map(str::to_owned);
        let target = target(text_of(options, "target", at, &mut wrong), at, &mut wrong);
        let paths = flag(options, at, &mut wrong);
        match target.filter(|_| wrong.is_empty()) {
            Some(target) => Ok(Config { root, written, mark: name, env, target, paths }),
            None => Err(wrong),
        }
    }

    /// The mark is the object's name: what two profiles of one package render is told apart by it. Where nobody gave the
    /// object a name, it is the app's.
    pub fn of_app(mut self, app: &str) -> Self {
        if self.mark.is_empty() || self.mark == MADE {
            self.mark = app.to_owned();
        }
        self
    }

    /// What problems call it.
    pub fn name(&self) -> &'static str {
        match self.written {
            Written::Spec { .. } => "functionConfig",
            Written::File { .. } => FILE,
        }
    }

    pub fn text(&self) -> &str {
        match &self.written {
            Written::Spec { text, .. } => text,
            Written::File { text } => text,
        }
    }

    pub fn syntax(&self) -> Syntax<'static> {
        match self.written {
            Written::Spec { .. } => Syntax::Yaml("spec"),
            Written::File { .. } => Syntax::Toml,
        }
    }

    /// Whether the keys of the profile are fields.
    pub fn has_fields(&self) -> bool {
        matches!(self.written, Written::Spec { .. })
    }

    /// The object's name is the app's, unless that has its own.
    pub fn set(&self) -> Vec<String> {
        match &self.written {
            Written::Spec { name: Some(name), .. } => vec![format!("name={name}")],
            Written::Spec { name: None, .. } | Written::File { .. } => Vec::new(),
        }
    }

    /// A file that the profile names: the data of a ConfigMap are all that a function has.
    pub fn file(&self, path: &str) -> io::Result<Vec<u8>> {
        let found = match self.written {
            Written::File { .. } => self.root.get("data").and_then(|data| data.get(path)).and_then(Spot::as_text),
            Written::Spec { .. } => None,
        };
        let why = "a function of a pipeline reads no files, but those among the data of its ConfigMap";
        found.map(|text| text.as_bytes().to_vec()).ok_or_else(|| io::Error::other(why))
    }
}

fn known(map: &Spot, known: &[&str], at: &str, wrong: &mut Vec<Wrong>) {
    map.entries().iter().filter_map(|(key, _)| key.as_text()).for_each(|key| unknown(key, known, at, wrong));
}

fn unknown(key: &str, known: &[&str], at: &str, wrong: &mut Vec<Wrong>) {
    if known.contains(&key) {
        return;
    }
    let help: Cow<'_, str> = match near(key, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?").into(),
        None => format!("there is {}", known.join(", ")).into(),
    };
    wrong.push(Wrong { path: format!("{at}{key}"), why: format!("`{at}{key}` is unknown: {help}") });
}

fn option<'a>(options: &'a [(Spot, Spot)], name: &str) -> Option<&'a Spot> {
    options.iter().find(|(key, _)| key.as_text() == Some(name)).map(|(_, value)| value)
}

fn text_of<'a>(options: &'a [(Spot, Spot)], name: &str, at: &str, wrong: &mut Vec<Wrong>) -> Option<&'a str> {
    let value = option(options, name)?;
    if value.as_text().is_none() && value.value != Read::Null {
        wrong.push(Wrong { path: format!("{at}.{name}"), why: format!("`{at}.{name}` takes a text") });
    }
    value.as_text()
}

fn target(name: Option<&str>, at: &str, wrong: &mut Vec<Wrong>) -> Option<&'static Target> {
    let found = targets::of_objects(name);
    found.map_err(|why| wrong.push(Wrong { path: format!("{at}.target"), why })).ok()
}

fn flag(options: &[(Spot, Spot)], at: &str, wrong: &mut Vec<Wrong>) -> bool {
    match option(options, "paths").map(|value| &value.value) {
        None | Some(Read::Null | Read::Bool(true)) => true,
        Some(Read::Bool(false)) => false,
        // A ConfigMap has texts alone.
        Some(Read::Text(text)) if text == "true" => true,
        Some(Read::Text(text)) if text == "false" => false,
        Some(_) => {
            let why = format!("`{at}.paths` is `true` or `false`");
            wrong.push(Wrong { path: format!("{at}.paths"), why });
            true
        }
    }
}
