//! The JSON Schema of reports, out of their types.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::json::Signed;
use crate::schema::tidy;

/// Draft 7, as the profile's is. Pinned as `schemas/report.schema.json`.
pub fn schema() -> Value {
    let generator = SchemaSettings::draft07().for_serialize().into_generator();
    let mut schema: Value = generator.into_root_schema_for::<Signed<'static>>().into();
    tidy(&mut schema);
    schema
}
