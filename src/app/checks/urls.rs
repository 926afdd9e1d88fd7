//! What stands behind the URL of a service.

use crate::{
    app::{App, Backing, Field, Part, Process, findings::Findings},
    problem::Code,
};

/// A URL with a path takes no second one.
pub(super) fn check(app: &App, process: &Process, findings: &mut Findings<'_>) {
    for (key, text) in process.texts() {
        for pair in text.parts.windows(2) {
            let [Part::Service { service, field: Field::Url }, Part::Literal(rest)] = pair else { continue };
            let Some(backing) = app.service(service) else { continue };
            let (own, has_path) = without_path(backing);
            if !has_path || !rest.starts_with('/') {
                continue;
            }
            let path: String = rest.chars().take_while(|c| !c.is_whitespace() && *c != ',').collect();
            let database = path.split('?').next().unwrap_or_default().trim_matches('/');
            findings.value(
                Code::BadReference,
                &key,
                format!("`${{{service}.url}}` ends with a database already: `{path}` behind it makes no URL"),
                "a second path",
                format!(
                    "write `{own}{path}`; or `database = \"{database}\"` in `[services.{service}]`, for all who use it"
                ),
            );
        }
    }
}

/// The URL up to its path, as references; and whether it has one.
fn without_path(backing: &Backing) -> (String, bool) {
    let parts = backing.url();
    let is_path = |part: &Part| matches!(part, Part::Literal(text) if text == "/");
    let own = parts.iter().take_while(|part| !is_path(part)).map(|part| match part {
        Part::Service { service, field } => format!("${{{service}.{}}}", field.name()),
        Part::Literal(text) => text.clone(),
        Part::Secret(_) | Part::Input(_) | Part::Pod(_) | Part::Process { .. } => String::new(),
    });
    (own.collect(), parts.iter().any(is_path))
}
