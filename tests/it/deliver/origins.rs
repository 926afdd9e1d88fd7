//! Files of other profiles, environments and targets in one folder.

use render::deliver::{State, check, write};

use super::*;

/// The origins beside [`origin`], each with one thing other.
fn others() -> [Rendering; 3] {
    [
        Rendering { source: "apps/billing/profile.toml".into(), ..origin() },
        Rendering { env: None, ..origin() },
        Rendering { dev: true, ..origin() },
    ]
}

/// A folder with a file of each of the origins, and a note of a person.
fn shared(origins: &[Rendering]) -> tempfile::TempDir {
    let dir = folder();
    for (at, origin) in origins.iter().enumerate() {
        let mut other = output(&[(&format!("other-{at}.yaml"), SERVICE)]);
        other.origin = origin.clone();
        other.siblings = origins.to_vec();
        write(&other, dir.path(), false).unwrap();
    }
    put(dir.path(), "notes.txt", "bought milk\n");
    dir
}

#[test]
fn a_file_of_another_origin_is_refused_like_a_foreign_one() {
    for other in others() {
        let dir = delivered();
        let before = read(dir.path(), "service.yaml");
        let mut output = two_changed();
        output.origin = other;
        let expected = ["deployment.yaml", "service.yaml"].map(|name| (name.to_string(), State::Other));
        assert_eq!(states(&output, dir.path()), expected);
        assert_eq!(refused(&output, dir.path(), false), expected);
        assert_eq!(read(dir.path(), "service.yaml"), before);
        write(&output, dir.path(), true).unwrap();
        assert!(states(&output, dir.path()).iter().all(|(_, state)| *state == State::Ok));
    }
}

#[test]
fn it_says_from_where_it_came_and_what_is_rendered_now_and_how_to_go_on() {
    let dir = delivered();
    edit(dir.path(), "service.yaml", "ClusterIP", "NodePort");
    let mut other = two();
    other.origin.source = "apps/billing/profile.toml".into();
    let findings = check(&other, dir.path()).unwrap();
    let [deployment, service] = [findings[0].to_string(), findings[1].to_string()];
    assert!(
        deployment.contains(
            "was rendered from apps/orders/profile.toml (env=prod target=k8s), \
             not from apps/billing/profile.toml (env=prod target=k8s); "
        ),
        "{deployment}"
    );
    assert!(deployment.contains("a folder of its own") && deployment.contains("--force"), "{deployment}");
    assert!(service.contains("target=k8s), and edited by hand since, not from"), "force would lose it: {service}");
}

#[test]
fn whatever_bears_our_header_and_is_not_rendered_is_an_orphan() {
    let dir = shared(&others());
    let expected = [0, 1, 2].map(|at| (format!("other-{at}.yaml"), State::Orphan));
    let report = write(&two(), dir.path(), false).unwrap();
    assert_eq!(brief(&report.orphans), expected);
    assert_eq!(states(&two(), dir.path())[2..], expected);
    let told = report.orphans[0].to_string();
    assert!(
        told.contains("other-0.yaml: was rendered from apps/billing/profile.toml (env=prod target=k8s); "),
        "{told}"
    );
}

#[test]
fn siblings_share_a_folder() {
    let dir = shared(&others());
    let mut output = two();
    output.siblings = others()[1..].to_vec();
    output.siblings.push(origin());
    assert_eq!(brief(&write(&output, dir.path(), false).unwrap().orphans), [("other-0.yaml".into(), State::Orphan)]);
    output.files.pop();
    let own = ("service.yaml".into(), State::Orphan);
    assert_eq!(states(&output, dir.path())[1..], [("other-0.yaml".into(), State::Orphan), own]);
}

#[test]
fn files_of_another_target_have_other_readers() {
    let mut compose = Rendering { target: "compose".into(), ..origin() };
    let odd = Rendering { source: "a (target=k8s)".into(), ..compose.clone() };
    compose.source = "apps/billing/profile.toml".into();
    let dir = shared(&[compose, odd]);
    assert_eq!(write(&two(), dir.path(), false).unwrap().orphans, []);
    assert_eq!(states(&two(), dir.path()).len(), 2);
}
