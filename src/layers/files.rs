//! What the `source` of a file names: read once, and laid into the merged profile, so that all that follows is pure and
//! every fingerprint covers it.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use serde_json::{Value, json};

use super::{
    Layered, Outside, Request,
    extends::{folder, is_elsewhere, normal, way},
    merge::WORKLOADS,
    read,
};
use crate::{
    key::Key,
    problem::{Code, Problem},
    source::Span,
};

/// The largest file, in bytes: no ConfigMap holds more (Kubernetes, `ValidateConfigMap`).
const LARGEST: usize = 1 << 20;

/// Reads every file that the profile or one of its workloads names, each relative to the file that names it.
pub fn read_files(layered: &mut Layered, request: &Request<'_>) -> Vec<Problem> {
    let mut reader = Reader { request, texts: BTreeMap::new(), told: BTreeSet::new(), problems: Vec::new() };
    for at in tables(&layered.value) {
        let found = reader.of(&at, layered);
        let table = at.segments().try_fold(&mut layered.value, |value, segment| value.get_mut(segment));
        let Some(table) = table else { continue };
        for (path, found) in found {
            table[path]["found"] = found;
        }
    }
    reader.problems
}

/// The tables of files: of the profile itself, and of each workload and service.
fn tables(profile: &Value) -> Vec<Key> {
    let own = Key::new("files");
    let of = |kind: &&'static str| {
        let names = profile.get(*kind).and_then(Value::as_object).into_iter().flatten();
        let kind = Key::new(kind);
        names.map(|(name, _)| kind.child(name).below("files")).collect::<Vec<_>>()
    };
    let others = WORKLOADS.iter().chain(&["services"]).flat_map(of);
    std::iter::once(own).chain(others).filter(|key| super::find(profile, key).is_some()).collect()
}

struct Reader<'a> {
    request: &'a Request<'a>,
    /// By path, as [`Request::read`] takes it.
    texts: BTreeMap<String, Result<String, Wrong>>,
    /// Workloads inherit: each place is complained about once.
    told: BTreeSet<(usize, usize)>,
    problems: Vec<Problem>,
}

/// Why a file cannot be had.
#[derive(Clone)]
struct Wrong {
    code: Code,
    title: String,
    label: &'static str,
    help: &'static str,
}

impl Reader<'_> {
    /// What the files of a table hold, by their path in the container.
    fn of(&mut self, at: &Key, layered: &Layered) -> Vec<(String, Value)> {
        let table = super::find(&layered.value, at).and_then(Value::as_object).into_iter().flatten();
        let mut found = Vec::new();
        for (path, file) in table {
            // That both stand there is told by whoever decides.
            let source = file.get("source").filter(|_| file.get("content").is_none());
            let Some(source) = source.and_then(Value::as_str) else { continue };
            let Some(span) = layered.provenance.value(&at.child(path).below("source")) else { continue };
            let from = layered.provenance.sources.get(span.source).name.as_str();
            match self.read(source, from) {
                Ok((path_here, text)) => {
                    found.push((
                        path.clone(),
                        json!({ "path": way(folder(self.request.name), &path_here), "text": text }),
                    ));
                }
                Err(wrong) => self.tell(wrong, span),
            }
        }
        found
    }

    /// The path of a source as it is read, and its text.
    fn read(&mut self, source: &str, from: &str) -> Result<(String, String), Wrong> {
        if is_elsewhere(source) {
            return Err(Wrong {
                code: Code::BadFile,
                title: "a file is taken from this repository only".into(),
                label: "not a relative path",
                help: "write the path as seen from this file: \"conf/app.yaml\"",
            });
        }
        // What is set on the command line stands where the profile does.
        let from = if from == "--set" { self.request.name } else { from };
        let path = match folder(from) {
            "" => normal(source),
            folder => normal(&format!("{folder}/{source}")),
        };
        let request = self.request;
        let text = self.texts.entry(path.clone()).or_insert_with(|| text(&path, (request.read)(&path)));
        text.clone().map(|text| (path, text))
    }

    fn tell(&mut self, wrong: Wrong, span: Span) {
        let Wrong { code, title, label, help } = wrong;
        if self.told.insert((span.source, span.range.start)) {
            self.problems.push(Problem::new(code, title).at(Some(span), label).help(help));
        }
    }
}

fn text(path: &str, bytes: io::Result<Vec<u8>>) -> Result<String, Wrong> {
    let bytes = bytes.map_err(|error| unreadable(path, &error))?;
    if bytes.len() > LARGEST {
        return Err(Wrong {
            code: Code::TooLarge,
            title: format!("`{path}` is {} KiB large, where 1024 KiB is the limit", bytes.len().div_ceil(1024)),
            label: "more than a ConfigMap holds",
            help: "put it into the image, or on a volume",
        });
    }
    let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    text.ok_or_else(|| Wrong {
        code: Code::NotUtf8,
        title: format!("`{path}` is no text in UTF-8"),
        label: "not a text",
        help: "save it as UTF-8; what is no text belongs into the image, or on a volume",
    })
}

fn unreadable(path: &str, error: &io::Error) -> Wrong {
    if Outside::is(error) {
        return Wrong {
            code: Code::BadFile,
            title: format!("`{path}` lies outside of the repository"),
            label: "leads out of it",
            help: "copy the file into the repository: the same commit must always give the same output",
        };
    }
    let why = read::why(error, "file");
    Wrong {
        code: Code::CannotRead,
        title: format!("cannot read `{path}`: {why}"),
        label: "named here",
        help: "the path is relative to the file that it is written in, and names one file",
    }
}
