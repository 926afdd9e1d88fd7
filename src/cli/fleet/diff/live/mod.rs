//! `--live`: what is rendered for Kubernetes, against what a cluster has.

mod args;
mod seen;

use std::{collections::BTreeSet, path::Path, sync::LazyLock};

use serde_json::Value;

pub use self::args::{Live, LiveArgs};
use super::{
    super::{Fleet, look::Looked, member::Rendered},
    All, against,
    args::DiffArgs,
    fresh::{self, Settled},
    objects::Wanted,
    pool, shown,
};
use crate::{
    cli::{Exit, reporting},
    cluster::{self, Failure, Seen},
    diff::Form,
    report::{Base, BaseKind},
};

const TARGET: &str = "k8s";
static TARGETS: LazyLock<[String; 1]> = LazyLock::new(|| [TARGET.to_owned()]);

/// The code of what a cluster does not tell.
const CLUSTER: &str = "cluster";

/// Compares with a cluster.
pub fn run(live: Live, fleet: &mut Fleet<'_>, args: &DiffArgs, wanted: &Wanted<'_>) -> Result<Exit, String> {
    if let Some(why) = args.live.unnamed() {
        return Err(why.into());
    }
    if let Some(other) = fleet.plan.targets.iter().find(|target| *target != TARGET) {
        return Err(format!("a cluster has nothing of {other}\nhelp: leave `--target` out, and `[select] targets`"));
    }
    fleet.plan.targets = &*TARGETS;
    let (mut all, members) = against::rendered(fleet, args)?;
    let settled = settle(&members, fleet)?;
    let objects: Vec<Value> = settled.iter().map(|Own(_, one)| one.document.value.clone()).collect();
    let (cluster, seen) = match cluster::look(&args.live.connection(), &args.live.how(live), &objects) {
        Ok((cluster, seen)) => (cluster.name, seen),
        Err(failure) => {
            let unseen = objects.iter().map(|_| Seen::Failed(failure.clone())).collect();
            (args.live.context.clone().unwrap_or_else(|| "a cluster".into()), unseen)
        }
    };
    let told = seen::tell(&settled, &members, seen, wanted, args.select.quiet);
    let code = if told.failures.is_empty() { Exit::Done } else { Exit::Cluster };
    all.compared.push(settled.len() - told.failures.len());
    all.mode = told.mode;
    all.objects.push(told.objects);
    fail(&mut all, told.failures);
    let base = Base { kind: BaseKind::Cluster, reference: cluster, commit: None };
    Ok(all.tell(fleet, args, base).max(code))
}

/// A document, and which of the profiles it is of.
struct Own<'a>(usize, Settled<'a>);

/// The objects of all profiles.
fn settle<'a>(members: &'a [Rendered], fleet: &Fleet<'_>) -> Result<Vec<Own<'a>>, String> {
    let mut settled = Vec::new();
    for (at, rendered) in members.iter().enumerate() {
        let envs: BTreeSet<&String> = rendered.documents.iter().filter_map(|(_, _, of)| of.env.as_ref()).collect();
        if envs.len() > 1 {
            let names: Vec<&str> = envs.into_iter().map(String::as_str).collect();
            return Err(format!(
                "{} has several environments, and each may be in a cluster of its own: {}\nhelp: name one: `--env {}`",
                rendered.name,
                names.join(", "),
                names[0]
            ));
        }
        let places: BTreeSet<&String> = rendered.outputs.iter().map(|output| &output.at).collect();
        for place in places {
            for one in fresh::of(rendered, place) {
                let file = shown(&fleet.plan.root, place, one.name);
                let one = one.settle(&file);
                if one.document.form == Form::Object {
                    settled.push(Own(at, one));
                }
            }
        }
    }
    match pool::twice(settled.iter().map(|Own(_, one)| &one.document)) {
        None => Ok(settled),
        Some(document) => Err(format!(
            "{} {} is rendered more than once, and there is one of it\n\
             help: name one profile: `render diff --live apps/orders`",
            document.identity.kind, document.identity.name
        )),
    }
}

/// What a cluster does not tell, with the profiles that it is of; what one cause stops is told of once.
fn fail(all: &mut All, failures: Vec<(&Rendered, Failure)>) {
    let mut told = BTreeSet::new();
    for (rendered, failure) in failures {
        let is_of = |looked: &Looked| !looked.is_passed_over && looked.path == Path::new(&rendered.name);
        // Whatever it is called: nothing may be lost.
        let at = all.looked.iter().position(is_of).or_else(|| all.looked.iter().position(|one| !one.is_passed_over));
        let Some(looked) = at.and_then(|at| all.looked.get_mut(at)) else { continue };
        looked.is_wrong = true;
        if told.insert(failure.title.clone()) {
            let help = failure.help.iter().map(|help| format!("\nhelp: {help}")).collect::<String>();
            let text = format!("{}{help}", failure.title);
            looked.told.each.push(reporting::wrong(CLUSTER, &text, Some(&looked.path)));
        }
    }
}
