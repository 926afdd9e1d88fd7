//! What a profile becomes, read back from the rendered text as a cluster or a host would read it.

use std::collections::BTreeMap;

use render::{
    bundle::File,
    flow::{self, Outcome},
    layers::Request,
    problem::{any_error, show},
    targets::{self, Wish},
};
use serde_json::Value;

/// The documents of a target, or what is wrong with the profile.
pub fn documents(target: &str, profile: &str, dev: bool) -> Result<Vec<Value>, String> {
    Ok(files(target, profile, dev)?.iter().map(|file| read(&file.text(None))).collect())
}

/// The same as text, each value with its reason.
pub fn explained(target: &str, profile: &str) -> String {
    let files = files(target, profile, false).unwrap();
    files.iter().map(|file| crate::yaml::explained(&file.root)).collect()
}

fn files(target: &str, profile: &str, dev: bool) -> Result<Vec<File>, String> {
    let request = Request::alone("profile.toml", profile.as_bytes());
    let Outcome { app, mut problems, sources, model: _, environments: _ } = flow::app(&request);
    let told = |problems: &[_]| problems.iter().map(|one| show(one, &sources, false)).collect::<String>();
    let Some(app) = app else { return Err(told(&problems)) };
    let target = targets::find(target).expect("a target");
    let rendered = (target.render)(&Wish { app: &app, base: None, dev, full: true });
    problems.extend(rendered.problems);
    if any_error(&problems) {
        return Err(told(&problems));
    }
    Ok(rendered.bundle.files)
}

/// A document as its readers see it.
pub fn read(yaml: &str) -> Value {
    let options = serde_yaml::options! { strict_booleans: true };
    serde_yaml::from_str_with_options(yaml, options).unwrap_or_else(|error| panic!("{error}\n{yaml}"))
}

/// The objects of a cluster, by kind.
pub struct Cluster(BTreeMap<String, Value>);

impl Cluster {
    pub fn of(profile: &str) -> Result<Self, String> {
        let objects = documents("k8s", profile, false)?;
        Ok(Cluster(objects.into_iter().map(|object| (text(&object["kind"]), object)).collect()))
    }

    pub fn get(&self, kind: &str) -> Option<&Value> {
        self.0.get(kind)
    }

    pub fn deployment(&self) -> &Value {
        &self.0["Deployment"]["spec"]
    }

    pub fn pod(&self) -> &Value {
        &self.deployment()["template"]["spec"]
    }

    pub fn container(&self) -> &Value {
        &self.pod()["containers"][0]
    }

    /// Pods at rest, whoever counts them.
    pub fn replicas(&self) -> u64 {
        let scaled = self.get("HorizontalPodAutoscaler").map(|scaler| &scaler["spec"]["minReplicas"]);
        scaled.unwrap_or(&self.deployment()["replicas"]).as_u64().expect("a number of replicas")
    }

    /// Plain variables of the container, in order.
    pub fn env(&self) -> Vec<(String, String)> {
        let all = self.container()["env"].as_array().into_iter().flatten();
        all.filter(|one| one.get("value").is_some()).map(|one| (text(&one["name"]), text(&one["value"]))).collect()
    }

    pub fn argv(&self) -> Vec<String> {
        [texts(&self.container()["command"]), texts(&self.container()["args"])].concat()
    }
}

/// The one service of a Compose file.
pub struct Host(Value);

impl Host {
    /// In production shape.
    pub fn of(profile: &str) -> Result<Self, String> {
        Ok(Host(service(profile, false)?))
    }

    /// On a developer's machine.
    pub fn dev(profile: &str) -> Result<Self, String> {
        Ok(Host(service(profile, true)?))
    }

    pub fn service(&self) -> &Value {
        &self.0
    }

    pub fn replicas(&self) -> u64 {
        self.0["deploy"]["replicas"].as_u64().unwrap_or(1)
    }

    pub fn env(&self) -> Vec<(String, String)> {
        let all = self.0["environment"].as_object().into_iter().flatten();
        all.filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), text(value))).collect()
    }

    pub fn argv(&self) -> Vec<String> {
        [texts(&self.0["entrypoint"]), texts(&self.0["command"])].concat()
    }
}

fn service(profile: &str, dev: bool) -> Result<Value, String> {
    let [document] = <[Value; 1]>::try_from(documents("compose", profile, dev)?).expect("one file");
    let services = document["services"].as_object().expect("services").clone();
    let [(_, service)] = <[_; 1]>::try_from(services.into_iter().collect::<Vec<_>>()).expect("one service");
    Ok(service)
}

/// The one service or worker pool of a platform that runs as many instances as it needs.
pub struct Platform(Value);

impl Platform {
    pub fn of(flavor: &str, profile: &str) -> Result<Self, String> {
        let profile = format!("{profile}\n[cloudrun]\nflavor = \"{flavor}\"\n");
        let [object] = <[Value; 1]>::try_from(documents("cloudrun", &profile, false)?).expect("one object");
        Ok(Platform(object))
    }

    pub fn object(&self) -> &Value {
        &self.0
    }

    /// What an instance is made of.
    pub fn instance(&self) -> &Value {
        &self.0["spec"]["template"]["spec"]
    }

    pub fn container(&self) -> &Value {
        &self.instance()["containers"][0]
    }

    pub fn annotation(&self, name: &str) -> Option<String> {
        let all = [&self.0["metadata"]["annotations"], &self.0["spec"]["template"]["metadata"]["annotations"]];
        all.into_iter().find_map(|annotations| annotations.get(name)).map(text)
    }

    /// Plain variables of the container, in order.
    pub fn env(&self) -> Vec<(String, String)> {
        let all = self.container()["env"].as_array().into_iter().flatten();
        all.filter(|one| one.get("value").is_some()).map(|one| (text(&one["name"]), text(&one["value"]))).collect()
    }

    pub fn argv(&self) -> Vec<String> {
        [texts(&self.container()["command"]), texts(&self.container()["args"])].concat()
    }
}

/// A text; what is none would reach the process as something else.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is not a text")).to_owned()
}

pub fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(text).collect()
}

/// The value of a variable.
pub fn var<'a>(env: &'a [(String, String)], name: &str) -> Option<&'a str> {
    env.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// What follows a flag.
pub fn flag<'a>(argv: &'a [String], name: &str) -> Option<&'a str> {
    argv.windows(2).find(|pair| pair[0] == name).map(|pair| pair[1].as_str())
}
