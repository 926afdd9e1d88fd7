//! A process as Kubernetes knows it: its names, labels and selectors.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};

use super::config_map;
use crate::{
    app::{App, Bytes, Demand, Parallelism, Process, Runtime, Volume, keys},
    key::Key,
    tree::{Notes, Path, Place},
};

/// A process and how often it runs.
pub struct Workload<'a> {
    pub app: &'a App,
    pub process: &'a Process,
    /// In whose pods it runs, if they are not its own.
    pub host: Option<&'a Process>,
    pub plan: Parallelism,
}

impl<'a> Workload<'a> {
    pub fn new(app: &'a App, process: &'a Process) -> Self {
        Workload { app, process, host: None, plan: app.parallelism(process, Runtime::Orchestrated) }
    }

    pub fn name(&self) -> String {
        self.app.workload(self.process)
    }

    /// Another container of its pods.
    pub fn beside(&self, process: &'a Process) -> Self {
        Workload { host: Some(self.process), ..Workload::new(self.app, process) }
    }

    /// The name of its container.
    pub fn container(&self) -> String {
        if self.host.is_some() { self.process.name.clone() } else { self.name() }
    }

    /// Scratch space and volumes that count as memory of the container.
    pub fn scratch_in_memory(&self) -> Bytes {
        // What a service needs is said in all.
        if self.process.is_service() { Bytes(0) } else { self.process.written_in_memory() }
    }

    /// The kind of object that keeps its pods running.
    pub fn kind(&self) -> &'static str {
        if self.process.has_own_volumes() { "StatefulSet" } else { "Deployment" }
    }

    /// What decides the kind.
    pub fn kind_keys(&self) -> Vec<Key> {
        let own = |volume: &Volume| volume.lasting().is_some_and(|lasting| lasting.per_replica);
        self.app.volume_keys(self.process, "per_replica", own)
    }

    /// What the container needs.
    pub fn demand(&self) -> Demand {
        self.process.resources.of_container(&self.process.start, self.plan.workers, self.scratch_in_memory())
    }

    /// The most replicas there can be.
    pub fn most_replicas(&self) -> u32 {
        self.process.autoscale.as_ref().map_or(self.plan.replicas, |autoscale| autoscale.max)
    }

    /// The fewest replicas at rest.
    pub fn fewest_replicas(&self) -> u32 {
        let ruled = self.plan.replicas;
        self.process.autoscale.as_ref().map_or(ruled, |autoscale| autoscale.min.unwrap_or(ruled))
    }

    /// The keys that decide the fewest replicas at rest.
    pub fn fewest_keys(&self) -> Vec<Key> {
        self.bounded_keys("autoscale.min")
    }

    /// The keys that decide the most replicas.
    pub fn most_keys(&self) -> Vec<Key> {
        self.bounded_keys("autoscale.max")
    }

    /// An autoscaler's bound; what the rule gives where it has none.
    fn bounded_keys(&self, bound: &'static str) -> Vec<Key> {
        let bound_keys = self.process.keys(&[bound]);
        if self.app.sets(self.process, bound) {
            bound_keys
        } else {
            [self.plan.replica_keys.clone(), bound_keys].concat()
        }
    }

    /// Labels for finding and grouping (Kubernetes documentation, "Recommended Labels"), and the user's.
    pub fn labels(&self) -> BTreeMap<String, String> {
        let mut labels = self.process.labels.clone();
        labels.extend(self.selector_labels());
        let mut add = |name: &str, value: &str| labels.insert(format!("app.kubernetes.io/{name}"), value.to_owned());
        add("component", &self.process.name);
        add("part-of", &self.app.name);
        add("managed-by", "render");
        if let Some(version) = self.version() {
            add("version", &version);
        }
        labels
    }

    /// The tag, as far as a label can hold it. A digest says nothing to people.
    fn version(&self) -> Option<String> {
        let tag = self.process.image.tag.as_deref()?;
        let short: String = tag.chars().take(63).collect();
        let edge = |c: char| !c.is_ascii_alphanumeric();
        Some(short.trim_matches(edge).to_owned()).filter(|version| !version.is_empty())
    }

    fn selector_labels(&self) -> BTreeMap<String, String> {
        BTreeMap::from([
            ("app.kubernetes.io/name".into(), self.app.name.clone()),
            ("app.kubernetes.io/instance".into(), self.name()),
        ])
    }

    /// Never changes while the name stays: Deployments refuse a new selector.
    pub fn selector(&self) -> LabelSelector {
        LabelSelector { match_labels: Some(self.selector_labels()), ..LabelSelector::default() }
    }

    pub fn selector_note(&self, notes: &mut Notes, path: impl Into<Place>) {
        notes.add(
            path,
            "stable-selectors: name and instance alone, because a selector can never change",
            keys(&["name"]),
        );
    }

    /// The metadata of an object of this workload.
    pub fn metadata(&self, notes: &mut Notes) -> ObjectMeta {
        let (reason, because) = self.name_note();
        notes.add("metadata.name", reason, because);
        notes.add("metadata.namespace", "where the app lives", keys(&["k8s.namespace"]));
        self.label_notes(notes, "metadata");
        ObjectMeta {
            name: Some(self.name()),
            namespace: self.app.k8s.namespace.clone(),
            labels: Some(self.labels()),
            annotations: Some(self.process.annotations.clone()).filter(|annotations| !annotations.is_empty()),
            ..ObjectMeta::default()
        }
    }

    /// The metadata of an object of this workload that has annotations of its own, which win.
    pub fn annotated<'b>(
        &self,
        own: impl Iterator<Item = (&'b String, &'b String)>,
        table: &Key,
        notes: &mut Notes,
    ) -> ObjectMeta {
        let mut metadata = self.metadata(notes);
        let mut annotations = metadata.annotations.take().unwrap_or_default();
        annotations.extend(own.map(|(name, value)| (name.clone(), value.clone())));
        for name in annotations.keys() {
            let because = vec![table.child(name), self.process.key("annotations").child(name)];
            notes.add(Path::new("metadata.annotations").key(name), "asked for", because);
        }
        metadata.annotations = Some(annotations).filter(|annotations| !annotations.is_empty());
        metadata
    }

    /// The metadata of what workloads share, all but its name: nothing of it changes with a release.
    pub fn shared_metadata(&self, notes: &mut Notes) -> ObjectMeta {
        notes.add("metadata.namespace", "where the app lives", keys(&["k8s.namespace"]));
        let labels = Path::new("metadata.labels");
        notes.add(labels.clone(), "the labels that Kubernetes recommends, and the profile's", keys(&["name"]));
        self.own_notes(notes, "metadata");
        let mut all = self.process.labels.clone();
        let app = self.app.name.as_str();
        for (name, value) in [("instance", app), ("managed-by", "render"), ("name", app), ("part-of", app)] {
            all.insert(format!("app.kubernetes.io/{name}"), value.to_owned());
        }
        ObjectMeta {
            namespace: self.app.k8s.namespace.clone(),
            labels: Some(all),
            annotations: Some(self.process.annotations.clone()).filter(|annotations| !annotations.is_empty()),
            ..ObjectMeta::default()
        }
    }

    /// The metadata of its pods.
    pub fn pod_metadata(&self, notes: &mut Notes) -> ObjectMeta {
        self.label_notes(notes, "metadata");
        let mut annotations = self.process.annotations.clone();
        annotations.extend(config_map::checksum(self, notes));
        ObjectMeta {
            labels: Some(self.labels()),
            annotations: Some(annotations).filter(|annotations| !annotations.is_empty()),
            ..ObjectMeta::default()
        }
    }

    /// What decides the name.
    fn name_note(&self) -> (&'static str, Vec<Key>) {
        let name = Key::new("name");
        let reason = match self.process.at.segments().next() {
            None => return ("the app's name", vec![name]),
            Some("jobs") => "the app's name, and the job's",
            Some("crons") => "the app's name, and the cron's",
            Some("services") => "the app's name, and the service's",
            Some(_) => "the app's name, and the process'",
        };
        (reason, vec![name, self.process.at.clone()])
    }

    fn label_notes(&self, notes: &mut Notes, metadata: &'static str) {
        let labels = Path::new(metadata).key("labels");
        notes.add(labels.clone(), "the labels that Kubernetes recommends, and the profile's", Vec::new());
        let mut recommended = |name: &str, reason: &'static str, because: Vec<Key>| {
            notes.add(labels.clone().key(format!("app.kubernetes.io/{name}")), reason, because);
        };
        let (named, names) = self.name_note();
        let own = if self.process.is_main() { Key::new("main") } else { self.process.at.clone() };
        recommended("component", "the part of the app", vec![own]);
        recommended("instance", named, names);
        recommended("managed-by", "who wrote this", Vec::new());
        recommended("name", "the app's name", keys(&["name"]));
        recommended("part-of", "the app's name", keys(&["name"]));
        recommended("version", "the image's tag", self.process.keys(&["image"]));
        self.own_notes(notes, metadata);
    }

    /// Labels and annotations of the profile.
    fn own_notes(&self, notes: &mut Notes, metadata: &'static str) {
        let path = Path::new(metadata);
        let labels = path.clone().key("labels");
        for name in self.process.labels.keys() {
            notes.add(labels.clone().key(name), "asked for", vec![self.process.key("labels").child(name)]);
        }
        for name in self.process.annotations.keys() {
            let annotation = path.clone().key("annotations").key(name);
            notes.add(annotation, "asked for", vec![self.process.key("annotations").child(name)]);
        }
    }
}
