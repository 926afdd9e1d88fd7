//! Django: its project, settings and database.

use super::{
    Source, at,
    modules::module,
    syntax::{Assignment, Call, literal, split, within},
};
use crate::init::{facts::Fact, project};

/// A Django project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Django {
    /// `manage.py`, as seen from the folder of the project.
    pub manage: String,
    pub wsgi: Option<Fact<String>>,
    pub asgi: Option<Fact<String>>,
    /// The folder that has to be on Python's path.
    pub root: String,
    /// The first name that it answers to.
    pub host: Option<String>,
    /// Has its database in a file.
    pub sqlite: Option<String>,
    /// Collects static files.
    pub collects: bool,
}

pub fn django(source: &Source<'_>) -> Option<Django> {
    let mut managers = source.files.iter().filter(|(path, _)| project::split(path).1 == "manage.py");
    let (manage, lines) = managers.find(|(_, lines)| {
        lines.iter().any(|line| line.text.contains("DJANGO_SETTINGS_MODULE") || line.text.contains("django"))
    })?;
    let root = project::split(source.own(manage)).0.to_owned();
    let named = lines.iter().find_map(|line| {
        let rest = line.text.split_once("DJANGO_SETTINGS_MODULE")?.1;
        split(within(&format!("({}", rest.trim_start_matches(['"', '\'']))), ',')
            .into_iter()
            .find_map(literal)
            .map(str::to_owned)
    });
    let mut found = Django {
        manage: source.own(manage).to_owned(),
        wsgi: None,
        asgi: None,
        root,
        host: None,
        sqlite: None,
        collects: false,
    };
    for (path, lines) in &source.files {
        let name = project::split(path).1;
        let inside = project::inside(source.own(path), &found.root).unwrap_or(source.own(path));
        let dotted = inside.trim_end_matches(".py").replace('/', ".");
        for line in lines {
            let value = Assignment::read(&line.text).filter(|_| line.indent == 0);
            if let Some(Assignment { name: "application", value: Some(value), .. }) = value
                && matches!(name, "wsgi.py" | "asgi.py")
            {
                let _ = Call::read(value);
                let place = if name == "wsgi.py" { &mut found.wsgi } else { &mut found.asgi };
                place.get_or_insert_with(|| Fact::found(format!("{dotted}:application"), at(path, line)));
            }
            let is_settings = named.as_ref().is_none_or(|named| dotted == *named) || dotted.contains("settings");
            if is_settings {
                settings(&line.text, &at(path, line), value, &mut found);
            }
        }
    }
    let _ = module;
    Some(found)
}

fn settings(text: &str, at: &str, value: Option<Assignment<'_>>, found: &mut Django) {
    match value {
        Some(Assignment { name: "ALLOWED_HOSTS", value: Some(value), .. }) if value.starts_with('[') => {
            let names: Vec<&str> = split(within(value), ',').into_iter().filter_map(literal).collect();
            let plain =
                names.iter().find(|name| !name.contains('*')).map(|name| name.trim_start_matches('.').to_owned());
            if found.host.is_none() && !names.contains(&"*") {
                found.host = plain;
            }
        }
        Some(Assignment { name: "STATIC_ROOT", .. }) => found.collects = true,
        _ => {}
    }
    if text.contains("django.db.backends.sqlite3") {
        found.sqlite.get_or_insert_with(|| at.to_owned());
    }
}
