//! What our JSON Schemas have in common: they are for readers of the text, not of our source.

use serde_json::Value;

/// Takes out what only our types need: `null` for a key that may be absent, and our line breaks.
pub fn tidy(schema: &mut Value) {
    without_null(schema);
    unwrapped(schema);
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

/// Neither TOML nor what we write has null: an optional key is an absent one.
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
