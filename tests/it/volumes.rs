//! What outlives a container: who may mount it, who may write to it, and what keeps it.

use serde_json::{Value, json};

use crate::rendered::{documents, text};

const APP: &str = "name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\ncommand = [\"serve\"]\nprobes = false\n\
                   resources = { memory = \"64Mi\" }\n[build]\ndockerfile = \"Dockerfile\"\n";

fn with(tables: &str) -> String {
    format!("{APP}{tables}")
}

fn objects(profile: &str, kind: &str) -> Vec<Value> {
    let all = documents("k8s", profile, false).unwrap_or_else(|error| panic!("{error}"));
    all.into_iter().filter(|object| object["kind"] == kind).collect()
}

fn names(objects: &[Value]) -> Vec<String> {
    objects.iter().map(|object| text(&object["metadata"]["name"])).collect()
}

fn compose(profile: &str, dev: bool) -> Value {
    documents("compose", profile, dev).unwrap_or_else(|error| panic!("{error}")).remove(0)
}

fn pod(object: &Value) -> &Value {
    &object["spec"]["template"]["spec"]
}

#[test]
fn state_on_a_disk_is_one_pod_that_goes_before_its_successor() {
    let profile = with(
        "[processes.web]\nstate = \"disk\"\n[volumes]\ndata = { mount = \"/data\", size = \"5Gi\", class = \"fast\" }",
    );
    let deployment = &objects(&profile, "Deployment")[0];
    assert_eq!(deployment["spec"]["strategy"], json!({ "type": "Recreate" }));
    assert_eq!(deployment["spec"]["replicas"], 1);
    let claim = &objects(&profile, "PersistentVolumeClaim")[0];
    assert_eq!(claim["metadata"]["name"], "orders-data");
    assert_eq!(pod(deployment)["volumes"][0]["persistentVolumeClaim"]["claimName"], "orders-data");
    let wanted = json!({
        "accessModes": ["ReadWriteOnce"], "resources": { "requests": { "storage": "5Gi" } }, "storageClassName": "fast"
    });
    assert_eq!(claim["spec"], wanted);
    // A release must not touch it.
    assert!(claim["metadata"]["labels"].get("app.kubernetes.io/version").is_none());
}

#[test]
fn replicas_with_volumes_of_their_own_are_a_stateful_set_that_nothing_but_data_ties_down() {
    let own = "[volumes]\nshard = { mount = \"/shard\", size = \"5Gi\", per_replica = true }\n";
    let scaled = with(&format!(
        "{own}[processes.web]\nworkers = 3\nautoscale = {{ max = 5 }}\nport = 8000\n[compose]\nworkers = 1"
    ));
    assert!(objects(&scaled, "Deployment").is_empty() && objects(&scaled, "PersistentVolumeClaim").is_empty());
    let set = &objects(&scaled, "StatefulSet")[0];
    let template = &set["spec"]["volumeClaimTemplates"][0];
    assert_eq!(template["metadata"], json!({ "name": "shard" }), "labels could never change");
    assert!(pod(set)["volumes"].as_array().unwrap().iter().all(|volume| volume["name"] != "shard"));
    assert_eq!(pod(set)["containers"][0]["volumeMounts"][0], json!({ "mountPath": "/shard", "name": "shard" }));
    assert_eq!(objects(&scaled, "HorizontalPodAutoscaler")[0]["spec"]["scaleTargetRef"]["kind"], "StatefulSet");
    let services = objects(&scaled, "Service");
    assert_eq!(names(&services), ["orders-headless", "orders"]);
    assert_eq!(set["spec"]["serviceName"], "orders-headless");
    assert_eq!(services[0]["spec"]["clusterIP"], "None");
    // One that is headless already governs by itself.
    let headless = scaled.replace("port = 8000", "port = 8000\nservice = { type = \"headless\" }");
    assert_eq!(names(&objects(&headless, "Service")), ["orders"]);
    assert_eq!(objects(&headless, "StatefulSet")[0]["spec"]["serviceName"], "orders");
    let silent = with(own);
    assert_eq!(names(&objects(&silent, "Service")), ["orders-headless"]);
}

#[test]
fn what_exists_is_named_and_not_made() {
    let profile = with(
        "[volumes]\nmodels = { mount = \"/models\", claim = \"shared-models\", access = \"rox\", external = true }\n\
         legacy = { mount = \"/legacy\", external = true, access = \"rwx\" }",
    );
    assert!(objects(&profile, "PersistentVolumeClaim").is_empty());
    let deployment = &objects(&profile, "Deployment")[0];
    let claims: Vec<&Value> =
        pod(deployment)["volumes"].as_array().unwrap().iter().map(|volume| &volume["persistentVolumeClaim"]).collect();
    assert_eq!(claims[0], &json!({ "claimName": "legacy" }));
    assert_eq!(claims[1], &json!({ "claimName": "shared-models", "readOnly": true }));
    assert_eq!(pod(deployment)["containers"][0]["volumeMounts"][1]["readOnly"], true);
    let file = compose(&profile, false);
    assert_eq!(file["volumes"], json!({ "legacy": { "external": true }, "models": { "external": true } }));
    assert!(file["services"].get("orders-volumes").is_none(), "who makes it gives it to somebody");
}

#[test]
fn memory_counts_as_memory() {
    let profile = with("[volumes]\ncache = { mount = \"/cache\", medium = \"memory\", size = \"32Mi\" }");
    let container = pod(&objects(&profile, "Deployment")[0])["containers"][0].clone();
    assert_eq!(container["resources"]["limits"]["memory"], "96Mi");
    let service = &compose(&profile, false)["services"]["orders"];
    // And what is scratch space of the default, which lies in memory there.
    assert_eq!(service["deploy"]["resources"]["limits"]["memory"], "160M");
    assert!(
        service["tmpfs"].to_string().contains("/cache:rw,noexec,nosuid,nodev,size=32m,mode=1777,uid=10001,gid=10001")
    );
}

#[test]
fn a_new_docker_volume_is_its_users_before_anything_starts() {
    let tables = "[volumes]\nmedia = { mount = \"/media\", size = \"1Gi\", access = \"rwx\" }\n\
                  [processes.worker]\ncommand = [\"work\"]\nresources = { memory = \"64Mi\" }\nprobes = false\n";
    let file = compose(&with(tables), false);
    let prepare = &file["services"]["orders-volumes"];
    assert_eq!(prepare["entrypoint"], json!(["chown", "10001:10001", "/volumes/media"]));
    assert_eq!((&prepare["cap_add"], &prepare["cap_drop"]), (&json!(["CHOWN"]), &json!(["ALL"])));
    assert_eq!((&prepare["network_mode"], &prepare["read_only"]), (&json!("none"), &json!(true)));
    for name in ["orders", "orders-worker"] {
        let service = &file["services"][name];
        let wait = json!({ "orders-volumes": { "condition": "service_completed_successfully" } });
        assert_eq!(service["depends_on"], wait, "{name}");
        assert_eq!(service["volumes"][0]["volume"]["nocopy"], true, "what the image has there is another's");
    }
    let developed = compose(&with(tables), true);
    let owner = &developed["services"]["orders-volumes"]["entrypoint"][1];
    assert_eq!(owner, "${UID:-1000}:${GID:-1000}");
    // The image's own user is known to nobody else, so that the image's folder has to decide.
    let own = compose(
        &with(&format!("{tables}[processes.web]\nuid = \"image\"\n"))
            .replace("[processes.worker]", "[processes.worker]\nuid = \"image\""),
        false,
    );
    assert!(own["services"].get("orders-volumes").is_none());
    assert!(own["services"]["orders"]["volumes"][0].get("volume").is_none());
}

#[test]
fn volumes_of_different_users_are_given_to_each() {
    let file = compose(
        &with(
            "[processes.web]\nvolumes = { a = { mount = \"/a\", size = \"1Gi\", access = \"rwx\" } }\n\
             [processes.worker]\nuid = 20001\ncommand = [\"work\"]\nresources = { memory = \"64Mi\" }\nprobes = false\n\
             volumes = { b = { mount = \"/b\", size = \"1Gi\", access = \"rwx\" } }",
        ),
        false,
    );
    let script = "chown \"$$1\" /volumes/a\nchown \"$$2\" /volumes/b";
    let wanted = json!(["sh", "-euc", script, "sh", "10001:10001", "20001:20001"]);
    assert_eq!(file["services"]["orders-volumes"]["entrypoint"], wanted);
}

#[test]
fn what_no_node_can_share_is_refused_where_pods_are_several() {
    let refused = |tables: &str| documents("k8s", &with(tables), false).expect_err(tables);
    let media = "[volumes]\nmedia = { mount = \"/media\", size = \"1Gi\" }\n";
    let worker = "[processes.worker]\ncommand = [\"work\"]\nresources = { memory = \"64Mi\" }\nprobes = false\n";
    assert!(refused(&format!("{media}[processes.web]\nworkers = 2")).contains("2 pods of `web` cannot all mount"));
    assert!(refused(&format!("{media}[processes.web]\nautoscale = {{ max = 4 }}")).contains("4 pods"));
    assert!(refused(media).contains("a new pod of `web` would wait"));
    assert!(refused(&format!("{media}[processes.web]\nstate = \"disk\"\n{worker}")).contains("may run on two"));
    for fine in [
        format!("{media}[processes.web]\nrollout = {{ strategy = \"recreate\" }}"),
        format!("{media}[processes.web]\nstate = \"disk\""),
        "[volumes]\nmedia = { mount = \"/media\", size = \"1Gi\", access = \"rwx\" }\n[processes.web]\nworkers = 2"
            .into(),
        format!("{}[processes.web]\nstate = \"disk\"\n{worker}", media.replace("\" }", "\", for = [\"web\"] }")),
    ] {
        assert!(documents("k8s", &with(&fine), false).is_ok(), "{fine}");
    }
    // On one host all containers are on one node; but two of one process do not know of each other.
    assert!(documents("compose", &with(&format!("{media}{worker}")), false).is_ok());
    let two = format!("{media}[processes.web]\nworkers = 2");
    assert!(documents("compose", &with(&two), false).expect_err("two").contains("2 containers of `web`"));
}

#[test]
fn a_claim_that_a_job_before_all_others_mounts_comes_before_the_job() {
    let tables = "[volumes]\nmedia = { mount = \"/media\", size = \"1Gi\", access = \"rwx\" }\n\
                  other = { mount = \"/other\", size = \"1Gi\", access = \"rwx\", for = [\"web\"] }\n\
                  [jobs.migrate]\ncommand = [\"migrate\"]\nresources = { memory = \"64Mi\" }\n[k8s]\njobs = \"argocd\"";
    let claims = objects(&with(tables), "PersistentVolumeClaim");
    let wave = |claim: &Value| claim["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"].clone();
    assert_eq!(claims.iter().map(wave).collect::<Vec<_>>(), [json!("-1"), Value::Null]);
    let job = &objects(&with(tables), "Job")[0];
    assert_eq!(pod(job)["volumes"][0]["persistentVolumeClaim"]["claimName"], "orders-media");
    assert_eq!(pod(job)["volumes"].as_array().unwrap().len(), 2, "and its scratch space, but not what is for others");
}

const PAGES: &str = "[volumes.html]\nmount = \"/srv/html\"\nmedium = \"disk\"\nsize = \"300Mi\"\nfor = [\"web\", \"pages\"]\n\
                     [inits.pages]\nargs = [\"pages\"]\nvolumes = { html = { mount = \"/out\" } }\nresources = { memory = \"64Mi\" }\n\
                     [sidecars.nginx]\nimage = \"example.com/nginx:1.0.0\"\nvolumes = { html = { mount = \"/usr/share/html\" } }\n\
                     resources = { memory = \"32Mi\" }\n";

#[test]
fn containers_of_a_pod_share_scratch_space_each_at_its_own_place() {
    let deployment = &objects(&with(PAGES), "Deployment")[0];
    let spec = pod(deployment);
    let html = json!({ "name": "html", "emptyDir": { "sizeLimit": "300Mi" } });
    let volumes = spec["volumes"].as_array().unwrap();
    assert_eq!(volumes.iter().filter(|volume| volume["name"] == "html").collect::<Vec<_>>(), [&html]);
    let inits = spec["initContainers"].as_array().unwrap();
    let containers = spec["containers"].as_array().unwrap().iter().chain(inits);
    let places = containers.map(|container| {
        let mounts = container["volumeMounts"].as_array().unwrap().iter();
        mounts.filter(|mount| mount["name"] == "html").map(|mount| text(&mount["mountPath"])).collect::<Vec<_>>()
    });
    assert_eq!(places.collect::<Vec<_>>().concat(), ["/srv/html", "/usr/share/html", "/out"]);
    assert_eq!(spec["containers"][0]["resources"]["limits"]["ephemeral-storage"], "492Mi", "with /tmp and logs");
    let proxy = inits.iter().find(|container| container["name"] == "nginx").unwrap();
    assert_eq!(proxy["resources"]["limits"]["ephemeral-storage"], "256Mi", "what is shared counts once");
    assert!(objects(&with(PAGES), "PersistentVolumeClaim").is_empty());
}

#[test]
fn a_host_has_a_volume_of_each_process_for_it() {
    let two = PAGES
        .replace("resources = { memory = \"32Mi\" }", "with = [\"web\", \"docs\"]\nresources = { memory = \"32Mi\" }")
        + "[processes.docs]\ncommand = [\"docs\"]\nresources = { memory = \"32Mi\" }\n";
    let document = compose(&with(&two), false);
    let source = |service: &str| {
        let volumes = document["services"][service]["volumes"].as_array().into_iter().flatten();
        volumes.map(|volume| format!("{} {}", text(&volume["source"]), text(&volume["target"]))).collect::<Vec<_>>()
    };
    assert_eq!(source("orders"), ["orders-html /srv/html"]);
    assert_eq!(source("orders-pages"), ["orders-html /out"]);
    assert_eq!(source("orders-nginx"), ["orders-html /usr/share/html"]);
    assert_eq!(source("orders-docs-nginx"), ["orders-docs-html /usr/share/html"], "pods share nothing");
    let names: Vec<&String> = document["volumes"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["orders-docs-html", "orders-html"]);
    let prepared = &document["services"]["orders-volumes"]["entrypoint"];
    assert_eq!(*prepared, json!(["chown", "10001:10001", "/volumes/orders-html", "/volumes/orders-docs-html"]));
}

#[test]
fn what_containers_cannot_share_is_refused() {
    let refused = |target: &str, tables: &str, word: &str| {
        let error = documents(target, &with(tables), false).unwrap_err();
        assert!(error.contains(word), "{error}");
    };
    let size = PAGES.replace("{ mount = \"/out\" }", "{ mount = \"/out\", size = \"1Gi\" }");
    refused("k8s", &size, "`html` is one volume for all containers of a pod");
    let memory = PAGES.replace("medium = \"disk\"", "medium = \"memory\"");
    refused("compose", &memory, "say `medium = \"disk\"`");
    refused("compose", &PAGES.replace("[inits.pages]\n", "[inits.pages]\nuid = 20002\n"), "would have two");
    let three = format!("{PAGES}[processes.web]\nworkers = 3\n");
    refused("compose", &three, "Compose has no volume for each of 3 containers");
    assert!(documents("k8s", &with(&three), false).is_ok());
    refused(
        "compose",
        &format!("{PAGES}[volumes.orders-html]\nmount = \"/x\"\nsize = \"1Gi\"\naccess = \"rwx\"\n"),
        "scratch space",
    );
    refused("k8s", &PAGES.replace("size = \"300Mi\"", "class = \"fast\""), "cannot have both `medium` and `class`");
    let others = PAGES.replace("\"web\", ", "").replace("300Mi", "2Gi");
    refused("k8s", &others, "the pods of `web` have no room");
    let room = others.clone() + "[processes.web]\nresources = { ephemeral_storage = \"3Gi\" }\n";
    assert!(documents("k8s", &with(&room), false).is_ok());
    refused(
        "k8s",
        &format!("{PAGES}[processes.web]\nresources = {{ ephemeral_storage = \"100Mi\" }}\n"),
        "more than the pod's",
    );
}

#[test]
fn a_volume_for_a_container_with_an_image_of_its_own_is_mounted_in_it() {
    let media = "[volumes]\nmedia = { mount = \"/media\", size = \"1Gi\", access = \"rwx\", for = NAMES }\n\
                 [env]\nOWN = \"of the app\"\n\
                 [sidecars.nginx]\nimage = \"example.com/nginx:1\"\nresources = { memory = \"64Mi\" }\nprobes = false\n\
                 [inits.fetch]\nimage = \"example.com/curl:8\"\ncommand = [\"fetch\"]\nresources = { memory = \"64Mi\" }\n\
                 [companions.look]\nimage = \"example.com/look:1\"\nresources = { memory = \"64Mi\" }\nprobes = false\n";
    let mounts = |container: &Value| {
        let all = container["volumeMounts"].as_array().into_iter().flatten();
        all.filter(|mount| mount["mountPath"] == "/media").count()
    };
    for (names, wanted) in [
        ("[\"web\", \"nginx\", \"fetch\", \"look\"]", [1, 1, 1, 1]),
        ("[\"nginx\"]", [0, 1, 0, 0]),
        ("[\"fetch\"]", [0, 0, 1, 0]),
        ("[\"web\"]", [1, 0, 0, 0]),
    ] {
        let profile = with(&media.replace("NAMES", names));
        assert_eq!(self::names(&objects(&profile, "PersistentVolumeClaim")), ["orders-media"], "{names}");
        let deployment = &objects(&profile, "Deployment")[0];
        let inits = pod(deployment)["initContainers"].as_array().unwrap();
        let called = |name: &str| inits.iter().find(|one| one["name"] == name).unwrap();
        let main = &pod(deployment)["containers"][0];
        assert_eq!([mounts(main), mounts(called("nginx")), mounts(called("fetch"))], wanted[..3], "{names}");
        assert!(called("nginx").get("env").is_none(), "the rest is the app's alone");
        let file = compose(&profile, false);
        assert_eq!(file["services"]["orders-volumes"]["entrypoint"][2], "/volumes/media", "{names}");
        for (service, wanted) in ["orders", "orders-nginx", "orders-fetch", "look"].into_iter().zip(wanted) {
            let service = &file["services"][service];
            let mounted = service["volumes"].as_array().map_or(0, Vec::len);
            assert_eq!(mounted, wanted, "{names}");
            assert_eq!(service["depends_on"].get("orders-volumes").is_some(), wanted == 1, "{names}");
        }
    }
}

#[test]
fn a_container_beside_replicas_shares_the_volume_of_its_replica() {
    let shard = "[volumes]\nshard = { mount = \"/shard\", size = \"5Gi\", per_replica = true, for = NAMES }\n\
                 [sidecars.nginx]\nimage = \"example.com/nginx:1\"\nresources = { memory = \"64Mi\" }\nprobes = false\n";
    let set = &objects(&with(&shard.replace("NAMES", "[\"web\", \"nginx\"]")), "StatefulSet")[0];
    assert_eq!(set["spec"]["volumeClaimTemplates"].as_array().unwrap().len(), 1);
    let nginx = &pod(set)["initContainers"][0];
    assert_eq!(nginx["volumeMounts"][0], json!({ "mountPath": "/shard", "name": "shard" }));
    let alone = documents("k8s", &with(&shard.replace("NAMES", "[\"nginx\"]")), false).expect_err("no replica has it");
    assert!(alone.contains("`shard` is one for each replica, and `nginx` is none"), "{alone}");
}
