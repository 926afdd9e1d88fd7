//! The parameters of an Application.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Refused, environment::Environment};
use crate::problem::near::near;

/// What an Application says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    pub env: Option<String>,
    pub profile: Option<String>,
    pub target: Option<String>,
    pub images: BTreeMap<String, String>,
    pub set: Vec<String>,
}

/// Every name, and what it takes.
pub const NAMES: [(&str, &str); 5] =
    [("env", "string"), ("images", "map"), ("profile", "string"), ("set", "array"), ("target", "string")];

/// One parameter (Operator Manual, "Using parameters in your plugin"): one of its values, the others empty.
#[derive(Debug, Deserialize)]
struct Written {
    name: String,
    #[serde(default)]
    string: Option<String>,
    #[serde(default)]
    array: Option<Vec<String>>,
    #[serde(default)]
    map: Option<BTreeMap<String, String>>,
}

impl Parameters {
    /// Whatever is said must be understood: what is passed over would be missing from a cluster.
    pub fn new(environment: &Environment) -> Result<Self, Refused> {
        let Environment { parameters, env, profile } = environment;
        let text = parameters.as_deref().unwrap_or("[]");
        // Without any, Argo CD says `null`.
        let written: Option<Vec<Written>> = serde_json::from_str(text)
            .map_err(|error| vec![format!("error: ARGOCD_APP_PARAMETERS is no list of parameters: {error}")])?;
        let mut all = Parameters { env: env.clone(), profile: profile.clone(), ..Parameters::default() };
        let mut wrong = Vec::new();
        for one in written.unwrap_or_default() {
            if let Err(why) = all.take(one) {
                wrong.push(format!("error: {why}"));
            }
        }
        if wrong.is_empty() { Ok(all) } else { Err(wrong) }
    }

    fn take(&mut self, written: Written) -> Result<(), String> {
        let Written { name, string, array, map } = written;
        let Some((_, takes)) = NAMES.iter().find(|(known, _)| *known == name) else {
            let help = match near(&name, NAMES.iter().map(|(known, _)| *known)) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("there is {}", NAMES.map(|(known, _)| known).join(", ")),
            };
            return Err(format!("parameter `{name}` is unknown: {help}"));
        };
        let given = [("string", string.is_some()), ("array", array.is_some()), ("map", map.is_some())];
        if let Some((kind, _)) = given.iter().find(|(kind, given)| *given && kind != takes) {
            return Err(format!("parameter `{name}` takes `{takes}:`, and has `{kind}:`"));
        }
        let text = string.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        match name.as_str() {
            "env" => said(&mut self.env, text, "env")?,
            "profile" => said(&mut self.profile, text, "profile")?,
            "target" => said(&mut self.target, text, "target")?,
            "images" => self.images.extend(map.unwrap_or_default()),
            _ => self.set.extend(array.unwrap_or_default()),
        }
        Ok(())
    }
}

/// Said twice, by a variable and a parameter, it must be the same.
fn said(into: &mut Option<String>, text: Option<String>, name: &str) -> Result<(), String> {
    match (&into, text) {
        (Some(before), Some(text)) if *before != text => {
            Err(format!("`{name}` is said twice: `{before}` and `{text}`"))
        }
        (_, Some(text)) => {
            *into = Some(text);
            Ok(())
        }
        (_, None) => Ok(()),
    }
}
