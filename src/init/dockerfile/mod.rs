//! What a project's own Dockerfile says of the image: the user, the port, the folder, and what is started.

mod read;

use std::collections::BTreeMap;

use self::read::read;
use super::{
    commands::compose_files,
    facts::Fact,
    project::{Project, inside, join, resolve, split},
};

/// A value, and where it stands.
type Placed<T> = (T, String);

/// The last stage, with what it has from those that it is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dockerfile {
    /// As seen from the project.
    pub path: String,
    /// The folder that Compose builds it from, as seen from the project.
    pub context: Option<String>,
    pub entry: Option<Placed<Vec<String>>>,
    pub cmd: Option<Placed<Vec<String>>>,
    pub user: Option<Placed<String>>,
    pub ports: Vec<Placed<u16>>,
    pub workdir: Option<String>,
    pub env: BTreeMap<String, String>,
    /// The version of Python's image.
    pub python: Option<Placed<String>>,
    /// The whole of it, to look for words in.
    pub text: String,
    /// Users that are made, and their numbers.
    users: BTreeMap<String, Placed<u32>>,
    /// Sources and targets of COPY.
    copies: Vec<(String, String)>,
}

/// The one that makes the app's image.
pub fn find(project: &Project, folder: &str) -> Option<Dockerfile> {
    let beside = ["", "docker", "deploy", "deployment"].map(|name| join(folder, name));
    let folders = beside.iter().map(|folder| folder.trim_end_matches('/')).chain(["", "docker"]);
    let mut paths = folders.flat_map(|folder| ["Dockerfile", "Containerfile"].map(|name| join(folder, name)));
    let found = paths.find(|path| project.has(path)).map(|path| (path, None));
    let lower = || Some(join(folder, "dockerfile")).filter(|path| project.has(path)).map(|path| (path, None));
    let (path, context) = found.or_else(|| composed(project, folder)).or_else(lower)?;
    let mut file = read(&path, project.text(&path)?);
    file.context = context;
    Some(file)
}

/// Words in the names of Dockerfiles that nobody deploys.
const ASIDE: &[&str] = &["ci", "debug", "dev", "development", "local", "test", "tests"];

/// The first that Compose builds of the app's folder, and where from.
fn composed(project: &Project, folder: &str) -> Option<(String, Option<String>)> {
    compose_files(project, folder).into_iter().find_map(|(path, text)| {
        let document: serde_json::Value = serde_yaml::from_str(text).unwrap_or_default();
        let beside = split(&path).0;
        let builds = document["services"].as_object().into_iter().flatten().map(|(_, service)| &service["build"]);
        builds.into_iter().find_map(|build| {
            let context = build.as_str().or_else(|| build["context"].as_str()).unwrap_or(".");
            let context = resolve(beside, context).filter(|_| !build.is_null())?;
            let file = resolve(&context, build["dockerfile"].as_str().unwrap_or("Dockerfile"))?;
            let of_app = folder == context || context.is_empty() || inside(folder, &context).is_some();
            let aside = split(&file).1.to_lowercase().split(['.', '-', '_']).any(|word| ASIDE.contains(&word));
            (of_app && !aside && project.has(&file)).then_some((file, Some(context)))
        })
    })
}

impl Dockerfile {
    /// The command lines that the image runs, the entry point first.
    pub fn starts(&self) -> impl Iterator<Item = &Placed<Vec<String>>> {
        self.entry.iter().chain(&self.cmd)
    }

    /// The user by number, where it is not root.
    pub fn uid(&self) -> Option<Fact<u32>> {
        let (user, at) = self.user.as_ref()?;
        let name = user.split(':').next().unwrap_or(user);
        let (uid, at) = match name.parse() {
            Ok(uid) => (uid, at),
            Err(_) => self.users.get(name).map(|(uid, at)| (*uid, at))?,
        };
        (1..=MOST_UID).contains(&uid).then(|| Fact::found(uid, at.clone()))
    }

    /// Where a folder or file of the build context comes to lie; nothing if it is not copied as it is.
    pub fn target(&self, path: &str) -> Option<String> {
        let name = split(path).1;
        let is_file = |path: &str| split(path).1.contains('.');
        let fits = |(source, target): &(String, String)| {
            let target = target.trim_end_matches('/');
            match source.as_str() {
                "" => Some(format!("{target}/{path}")),
                // A file goes into a folder, or gets a name; of a folder goes what is in it.
                source if source == path && is_file(path) && !is_file(target) => Some(format!("{target}/{name}")),
                source if source == path => Some(target.to_owned()),
                source => Some(format!("{target}/{}", path.strip_prefix(source)?.strip_prefix('/')?)),
            }
        };
        self.copies.iter().rev().find_map(fits)
    }

    /// Whether it copies something out of a folder of its build context.
    pub fn copies_from(&self, folder: &str) -> bool {
        let inside =
            |source: &str| source == folder || source.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        self.copies.iter().any(|(source, _)| inside(source))
    }

    /// Whether programs of the project's own environment are found by their names.
    pub fn has_path(&self) -> bool {
        let own = ["VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT"].iter().filter_map(|name| self.env.get(*name));
        let mut names = own.map(String::as_str).chain(["venv"]);
        self.env.get("PATH").is_some_and(|path| names.any(|name| path.contains(name)))
    }
}

/// Larger numbers are no users.
const MOST_UID: u32 = i32::MAX as u32;
