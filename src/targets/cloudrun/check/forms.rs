//! Which values are written how.

use crate::targets::check::{
    At, Found, Rule, Weight,
    form::{
        self,
        Form::{self, *},
    },
};

pub const RULES: &[Rule] = &[Rule {
    name: "every value is written as its key needs it",
    source: "Cloud Run Admin API v1, Knative Serving",
    weight: Weight::Invalid,
    find: forms,
}];

/// The end of a path, with `*` for any key and any item; the first that fits holds.
const PLACES: &[(&str, Form)] = &[
    ("metadata.labels.*", LabelPair),
    ("metadata.annotations.*", Qualified),
    ("metadata.name", Label),
    ("metadata.namespace", Label),
    ("containers.*.name", Label),
    ("volumes.*.name", Label),
    ("env.*.name", EnvName),
    ("ports.*.name", OneOf(&["http1", "h2c"])),
    ("ports.*.containerPort", Between(1, 65535)),
    ("ports.*.protocol", OneOf(&["TCP"])),
    ("httpGet.port", Between(1, 65535)),
    ("tcpSocket.port", Between(1, 65535)),
    ("grpc.port", Between(1, 65535)),
    ("limits.*", Quantity),
    ("requests.*", Quantity),
    ("emptyDir.sizeLimit", Quantity),
    ("emptyDir.medium", OneOf(&["", "Memory", "Disk"])),
    ("containerConcurrency", Between(0, 1000)),
    ("template.spec.template.spec.timeoutSeconds", Between(1, 604_800)),
    ("template.spec.timeoutSeconds", Between(1, 3600)),
    ("maxRetries", Between(0, 10)),
    ("taskCount", Between(1, 10_000)),
    ("periodSeconds", Between(1, 3600)),
    ("timeoutSeconds", Between(1, 3600)),
    ("failureThreshold", Between(1, i64::MAX)),
    ("initialDelaySeconds", Between(0, 3600)),
    ("defaultMode", Between(0, 0o777)),
    ("volumeMounts.*.mountPath", Absolute),
    ("volumeMounts.*.subPath", Below),
    ("items.*.path", Below),
    ("traffic.*.percent", Between(0, 100)),
    ("imagePullPolicy", OneOf(&["Always", "IfNotPresent", "Never"])),
    ("terminationMessagePolicy", OneOf(&["File", "FallbackToLogsOnError"])),
    ("seccompProfile.type", OneOf(&["RuntimeDefault", "Localhost", "Unconfined"])),
];

fn forms(documents: &[At<'_>], found: &mut Found) {
    form::forms(documents, PLACES, found);
}
