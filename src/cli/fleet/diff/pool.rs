//! Manifests from anywhere, which know nothing of profiles.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use super::{super::layout::Layout, left::stray};
use crate::{
    deliver,
    diff::{self, Document, Form},
};

/// What Compose's file is called here. Elsewhere it may have any of the other names that Compose looks for, or none.
pub const COMPOSE: &str = "docker-compose.yml";

/// All documents below a folder, or of standard input.
///
/// # Errors
/// What cannot be read, in words.
pub fn read(from: &Path) -> Result<Vec<Document>, String> {
    if from == Path::new("-") {
        let mut text = Vec::new();
        io::stdin().lock().read_to_end(&mut text).map_err(|error| format!("standard input cannot be read: {error}"))?;
        return parse(&text, "", "standard input", true);
    }
    let mut all = Vec::new();
    for path in files(from)? {
        let shown = crate::cli::profile::with_slashes(&path);
        let text = fs::read(&path).map_err(|error| format!("`{shown}` cannot be read: {error}"))?;
        all.extend(parse(&text, &shown, &format!("`{shown}`"), from.is_file())?);
    }
    Ok(all)
}

fn parse(text: &[u8], file: &str, shown: &str, is_alone: bool) -> Result<Vec<Document>, String> {
    let deliver::Found { origin: _, body } = deliver::open(&String::from_utf8_lossy(text));
    let mut all = diff::documents(&body, file).map_err(|why| {
        let help = match body.contains("{{") {
            true => "\nhelp: templates are rendered first: `helm template . | render diff --against -`",
            false => "",
        };
        format!("{shown} cannot be compared: {why}{help}")
    })?;
    // One text alone is meant to be compared; in a folder there may be anything.
    if file.is_empty() && all.iter().any(|one| one.form == Form::Data)
        || is_alone && !all.iter().all(|one| one.value.is_object() || one.form == Form::Text)
    {
        return Err(format!(
            "{shown} holds what is neither an object of a cluster, which has `apiVersion`, `kind` and a name, nor a Compose \
             file, which has `services`"
        ));
    }
    // Who reads a file beside the others knows it by its name.
    for document in all.iter_mut().filter(|document| document.form != Form::Object) {
        document.identity.name = base_name(&document.identity.name).to_owned();
        if document.form == Form::Compose
            && ["", "compose.yaml", "compose.yml", "docker-compose.yaml"].contains(&document.identity.name.as_str())
        {
            document.identity.name = COMPOSE.to_owned();
        }
    }
    Ok(all)
}

/// The name of a file without its folders.
pub fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Files that hold manifests, by their names, in order; hidden folders are other tools'.
fn files(from: &Path) -> Result<Vec<PathBuf>, String> {
    if from.is_file() {
        return Ok(vec![from.to_path_buf()]);
    }
    let told = |path: &Path, error: io::Error| format!("cannot list the folder `{}`: {error}", path.display());
    let (mut found, mut folders) = (BTreeSet::new(), vec![from.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| told(&folder, error))? {
            let entry = entry.map_err(|error| told(&folder, error))?;
            let (name, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
            if path.is_dir() && !path.is_symlink() && !name.starts_with('.') {
                folders.push(path);
            } else if path.is_file() && [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end)) {
                found.insert(path);
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// Whether a folder is a tree of ours, whose folders tell environments apart where objects do not. A folder in a tree is
/// none: nothing lies in it where it would in one.
pub fn is_tree(from: &Path, layout: &Layout) -> Result<bool, String> {
    for path in if from.is_dir() { files(from)? } else { Vec::new() } {
        let text = fs::read(&path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
        let at = path.parent().and_then(|folder| folder.strip_prefix(from).ok()).unwrap_or(Path::new(""));
        let at = crate::cli::profile::with_slashes(at);
        let origin = deliver::open(&String::from_utf8_lossy(&text)).origin;
        if origin.is_some_and(|origin| stray(&at, origin).target().is_some_and(|target| layout.fits(target, &at))) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What is there twice, as nothing that is compared may be.
pub fn twice<'a>(documents: impl Iterator<Item = &'a Document>) -> Option<&'a Document> {
    let mut seen = BTreeMap::new();
    documents.filter(|document| document.form != Form::Text).find(|document| {
        let identity = &document.identity;
        seen.insert((diff::group(&identity.api_version), &identity.kind, &identity.namespace, &identity.name), ())
            .is_some()
    })
}
