//! `render schema`: the JSON Schemas of profiles and of reports.

use clap::ArgMatches;

use super::{Exit, say};
use crate::deliver;

/// The same bytes that profiles are checked with.
const PROFILE: &str = include_str!("../../schemas/profile.schema.json");

/// What `--format json` prints.
const REPORT: &str = include_str!("../../schemas/report.schema.json");

/// What there is a schema of; the first unless it is named.
pub const SCHEMAS: [&str; 2] = ["profile", "report"];

pub const OF: &str = "of";

pub fn run(matches: &ArgMatches) -> Exit {
    let is_report = matches.get_one::<String>(OF).is_some_and(|name| name == SCHEMAS[1]);
    let text = if is_report { REPORT } else { PROFILE };
    match deliver::print(&[text], &mut std::io::stdout().lock()) {
        Ok(()) => Exit::Done,
        Err(error) => {
            say::error(error);
            Exit::Wrong
        }
    }
}
