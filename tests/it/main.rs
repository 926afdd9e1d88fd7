//! The tests, by behaviour. One binary: it links once, and any of them runs by name.

mod checks;
mod compose_docs;
mod compose_merge;
mod compose_oracle;
mod compose_schema;
mod deliver;
mod explain;
mod golden;
mod layers;
mod layers_any;
mod patch;
mod problems;
mod readme;
mod reference;
mod rendered;
mod robust;
mod rule;
mod schema;
mod tidy;
mod yaml;
mod yaml_comments;
mod yaml_layout;
mod yaml_nasty;
mod yaml_oracle;
mod yaml_types;
