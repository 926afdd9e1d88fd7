//! What differs and does not matter: one table, for every format.

use serde_json::Value;

use super::{
    Document,
    step::{Step, tokens},
};

/// Why something is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    /// What the server keeps about an object.
    Bookkeeping,
    /// What whoever applies an object writes on it.
    Appliers,
    /// What people do by hand: `kubectl rollout restart`.
    ByHand,
    /// What the server chose because nobody said.
    Allocated,
    /// What an autoscaler decides.
    Scaled,
}

/// When a rule holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Always,
    /// The new side says nothing.
    Unsaid,
    /// An autoscaler targets the object.
    Scaled,
}

struct Rule {
    hidden: Hidden,
    /// Objects of these kinds; none: all.
    kinds: &'static [&'static str],
    /// Where; `*` at its end is any ending.
    path: &'static [&'static str],
    when: When,
}

const fn rule(hidden: Hidden, when: When, kinds: &'static [&'static str], path: &'static [&'static str]) -> Rule {
    Rule { hidden, kinds, path, when }
}

const fn metadata(path: &'static [&'static str]) -> Rule {
    rule(Hidden::Bookkeeping, When::Always, &[], path)
}

const fn applier(path: &'static [&'static str]) -> Rule {
    rule(Hidden::Appliers, When::Always, &[], path)
}

const fn allocated(path: &'static [&'static str]) -> Rule {
    rule(Hidden::Allocated, When::Unsaid, &["Service"], path)
}

/// Sources: Kubernetes API, `ObjectMeta` and `ServiceSpec`; the manuals of kubectl, Argo CD, Flux and Helm.
#[rustfmt::skip] // a rule a line
const RULES: &[Rule] = &[
    metadata(&["metadata", "managedFields"]),
    metadata(&["metadata", "resourceVersion"]),
    metadata(&["metadata", "uid"]),
    metadata(&["metadata", "generation"]),
    metadata(&["metadata", "creationTimestamp"]),
    metadata(&["metadata", "selfLink"]),
    metadata(&["metadata", "deletionGracePeriodSeconds"]),
    metadata(&["status"]),
    applier(&["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"]),
    applier(&["metadata", "annotations", "deployment.kubernetes.io/revision"]),
    applier(&["metadata", "annotations", "argocd.argoproj.io/tracking-id"]),
    applier(&["metadata", "annotations", "meta.helm.sh/*"]),
    applier(&["metadata", "labels", "argocd.argoproj.io/instance"]),
    applier(&["metadata", "labels", "kustomize.toolkit.fluxcd.io/name"]),
    applier(&["metadata", "labels", "kustomize.toolkit.fluxcd.io/namespace"]),
    rule(Hidden::ByHand, When::Unsaid, &[], &["spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"]),
    allocated(&["spec", "clusterIP"]),
    allocated(&["spec", "clusterIPs"]),
    allocated(&["spec", "ipFamilies"]),
    allocated(&["spec", "healthCheckNodePort"]),
    allocated(&["spec", "ports", "?", "nodePort"]),
    rule(Hidden::Scaled, When::Scaled, &["Deployment", "StatefulSet"], &["spec", "replicas"]),
];

/// Whether something at a place is not told, and why.
pub(super) fn hidden(kind: &str, at: &[Step], is_unsaid: bool, is_scaled: bool) -> Option<Hidden> {
    let holds = |when: When| match when {
        When::Always => true,
        When::Unsaid => is_unsaid,
        When::Scaled => is_scaled,
    };
    let is = |(step, part): (&Step, &&str)| match step {
        Step::Key(key) => part.strip_suffix('*').map_or(key == part, |start| key.starts_with(start)),
        Step::Item(_) | Step::Index(_) => *part == "?",
    };
    let found = RULES.iter().find(|rule| {
        holds(rule.when)
            && (rule.kinds.is_empty() || rule.kinds.contains(&kind))
            && rule.path.len() == at.len()
            && at.iter().zip(rule.path).all(is)
    });
    found.map(|rule| rule.hidden)
}

/// The kind and the name of what an autoscaler scales, if a document is one.
pub fn scales(document: &Document) -> Option<(String, String)> {
    let target = document.value.pointer("/spec/scaleTargetRef").filter(|_| document.identity.kind == AUTOSCALER)?;
    let text = |key: &str| target.get(key).and_then(Value::as_str).map(str::to_owned);
    Some((text("kind")?, text("name")?))
}

const AUTOSCALER: &str = "HorizontalPodAutoscaler";

/// What a repository does not want to hear of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// Only in objects of this kind.
    pub kind: Option<String>,
    path: Vec<String>,
}

impl Ignore {
    /// A JSON pointer (RFC 6901) to a value and all below it. Items of lists are named by their key (`name=app`), and `*`
    /// is any key or item.
    ///
    /// # Errors
    /// What is no pointer, in words.
    pub fn new(kind: Option<String>, pointer: &str) -> Result<Self, String> {
        if !pointer.starts_with('/') || pointer.len() == 1 {
            return Err(format!(
                "`{pointer}` is no path into an object\n\
                 help: write a JSON pointer, as in \"/metadata/labels/example.com~1build\", where ~1 is a slash in a name"
            ));
        }
        Ok(Ignore { kind, path: tokens(pointer).collect() })
    }

    pub(super) fn covers(&self, kind: &str, at: &[Step]) -> bool {
        self.kind.as_ref().is_none_or(|only| only == kind)
            && self.path.len() == at.len()
            && at.iter().zip(&self.path).all(|(step, part)| part == "*" || *part == step.shown())
    }
}
