//! Maps of which one key alone may be set. A patch that adds the other one merges: it has to remove the first.

use crate::{
    targets::check::{At, Found, Rule, Weight},
    tree::Step,
};

pub const RULES: &[Rule] = &[
    Rule {
        name: "a volume has one source, a probe asks in one way, a variable has a value or a source",
        source: "Kubernetes, pkg/apis/core/validation",
        weight: Weight::Invalid,
        find: one,
    },
    Rule {
        name: "only a rolling update has settings of one, and it can make progress",
        source: "Kubernetes, ValidateDeploymentStrategy",
        weight: Weight::Invalid,
        find: strategy,
    },
];

/// The last key of a map, or of the list that it is an item of, and the keys of which it has at most one.
const UNIONS: &[(&str, bool, &[&str])] = &[
    ("volumes", true, ALL_BUT_NAME),
    ("livenessProbe", false, ASKS),
    ("readinessProbe", false, ASKS),
    ("startupProbe", false, ASKS),
    ("preStop", false, HANDLERS),
    ("postStart", false, HANDLERS),
    ("env", true, &["value", "valueFrom"]),
    ("valueFrom", false, &["configMapKeyRef", "fieldRef", "fileKeyRef", "resourceFieldRef", "secretKeyRef"]),
    ("envFrom", true, &["configMapRef", "secretRef"]),
    ("backend", false, &["resource", "service"]),
    ("defaultBackend", false, &["resource", "service"]),
    ("port", false, &["name", "number"]),
    ("filters", true, FILTERS),
    ("metrics", true, &["containerResource", "external", "object", "pods", "resource"]),
];

const ASKS: &[&str] = &["exec", "grpc", "httpGet", "tcpSocket"];

const HANDLERS: &[&str] = &["exec", "httpGet", "sleep", "tcpSocket"];

const FILTERS: &[&str] = &[
    "cors",
    "extensionRef",
    "requestHeaderModifier",
    "requestMirror",
    "requestRedirect",
    "responseHeaderModifier",
    "urlRewrite",
];

/// Every kind of volume is a key beside the name.
const ALL_BUT_NAME: &[&str] = &[];

fn one(objects: &[At<'_>], found: &mut Found) {
    for at in objects.iter().flat_map(At::all).filter(|at| at.node.is_some_and(|node| node.as_map().is_some())) {
        let mut steps = at.path.steps().iter().rev();
        let (key, is_item) = match (steps.next(), steps.next()) {
            (Some(Step::Key(key)), _) => (key, false),
            (Some(_), Some(Step::Key(list))) => (list, true),
            _ => continue,
        };
        let Some((.., keys)) = UNIONS.iter().find(|(name, item, _)| name == key && *item == is_item) else { continue };
        let is_one = |key: &str| keys.contains(&key) || keys == &ALL_BUT_NAME && key != "name";
        let set: Vec<&str> = at.entries().map(|(key, _)| key).filter(|key| is_one(key)).collect();
        // A variable without either is empty, a volume an `emptyDir`.
        let needs_one = key != "env" && key != "volumes";
        match set.as_slice() {
            [] if needs_one => found.add(&at, format!("`{}` says nothing: it needs one of {}", at.path, few(keys))),
            [] | [_] => {}
            [first, .., last] => found.add_with(
                &at,
                format!("`{}` has both `{first}` and `{last}`", at.path),
                Some(
                    "a patch merges into what is there: remove the other one with `remove`, or with null in `yaml`"
                        .into(),
                ),
            ),
        }
    }
}

fn few(keys: &[&str]) -> String {
    keys.iter().take(5).map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}

fn strategy(objects: &[At<'_>], found: &mut Found) {
    for object in objects {
        let strategy = object.at("spec.strategy");
        let rolling = strategy.key("rollingUpdate");
        if strategy.key("type").text() == Some("Recreate") && rolling.is_set() {
            found.add_with(
                &rolling,
                "`rollingUpdate` is set, but the strategy is `Recreate`",
                Some("remove \"/spec/strategy/rollingUpdate\" in the same patch, or set `[rollout]` instead".into()),
            );
        }
        let none = |key: &str| rolling.key(key).scalar().is_some_and(|text| text == "0" || text == "0%");
        if none("maxSurge") && none("maxUnavailable") {
            found.add(&rolling, "neither more nor fewer pods than wanted may run: no rollout can make progress");
        }
    }
}
