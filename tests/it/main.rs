mod compose_docs;
mod compose_merge;
mod compose_oracle;
mod compose_schema;
