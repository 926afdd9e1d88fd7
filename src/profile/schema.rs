//! The JSON Schema of profiles, out of their types.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::Profile;

/// Draft 7, which editors know. Pinned as `schemas/profile.schema.json`.
pub fn schema() -> Value {
    let mut schema: Value = SchemaSettings::draft07().into_generator().into_root_schema_for::<Profile>().into();
    without_null(&mut schema);
    unwrapped(&mut schema);
    schema
}

/// Descriptions as one line each: the line breaks are those of our source.
fn unwrapped(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::String(text)) = map.get_mut("description") {
                *text = text.replace('\n', " ");
            }
            map.values_mut().for_each(unwrapped);
        }
        Value::Array(items) => items.iter_mut().for_each(unwrapped),
        _ => {}
    }
}

/// TOML has no null, so an optional key is an absent one.
fn without_null(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::Array(types)) = map.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = &types[..] {
                    let only = only.clone();
                    map.insert("type".into(), only);
                }
            }
            if let Some(Value::Array(forms)) = map.get_mut("anyOf") {
                forms.retain(|form| form.get("type").is_none_or(|name| name != "null"));
                if forms.len() == 1
                    && let Some(Value::Object(only)) = forms.pop()
                {
                    map.shift_remove("anyOf");
                    map.extend(only);
                }
            }
            if map.get("default") == Some(&Value::Null) {
                map.shift_remove("default");
            }
            map.values_mut().for_each(without_null);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null),
        _ => {}
    }
}
