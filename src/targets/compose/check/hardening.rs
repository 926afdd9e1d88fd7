//! The protection that every service is rendered with, the same as on Kubernetes.

use super::{
    form,
    services::{is_built, is_surely, is_yes, names, services, sources, texts},
    variables::{fixed, fixed_at, unset},
};
use crate::{
    app::{Image, PINNED},
    targets::{
        check::{At, Found, Rule, Weight},
        compose::storage::IMAGE,
    },
};

pub const RULES: &[Rule] = &[
    rule(
        "a service drops all capabilities, and gets back none but NET_BIND_SERVICE",
        "KICS; OWASP Docker Security 3",
        capabilities,
    ),
    rule("no process gains more privileges than its parent", "KICS; OWASP Docker Security 4", new_privileges),
    rule("what confines a service is not turned off", "Docker Engine, `parseSecurityOpt`", confined),
    rule("nothing is privileged, neither a service nor a hook nor a build", "OWASP Docker Security 3", privileged),
    rule("everything runs as a user by number, not as root", "KICS; OWASP Docker Security 2", user),
    rule(
        "outside development the root file system is read-only, unless a secret is copied into it",
        "OWASP Docker Security 8",
        read_only,
    ),
    rule("outside development memory and processes are limited", "KICS; OWASP Docker Security 7", limits),
    rule("the kernel may end a service that takes too much", "Docker Engine, --oom-kill-disable", killable),
    rule("an image is named for good", "as the profile's own", floating),
];

const fn rule(name: &'static str, source: &'static str, find: fn(&[At<'_>], &mut Found)) -> Rule {
    Rule { name, source, weight: Weight::Unhardened, find }
}

/// Whether a service does nothing but prepare volumes, cut off from everybody: then it may be root, to give them away.
fn prepares(service: &At<'_>) -> bool {
    let is = |key: &str, wanted: &str| service.key(key).text() == Some(wanted);
    let program = service.key("entrypoint").items().next();
    let program = program.as_ref().and_then(At::text).unwrap_or_default();
    is("image", IMAGE) && is("network_mode", "none") && is("restart", "no") && matches!(program, "chown" | "sh")
}

fn capabilities(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        if !at.key("cap_drop").holds("ALL") {
            found.add(&at.key("cap_drop"), format!("service `{service}` does not drop all capabilities"));
        }
        let admitted = |name: &str| name == "NET_BIND_SERVICE" || name == "CHOWN" && prepares(&at);
        for (name, at) in names(&at.key("cap_add")).into_iter().filter(|(name, _)| !admitted(name)) {
            found.add(&at, format!("service `{service}` adds the capability {name}"));
        }
    }
}

fn new_privileges(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        let options = at.key("security_opt");
        // Both signs mean one thing, and the last option holds (Docker Engine, `parseSecurityOpt`).
        let values = options.items().filter_map(|item| item.text()?.strip_prefix("no-new-privileges"));
        if !values.last().is_some_and(|value| matches!(value, "" | ":true" | "=true")) {
            found.add(&options, format!("processes of service `{service}` can gain privileges"));
        }
    }
}

/// Options that take protection away, `:` or `=` between their words.
const LOOSE: &[&str] = &["label=disable", "label=type=spc_t", "writable-cgroups", "writable-cgroups=true"];

fn confined(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        for (option, at) in texts(&at.key("security_opt")) {
            let plain = fixed(option).map(|option| option.replace(':', "="));
            let is_loose = |option: String| option.ends_with("=unconfined") || LOOSE.contains(&option.as_str());
            if plain.is_none_or(is_loose) {
                found.add(&at, format!("service `{service}` is not confined: `{option}`"));
            }
        }
    }
}

/// The commands that run in the container of a service beside its own.
fn hooks<'a>(service: &At<'a>) -> Vec<At<'a>> {
    ["post_start", "pre_stop"].iter().flat_map(|key| service.key(key).items()).collect()
}

fn privileged(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        let hooks = hooks(&at).into_iter().map(|hook| ("a hook", hook));
        let syncs = at.at("develop.watch").items().map(|watch| ("a hook", watch.key("exec")));
        for (who, at) in hooks.chain(syncs).chain([("the container", at.clone()), ("the build", at.key("build"))]) {
            let at = at.key("privileged");
            if is_yes(&at) {
                found.add(&at, format!("{who} of service `{service}` has the rights of the host"));
            }
        }
        for (entitlement, at) in texts(&at.at("build.entitlements")) {
            found.add(&at, format!("the build of service `{service}` gets `{entitlement}`"));
        }
    }
}

fn user(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        let own = at.key("user");
        // A variable is decided on the host: a developer's own number.
        let is_developer = is_built(&at) && own.text().is_some_and(|user| user.starts_with("${"));
        if !is_developer && !prepares(&at) && !is_harmless(&own) {
            found.add(&own, format!("service `{service}` does not run as a user by number other than root"));
        }
        // Without a user of its own a hook has the service's.
        for user in hooks(&at).into_iter().map(|hook| hook.key("user")).filter(At::is_set) {
            if !is_harmless(&user) {
                found.add(&user, format!("a hook of `{service}` does not run as a user by number other than root"));
            }
        }
        for (group, at) in texts(&at.key("group_add")).into_iter().filter(|(group, _)| is_mighty(group)) {
            found.add(&at, format!("service `{service}` is in the group `{group}`"));
        }
        for at in at.key("group_add").items().filter(|at| at.number() == Some(0)) {
            found.add(&at, format!("service `{service}` is in the group of root"));
        }
    }
}

/// Whether a user, and its group if there is one, is a number other than root's.
fn is_harmless(at: &At<'_>) -> bool {
    let is_number = |id: &str| id.parse::<u32>().is_ok_and(|id| id > 0);
    fixed_at(at).is_some_and(|user| user.split(':').all(is_number) && user.split(':').count() <= 2)
}

/// Groups through which a process has the rights of root, here or on the host.
fn is_mighty(group: &str) -> bool {
    fixed(group).is_none_or(|group| matches!(group.as_ref(), "0" | "root" | "docker" | "disk" | "shadow" | "sudo"))
}

/// Compose copies what is no file into the container, which it refuses where nothing can be written.
fn read_only(files: &[At<'_>], found: &mut Found) {
    for file in files {
        let copied = |name: &str| file.key("secrets").key(name).key("environment").is_set();
        for (service, at) in services(std::slice::from_ref(file)).into_iter().filter(|(_, at)| !is_built(at)) {
            let copies = sources(&at.key("secrets")).iter().any(|(name, _)| copied(name));
            if !copies && !is_surely(&at.key("read_only")) {
                found.add(&at.key("read_only"), format!("service `{service}` can write to its root file system"));
            }
        }
    }
}

/// What is bounded, where, and what follows without bounds. None or less is no bound.
const BOUNDS: &[(&str, &str, &str)] = &[
    ("deploy.resources.limits.memory", "mem_limit", "all memory of the host"),
    ("deploy.resources.limits.pids", "pids_limit", "all processes that the host can run"),
];

fn limits(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files).into_iter().filter(|(_, at)| !is_built(at)) {
        for (new, old, all) in BOUNDS {
            let (new, old) = (at.at(new), at.key(old));
            // What a variable decides is somebody's decision, and what is no amount is an error already.
            let amount = |text: &str| form::bytes(text).or_else(|| form::number(text)).unwrap_or(1.0);
            let bounds = |at: &At<'_>| at.is_set() && fixed_at(at).is_none_or(|text| amount(&text) > 0.0);
            if !bounds(&new) && !bounds(&old) {
                found.add(if old.is_set() { &old } else { &new }, format!("service `{service}` can take {all}"));
            }
        }
    }
}

fn killable(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files) {
        let (disable, score) = (at.key("oom_kill_disable"), at.key("oom_score_adj"));
        if is_yes(&disable) {
            found.add(&disable, format!("service `{service}` is not ended when it has no memory left"));
        }
        if fixed_at(&score).and_then(|text| form::number(&text)).is_some_and(|score| score < 0.0) {
            found.add(&score, format!("the kernel ends others before service `{service}`"));
        }
    }
}

fn floating(files: &[At<'_>], found: &mut Found) {
    for (service, at) in services(files).into_iter().filter(|(_, at)| !is_built(at)) {
        let at = at.key("image");
        let Some(image) = at.text().map(unset) else { continue };
        if let Some(why) = Image::parse(&image).and_then(|image| image.floats()) {
            let message = format!("`{image}` of service `{service}` does not name one image: {why}");
            found.add_with(&at, message, Some(PINNED.into()));
        }
    }
}
