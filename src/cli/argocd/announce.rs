//! The parameters of a profile, as Argo CD's pages ask for them (Operator Manual, "Dynamic parameter announcements").

use serde_json::{Value, json};

use crate::edit;

/// A JSON list on one line. A value that is shown is not sent, so none is that would not hold by itself.
pub fn parameters(environments: &[String], profile: &Value) -> String {
    let mut all = Vec::new();
    if !environments.is_empty() {
        all.push(json!({
            "name": "env",
            "title": "Environment",
            "tooltip": format!("one of {}", environments.join(", ")),
            "required": true,
            "itemType": "string",
            "collectionType": "string",
            "string": "",
        }));
    }
    let names: Vec<String> = edit::images(profile).into_iter().map(|one| one.name).collect();
    all.push(json!({
        "name": "images",
        "title": "Images",
        "tooltip": format!("other images than the profile's, of {}", names.join(", ")),
        "collectionType": "map",
        "map": {},
    }));
    all.push(json!({
        "name": "set",
        "title": "Keys",
        "tooltip": "keys of the profile, as in workers=8",
        "collectionType": "array",
        "array": [],
    }));
    format!("{}\n", Value::Array(all))
}
