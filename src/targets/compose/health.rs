//! Health checks inside the container, in exec form and without curl.

use docker_compose_types::{Healthcheck, HealthcheckTest};

use super::{
    service::{Part, word_keys},
    spelling,
};
use crate::{
    app::{Probes, Text, When},
    problem::{Code, Problem},
    targets::asking::{self, Asking, Timing},
};

/// The check, from liveness where that can be asked, else from readiness: Compose starts dependants by it, and restarts
/// nothing.
pub fn healthcheck(part: &mut Part<'_>, problems: &mut Vec<Problem>) -> Option<Healthcheck> {
    let process = part.process;
    let probes = &process.probes;
    if let Some(command) = &process.compose.healthcheck {
        return Some(asked_for(part, command));
    }
    let first = probes.liveness.as_ref().or(probes.readiness.as_ref())?;
    let Some(Asking { probe, command, timing }) = asking::asking(process, process.start.has_python()) else {
        // Where the profile has no probe, it is told that already.
        let given = first.keys.iter().any(|key| part.app.sets(process, key));
        problems.extend(given.then(|| without(part, &first.keys)));
        return None;
    };
    let reason = "asked inside the container, without curl or a shell; restarts nothing, others wait for it";
    let own = [process.keys(&["compose.healthcheck"]), word_keys(part, &command)].concat();
    let because = [asking::because(part.app, process, probe), own].concat();
    part.notes.add("healthcheck", reason, because);
    Some(check(part, &command, timing))
}

/// The profile's own command, as often as the probe that it stands for.
fn asked_for(part: &mut Part<'_>, command: &[Text]) -> Healthcheck {
    let Probes { startup, liveness, readiness } = &part.process.probes;
    // How often, not what: that the command knows.
    let timing: &[&str] = match liveness {
        Some(_) => &["probes.liveness.every", "probes.liveness.timeout", "probes.liveness.failures"],
        None => &["probes.readiness.every", "probes.readiness.timeout", "probes.readiness.failures", "probes.liveness"],
    };
    let because =
        [part.process.keys(&["compose.healthcheck", "probes.startup.within"]), part.process.keys(timing)].concat();
    let because = [because, word_keys(part, command)].concat();
    part.notes.add("healthcheck", "asked for; restarts nothing, others wait for it", because);
    check(part, command, asking::timing(liveness.as_ref().or(readiness.as_ref()), startup.as_ref()))
}

fn check(part: &Part<'_>, command: &[Text], timing: Timing) -> Healthcheck {
    let Timing { every, timeout, failures, start, start_every } = timing;
    let names = spelling::Names::of(part);
    let words = command.iter().map(|word| spelling::text(word, &names));
    Healthcheck {
        test: Some(HealthcheckTest::Multiple(std::iter::once("CMD".to_owned()).chain(words).collect())),
        interval: Some(spelling::seconds(every)),
        timeout: Some(spelling::seconds(timeout)),
        retries: failures.into(),
        start_period: Some(spelling::seconds(start)),
        start_interval: Some(spelling::seconds(start_every)),
        disable: false,
    }
}

fn without(part: &Part<'_>, keys: &[&'static str]) -> Problem {
    let key = keys.first().map(|key| part.process.key(key)).unwrap_or_else(|| part.process.key("probes"));
    let at = match part.process.is_main() {
        true => "[compose] healthcheck",
        false => "compose.healthcheck",
    };
    let elsewhere = if part.process.is_companion() { "" } else { "; Kubernetes goes on as it is" };
    let app = part.app;
    let after = app.jobs.iter().filter(|job| job.when == When::After && app.processes.contains(part.process));
    let problem = Problem::new(
        Code::NoComposeHealthcheck,
        "Compose cannot ask this probe: nothing in the image is known to ask it",
    )
    .at(app.provenance.key(&key), "no health check on Compose");
    let told = after.fold(problem, |problem, job| {
        let label = format!("`{}` starts as soon as the process has started, ready or not", job.process.name);
        problem.related(app.provenance.key(&job.process.key("when")), label)
    });
    told.help(format!("name a command of the image that asks: `{at} = [\"/app/healthcheck\"]`{elsewhere}"))
}
