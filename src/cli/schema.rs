//! `render schema`: the JSON Schema of profiles.

use super::{Exit, say};
use crate::deliver;

/// The same bytes that profiles are checked with.
const SCHEMA: &str = include_str!("../../schemas/profile.schema.json");

pub fn run() -> Exit {
    match deliver::print(&[SCHEMA], &mut std::io::stdout().lock()) {
        Ok(()) => Exit::Done,
        Err(error) => {
            say::error(error);
            Exit::Wrong
        }
    }
}
