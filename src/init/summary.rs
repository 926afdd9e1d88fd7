//! What was found, for whoever waits for it.

use super::{
    facts::{Facts, From, Start},
    spelling::without_secrets,
};
use crate::tree::one_line;

/// A line for each thing that was found or guessed, and what is to be looked at.
pub fn summary(facts: &Facts) -> String {
    let mut rows: Vec<(&str, String, Option<&From>)> = Vec::new();
    rows.push(("name", facts.name.value.clone(), Some(&facts.name.from)));
    rows.push(("image", facts.image.value.clone(), Some(&facts.image.from)));
    match &facts.start {
        Start::Server(server) => {
            rows.push(("server", format!("{} {}", server.kind.value, server.app.value), Some(&server.app.from)))
        }
        Start::Image => rows.push(("start", "as its image starts".to_owned(), None)),
    }
    rows.extend(facts.port.as_ref().map(|port| ("port", port.value.to_string(), Some(&port.from))));
    rows.extend(facts.health.liveness.as_ref().map(|path| ("liveness", path.value.clone(), Some(&path.from))));
    rows.extend(facts.health.readiness.as_ref().map(|path| ("readiness", path.value.clone(), Some(&path.from))));
    rows.extend(facts.backing.iter().map(|one| ("service", format!("{} ({})", one.name, one.kind), Some(&one.from))));
    let shown = |command: &[String]| without_secrets(command).0.join(" ");
    rows.extend(facts.migration.iter().map(|one| ("migration", shown(&one.command), Some(&one.from))));
    rows.extend(facts.workers.iter().map(|one| ("process", shown(&one.command), Some(&one.from))));
    let secrets: Vec<&str> = facts.secrets.iter().filter(|one| !one.optional).map(|one| one.name.as_str()).collect();
    rows.extend((!secrets.is_empty()).then(|| ("secrets", secrets.join(" "), None)));
    let width = rows.iter().map(|(_, value, _)| value.chars().count()).filter(|width| *width <= 48).max().unwrap_or(0);
    let mut text: String = facts.about.iter().map(|line| format!("{}\n", one_line(line))).collect();
    for (what, value, from) in rows {
        let from = from.map_or_else(String::new, From::to_string);
        let line = format!("  {what:9} {:width$}  {}", one_line(&value), one_line(&from));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    for hint in &facts.hints {
        text.push_str(&format!("look at: {}\n", one_line(hint)));
    }
    text
}
