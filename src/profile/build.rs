//! `[build]`: how the image is built.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{EnvName, closed};

/// How the image is built: by a Dockerfile that is rendered (`render dockerfile`), or by the project's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(transform = closed)]
pub struct Build {
    #[serde(flatten)]
    pub process: ProcessBuild,
    #[serde(flatten)]
    pub recipe: Recipe,
}

/// How an image is built from sources.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct ProcessBuild {
    /// Folder that the build reads, relative to the Compose file.
    #[schemars(length(min = 1), extend("default" = "."))]
    pub context: Option<String>,
    /// The project's own Dockerfile, relative to `context`; nothing is generated over it.
    #[schemars(length(min = 1))]
    pub dockerfile: Option<String>,
    /// Stage to build, of the project's own Dockerfile.
    #[schemars(length(min = 1))]
    pub target: Option<String>,
    /// Build arguments; never secrets.
    #[schemars(extend("patternErrorMessage" = "a name of letters, digits and `_`, as in \"PIP_INDEX_URL\""))]
    pub args: Option<BTreeMap<EnvName, String>>,
}

/// How the image of this workload is built.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(transform = closed)]
pub struct ClosedBuild {
    #[serde(flatten)]
    pub process: ProcessBuild,
}

/// What the rendered Dockerfile is made of: that of a Python project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct Recipe {
    /// Version of Python.
    #[schemars(
        regex(pattern = r"^3\.[0-9]{1,2}(\.[0-9]{1,2})?$"),
        extend("default" = "3.13", "patternErrorMessage" = "a version of Python, as in \"3.13\" or \"3.13.5\"")
    )]
    pub python: Option<String>,
    pub base: Option<Base>,
    /// Version of uv, which installs what the project needs.
    #[schemars(
        regex(pattern = r"^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}$"),
        extend("default" = "0.13.8", "patternErrorMessage" = "a whole version of uv, as in \"0.13.8\"")
    )]
    pub uv: Option<String>,
    pub lock: Option<Lock>,
    /// The file of requirements, where `lock` is not `uv`.
    #[schemars(extend("default" = "requirements.txt"))]
    pub requirements: Option<ProjectPath>,
    pub source: Option<CodeSource>,
    /// The member of a uv workspace that is built, by its name in `pyproject.toml`.
    #[schemars(
        regex(pattern = r"^[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?$"),
        extend("patternErrorMessage" = "the name of a Python project, as in \"orders-api\"")
    )]
    pub workspace: Option<String>,
    pub packages: Option<Packages>,
    /// Further files and folders of the project, which land at the same place under `/app`: `["alembic.ini", "migrations"]`.
    pub copy: Option<Vec<ProjectPath>>,
    /// The build secret that holds the URL of a private package index.
    #[schemars(
        regex(pattern = r"^[A-Za-z_][-A-Za-z0-9_]*$"),
        extend("patternErrorMessage" = "letters, digits, `_` and `-`, as in \"uv_index\"")
    )]
    pub index_secret: Option<String>,
    /// Digests by image, for those that the Dockerfile begins with: `{ "python:3.13-slim-trixie" = "sha256:…" }`.
    pub digests: Option<BTreeMap<String, Digest>>,
    /// Labels of the image beside its title and version. `${NAME}` is a build argument.
    #[schemars(extend("patternErrorMessage" = "a label of an image, as in \"org.opencontainers.image.source\""))]
    pub labels: Option<BTreeMap<LabelName, LabelValue>>,
    /// What `docker buildx bake` builds for.
    #[schemars(length(min = 1))]
    pub platforms: Option<Vec<Platform>>,
    pub syntax: Option<Syntax>,
}

/// What the image is based on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("default" = "slim"))]
pub enum Base {
    /// Debian, without what few need.
    Slim,
    /// Alpine: smaller, with musl instead of glibc.
    Alpine,
    /// Debian, built in the image that brings uv.
    Uv,
    /// Chainguard's Python: no shell and no package manager. Needs digests: it has no fixed tags.
    Chainguard,
    /// Google's distroless Python: no shell and no package manager. Needs a digest: it has no fixed tags.
    Distroless,
}

/// Where the versions of what the project needs are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("default" = "uv"))]
pub enum Lock {
    /// `uv.lock`.
    Uv,
    /// `requirements.txt`, with the hashes of everything: `uv export` and `uv pip compile --generate-hashes` write it.
    Requirements,
    /// `requirements.txt` without hashes: what is installed may be another every time.
    RequirementsUnhashed,
}

/// Where the code is: `package`, or the files and folders of the project that are copied.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum CodeSource {
    Package(Package),
    One(ProjectPath),
    Many(#[schemars(length(min = 1))] Vec<ProjectPath>),
}

/// The project is a package, with `[build-system]` in `pyproject.toml`, and is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Package {
    Package,
}

/// A file or folder of the project, relative to `context`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^(\./)?[-A-Za-z0-9._@+]+(/[-A-Za-z0-9._@+]+)*/?$"),
    extend("patternErrorMessage" = "a relative path of letters, digits, `.`, `_`, `-`, `+`, `@` and `/`, as in \"migrations\"")
)]
pub struct ProjectPath(pub String);

/// Packages of the operating system, by name and perhaps version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Packages {
    /// For building what the project needs: compilers, headers.
    pub build: Option<Vec<SystemPackage>>,
    /// For running it: shared libraries.
    pub runtime: Option<Vec<SystemPackage>>,
}

/// A package of the operating system: `libpq5`, or `libpq5=17.5-1` to hold its version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^[a-z0-9][-a-z0-9+._]*(=[A-Za-z0-9][-A-Za-z0-9+.:~_]*)?$"),
    extend("patternErrorMessage" = "the name of a package, perhaps with a version, as in \"libpq5\" or \"libpq5=17.5-1\"")
)]
pub struct SystemPackage(pub String);

/// The digest of an image.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^sha256:[0-9a-f]{64}$"),
    extend("patternErrorMessage" = "a digest: `sha256:` and 64 hexadecimal digits")
)]
pub struct Digest(pub String);

/// The name of a label of an image.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^[a-z0-9]([-a-z0-9._/]*[a-z0-9])?$")
)]
pub struct LabelName(pub String);

/// The value of a label of an image, on one line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^[^\x00-\x1f\x7f]*$"),
    extend("patternErrorMessage" = "one line")
)]
pub struct LabelValue(pub String);

/// A platform that images are built for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    extend("pattern" = r"^[a-z0-9]+/[a-z0-9_]+(/[a-z0-9]+)?$"),
    extend("patternErrorMessage" = "an operating system and an architecture, as in \"linux/arm64\"")
)]
pub struct Platform(pub String);

/// Whether the first line names the Dockerfile frontend, or which. A builder without a way out cannot fetch it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(extend("default" = true))]
pub enum Syntax {
    Named(bool),
    Image(
        #[schemars(
            regex(pattern = r"^[a-z0-9][-A-Za-z0-9._/:@]*$"),
            extend("patternErrorMessage" = "the image of a Dockerfile frontend, as in \"docker/dockerfile:1\", or `false`")
        )]
        String,
    ),
}
