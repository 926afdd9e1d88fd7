//! From `[services]` to what we decided.

use std::collections::BTreeMap;

use super::{
    Backing,
    catalogue::{CATALOGUE, facts},
    facts::{Database, Facts, Health, User},
    image,
    process::{Told, process},
    secret,
};
use crate::{
    app::{
        Bytes, File, Input, Process, Publish, Secret, Start, Text, configuration, files,
        findings::Findings,
        reference::{self, Names, Others},
        resources::{self, amount},
    },
    key::Key,
    problem::{Code, near::near},
    profile::{self, BackingName, BackingPublish, BackingResources, Provision, Quantity, Range},
};

/// As the profile has them.
pub type Wanted = BTreeMap<BackingName, profile::Backing>;

/// What values can refer to: services of a known kind.
pub type Offers = BTreeMap<String, &'static Facts>;

/// The first words of other references.
const TAKEN: &[&str] = &["inputs", "pod", "port", "ports", "processes", "secrets"];

/// What CloudNativePG admits; a StatefulSet's pods could bear two characters more.
const LONGEST: usize = 50;

/// Tells services by their kind, before anything refers to them.
pub fn offers(wanted: &Wanted, findings: &mut Findings<'_>) -> Offers {
    let mut offers = Offers::new();
    for (BackingName(name), backing) in wanted {
        let at = Key::new("services").child(name);
        if TAKEN.contains(&name.as_str()) {
            findings.key(
                Code::BadName,
                &at,
                format!("a service called `{name}` could not be referred to"),
                "begins other references",
                "give it another name, as in `db`",
            );
        }
        let kind = backing.kind.or_else(|| CATALOGUE.iter().find(|known| known.name == name).map(|known| known.kind));
        match kind {
            Some(kind) => drop(offers.insert(name.clone(), facts(kind))),
            None => without_kind(name, &at, findings),
        }
    }
    offers
}

fn without_kind(name: &str, at: &Key, findings: &mut Findings<'_>) {
    let names = CATALOGUE.iter().map(|known| known.name);
    let help = match near(name, names.clone()) {
        Some(near) => format!("did you mean `[services.{near}]`? Otherwise say what it is, as in `kind = \"{near}\"`"),
        None => format!("say what it is: `kind` is one of {}", names.collect::<Vec<_>>().join(", ")),
    };
    let title = format!("the service `{name}` does not say what it is");
    findings.key(Code::MissingKey, at, title, "needs a `kind`", help);
}

/// What the app has that services may refer to, and be confused with.
pub struct Around<'a> {
    /// The name of the app.
    pub app: &'a str,
    /// Whose secrets and inputs are the app's.
    pub main: &'a Process,
    pub others: &'a Others,
    /// The names of the app's processes.
    pub names: Vec<&'a str>,
}

pub fn services(wanted: Wanted, around: &Around<'_>, findings: &mut Findings<'_>) -> Vec<Backing> {
    let known = wanted.into_iter().filter_map(|(BackingName(name), backing)| {
        let facts = *around.others.services.get(&name)?;
        Some((name, facts, backing))
    });
    let known: Vec<_> = known.collect();
    known.into_iter().map(|(name, facts, backing)| service(name, facts, backing, around, findings)).collect()
}

fn service(
    name: String,
    facts: &'static Facts,
    wanted: profile::Backing,
    around: &Around<'_>,
    findings: &mut Findings<'_>,
) -> Backing {
    let at = Key::new("services").child(&name);
    let profile::Backing {
        // Among the offers already.
        kind: _,
        version,
        image,
        database,
        driver,
        size,
        args,
        env,
        files,
        resources,
        shm_size,
        publish,
        k8s,
        secret,
    } = wanted;
    check_name(&name, &at, around, findings);
    let chosen = image::choose(facts, version.as_deref(), image.as_deref(), &at, findings);
    let own = around.app.replace('-', "_");
    let url = facts.url.as_ref();
    let user = match url.map(|url| url.user) {
        None | Some(User::Nobody) => String::new(),
        Some(User::App | User::Apart) => own.clone(),
        Some(User::Fixed(user)) => user.to_owned(),
    };
    let database = self::database(facts, database, own, &at, findings);
    let driver = driver.filter(|driver| check_driver(facts, driver, &name, &at, findings));
    let names = names(around);
    let env = configuration::env(env, &names, &at.below("env"), findings);
    let list = at.below("args");
    let args = args.unwrap_or_default().into_iter().enumerate();
    let args: Vec<Text> =
        args.map(|(i, arg)| reference::text(&arg, &names, &list.child(i.to_string()), findings)).collect();
    let files = files::files(files, &names, &at, findings);
    let health = health(facts, &[("{host}", &name), ("{user}", &user), ("{name}", &database)]);
    let resources = self::resources(facts, resources, &at, findings);
    let (secrets, inputs) = referred(&args, &env, &files, around);
    let image = chosen.image;
    let compose = around.main.compose.clone();
    let told = Told { at, name, image, resources, args, env, secrets, inputs, files, health: health.clone(), compose };
    let process = process(facts, told);
    let at = &process.at;
    let bytes = |amount: Option<Quantity>, name: &str, findings: &mut Findings<'_>| {
        amount.and_then(|text| self::amount::<Bytes>(&text, &at.child(name), findings))
    };
    let shm = bytes(shm_size, "shm_size", findings).or(facts.shm);
    let (secret, secret_keys) = secret::secret(facts, secret, at, findings);
    // Of an unknown version what is newest holds.
    let major = chosen.major.unwrap_or(u32::MAX);
    Backing {
        kind: facts.kind,
        version: chosen.version,
        database,
        user,
        driver,
        data: facts.data.iter().find(|(from, _)| *from <= major).map(|(_, path)| *path),
        size: bytes(size, "size", findings).unwrap_or(Bytes::mebi(10 << 10)),
        shm,
        health,
        publish: self::publish(facts, publish, at, findings),
        provision: k8s.unwrap_or(Provision::External),
        secret,
        secret_keys,
        process,
    }
}

/// On Compose a service bears its own name, on Kubernetes the app's before it: both have to be its own.
fn check_name(name: &str, at: &Key, around: &Around<'_>, findings: &mut Findings<'_>) {
    let rest = name.strip_prefix(around.app).map(|rest| rest.trim_start_matches('-'));
    let taken = around.names.iter().any(|other| *other == name || rest == Some(other));
    if name == around.app || taken {
        let (what, or) = match name == around.app {
            true => ("the app", ""),
            false => ("a process of the app", ", or the process"),
        };
        findings.key(
            Code::BadName,
            at,
            format!("`{name}` is the name of {what} already"),
            "taken",
            format!("give the service another name, as in `{name}-service`{or}"),
        );
    } else if around.app.len() + 1 + name.len() > LONGEST {
        findings.key(
            Code::BadName,
            at,
            format!("`{}-{name}` is longer than a name can be", around.app),
            "more than 50 characters: its pods get a suffix",
            "shorten it, or the app's `name`",
        );
    }
}

fn names<'a>(around: &Around<'a>) -> Names<'a> {
    Names {
        secrets: around.main.secrets.iter().filter(|one| one.file.is_none()).map(|one| one.name.as_str()).collect(),
        inputs: around.main.inputs.iter().map(|input| input.name.as_str()).collect(),
        ports: BTreeMap::new(),
        port: None,
        services: &around.others.services,
        processes: None,
    }
}

/// The app's secrets and inputs that a service refers to.
fn referred(
    args: &[Text],
    env: &[configuration::Variable],
    files: &[File],
    around: &Around<'_>,
) -> (Vec<Secret>, Vec<Input>) {
    let texts = args.iter().chain(env.iter().map(|one| &one.text)).chain(files.iter().map(|one| &one.text));
    let texts: Vec<&Text> = texts.collect();
    let secrets =
        around.main.secrets.iter().filter(|one| texts.iter().any(|text| text.secrets().any(|s| s == one.name)));
    let inputs = around.main.inputs.iter().filter(|one| texts.iter().any(|text| text.inputs().any(|i| i == one.name)));
    (secrets.cloned().collect(), inputs.cloned().collect())
}

fn database(facts: &Facts, wanted: Option<String>, app: String, at: &Key, findings: &mut Findings<'_>) -> String {
    let default = match facts.url.as_ref().map(|url| url.database) {
        Some(Database::App) => app,
        Some(Database::Else(name)) => name.to_owned(),
        Some(Database::None) | None => {
            if wanted.is_some() {
                findings.key(
                    Code::NoEffect,
                    &at.below("database"),
                    format!("{} has no databases by name", facts.name),
                    "has no effect",
                    "drop it",
                );
            }
            return String::new();
        }
    };
    wanted.unwrap_or(default)
}

fn check_driver(facts: &Facts, driver: &str, name: &str, at: &Key, findings: &mut Findings<'_>) -> bool {
    let key = at.below("driver");
    let Some(url) = &facts.url else {
        findings.key(
            Code::Conflict,
            &key,
            format!("{} has no URL", facts.name),
            "of no URL",
            format!("drop it: its clients take `${{{name}.host}}:${{{name}.port}}`"),
        );
        return false;
    };
    let scheme = driver.split('+').next().unwrap_or_default();
    let fits = url.schemes.contains(&scheme);
    if !fits {
        let known: Vec<String> = url.schemes.iter().map(|scheme| format!("\"{scheme}\"")).collect();
        let meant = near(scheme, url.schemes.iter().copied())
            .map_or_else(String::new, |meant| format!("did you mean \"{}\"? ", driver.replacen(scheme, meant, 1)));
        findings.value(
            Code::BadChoice,
            &key,
            format!("`{driver}` is no scheme of a URL of {}", facts.name),
            "not one of its schemes",
            format!("{meant}It begins with {}, and the driver follows after `+`", known.join(" or ")),
        );
    }
    fits
}

fn health(facts: &Facts, values: &[(&str, &String)]) -> Vec<String> {
    let (Health::Loopback(words) | Health::Host(words)) = facts.health;
    let filled = |word: &str| values.iter().fold(word.to_owned(), |word, (name, value)| word.replace(name, value));
    words.iter().map(|word| filled(word)).collect()
}

/// Memory has a default of its kind, so nobody is warned.
fn resources(
    facts: &Facts,
    wanted: Option<BackingResources>,
    at: &Key,
    findings: &mut Findings<'_>,
) -> resources::Resources {
    let BackingResources { cpu, memory, ephemeral_storage } = wanted.unwrap_or_default();
    let memory = memory.or_else(|| Some(Range::Amount(Quantity(facts.memory.to_string()))));
    let wanted = profile::Resources { cpu, memory, ephemeral_storage, gpu: None };
    let start = Start::Image { args: None, workers_env: None };
    resources::resources(Some(wanted), &start, Bytes(0), at, findings)
}

fn publish(
    facts: &Facts,
    wanted: Option<BackingPublish>,
    at: &Key,
    findings: &mut Findings<'_>,
) -> Vec<(Publish, u16)> {
    let own = |port: &u16| (Publish { address: "127.0.0.1".into(), port: *port }, *port);
    match wanted {
        None | Some(BackingPublish::Own(false)) => Vec::new(),
        Some(BackingPublish::Own(true)) => facts.shown.iter().map(own).collect(),
        Some(BackingPublish::At(text)) => {
            let publish = Publish::read(&text, facts.shown[0], &at.below("publish"), findings);
            publish.into_iter().map(|publish| (publish, facts.shown[0])).collect()
        }
    }
}
