//! The JSON Schema of profiles, out of their types.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::Profile;
use crate::schema::tidy;

/// Draft 7, which editors know. Pinned as `schemas/profile.schema.json`.
pub fn schema() -> Value {
    let mut schema: Value = SchemaSettings::draft07().into_generator().into_root_schema_for::<Profile>().into();
    tidy(&mut schema);
    schema
}
