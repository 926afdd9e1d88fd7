//! `[env]` and `[secrets]`: what the source reads, told by what the profile knows.

use std::collections::BTreeMap;

use super::{Language, Seen};
use crate::{
    app,
    init::{
        facts::{Backing, Default, Fact, Read, Secret, Start, Value, Variable},
        python::settings,
        services,
    },
};

/// What the environment of an app holds.
#[derive(std::default::Default)]
pub(super) struct Variables {
    pub env: Vec<Variable>,
    pub secrets: Vec<Secret>,
    /// Where a database in a file lies.
    pub data: Option<Fact<String>>,
}

/// Those that the renderer, the server or the system sets, and those that only a developer's machine has.
const FOREIGN: &[&str] = &[
    "CELERY_WORKER_CONCURRENCY",
    "CI",
    "DISPLAY",
    "EDITOR",
    "FORWARDED_ALLOW_IPS",
    "GUNICORN_CMD_ARGS",
    "HOME",
    "HOST",
    "HOSTNAME",
    "LANG",
    "LOGNAME",
    "PATH",
    "PORT",
    "PWD",
    "PYTHONPATH",
    "PYTEST_CURRENT_TEST",
    "SHELL",
    "TERM",
    "TMPDIR",
    "TZ",
    "USER",
    "VIRTUAL_ENV",
    "WEB_CONCURRENCY",
    "DJANGO_SETTINGS_MODULE",
    "NODE_ENV",
    "POD_NAME",
    "POD_NAMESPACE",
    "POD_IP",
];
const FOREIGN_BEGINNINGS: &[&str] =
    &["UVICORN_", "GRANIAN_", "KUBERNETES_", "TEST_", "PYTEST_", "GITHUB_", "VSCODE_", "npm_"];

/// So many variables with a value of their own are shown; more would hide the rest.
const MOST_SHOWN: usize = 25;

impl Seen<'_> {
    pub(super) fn variables(&self, start: &Start, backing: &mut [Backing], hints: &mut Vec<String>) -> Variables {
        let reads = self.reads();
        let examples = self.examples();
        let mut all = Variables::default();
        self.path(start, &mut all, hints);
        let (bound, mut rest) = bind(reads, &examples, backing);
        for (service, bound) in backing.iter().zip(&bound) {
            if bound.is_empty() {
                let (name, value) = services::habit(service, &self.dependencies());
                rest.retain(|read| read.name != name);
                all.refer(name, Fact::guessed(value, "nothing was found that reads it by this name"));
            }
        }
        for (read, value) in bound.into_iter().flatten() {
            all.refer(&read.name, Fact::found(value, read.at));
        }
        let has_sql = backing.iter().any(|one| services::is_sql(one.kind));
        for read in rest {
            if has_sql || all.data.is_some() || !file_database(&read, &mut all) {
                other(read, &examples, backing, &mut all);
            }
        }
        let file = self.django.as_ref().and_then(|django| django.sqlite.clone());
        if let Some(at) = file.filter(|_| !has_sql && all.data.is_none()) {
            hints.push(format!("{at} keeps the database in a file beside the code, where nothing can be written: let it lie below /data"));
            all.data = Some(Fact::found("/data".to_owned(), at));
        }
        shorten(&mut all, hints);
        all
    }

    /// Kinds of services that values of the source and of examples lead to, by the schemes of their URLs.
    pub(super) fn schemes(&self) -> Vec<(&'static str, String)> {
        let (reads, examples) = (self.reads(), self.examples());
        let own = reads
            .values()
            .filter_map(|read| if let Default::Text(text) = &read.default { Some((text, &read.at)) } else { None });
        let example = examples.iter().filter(|(name, _)| reads.contains_key(*name)).map(|(_, (text, at))| (text, at));
        let kinds = own.chain(example).filter_map(|(text, at)| Some((services::of_scheme(text)?, at.clone())));
        kinds.collect()
    }

    fn reads(&self) -> BTreeMap<String, Read> {
        let mut reads = match (self.language, &self.node) {
            (Language::Python, _) => settings::reads(&self.source),
            (Language::Node, Some(node)) => node.reads.iter().map(|read| (read.name.clone(), read.clone())).collect(),
            _ => BTreeMap::new(),
        };
        let foreign =
            |name: &str| FOREIGN.contains(&name) || FOREIGN_BEGINNINGS.iter().any(|start| name.starts_with(start));
        reads.retain(|name, _| !foreign(name));
        reads
    }

    /// What examples of `.env` say, and where.
    fn examples(&self) -> BTreeMap<String, (String, String)> {
        let mut found = BTreeMap::new();
        for (path, text) in self.project.examples(self.folder).chain(self.project.examples("")) {
            for (number, line) in text.lines().enumerate() {
                let line = line.trim().trim_start_matches("export ");
                if let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
                    let value = value.split(" #").next().unwrap_or(value).trim().trim_matches(['"', '\'']);
                    found
                        .entry(name.trim().to_ascii_uppercase())
                        .or_insert_with(|| (value.to_owned(), format!("{path}:{}", number + 1)));
                }
            }
        }
        found
    }
}

impl Variables {
    pub(super) fn tell(&mut self, name: String, value: Fact<String>) {
        let value = Fact { value: Value::Text(value.value), from: value.from };
        self.env.push(Variable { name, value, is_comment: false });
    }

    fn refer(&mut self, name: &str, value: Fact<String>) {
        if self.env.iter().all(|one| one.name != name) {
            let value = Fact { value: Value::Reference(value.value), from: value.from };
            self.env.push(Variable { name: name.to_owned(), value, is_comment: false });
        }
    }

    /// What the source knows a value of.
    fn mention(&mut self, name: String, value: Fact<String>) {
        self.tell(name, value);
        self.env.last_mut().expect("it was told").is_comment = true;
    }
}

/// What each service tells, and what none does.
fn bind(
    reads: BTreeMap<String, Read>,
    examples: &BTreeMap<String, (String, String)>,
    backing: &mut [Backing],
) -> (Vec<Vec<(Read, String)>>, Vec<Read>) {
    let mut bound: Vec<Vec<(Read, String)>> = vec![Vec::new(); backing.len()];
    let mut rest = Vec::new();
    for read in reads.into_values() {
        let text = if let Default::Text(text) = &read.default { Some(text) } else { None };
        let kind =
            text.or_else(|| examples.get(&read.name).map(|(text, _)| text)).and_then(|text| services::of_scheme(text));
        match services::bound(&read.name, kind, backing) {
            Some((at, value)) => {
                scheme(&read, examples, &mut backing[at]);
                bound[at].push((read, value));
            }
            None => rest.push(read),
        }
    }
    // A URL that the source puts together of parts may be one without a scheme, or with another.
    for bound in &mut bound {
        if bound.iter().any(|(_, value)| value.ends_with(".host}")) {
            bound.retain(|(read, value)| read.default != Default::Computed || !value.ends_with(".url}"));
        }
    }
    (bound, rest)
}

/// The driver that the URL's reader expects, if it says one.
fn scheme(read: &Read, examples: &BTreeMap<String, (String, String)>, service: &mut Backing) {
    let own = if let Default::Text(text) = &read.default { Some((text.as_str(), read.at.as_str())) } else { None };
    let example = examples.get(&read.name).map(|(text, at)| (text.as_str(), at.as_str()));
    let Some(facts) = app::CATALOGUE.iter().find(|facts| facts.name == service.kind) else { return };
    for (text, at) in own.into_iter().chain(example) {
        let Some((scheme, _)) = text.split_once("://") else { continue };
        let plain = scheme.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '+' || c == '_');
        let known =
            facts.url.as_ref().is_some_and(|url| url.schemes.contains(&scheme.split('+').next().unwrap_or_default()));
        if plain && known && !scheme.ends_with('+') {
            service.driver = Some(Fact::found(scheme.to_owned(), at.to_owned()));
            return;
        }
    }
}

/// A database in a file goes where it can be written, and stays.
fn file_database(read: &Read, all: &mut Variables) -> bool {
    let Default::Text(text) = &read.default else { return false };
    let Some((scheme, rest)) = text.split_once(":///").filter(|(scheme, _)| scheme.starts_with("sqlite")) else {
        return false;
    };
    let name = rest
        .rsplit('/')
        .next()
        .filter(|name| !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric() || b"._-".contains(&c)));
    let Some(name) = name else { return false };
    all.tell(read.name.clone(), Fact::found(format!("{scheme}:////data/{name}"), read.at.clone()));
    all.data = Some(Fact::found("/data".to_owned(), read.at.clone()));
    true
}

/// A variable that no service explains.
fn other(read: Read, examples: &BTreeMap<String, (String, String)>, backing: &[Backing], all: &mut Variables) {
    let Read { name, at, default, is_plain } = read;
    let secret = !is_plain && app::names_secret(&name);
    let about = about(&name, &at);
    match default {
        // Of a service that the app could have instead.
        Default::Computed | Default::Text(_) if secret && services::is_of_another(&name, backing) => {}
        Default::None | Default::Computed | Default::Text(_) if secret => {
            all.secrets.push(Secret { name, about, optional: false, comment: "" });
        }
        Default::Empty if secret => all.secrets.push(Secret { name, about, optional: true, comment: "" }),
        Default::None => {
            let fits = |value: &str| is_value(value) && (!is_plain || is_plain_value(value));
            let example = examples.get(&name).filter(|(value, _)| fits(value) && !app::holds_secret(&name, value));
            match example {
                Some((value, place)) => {
                    all.tell(name, Fact::guessed(value.clone(), format!("as in {place}; needed: {at}")))
                }
                // Nobody knows it yet: whoever deploys is asked for it.
                None => {
                    let comment = "needed, and its value is not known: if everybody may know it, write it into [env]";
                    all.secrets.push(Secret { name, about, optional: false, comment });
                }
            }
        }
        Default::Text(value) if app::holds_secret(&name, &value) => {}
        Default::Text(value) => all.mention(name, Fact::found(value, at)),
        Default::Empty => all.mention(name, Fact::found(String::new(), at)),
        Default::Computed => {}
    }
}

/// Whether an example is a value, and not what stands for one.
fn is_value(text: &str) -> bool {
    let lower = text.to_lowercase();
    let stands_for = ["change", "your", "xxx", "...", "todo", "replace"].iter().any(|word| lower.contains(word));
    !text.is_empty() && lower != "example" && !text.contains(['$', '<', '>', '{']) && !stands_for
}

/// A number, or yes and no.
fn is_plain_value(text: &str) -> bool {
    let lower = text.to_lowercase();
    text.parse::<f64>().is_ok() || ["true", "false", "yes", "no", "on", "off"].contains(&lower.as_str())
}

/// For whoever fills in the secret.
fn about(name: &str, at: &str) -> String {
    match name {
        "SECRET_KEY" | "DJANGO_SECRET_KEY" | "JWT_SECRET" | "JWT_SECRET_KEY" | "SESSION_SECRET" => {
            format!("signs tokens and sessions: 50 random characters; read at {at}")
        }
        _ => format!("read at {at}"),
    }
}

fn shorten(all: &mut Variables, hints: &mut Vec<String>) {
    let shown = all.env.iter().filter(|one| one.is_comment).count();
    if shown > MOST_SHOWN {
        let mut seen = 0;
        all.env.retain(|one| {
            seen += usize::from(one.is_comment);
            !one.is_comment || seen <= MOST_SHOWN
        });
        hints.push(format!("the source reads {} more variables that it has a value for", shown - MOST_SHOWN));
    }
    // Those that are set come first, and the PATH before all of them.
    all.env.sort_by_key(|one| (one.is_comment, one.name != "PATH"));
}
