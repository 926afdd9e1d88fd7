//! Which values are written how: what the API server checks beyond the types.
//!
//! Source: `pkg/apis/*/validation/validation.go` of Kubernetes, and the constants of `k8s.io/api`.

use crate::targets::check::{
    At, Found,
    form::{
        self,
        Form::{self, *},
    },
};

const ANY_NUMBER: i64 = i64::MAX;

/// The end of a path, with `*` for any key and any item; the first that fits holds.
const PLACES: &[(&str, Form)] = &[
    // Free names and texts, first: they may be called like fields.
    ("metadata.labels.*", LabelPair),
    ("matchLabels.*", LabelPair),
    ("nodeSelector.*", LabelPair),
    ("metadata.annotations.*", Qualified),
    ("volumeAttributes.*", Any),
    // Names
    ("metadata.name", Subdomain),
    ("metadata.namespace", Label),
    ("containers.*.name", Label),
    ("initContainers.*.name", Label),
    ("volumes.*.name", Label),
    ("serviceAccountName", Subdomain),
    ("priorityClassName", Subdomain),
    ("imagePullSecrets.*.name", Subdomain),
    ("secretKeyRef.name", Subdomain),
    ("configMapKeyRef.name", Subdomain),
    ("secret.secretName", Subdomain),
    ("persistentVolumeClaim.claimName", Subdomain),
    ("env.*.name", EnvName),
    // Ports
    ("containers.*.ports.*.name", PortName),
    ("initContainers.*.ports.*.name", PortName),
    ("spec.ports.*.name", Label),
    ("ports.*.containerPort", Between(1, 65535)),
    ("ports.*.hostPort", Between(0, 65535)),
    ("ports.*.nodePort", Between(0, 65535)),
    ("ports.*.endPort", Between(1, 65535)),
    ("ports.*.port", Port),
    ("ports.*.targetPort", Port),
    ("httpGet.port", Port),
    ("tcpSocket.port", Port),
    ("grpc.port", Between(1, 65535)),
    ("ports.*.protocol", OneOf(&["TCP", "UDP", "SCTP"])),
    // Amounts
    ("limits.*", Quantity),
    ("requests.*", Quantity),
    ("emptyDir.sizeLimit", Quantity),
    ("target.averageValue", Quantity),
    ("target.value", Quantity),
    ("resourceFieldRef.divisor", Quantity),
    ("maxSurge", Surge),
    ("maxUnavailable", Surge),
    ("minAvailable", Surge),
    ("replicas", Between(0, ANY_NUMBER)),
    ("minReplicas", Between(1, ANY_NUMBER)),
    ("maxReplicas", Between(1, ANY_NUMBER)),
    ("averageUtilization", Between(1, ANY_NUMBER)),
    ("policies.*.value", Between(1, ANY_NUMBER)),
    ("weight", Between(1, 100)),
    ("maxSkew", Between(1, ANY_NUMBER)),
    ("defaultMode", Between(0, 0o777)),
    ("items.*.mode", Between(0, 0o777)),
    ("runAsUser", Between(0, i32::MAX as i64)),
    ("runAsGroup", Between(0, i32::MAX as i64)),
    ("fsGroup", Between(0, i32::MAX as i64)),
    // Times
    ("livenessProbe.successThreshold", Between(1, 1)),
    ("startupProbe.successThreshold", Between(1, 1)),
    ("successThreshold", Between(1, ANY_NUMBER)),
    ("failureThreshold", Between(1, ANY_NUMBER)),
    ("policies.*.periodSeconds", Between(1, 1800)),
    ("periodSeconds", Between(1, ANY_NUMBER)),
    ("timeoutSeconds", Between(1, ANY_NUMBER)),
    ("initialDelaySeconds", Between(0, ANY_NUMBER)),
    ("stabilizationWindowSeconds", Between(0, 3600)),
    ("terminationGracePeriodSeconds", Between(0, ANY_NUMBER)),
    ("sleep.seconds", Between(1, ANY_NUMBER)),
    ("minReadySeconds", Between(0, ANY_NUMBER)),
    ("progressDeadlineSeconds", Between(1, ANY_NUMBER)),
    ("revisionHistoryLimit", Between(0, ANY_NUMBER)),
    // Paths
    ("volumeMounts.*.mountPath", Absolute),
    ("volumeMounts.*.subPath", Below),
    ("items.*.path", Below),
    // Words
    ("spec.type", OneOf(&["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"])),
    ("sessionAffinity", OneOf(&["None", "ClientIP"])),
    ("externalTrafficPolicy", OneOf(&["Cluster", "Local"])),
    ("internalTrafficPolicy", OneOf(&["Cluster", "Local"])),
    ("ipFamilyPolicy", OneOf(&["SingleStack", "PreferDualStack", "RequireDualStack"])),
    ("ipFamilies.*", OneOf(&["IPv4", "IPv6"])),
    ("strategy.type", OneOf(&["RollingUpdate", "Recreate"])),
    ("imagePullPolicy", OneOf(&["Always", "IfNotPresent", "Never"])),
    ("terminationMessagePolicy", OneOf(&["File", "FallbackToLogsOnError"])),
    // A sidecar is an init container that is always restarted.
    ("initContainers.*.restartPolicy", OneOf(&["Always", "OnFailure", "Never"])),
    // What a Deployment runs is always restarted.
    ("template.spec.restartPolicy", OneOf(&["Always"])),
    ("dnsPolicy", OneOf(&["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"])),
    ("whenUnsatisfiable", OneOf(&["DoNotSchedule", "ScheduleAnyway"])),
    ("tolerations.*.operator", OneOf(&["Exists", "Equal", "Lt", "Gt"])),
    ("tolerations.*.effect", OneOf(&["", "NoSchedule", "PreferNoSchedule", "NoExecute"])),
    ("matchExpressions.*.operator", OneOf(&["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"])),
    ("fsGroupChangePolicy", OneOf(&["OnRootMismatch", "Always"])),
    ("seccompProfile.type", OneOf(&["RuntimeDefault", "Localhost", "Unconfined"])),
    ("appArmorProfile.type", OneOf(&["RuntimeDefault", "Localhost", "Unconfined"])),
    ("httpGet.scheme", OneOf(&["HTTP", "HTTPS"])),
    ("policyTypes.*", OneOf(&["Ingress", "Egress"])),
    ("unhealthyPodEvictionPolicy", OneOf(&["IfHealthyBudget", "AlwaysAllow"])),
    ("emptyDir.medium", OneOf(&["", "Memory", "HugePages", "HugePages-2Mi", "HugePages-1Gi"])),
    ("selectPolicy", OneOf(&["Max", "Min", "Disabled"])),
    ("policies.*.type", OneOf(&["Pods", "Percent"])),
    ("metrics.*.type", OneOf(&["ContainerResource", "External", "Object", "Pods", "Resource"])),
    ("target.type", OneOf(&["Utilization", "Value", "AverageValue"])),
];

/// Every value is written as its key needs it.
pub fn forms(documents: &[At<'_>], found: &mut Found) {
    form::forms(documents, PLACES, found);
}
