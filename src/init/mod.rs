//! A first profile, out of the files of a project.
//!
//! ```text
//! files ──read──▶ Facts ──write──▶ profile.toml
//! ```
//!
//! Nothing here looks at the disk, and nothing of the project is run: what its files say is enough for most, and each
//! line of the profile says where it is from. Whatever they say, the profile renders.

mod commands;
mod dockerfile;
pub mod facts;
mod node;
mod presets;
pub mod project;
mod python;
mod read;
mod services;
mod spelling;
mod summary;
mod write;

pub use facts::Facts;
pub use presets::profile as of_preset;
pub use project::{Interest, Project, enters, interest};
pub use read::{name, read};
pub use summary::summary;
pub use write::profile;
