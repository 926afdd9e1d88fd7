//! A run of some of the apps, and the files of the others.

use super::*;

const NEW: &str = "apps/new/profile.toml";

fn names_of(place: &Place, arguments: &str) -> Vec<String> {
    let ran = place.run(&format!("all -o deploy --check -q {arguments}"));
    brief(&ran.stdout).into_iter().filter(|line| line.starts_with("orphan ")).collect()
}

#[test]
fn a_name_that_an_app_of_others_has_is_an_error_and_costs_them_nothing() {
    let place = delivered();
    place.write(NEW, &BILLING.replace("\"billing\"", "\"orders\""));
    for line in ["all apps/new -o deploy --prune -q", "all apps/new -o deploy --check -q"] {
        let told = place.run(line).told(2);
        let both =
            "apps/orders/profile.toml and apps/new/profile.toml would both be written to `deploy/compose/orders`";
        assert!(told.contains(both) && !told.contains("orphan"), "{told}");
    }
    place.run("all apps/orders apps/billing -o deploy --check -q").told(0);
}

#[test]
fn who_cannot_have_a_new_name_keeps_what_the_old_one_has() {
    let place = delivered();
    place.write("apps/billing/profile.toml", &BILLING.replace("\"billing\"", "\"orders\""));
    let before = place.list("deploy/compose");
    place.run("all apps/billing -o deploy --prune -q").told(2);
    assert_eq!(place.list("deploy/compose"), before);
    place.write("apps/billing/profile.toml", BILLING);
    place.run("all -o deploy --check -q").told(0);
}

#[test]
fn what_could_not_be_written_may_need_what_is_left_over() {
    let place = delivered();
    let edited = "deploy/k8s/production/orders/deployment.yaml";
    place.write("apps/orders/profile.toml", &ORDERS.replace("autoscale = { max = 9, cpu = 70 }", "workers = 3"));
    place.write(edited, &place.read(edited).replace("orders:1.4.2", "orders:1.4.3"));
    let told = place.run("all -o deploy --prune").told(2);
    assert!(told.contains("what profiles with errors may still need is not deleted"), "{told}");
    assert!(place.path().join("deploy/k8s/production/orders/horizontalpodautoscaler.yaml").exists());
    place.run("all -o deploy --prune --force -q").told(0);
    place.run("all -o deploy --check -q").told(0);
}

#[test]
fn an_app_that_moved_to_others_is_not_left_over_where_it_was() {
    let place = delivered();
    place.write("money/billing/profile.toml", BILLING);
    fs::remove_dir_all(place.path().join("apps/billing")).unwrap();
    assert_eq!(names_of(&place, "apps"), Vec::<String>::new());
    place.run("all apps -o deploy --prune -q").told(0);
    place.run("all -o deploy -q").told(0);
    fs::remove_dir_all(place.path().join("money")).unwrap();
    place.write("money/empty", "");
    assert!(!names_of(&place, "money").is_empty(), "gone, and not only elsewhere");
}

#[test]
fn all_shards_together_tell_what_is_left_over_as_one_run_does_whatever_else_lies_there() {
    let place = delivered();
    let copy = place.read("deploy/k8s/staging/orders/service.yaml");
    fs::remove_dir_all(place.path().join("apps/billing")).unwrap();
    // Before all others in the folder, by its name.
    place.write("deploy/k8s/default/billing/aaa.yaml", &copy);
    let mut sharded: Vec<String> =
        ["--shard 1/2", "--shard 2/2"].iter().flat_map(|one| names_of(&place, one)).collect();
    sharded.sort();
    let all = names_of(&place, "");
    assert!(all.len() > 5, "{all:#?}");
    assert_eq!(sharded, all);
}

#[test]
fn what_others_with_errors_may_need_is_not_deleted() {
    let place = delivered();
    place.write("apps/orders/profile.toml", &format!("{ORDERS}workrs = 2\n"));
    place.write(NEW, &BILLING.replace("\"billing\"", "\"orders\""));
    let told = place.run("all apps/new -o deploy --prune --force").told(2);
    assert!(told.contains("what profiles with errors may still need is not deleted"), "{told}");
    assert!(place.path().join("deploy/compose/orders/docker-compose.staging.yml").exists());
}
