//! What of `[build]` does not go together.

use super::{AppCode, Base, Build, Lock, Recipe};
use crate::{
    app::{defaults, findings::Findings, secrecy::names_secret},
    key::Key,
    problem::{Code, near::near},
    profile,
};

/// Variables of the build that win over an argument of the same name.
const OWN: &[&str] = &["HOME", "PATH", "VIRTUAL_ENV"];
const OWN_PREFIXES: &[&str] = &["UV_", "PYTHON"];

fn key(name: &str) -> Key {
    Key::new("build").child(name)
}

/// An own Dockerfile knows by itself what it is made of.
pub fn alone(wanted: &profile::Recipe, build: &Build, findings: &mut Findings<'_>) {
    if build.dockerfile.is_none() {
        return;
    }
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
        // Of the build, whatever it is made of.
        platforms: _,
        syntax,
    } = wanted;
    let given = [
        ("python", python.is_some()),
        ("base", base.is_some()),
        ("uv", uv.is_some()),
        ("lock", lock.is_some()),
        ("requirements", requirements.is_some()),
        ("source", source.is_some()),
        ("workspace", workspace.is_some()),
        ("packages", packages.is_some()),
        ("copy", copy.is_some()),
        ("index_secret", index_secret.is_some()),
        ("digests", digests.is_some()),
        ("labels", labels.is_some()),
        ("syntax", syntax.is_some()),
    ];
    for (name, _) in given.into_iter().filter(|(_, given)| *given) {
        findings.conflict(
            &key(name),
            &key("dockerfile"),
            format!("`{name}` is of the Dockerfile that is rendered, and the project has its own"),
            "drop `dockerfile` to have one rendered, or say it there and drop this",
        );
    }
}

pub fn check(recipe: &Recipe, build: &Build, findings: &mut Findings<'_>) {
    bases(recipe, findings);
    locks(recipe, findings);
    paths(recipe, findings);
    digests(recipe, findings);
    args(build, findings);
    for (name, list) in [("build", &recipe.build_packages), ("runtime", &recipe.runtime_packages)] {
        findings.twice(&key("packages").child(name), list);
    }
    if build.target.is_some() {
        findings.key(
            Code::Conflict,
            &key("target"),
            "`target` is a stage of a Dockerfile of your own",
            "the rendered ones are built to their end",
            "name the Dockerfile, as in `dockerfile = \"Dockerfile\"`, or drop it",
        );
    }
}

/// What a base has, or lacks.
fn bases(recipe: &Recipe, findings: &mut Findings<'_>) {
    let sets = |name: &str| findings.provenance.has(&key(name));
    if recipe.base == Base::Chainguard && sets("python") {
        findings.key(
            Code::NoEffect,
            &key("python"),
            "chainguard's image has the newest Python, whatever is asked for",
            "has no effect",
            "drop it: the digests decide",
        );
    }
    if recipe.base == Base::Distroless && recipe.python != defaults::DEBIAN_PYTHON {
        let python = defaults::DEBIAN_PYTHON;
        findings.pair(
            Code::Conflict,
            (&key("python"), "another version"),
            (&key("base"), "Debian's own Python"),
            format!("the distroless image of Debian {} has Python {python} alone", defaults::DEBIAN_NUMBER),
            format!("write `python = \"{python}\"`, or use another base"),
        );
    }
    if !recipe.has_shell() && !recipe.runtime_packages.is_empty() {
        findings.pair(
            Code::Conflict,
            (&key("packages").below("runtime"), "cannot be installed"),
            (&key("base"), "nothing in it installs packages"),
            "the image that runs has no package manager",
            "use a base that has one, as in `base = \"slim\"`, or drop them",
        );
    }
}

/// What is installed from requirements has no project around it.
fn locks(recipe: &Recipe, findings: &mut Findings<'_>) {
    let has_lock = recipe.lock == Lock::Uv;
    if has_lock && findings.provenance.has(&key("requirements")) {
        findings.key(
            Code::Conflict,
            &key("requirements"),
            "what is installed comes from `uv.lock`",
            "is not read",
            "write `lock = \"requirements\"`, or drop it",
        );
    }
    if !has_lock && recipe.workspace.is_some() {
        findings.conflict(
            &key("workspace"),
            &key("lock"),
            "a workspace has its versions in `uv.lock`",
            "write `lock = \"uv\"`, or drop `workspace`",
        );
    }
    if !has_lock && recipe.code == AppCode::Package {
        findings.conflict(
            &key("source"),
            &key("lock"),
            "requirements do not hold the project itself",
            "name the code to copy, as in `source = \"src\"`, or write `lock = \"uv\"`",
        );
    }
}

fn paths(recipe: &Recipe, findings: &mut Findings<'_>) {
    let mut all: Vec<(Key, &str)> = Vec::new();
    if let AppCode::Files(paths) = &recipe.code {
        let one = |i: usize| {
            let item = key("source").child(i.to_string());
            if findings.provenance.has(&item) { item } else { key("source") }
        };
        all.extend(paths.iter().enumerate().map(|(i, path)| (one(i), path.as_str())));
    }
    all.extend(recipe.copy.iter().enumerate().map(|(i, path)| (key("copy").child(i.to_string()), path.as_str())));
    if let Lock::Requirements { file, .. } = &recipe.lock {
        all.push((key("requirements"), file));
    }
    for (key, path) in &all {
        if path.split('/').any(|part| part == "..") {
            let title = format!("`{path}` leaves the folder that the build reads");
            let help = "name what lies inside; a folder further up can be the `context`";
            findings.value(Code::BadPath, key, title, "cannot be copied", help);
        }
    }
    findings.twice(&key("copy"), &recipe.copy);
    if let AppCode::Files(paths) = &recipe.code {
        findings.twice(&key("source"), paths);
        if let Some(path) = recipe.copy.iter().position(|path| paths.contains(path)) {
            findings.pair(
                Code::ListedTwice,
                (&key("copy").child(path.to_string()), "again"),
                (&key("source"), "first"),
                "it is copied twice",
                "keep one of them",
            );
        }
    }
}

/// A digest of another image would be taken for that of this one: builders do not look at the tag then.
fn digests(recipe: &Recipe, findings: &mut Findings<'_>) {
    let images = recipe.all_images();
    for image in recipe.digests.keys().filter(|image| !images.contains(image)) {
        let help = match near(image, images.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("its images are `{}`", images.join("`, `")),
        };
        let title = format!("the Dockerfile does not begin with `{image}`");
        findings.key(Code::BadImage, &key("digests").child(image), title, "of no image of this build", help);
    }
    let floats = |image: &&String| image.ends_with(":latest") || image.ends_with("-dev") || image.ends_with(":nonroot");
    for image in images.iter().filter(floats).filter(|image| !recipe.digests.contains_key(*image)) {
        findings.value(
            Code::FloatingTag,
            &key("base"),
            format!("`{image}` does not name one image: it has no tag of a release"),
            "moves",
            format!(
                "hold it: `[build] digests = {{ \"{image}\" = \"sha256:…\" }}`; those of one build belong to one day"
            ),
        );
    }
}

/// Arguments stay in the history of the image, whoever pulls it.
fn args(build: &Build, findings: &mut Findings<'_>) {
    for (name, value) in &build.args {
        let key = key("args").child(name);
        if names_secret(name) {
            findings.key(
                Code::SecretInEnv,
                &key,
                format!("`{name}` looks like a secret, and build arguments stay in the image"),
                "whoever has the image can read it",
                "use a build secret: `index_secret` for a package index; for others a Dockerfile of your own",
            );
        }
        if OWN.contains(&name.as_str()) || OWN_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
            findings.key(
                Code::ReservedEnv,
                &key,
                format!("`{name}` is set by the Dockerfile"),
                "would be lost",
                "drop it",
            );
        }
        if value.contains(char::is_control) {
            findings.value(
                Code::BadFormat,
                &key,
                format!("`{name}` does not fit on a line"),
                "holds a control character",
                "write it on one line",
            );
        }
    }
}
