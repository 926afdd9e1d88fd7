//! The variables that the source reads: fields of pydantic's settings, `os.environ`, and the readers of django-environ,
//! environs, decouple and Starlette.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Source, at,
    lines::Line,
    syntax::{Assignment, Call, is_name, literal, split},
};
use crate::init::facts::{Default, Read};

/// Each once, by name.
pub fn reads(source: &Source<'_>) -> BTreeMap<String, Read> {
    let mut all: BTreeMap<String, Read> = BTreeMap::new();
    let classes = settings_classes(source);
    for (path, lines) in &source.files {
        for read in fields(path, lines, &classes).into_iter().chain(lines.iter().flat_map(|line| environ(path, line))) {
            // What is needed somewhere is needed.
            let known = all.get(&read.name);
            if known.is_none_or(|known| read.default == Default::None && known.default != Default::None) {
                all.insert(read.name.clone(), read);
            }
        }
    }
    all
}

/// Classes that are made of `BaseSettings`, also by way of each other.
fn settings_classes<'a>(source: &'a Source<'_>) -> BTreeSet<&'a str> {
    let heads = || source.all().filter_map(|(_, line)| line.text.strip_prefix("class ").and_then(Call::read));
    let mut found = BTreeSet::from(["BaseSettings"]);
    loop {
        let base = |base: &&str| found.contains(base.rsplit('.').next().unwrap_or(base));
        let more: Vec<&str> = heads()
            .filter(|call| call.args.iter().any(base))
            .map(|call| call.callee)
            .filter(|name| !found.contains(name))
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

/// The fields of the settings of a file.
fn fields(path: &str, lines: &[Line], classes: &BTreeSet<&str>) -> Vec<Read> {
    let mut all = Vec::new();
    for (start, head) in lines.iter().enumerate() {
        let call = head.text.strip_prefix("class ").and_then(Call::read);
        let is_settings = call
            .is_some_and(|call| call.args.iter().any(|base| classes.contains(base.rsplit('.').next().unwrap_or(base))));
        if !is_settings {
            continue;
        }
        let body: Vec<&Line> = lines[start + 1..].iter().take_while(|line| line.indent > head.indent).collect();
        let Some(indent) = body.first().map(|line| line.indent) else { continue };
        let prefix = prefix(&body);
        for (i, line) in body.iter().enumerate().filter(|(_, line)| line.indent == indent) {
            let is_method = i > 0 && body[i - 1].text.starts_with('@');
            all.extend(field(line, &prefix).filter(|_| !is_method).map(|(name, default, is_plain)| Read {
                name,
                at: at(path, line),
                default,
                is_plain,
            }));
        }
    }
    all
}

/// What stands before all names of a class.
fn prefix(body: &[&Line]) -> String {
    let found = body.iter().find_map(|line| {
        let after = line.text.split_once("env_prefix")?.1.trim_start_matches(['"', '\'']).trim_start();
        let value = after.strip_prefix(['=', ':'])?.trim();
        literal(split(value.trim_end_matches([')', '}']), ',').first()?)
    });
    found.unwrap_or_default().to_owned()
}

fn field(line: &Line, prefix: &str) -> Option<(String, Default, bool)> {
    let Assignment { name, annotation: Some(annotation), value } = Assignment::read(&line.text)? else { return None };
    let foreign = ["ClassVar", "Settings", "Config", "PrivateAttr"].iter().any(|word| annotation.contains(word));
    if foreign || name.starts_with('_') || name == "model_config" {
        return None;
    }
    let call = value.and_then(Call::read).filter(|call| call.name() == "Field");
    let named =
        call.as_ref().and_then(|call| ["validation_alias", "alias", "env"].iter().find_map(|key| call.named(key)));
    let own = named.and_then(literal).map(str::to_owned);
    let name = own.unwrap_or_else(|| format!("{prefix}{name}")).to_ascii_uppercase();
    let given = match &call {
        Some(call) if call.named("default_factory").is_some() => Some("…()"),
        Some(call) => call.named("default").or_else(|| call.positional(0)),
        None => value,
    };
    let is_plain =
        ["int", "float", "bool", "timedelta"].iter().any(|word| split(annotation, '|').first() == Some(word));
    is_name(&name).then(|| (name, default(given), is_plain))
}

/// What is taken when nothing is set.
fn default(value: Option<&str>) -> Default {
    match value {
        None | Some("...") => Default::None,
        Some("None") => Default::Empty,
        Some(value) => match literal(value) {
            Some("") => Default::Empty,
            Some(text) => Default::Text(text.to_owned()),
            None if value.parse::<f64>().is_ok() => Default::Text(value.to_owned()),
            None if matches!(value, "True" | "False") => Default::Text(value.to_lowercase()),
            None => Default::Computed,
        },
    }
}

/// Readers of one variable each: what they are called, and whether they give nothing back for what is not set.
const READERS: &[(&str, bool)] =
    &[("os.environ.get", true), ("environ.get", true), ("os.getenv", true), ("getenv", true), ("get_env", true)];
/// Readers that stop at what is not set.
const STRICT: &[&str] = &[
    "env",
    "env.str",
    "env.int",
    "env.bool",
    "env.list",
    "env.url",
    "env.db",
    "env.cache",
    "config",
    "decouple.config",
    "env.db_url",
    "env.float",
    "env.json",
    "env.dj_db_url",
];

fn environ(path: &str, line: &Line) -> Vec<Read> {
    let text = &line.text;
    let mut found = Vec::new();
    let mut add = |name: &str, default: Default, is_plain: bool| {
        if is_name(name) && name == name.to_ascii_uppercase() && name.len() > 1 {
            found.push(Read { name: name.to_owned(), at: at(path, line), default, is_plain });
        }
    };
    for (start, _) in text.match_indices("environ[") {
        let rest = &text[start + "environ".len()..];
        // Setting one is no reading.
        let inner = super::syntax::within(rest);
        let after = rest.get(inner.len() + 2..).unwrap_or_default().trim_start();
        if let Some(name) = literal(inner).filter(|_| !after.starts_with('=') || after.starts_with("==")) {
            add(name, Default::None, false);
        }
    }
    for (reader, lenient) in READERS {
        for call in Call::find_all(text, reader).into_iter().filter(|call| call.callee == *reader) {
            if let Some(name) = call.positional(0).and_then(literal) {
                let given = call.positional(1).or_else(|| call.named("default"));
                add(
                    name,
                    given.map_or(if *lenient { Default::Empty } else { Default::None }, |given| default(Some(given))),
                    false,
                );
            }
        }
    }
    for reader in STRICT {
        for call in Call::find_all(text, reader).into_iter().filter(|call| call.callee == *reader) {
            let Some(name) = call.positional(0).and_then(literal) else { continue };
            let given = call.named("default").or_else(|| call.positional(1).filter(|_| reader.starts_with("env")));
            let plain = reader.ends_with("int")
                || reader.ends_with("bool")
                || call.named("cast").is_some_and(|cast| matches!(cast, "int" | "bool" | "float"));
            add(name, default(given), plain);
        }
    }
    found
}
