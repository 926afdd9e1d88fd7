//! What applying a difference does.

use render::{
    diff,
    report::Impact::{self, Create, Delete, InPlace, Metadata, None as Nothing, Recreate, Rollout},
};

use super::*;

fn of(old: &Document, new: &Document) -> Impact {
    diff::impact(new, &changes(old, new))
}

fn of_kind(kind: &str, spec: &str) -> Document {
    let (version, kind) = kind.rsplit_once(' ').unwrap();
    document(&format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n{spec}\n"))
}

#[test]
fn the_worst_of_the_changes_is_told() {
    let says = |says: &str| deployment(&format!("{{{says}}}"));
    assert_eq!(of(&says("replicas: 1"), &says("replicas: 1")), Nothing);
    assert_eq!(of(&says("replicas: 1"), &says("replicas: 2")), InPlace);
    assert_eq!(of(&says("replicas: 1, template: {a: 1}"), &says("replicas: 2, template: {a: 2}")), Rollout);
    assert_eq!(of(&says("selector: {a: 1}, template: {a: 1}"), &says("selector: {a: 2}, template: {a: 2}")), Recreate);
    assert_eq!(of(&says("templates: 1"), &says("templates: 2")), InPlace, "no part of a name counts");
}

#[test]
fn each_kind_has_its_own_fields() {
    for (kind, old, new, impact) in [
        ("apps/v1 StatefulSet", "spec: {volumeClaimTemplates: [a]}", "spec: {volumeClaimTemplates: [b]}", Recreate),
        ("apps/v1 StatefulSet", "spec: {updateStrategy: a}", "spec: {updateStrategy: b}", InPlace),
        ("batch/v1 Job", "spec: {template: {a: 1}}", "spec: {template: {a: 2}}", Recreate),
        ("batch/v1 Job", "spec: {parallelism: 1}", "spec: {parallelism: 2}", InPlace),
        ("batch/v1 CronJob", "spec: {jobTemplate: {a: 1}}", "spec: {jobTemplate: {a: 2}}", InPlace),
        ("v1 Service", "spec: {clusterIP: a}", "spec: {clusterIP: b}", Recreate),
        ("v1 Service", "spec: {selector: {a: b}}", "spec: {selector: {a: c}}", InPlace),
        ("serving.knative.dev/v1 Service", "spec: {template: {a: 1}}", "spec: {template: {a: 2}}", Rollout),
        ("serving.knative.dev/v1 Service", "spec: {traffic: [a]}", "spec: {traffic: [b]}", InPlace),
        ("v1 PersistentVolumeClaim", "spec: {accessModes: [a]}", "spec: {accessModes: [b]}", Recreate),
        ("v1 PersistentVolumeClaim", "spec: {resources: {a: 1}}", "spec: {resources: {a: 2}}", InPlace),
        ("rbac.authorization.k8s.io/v1 RoleBinding", "roleRef: {name: a}", "roleRef: {name: b}", Recreate),
        ("v1 ConfigMap", "data: {a: b}", "data: {a: c}", InPlace),
        ("kustomize.config.k8s.io/v1beta1 Kustomization", "resources: [a]", "resources: [b]", Nothing),
    ] {
        assert_eq!(of(&of_kind(kind, old), &of_kind(kind, new)), impact, "{kind}: {new}");
    }
    let labels =
        |value: &str| document(&format!("{{apiVersion: v1, kind: A, metadata: {{name: a, labels: {{a: {value}}}}}}}"));
    assert_eq!(of(&labels("b"), &labels("c")), Metadata);
    let name = |name: &str| document(&format!("{{apiVersion: v1, kind: A, metadata: {{name: {name}}}}}"));
    assert_eq!(of(&name("b"), &name("c")), Recreate);
}

#[test]
fn what_is_gone_is_deleted_and_what_is_new_disturbs_nobody() {
    let one = deployment("{}");
    assert_eq!(diff::impact(&one, &compare(Some(&one), None, &Rules::PLAIN)), Delete);
    assert_eq!(diff::impact(&one, &compare(None, Some(&one), &Rules::PLAIN)), Create);
    let file = in_file("services: {a: {image: b}}", "docker-compose.yml");
    assert_eq!(diff::impact(&file, &compare(None, Some(&file), &Rules::PLAIN)), Create);
}

#[test]
fn compose_makes_a_container_again_for_most_fields_of_its_service() {
    for (old, new, impact) in [
        ("services: {a: {image: x}}", "services: {a: {image: y}}", Rollout),
        ("services: {a: {deploy: {replicas: 1}}}", "services: {a: {deploy: {replicas: 2}}}", InPlace),
        (
            "services: {a: {deploy: {resources: {limits: {cpus: 1}}}}}",
            "services: {a: {deploy: {resources: {limits: {cpus: 2}}}}}",
            Rollout,
        ),
        ("services: {a: {build: x}}", "services: {a: {build: y}}", InPlace),
        ("services: {a: {}}", "services: {a: {}, b: {image: x}}", InPlace),
        ("services: {a: {}, b: {image: x}}", "services: {a: {}}", Delete),
        (
            "{services: {}, networks: {n: {internal: true}}}",
            "{services: {}, networks: {n: {internal: false}}}",
            Recreate,
        ),
        ("{services: {}}", "{services: {}, volumes: {v: {}}}", InPlace),
    ] {
        let of_file = |text| in_file(text, "docker-compose.yml");
        assert_eq!(of(&of_file(old), &of_file(new)), impact, "{new}");
    }
    let over = |text| in_file(text, "docker-compose.prod.yml");
    assert_eq!(
        of(&over("services: {a: {init: true}}"), &over("services: {}")),
        Rollout,
        "an override removes no service"
    );
    assert_eq!(of(&over("services: {a: {init: true}}"), &over("name: a")), Rollout);
    let text = |text| in_file(text, ".env.example");
    assert_eq!(of(&text("A=\n"), &text("B=\n")), Nothing);
}

#[test]
fn a_claim_that_shrinks_has_to_be_made_again() {
    let claim = |size: &str| {
        of_kind("v1 PersistentVolumeClaim", &format!("spec: {{resources: {{requests: {{storage: {size}}}}}}}"))
    };
    assert_eq!(of(&claim("10Gi"), &claim("5Gi")), Recreate);
    assert_eq!(of(&claim("5Gi"), &claim("10Gi")), InPlace);
    assert_eq!(of(&claim("1Ti"), &claim("900Gi")), Recreate);
    assert_eq!(of(&claim("'2147483648'"), &claim("1Gi")), Recreate);
}

#[test]
fn what_is_immutable_has_to_be_made_again() {
    for kind in ["v1 ConfigMap", "v1 Secret"] {
        let says =
            |immutable: &str, value: &str| of_kind(kind, &format!("immutable: {immutable}\ndata: {{a: {value}}}"));
        assert_eq!(of(&says("true", "b"), &says("true", "c")), Recreate, "{kind}");
        assert_eq!(of(&says("true", "b"), &says("false", "b")), Recreate, "{kind}");
        assert_eq!(of(&says("false", "b"), &says("true", "c")), InPlace, "{kind}");
        assert_eq!(of(&says("true", "b"), &says("true", "b")), Nothing, "{kind}");
    }
}
