//! `[build]`: how images are built, and what the rendered Dockerfile is made of.

mod check;
mod images;
mod labels;

use std::collections::BTreeMap;

pub use images::{Images, Installer};
pub use labels::LabelPart;

use super::{Process, defaults, findings::Findings};
pub use crate::profile::Base;
use crate::{
    key::Key,
    layers::Provenance,
    profile::{self, CodeSource, Syntax},
};

/// Folders that hold packages and are none, by custom.
const ROOTS: &[&str] = &["src", "lib"];

/// How an image is built from sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// Relative to the Compose file.
    pub context: String,
    /// The project's own.
    pub dockerfile: Option<String>,
    pub target: Option<String>,
    pub args: BTreeMap<String, String>,
}

/// What the rendered Dockerfile is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// `3.13` or `3.13.5`.
    pub python: String,
    pub base: Base,
    /// The version of uv.
    pub uv: String,
    pub lock: Lock,
    pub code: AppCode,
    /// The member of a workspace that is built.
    pub workspace: Option<String>,
    /// Of the operating system, for building.
    pub build_packages: Vec<String>,
    /// Of the operating system, for running.
    pub runtime_packages: Vec<String>,
    /// Further paths of the project.
    pub copy: Vec<String>,
    /// The build secret with the URL of a private index.
    pub index_secret: Option<String>,
    /// By image.
    pub digests: BTreeMap<String, String>,
    pub labels: BTreeMap<String, Vec<LabelPart>>,
    /// The image of the Dockerfile frontend, if it is named.
    pub syntax: Option<String>,
}

/// Where versions are written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lock {
    /// `uv.lock`.
    Uv,
    Requirements {
        /// Relative to the project.
        file: String,
        hashed: bool,
    },
}

/// How the code gets into the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppCode {
    /// Installed, as what it depends on.
    Package,
    /// These paths of the project; `.` for all of it.
    Files(Vec<String>),
}

pub fn build(wanted: profile::ProcessBuild) -> Build {
    let profile::ProcessBuild { context, dockerfile, target, args } = wanted;
    let args = args.unwrap_or_default().into_iter().map(|(name, value)| (name.0, value)).collect();
    Build { context: context.unwrap_or_else(|| ".".into()), dockerfile, target, args }
}

/// What the main image is built for, and of what; nothing if it has a Dockerfile of its own, or nothing says that it is
/// Python.
pub fn recipe(wanted: profile::Recipe, main: &Process, findings: &mut Findings<'_>) -> (Option<Recipe>, Vec<String>) {
    let told = wanted != profile::Recipe { platforms: wanted.platforms.clone(), ..profile::Recipe::default() };
    let build = main.build.clone().unwrap_or_else(|| build(profile::ProcessBuild::default()));
    check::alone(&wanted, &build, findings);
    let profile::Recipe {
        python,
        base,
        uv,
        lock,
        requirements,
        source,
        workspace,
        packages,
        copy,
        index_secret,
        digests,
        labels,
        platforms,
        syntax,
    } = wanted;
    let platforms: Vec<String> = platforms.unwrap_or_default().into_iter().map(|one| one.0).collect();
    findings.twice(&Key::new("build.platforms"), &platforms);
    if build.dockerfile.is_some() || !told && !main.start.has_python() {
        return (None, platforms);
    }
    let profile::Packages { build: build_packages, runtime: runtime_packages } = packages.unwrap_or_default();
    let names = |list: Option<Vec<profile::SystemPackage>>| list.unwrap_or_default().into_iter().map(|one| one.0);
    let lock = self::lock(lock, requirements);
    let recipe = Recipe {
        python: python.unwrap_or_else(|| defaults::PYTHON.into()),
        base: base.unwrap_or(Base::Slim),
        uv: uv.unwrap_or_else(|| defaults::UV.into()),
        code: code(source, &lock),
        lock,
        workspace,
        build_packages: names(build_packages).collect(),
        runtime_packages: names(runtime_packages).collect(),
        copy: paths(copy.unwrap_or_default()),
        index_secret,
        digests: digests.unwrap_or_default().into_iter().map(|(image, digest)| (image, digest.0)).collect(),
        labels: labels::labels(labels.unwrap_or_default(), &build.args, findings),
        syntax: match syntax {
            None | Some(Syntax::Named(true)) => Some(defaults::SYNTAX.into()),
            Some(Syntax::Named(false)) => None,
            Some(Syntax::Image(image)) => Some(image),
        },
    };
    check::check(&recipe, &build, findings);
    (Some(recipe), platforms)
}

fn lock(wanted: Option<profile::Lock>, file: Option<profile::ProjectPath>) -> Lock {
    let hashed = match wanted {
        None | Some(profile::Lock::Uv) => return Lock::Uv,
        Some(profile::Lock::Requirements) => true,
        Some(profile::Lock::RequirementsUnhashed) => false,
    };
    Lock::Requirements { file: file.map_or_else(|| defaults::REQUIREMENTS.into(), |file| plain(&file)), hashed }
}

fn code(wanted: Option<CodeSource>, lock: &Lock) -> AppCode {
    match wanted {
        Some(CodeSource::Package(_)) => AppCode::Package,
        Some(CodeSource::One(path)) => AppCode::Files(vec![plain(&path)]),
        Some(CodeSource::Many(all)) => AppCode::Files(paths(all)),
        // Requirements do not hold the project itself.
        None if *lock != Lock::Uv => AppCode::Files(vec![defaults::SOURCE.into()]),
        None => AppCode::Package,
    }
}

fn paths(wanted: Vec<profile::ProjectPath>) -> Vec<String> {
    wanted.iter().map(plain).collect()
}

/// Without what says nothing.
fn plain(path: &profile::ProjectPath) -> String {
    let path = path.0.strip_prefix("./").unwrap_or(&path.0).trim_end_matches('/');
    if path.is_empty() { ".".into() } else { path.to_owned() }
}

impl Recipe {
    /// What a developer edits, where the profile does not say it: the code that is copied. What lies beside other things
    /// is mounted with them.
    pub fn develop(&self, process: &mut Process, provenance: &Provenance) {
        let AppCode::Files(paths) = &self.code else { return };
        let sets = |name| provenance.has(&process.key(name));
        let (of_sync, of_mounts) = (sets("dev.sync"), sets("dev.mounts"));
        let has_folders = paths.iter().all(|path| path != "." && !path.ends_with(".py"));
        let dev = &mut process.dev;
        if !of_sync {
            dev.sync = if has_folders { paths.clone() } else { Vec::new() };
        }
        if !has_folders && !of_sync && !of_mounts {
            dev.mounts = vec![(".".into(), defaults::WORKDIR.into())];
        }
    }

    /// The folders from which Python imports what is copied, for a process that names these modules: `src` holds packages,
    /// but `app/` is one if `app.main` is started, and then whatever lies beside it is one, too. A package among the
    /// folders would offer its modules under the names of Python's own.
    pub fn import_paths(&self, modules: &[String]) -> Vec<String> {
        let AppCode::Files(paths) = &self.code else { return Vec::new() };
        let parts = |path: &str| {
            let (parent, last) = path.rsplit_once('/').unwrap_or(("", path));
            (parent.to_owned(), last.to_owned())
        };
        let is_named = |last: &str| modules.iter().any(|module| last.strip_suffix(".py").unwrap_or(last) == module);
        let found = paths.iter().any(|path| is_named(&parts(path).1));
        let mut folders = Vec::new();
        for path in paths {
            let (parent, last) = parts(path);
            let is_root = if found { ROOTS.contains(&last.as_str()) } else { !last.ends_with(".py") };
            let folder = match (is_root && !is_named(&last), path.as_str()) {
                (_, ".") => "",
                (true, path) => path,
                (false, _) => &parent,
            };
            let folder =
                if folder.is_empty() { defaults::WORKDIR.into() } else { format!("{}/{folder}", defaults::WORKDIR) };
            if !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        folders
    }
}
