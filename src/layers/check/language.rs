//! What the schema does not tell about the keys of the language: where a key belongs that stands in the wrong table.

use super::Checker;
use crate::{key::Key, layers::merge::inside};

/// Keys that one expects in a table, and what says the same there; `*` is any name.
const INSTEAD: &[(&str, &str)] = &[
    ("process", "a process is a table of its own, `[processes.NAME]`; `[defaults.process]` is what all of them share"),
    ("job", "a job is a table of its own, `[jobs.NAME]`; `[defaults.job]` is what all of them share"),
    ("cron", "a cron is a table of its own, `[crons.NAME]`; `[defaults.cron]` is what all of them share"),
    ("probes.startup.every", WITHIN),
    ("probes.startup.failures", WITHIN),
    ("probes.liveness.within", "`within` is a key of [probes.startup], which holds the other probes back"),
    ("probes.readiness.within", "`within` is a key of [probes.startup], which holds the other probes back"),
    ("services.*.secret.keys.database", "the name of the database is `name` here, as in `${db.name}`"),
    ("services.*.secret.keys.user", "who may use it is `username` here"),
];

const WITHIN: &str = "use `within`, the longest start that is healthy: how often is asked follows from it";

impl Checker<'_> {
    /// Where a key belongs that its table does not have: in one or two other tables, or in the profile itself.
    pub(super) fn elsewhere(&self, key: &Key) -> Option<String> {
        let path = inside(key);
        let is_it = |key: &str| {
            let words: Vec<&str> = key.split('.').collect();
            words.len() == path.len() && words.iter().zip(&path).all(|(word, one)| *word == "*" || word == one)
        };
        if let Some((_, instead)) = INSTEAD.iter().find(|(key, _)| is_it(key)) {
            return Some((*instead).to_owned());
        }
        let (name, here) = path.split_last()?;
        let schema = (self.schema)();
        let has = |table: &str| {
            let at = if table.is_empty() { Key::ROOT } else { Key::ROOT.child(table) };
            schema.keys(&at).contains(name)
        };
        if !here.is_empty() && has("") {
            return Some(format!("`{name}` is a key of the profile itself, not of a table"));
        }
        let here = here.join(".");
        let mut tables: Vec<&str> = Vec::new();
        for table in schema.keys(&Key::ROOT) {
            if !table.is_empty() && table != here && has(table) && !tables.contains(&table) {
                tables.push(table);
            }
        }
        match tables.as_slice() {
            [table] => Some(format!("`{name}` is a key of [{table}]")),
            [one, other] => Some(format!("`{name}` is a key of [{one}] and of [{other}]")),
            _ => None,
        }
    }
}
