//! The images that a profile names, and what people call them.

use serde_json::Value;

use crate::{key::Key, problem::near::near};

/// An image of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its key, as in `processes.worker.image`.
    pub key: Key,
    /// What runs it, as manifests call it: `orders`, `orders-worker`; a backing service bears its own name.
    pub name: String,
    /// Absent: the app's may be said in its environments alone.
    pub image: Option<String>,
}

/// Why a name means no image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unknown {
    /// It runs the app's.
    Follows,
    /// Nothing of the profile is called so. The name that is most like it, if one is.
    Nobody(Option<String>),
}

/// The tables whose entries can have an image of their own, and whether the app's name stands before theirs.
const TABLES: [(&str, bool); 7] = [
    ("processes", true),
    ("jobs", true),
    ("crons", true),
    ("sidecars", true),
    ("inits", true),
    ("services", false),
    ("companions", false),
];

/// All images that a merged profile names itself, the app's first.
pub fn images(profile: &Value) -> Vec<Named> {
    let Some(app) = name(profile) else { return Vec::new() };
    let main = Named { key: Key::new("image"), name: app.to_owned(), image: image(profile) };
    let others = entries(profile, app).filter_map(|(key, name, entry)| {
        let image = Some(image(entry)?);
        Some(Named { key: key.below("image"), name, image })
    });
    [main].into_iter().chain(others).collect()
}

/// The image that a name means: by what runs it, or by its table.
///
/// # Errors
/// No image of this profile.
pub fn meant(name: &str, profile: &Value) -> Result<Named, Unknown> {
    let images = images(profile);
    let is_table = |one: &Named| one.key.parent().is_some_and(|table| table != Key::ROOT && table.to_string() == name);
    if let Some(found) = images.iter().find(|one| one.name == name).or_else(|| images.iter().find(|one| is_table(one)))
    {
        return Ok(found.clone());
    }
    let app = self::name(profile).unwrap_or_default();
    let all: Vec<(Key, String, &Value)> = entries(profile, app).collect();
    if all.iter().any(|(key, own, _)| own == name || key.to_string() == name) {
        return Err(Unknown::Follows);
    }
    let names = images.iter().map(|one| one.name.as_str()).chain(all.iter().map(|(_, own, _)| own.as_str()));
    Err(Unknown::Nobody(near(name, names).map(str::to_owned)))
}

/// What the app is called.
pub fn name(profile: &Value) -> Option<&str> {
    profile.get("name")?.as_str()
}

fn image(table: &Value) -> Option<String> {
    Some(table.get("image")?.as_str()?.to_owned())
}

/// What can have an image of its own: its table, and its name.
fn entries<'a>(profile: &'a Value, app: &'a str) -> impl Iterator<Item = (Key, String, &'a Value)> {
    TABLES.iter().flat_map(move |(table, is_prefixed)| {
        let entries = profile.get(table).and_then(Value::as_object).into_iter().flatten();
        entries.map(move |(name, entry)| {
            let shown = if *is_prefixed { format!("{app}-{name}") } else { name.clone() };
            (Key::new(table).child(name), shown, entry)
        })
    })
}
