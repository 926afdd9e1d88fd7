//! The health check of a Compose service: who is asked where not everything can be.

use super::rendered::{Host, texts};

fn test(probes: &str) -> Vec<String> {
    let profile = format!(
        "name = \"orders\"\nimage = \"ghcr.io/acme/orders:1.4.2\"\nport = 8000\ncommand = [\"orders\"]\n[probes]\n{probes}\n"
    );
    texts(&Host::of(&profile).expect("a profile without errors").service()["healthcheck"]["test"])
}

#[test]
fn readiness_is_asked_where_nothing_in_the_image_can_ask_liveness() {
    assert_eq!(
        test("liveness = { tcp = true }\nreadiness = { exec = [\"/orders\", \"ready\"] }"),
        ["CMD", "/orders", "ready"]
    );
}

#[test]
fn liveness_is_asked_where_both_can_be() {
    assert_eq!(
        test("liveness = { exec = [\"/orders\", \"live\"] }\nreadiness = { exec = [\"/orders\", \"ready\"] }"),
        ["CMD", "/orders", "live"]
    );
}

#[test]
fn there_is_no_check_where_neither_can_be_asked() {
    assert!(test("liveness = { tcp = true }\nreadiness = \"/readyz\"").is_empty());
}
