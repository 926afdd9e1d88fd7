//! Other programs beside the app: `[companions]`, on Compose alone.

use render::{
    flow,
    layers::Request,
    targets::{self, Wish},
};
use serde_json::{Value, json};

use crate::rendered::{documents, read};

const APP: &str = "name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\ncommand = [\"python\", \"-m\", \"orders\"]\nport = 8000\n\
                   [env]\nLEVEL = \"info\"\n[secrets]\nTOKEN = \"a token\"\n";

const PROXY: &str = "[companions.proxy]\nimage = \"example.com/proxy:2\"\n";

fn file(profile: &str, dev: bool) -> Value {
    documents("compose", profile, dev).unwrap_or_else(|problems| panic!("{problems}")).remove(0)
}

fn services(profile: &str) -> Value {
    file(profile, false)["services"].clone()
}

/// The file that lies over the base: for development, or an environment.
fn over(profile: &str, env: Option<&str>) -> Value {
    let app = |env| {
        let request = Request { env, ..Request::alone("profile.toml", profile.as_bytes()) };
        flow::app(&request).app.expect("no errors")
    };
    let (base, own) = (app(None), app(env));
    let wish = Wish { app: &own, base: env.map(|_| (&base).into()), dev: env.is_none(), full: false };
    let rendered = (targets::find("compose").expect("a target").render)(&wish);
    // What is taken away is marked by a tag.
    read(&rendered.bundle.files[0].text(None).replace("!reset ", "").replace("!override", ""))
}

/// The codes of what is told to who renders for a target.
fn told(target: &str, profile: &str, env: Option<&str>) -> Vec<&'static str> {
    let request = Request { env, ..Request::alone("profile.toml", profile.as_bytes()) };
    let app = flow::app(&request).app.expect("no errors");
    let wish = Wish { app: &app, base: None, dev: false, full: true };
    let rendered = (targets::find(target).expect("a target").render)(&wish);
    rendered.problems.iter().map(|problem| problem.code.name()).collect()
}

#[test]
fn a_companion_is_a_service_of_its_own_name_hardened_as_all_are() {
    let services = services(&format!("{APP}{PROXY}"));
    let proxy = &services["proxy"];
    assert_eq!(proxy["image"], "example.com/proxy:2");
    assert_eq!(proxy["user"], "10001:10001");
    assert_eq!(proxy["read_only"], true);
    assert_eq!(proxy["cap_drop"], json!(["ALL"]));
    assert_eq!(proxy["security_opt"], json!(["no-new-privileges:true"]));
    assert_eq!(proxy["deploy"]["resources"]["limits"], services["orders"]["deploy"]["resources"]["limits"]);
    assert!(services.get("orders-proxy").is_none());
}

#[test]
fn another_image_has_nothing_of_the_apps_configuration_and_the_apps_image_has_all_of_it() {
    let flower = "[companions.flower]\ncommand = [\"flower\"]\n";
    let services = services(&format!("{APP}{PROXY}{flower}"));
    assert!(services["proxy"].get("environment").is_none());
    assert_eq!(services["flower"]["environment"], services["orders"]["environment"]);
    assert_eq!(services["flower"]["image"], "example.com/orders:1.4.2");
    // It is the app's own variables, not what the app is published at.
    assert!(services["flower"].get("ports").is_none());
}

#[test]
fn ports_are_published_each_by_its_name_the_main_one_or_all() {
    let published = |publish: &str| {
        let ports = "port = 8080\nports = { dashboard = 8090, dns = { port = 53, protocol = \"udp\" } }\n";
        services(&format!("{APP}{PROXY}{ports}{publish}"))["proxy"].get("ports").cloned()
    };
    assert_eq!(published(""), None);
    assert_eq!(published("publish = false"), None);
    assert_eq!(published("publish = \"0.0.0.0:80\""), Some(json!(["0.0.0.0:80:8080"])));
    let all = json!(["127.0.0.1:53:53/udp", "127.0.0.1:8080:8080", "127.0.0.1:8090:8090"]);
    assert_eq!(published("publish = true"), Some(all));
    let each = json!(["[::1]:5353:53/udp", "127.0.0.1:8081:8080"]);
    assert_eq!(published("publish = { http = \"8081\", dns = \"[::1]:5353\", dashboard = false }"), Some(each));
}

#[test]
fn another_port_may_bear_the_name_that_the_main_one_has_otherwise() {
    let ports = "port = 8080\nports = { http = 9090 }\nprobes = false\npublish = { http = true, tcp = \"8081\" }\n";
    let services = services(&format!("{APP}{PROXY}{ports}"));
    assert_eq!(services["proxy"]["ports"], json!(["127.0.0.1:8081:8080", "127.0.0.1:9090:9090"]));
}

#[test]
fn it_waits_for_what_it_needs_and_reaches_the_services_among_it() {
    let profile = format!(
        "{APP}[services.db]\nkind = \"postgres\"\nversion = \"17\"\n[services.cache]\nkind = \"redis\"\n\
         [processes.worker]\ncommand = [\"work\"]\n\
         [companions.pages]\nimage = \"example.com/pages:1\"\nenv = {{ SERVER = \"${{db.host}}\" }}\n\
         [companions.watch]\nimage = \"example.com/watch:1\"\nneeds = [\"cache\", \"web\", \"worker\", \"pages\"]\n{PROXY}"
    );
    let services = services(&profile);
    let healthy = json!({ "condition": "service_healthy", "restart": true });
    let started = json!({ "condition": "service_started", "restart": true });
    assert_eq!(services["pages"]["depends_on"], json!({ "db": healthy }));
    assert_eq!(services["pages"]["environment"], json!({ "SERVER": "db" }));
    let waits = json!({ "cache": healthy, "orders": healthy, "orders-worker": started, "pages": started });
    assert_eq!(services["watch"]["depends_on"], waits);
    for name in ["pages", "watch"] {
        assert_eq!(services[name]["networks"], json!({ "backend": {}, "default": {} }), "{name}");
    }
    // A proxy has no business with the database, though nobody refers to the cache.
    assert!(services["proxy"].get("depends_on").is_none() && services["proxy"].get("networks").is_none());
    // What a companion refers to is not thereby known to the app.
    assert_eq!(services["orders"]["depends_on"], json!({ "cache": healthy, "db": healthy }));
}

#[test]
fn it_stands_where_it_says_in_development_in_an_environment_or_everywhere() {
    let profile = format!(
        "{APP}{PROXY}[companions.pages]\nimage = \"example.com/pages:1\"\nonly = [\"dev\"]\n\
         volumes = {{ themes = {{ mount = \"/themes\" }} }}\n\
         [companions.collector]\nimage = \"example.com/otel:1\"\nonly = [\"staging\", \"dev\"]\n\
         [environments.staging]\ncompanions.proxy.enabled = false\n[environments.production]\nenv = {{ LEVEL = \"warn\" }}\n"
    );
    let names = |file: &Value| -> Vec<String> {
        file["services"].as_object().unwrap().keys().filter(|name| !name.starts_with("orders")).cloned().collect()
    };
    let base = file(&profile, false);
    assert_eq!(names(&base), ["proxy"]);
    assert!(base.get("volumes").is_none() && base["services"].get("orders-volumes").is_none());
    let dev = over(&profile, None);
    assert_eq!(names(&dev), ["collector", "pages"]);
    assert_eq!(dev["volumes"], json!({ "themes": {} }));
    assert_eq!(dev["services"]["pages"]["image"], "example.com/pages:1");
    assert_eq!(names(&over(&profile, Some("production"))), Vec::<String>::new());
    let staging = over(&profile, Some("staging"));
    assert_eq!(names(&staging), ["collector", "proxy"]);
    // Taken away.
    assert_eq!(staging["services"]["proxy"], json!({}));
}

#[test]
fn what_is_built_in_development_is_developed_and_what_others_made_is_not() {
    let profile = format!(
        "{APP}{PROXY}port = 8080\npublish = \"0.0.0.0:80\"\n[companions.tests]\nimage = \"example.com/tests:1\"\nport = 9323\n\
         publish = \"0.0.0.0:9323\"\nbuild = {{ context = \"tests\" }}\ndev = {{ mounts = [\"./tests:/tests\"] }}\n"
    );
    let services = file(&profile, true)["services"].clone();
    assert_eq!(services["proxy"]["ports"], json!(["0.0.0.0:80:8080"]));
    assert!(services["proxy"].get("build").is_none());
    assert_eq!(services["tests"]["build"]["context"], "tests");
    assert_eq!(services["tests"]["image"], "tests:1-local");
    assert_eq!(services["tests"]["ports"], json!(["127.0.0.1:9323:9323"]));
}

#[test]
fn no_cluster_has_it_and_whoever_renders_for_one_is_told() {
    let pages = "[companions.pages]\nimage = \"example.com/pages:1\"\nonly = [\"staging\", \"dev\"]\n";
    let profile = format!("{APP}{PROXY}env = {{ A = \"b\" }}\n{pages}[environments.staging]\nworkers = 2\n");
    for target in ["k8s", "cloudrun"] {
        assert_eq!(documents(target, &profile, false), documents(target, APP, false), "{target}");
        let count = |env| told(target, &profile, env).into_iter().filter(|code| *code == "no-companion").count();
        assert_eq!((count(None), count(Some("staging"))), (1, 2), "{target}");
    }
    assert!(!told("compose", &profile, None).contains(&"no-companion"));
}

#[test]
fn a_companion_of_elsewhere_makes_no_file_stale() {
    // What decides each file, as its header is hashed from it.
    let decided = |target: &str, more: &str, dev| {
        let outcome = flow::app(&Request::alone("profile.toml", format!("{APP}{PROXY}{more}\n").as_bytes()));
        let app = outcome.app.expect("a good profile");
        let target = targets::find(target).expect("a target");
        let rendered = (target.render)(&Wish { app: &app, base: None, dev, full: false });
        rendered.bundle.files.iter().map(|file| file.decided_by(&[&outcome.model])).collect::<Vec<_>>()
    };
    let (one, other, everywhere) = ("only = [\"dev\"]", "only = [\"dev\"]\nargs = [\"-v\"]", "args = [\"-v\"]");
    for target in ["k8s", "compose"] {
        assert_eq!(decided(target, one, false), decided(target, other, false), "{target}");
    }
    assert_ne!(decided("compose", one, true), decided("compose", other, true));
    assert_ne!(decided("compose", one, false), decided("compose", everywhere, false));
}

#[test]
fn files_and_secrets_of_a_companion_are_its_own() {
    let profile = format!(
        "{APP}[compose]\npids = 64\n{PROXY}\
         files = {{ \"/etc/proxy.yaml\" = {{ content = \"listen: ${{port}}\", template = true }} }}\nport = 8080\n\
         secrets = {{ CERT = {{ about = \"of the proxy\", mount = \"/etc/cert.pem\" }} }}\n"
    );
    let file = file(&profile, false);
    let services = &file["services"];
    assert_eq!(services["orders-volumes"]["environment"]["FILE_PROXY_ETC_PROXY_YAML"], "listen: 8080");
    let mounted: Vec<&Value> =
        services["proxy"]["volumes"].as_array().unwrap().iter().map(|one| &one["target"]).collect();
    assert_eq!(mounted, ["/etc/proxy.yaml"]);
    assert_eq!(services["proxy"]["secrets"], json!([{ "source": "CERT", "target": "/etc/cert.pem" }]));
    assert_eq!(file["secrets"], json!({ "CERT": { "file": "./secrets/CERT" } }));
    assert!(services["orders"].get("secrets").is_none());
    // What holds for every container of a host is the app's.
    assert_eq!(services["proxy"]["deploy"]["resources"]["limits"]["pids"], 64);
}
