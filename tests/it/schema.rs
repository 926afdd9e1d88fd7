//! The schema that editors, the check and the documentation share is the one of the types.

use snapbox::{Assert, Data};

/// `SNAPSHOTS=overwrite cargo test --test it schema` writes it anew, after a change of `src/profile`.
#[test]
fn the_committed_schema_is_that_of_the_types() {
    let generated = serde_json::to_string_pretty(&render::profile::schema()).unwrap() + "\n";
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/profile.schema.json");
    Assert::new().action_env("SNAPSHOTS").eq(generated, Data::read_from(committed.as_ref(), None).raw());
}
