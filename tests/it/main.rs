//! The tests, by behaviour. One binary: it links once, and any of them runs by name.

mod cli;
mod compose_docs;
mod compose_merge;
mod compose_oracle;
mod compose_schema;
mod deliver;
mod expansion;
mod layers;
mod patch;
mod problems;
mod rendered;
mod rule;
mod server;
mod strings;
mod yaml;
mod yaml_comments;
mod yaml_layout;
mod yaml_nasty;
mod yaml_oracle;
mod yaml_types;
