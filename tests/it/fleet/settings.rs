//! `render.toml`.

use super::{select::apps, *};

fn settings(text: &str) -> Place {
    let place = repository();
    place.write("render.toml", text);
    place
}

#[test]
fn say_where_the_tree_lies_and_what_is_in_it_from_any_folder() {
    let place = settings(
        "required-version = \">=0.1\"\noutput = \"manifests\"\n\
         [select]\nprofiles = [\"apps/*\"]\nexclude = [\"apps/_*\"]\ntargets = [\"k8s\", \"compose\"]\n",
    );
    place.write("apps/_template/profile.toml", "not a profile yet\n");
    place.write("elsewhere/profile.toml", "not one\n");
    place.run_in("apps/orders", "all -q").told(0);
    assert_eq!(place.list("manifests"), ["compose", "k8s"]);
    place.run("all -q --check").told(0);
    // What is asked for goes before.
    place.run("all -q -o other --target cloudrun apps").told(0);
    assert_eq!(place.list("other"), ["cloudrun"]);
    assert_eq!(apps(&place, ""), ["billing", "orders"]);
}

#[test]
fn say_how_the_tree_is_laid_out() {
    let place = settings(
        "base = \"production\"\nkustomization = true\n\
         [layout]\nk8s = \"{env}/apps/{name}\"\ncloudrun = \"{env}/runs/{name}\"\n\
         compose = \"hosts/docker/{name}\"\n",
    );
    place.run("all -o deploy -q").told(0);
    assert_eq!(place.list("deploy"), ["hosts", "production", "staging"]);
    assert!(place.list("deploy/production/apps/billing").contains(&"kustomization.yaml".to_owned()));
    // An environment of that name is it.
    assert!(place.list("deploy/production/apps/orders").contains(&"horizontalpodautoscaler.yaml".to_owned()));
    place.run("all -o deploy -q --check").told(0);
}

#[test]
fn a_base_is_an_environment_beside_the_others() {
    let place = settings("base = \"live\"\n");
    assert!(place.run("list -q --target k8s apps/orders").silently().contains("k8s/live/orders"));
    assert!(place.run("list -q --target k8s --env live").silently().lines().count() == 2);
}

#[test]
fn that_make_no_sense_are_errors_that_name_the_file() {
    for (text, expected) in [
        ("required-version = \">=99\"\nunheard-of = 1\n", "version >=99 of render is required"),
        ("required-version = \"new\"\n", "no range of versions"),
        ("outptu = \"deploy\"\n", "outptu"),
        ("output = \n", "line 1"),
        ("[select]\ntargets = [\"helm\"]\n", "`helm` is no target"),
        ("[select]\nprofiles = [\"../other/*\"]\n", "`../other/*`"),
        ("base = \"../x\"\n", "names no folder"),
        ("[layout]\nhelm = \"x/{name}\"\n", "`helm` has no place"),
        ("[layout]\nk8s = \"k8s/{name}\"\n", "without `{env}`"),
        ("[layout]\nk8s = \"k8s/{env}\"\n", "without `{name}`"),
        ("[layout]\ncompose = \"compose/{env}/{name}\"\n", "no `{env}`"),
        ("[layout]\nk8s = \"../{env}/{name}\"\n", "a path under the folder"),
        ("[layout]\nk8s = \"/k8s/{env}/{name}\"\n", "a path under the folder"),
        ("[layout]\nk8s = \".k8s/{env}/{name}\"\n", "begin with a dot"),
        ("[layout]\nk8s = \"k8s/{env}-{name}\"\n", "folders by themselves"),
        ("[layout]\nk8s = \"k8s/{team}/{env}/{name}\"\n", "all that can be filled in"),
        ("[layout]\ncompose = \"{name}\"\n", "could share a folder"),
        ("[layout]\ncloudrun = \"k8s/{env}/{name}/run\"\n", "could share a folder"),
    ] {
        let told = settings(text).run("all -o deploy").told(2);
        assert!(told.contains("render.toml: ") && told.contains(expected), "{text}\n{told}");
    }
}

#[test]
fn without_them_the_tree_has_to_be_named() {
    assert!(repository().run("all").told(2).contains("render all -o deploy"));
}

#[test]
fn of_another_repository_are_not_read() {
    let place = repository();
    place.write("render.toml", "nonsense\n");
    place.write("inner/profile.toml", ORDERS);
    fs::create_dir(place.path().join("inner/.git")).unwrap();
    place.run_in("inner", "all -o deploy -q").told(0);
}
