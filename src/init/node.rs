//! A Node project: `package.json`, and the port that its source listens on.

use super::{
    facts::{Default, Fact, Read},
    project::{Project, join, place},
    python::routes,
    services::Dependencies,
};

/// What a Node project says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    pub path: String,
    pub name: Option<Fact<String>>,
    pub version: Option<Fact<String>>,
    pub dependencies: Dependencies,
    /// `npm start`, for whoever reads.
    pub start: Option<Fact<String>>,
    pub has_dev: bool,
    pub port: Option<Fact<u16>>,
    /// The source asks this variable for its port.
    pub port_env: Option<Fact<String>>,
    pub routes: Vec<Fact<String>>,
    pub reads: Vec<Read>,
}

/// Packages that answer requests.
const SERVERS: &[&str] =
    &["@hapi/hapi", "@nestjs/core", "@sveltejs/kit", "express", "fastify", "hono", "koa", "next", "nuxt", "restify"];

impl Node {
    pub fn serves(&self) -> bool {
        self.dependencies.iter().any(|(name, ..)| SERVERS.contains(&name.as_str()))
    }
}

pub fn node(project: &Project, folder: &str) -> Option<Node> {
    let path = join(folder, "package.json");
    let text = project.text(&path)?;
    let json: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let said = |value: &serde_json::Value| {
        value.as_str().map(|text_of| Fact::found(text_of.to_owned(), place(&path, text, text_of)))
    };
    let names = json["dependencies"].as_object().into_iter().flatten().map(|(name, _)| name);
    let mut found = Node {
        name: said(&json["name"]),
        version: said(&json["version"]),
        dependencies: names
            .map(|name| (name.clone(), Vec::new(), place(&path, text, &format!("\"{name}\""))))
            .collect(),
        start: said(&json["scripts"]["start"]),
        has_dev: json["scripts"]["dev"].is_string(),
        path: path.clone(),
        ..Node::default()
    };
    for (path, text) in [".js", ".mjs", ".cjs", ".ts"].into_iter().flat_map(|ending| project.below(folder, ending)) {
        source(path, text, &mut found);
    }
    Some(found)
}

fn source(path: &str, text: &str, found: &mut Node) {
    found.routes.extend(routes::elsewhere(text, path));
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
        let at = || format!("{path}:{}", number + 1);
        for (start, _) in line.match_indices("process.env.") {
            let rest = &line[start + "process.env.".len()..];
            let name = &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())];
            if name == "PORT" {
                found.port_env.get_or_insert_with(|| Fact::found(name.to_owned(), at()));
                let number = rest[4..].trim_start_matches([')', ' ', '|', '?', ',']).trim_start_matches(['"', '\'']);
                let number = &number[..number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len())];
                if let Ok(port) = number.parse::<u16>() {
                    found.port.get_or_insert_with(|| Fact::found(port, at()));
                }
            } else if found.reads.iter().all(|read| read.name != name) && name == name.to_ascii_uppercase() {
                found.reads.push(Read { name: name.to_owned(), at: at(), default: Default::Empty, is_plain: false });
            }
        }
        if let Some((_, rest)) = line.split_once(".listen(") {
            let number = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
            if let Ok(port) = number.parse::<u16>() {
                found.port.get_or_insert_with(|| Fact::found(port, at()));
            }
        }
    }
}
