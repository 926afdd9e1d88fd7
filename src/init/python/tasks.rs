//! What takes work from a queue: objects and classes of the known libraries.

use super::{
    Source, at,
    modules::module,
    packages::Packages,
    syntax::{Assignment, Call},
};
use crate::init::facts::{From, Worker};

/// The workers of a source.
pub fn workers(source: &Source<'_>, packages: &Packages, manage: Option<&str>) -> Vec<Worker> {
    let found = celery(source, packages)
        .or_else(|| arq(source))
        .or_else(|| taskiq(source, packages))
        .or_else(|| huey(source, packages, manage));
    found.or_else(|| dramatiq(source, packages)).or_else(|| rq(packages, manage)).unwrap_or_default()
}

fn worker(command: Vec<String>, workers_env: Option<&'static str>, from: From) -> Worker {
    Worker { name: "worker", command, workers_env, alone: false, from }
}

fn words(line: &[&str]) -> Vec<String> {
    line.iter().map(|word| (*word).to_owned()).collect()
}

/// A call that is assigned to a name at the top: `module:name`, and where.
fn object(source: &Source<'_>, fits: impl Fn(&Call<'_>) -> bool) -> Option<(String, String, String)> {
    source.all().filter(|(_, line)| line.indent == 0).find_map(|(path, line)| {
        let assigned = Assignment::read(&line.text)?;
        let call = Call::read(assigned.value?)?;
        fits(&call).then(|| (module(source, path).name, assigned.name.to_owned(), at(path, line)))
    })
}

fn celery(source: &Source<'_>, packages: &Packages) -> Option<Vec<Worker>> {
    if !packages.has("celery") {
        return None;
    }
    // A function of the project may make it; then it has a name that says so.
    let made = object(source, |call| call.name() == "Celery");
    let (module, name, place) =
        made.or_else(|| object(source, |call| call.name().contains("celery") && call.name() != "Celery"))?;
    let app = format!("{module}:{name}");
    let mut all =
        vec![worker(words(&["celery", "-A", &app, "worker"]), Some("CELERY_WORKER_CONCURRENCY"), From::Found(place))];
    let schedule = source.all().find(|(_, line)| {
        ["beat_schedule", "CELERY_BEAT_SCHEDULE", "add_periodic_task"].iter().any(|word| line.text.contains(word))
    });
    let in_database = packages.has("django-celery-beat");
    if schedule.is_some() || in_database {
        let from = match schedule {
            Some((path, line)) => at(path, line),
            None => packages.at("django-celery-beat").unwrap_or_default().to_owned(),
        };
        let mut command = words(&["celery", "-A", &app, "beat"]);
        command.extend(if in_database {
            words(&["--scheduler", "django_celery_beat.schedulers:DatabaseScheduler"])
        } else {
            words(&["--schedule", "/tmp/celerybeat-schedule"])
        });
        all.push(Worker { name: "beat", command, workers_env: None, alone: true, from: From::Found(from) });
    }
    Some(all)
}

/// A class with `functions` that is made for `arq`.
fn arq(source: &Source<'_>) -> Option<Vec<Worker>> {
    let (path, line) =
        source.all().find(|(_, line)| line.indent == 0 && line.text.starts_with("class WorkerSettings"))?;
    let settings = format!("{}.WorkerSettings", module(source, path).name);
    Some(vec![worker(words(&["arq", &settings]), None, From::Found(at(path, line)))])
}

fn taskiq(source: &Source<'_>, packages: &Packages) -> Option<Vec<Worker>> {
    packages.at("taskiq")?;
    let (module, name, place) =
        object(source, |call| call.name().ends_with("Broker") && call.name() != "InMemoryBroker")?;
    Some(vec![worker(
        words(&["taskiq", "worker", "--workers", "1", &format!("{module}:{name}")]),
        None,
        From::Found(place),
    )])
}

fn huey(source: &Source<'_>, packages: &Packages, manage: Option<&str>) -> Option<Vec<Worker>> {
    let from = packages.at("huey")?;
    if let Some(manage) = manage {
        return Some(vec![worker(words(&["python", manage, "run_huey"]), None, From::Found(from.to_owned()))]);
    }
    let (module, name, place) = object(source, |call| call.name().ends_with("Huey"))?;
    Some(vec![worker(words(&["huey_consumer.py", &format!("{module}.{name}")]), None, From::Found(place))])
}

fn dramatiq(source: &Source<'_>, packages: &Packages) -> Option<Vec<Worker>> {
    packages.at("dramatiq")?;
    let is_actor = |text: &str| text.starts_with("@dramatiq.actor") || text.starts_with("@actor");
    let actors: Vec<_> = source.all().filter(|(_, line)| is_actor(&line.text)).collect();
    let (path, line) = actors.first()?;
    let mut modules: Vec<String> = actors.iter().map(|(path, _)| module(source, path).name).collect();
    modules.dedup();
    let mut command = words(&["dramatiq"]);
    command.append(&mut modules);
    command.extend(words(&["--processes", "1"]));
    Some(vec![worker(command, None, From::Found(at(path, line)))])
}

fn rq(packages: &Packages, manage: Option<&str>) -> Option<Vec<Worker>> {
    let (command, from) = match (packages.at("django-rq"), manage, packages.at("rq")) {
        (Some(from), Some(manage), _) => (words(&["python", manage, "rqworker", "default"]), from),
        (_, _, Some(from)) => (words(&["rq", "worker", "default"]), from),
        _ => return None,
    };
    Some(vec![worker(
        command,
        None,
        From::Guessed(format!("{from} depends on it, and its queue is called so unless named")),
    )])
}
