//! `render all`: a tree of all apps, written or compared.

use std::{fmt::Display, path::PathBuf};

use clap::{ArgMatches, FromArgMatches};

use super::{
    Fleet, Plan,
    args::AllArgs,
    crew::{self, Shown},
    fleet,
    look::{self, Looked},
    member::{self, Member},
    orphans::Judge,
    report, root,
    settings::Settings,
    wrong,
};
use crate::{
    cli::{
        Exit,
        reporting::{self, NOT_WRITTEN},
        say,
    },
    deliver::{self, Finding, Report},
    report::{Diagnostic, number},
};

pub fn run(matches: &ArgMatches) -> Exit {
    let args = AllArgs::from_arg_matches(matches).expect("clap has checked them");
    let settings = match Settings::find() {
        Ok(settings) => settings,
        Err(why) => return wrong(why),
    };
    let Some(root) = root(&args.select, &settings) else {
        return wrong(
            "where does the tree lie?\nhelp: name its folder: `render all -o deploy`, or write `output = \"deploy\"` into render.toml",
        );
    };
    if let Err(why) = args.report.settle(args.check) {
        return wrong(why);
    }
    let kustomization = args.kustomization || settings.kustomization;
    match fleet(&args.select, &settings, root, kustomization) {
        Ok(mut fleet) => {
            fleet.plan.is_reported = args.report.is_wanted();
            all(&fleet, &args).unwrap_or_else(wrong)
        }
        Err(why) => wrong(why),
    }
}

/// What became of the profiles, and of the rest of the tree.
pub struct Tree {
    pub all: Vec<Looked>,
    /// Files of ours that nobody renders.
    pub orphans: Vec<Finding>,
    pub unfinished: Vec<PathBuf>,
}

fn all(fleet: &Fleet<'_>, args: &AllArgs) -> Result<Exit, deliver::Error> {
    let plan = &fleet.plan;
    let quiet = args.select.quiet;
    // Before anything is read, so that of two runs the later one's reading is what lies there.
    let waiting = || say::done(format!("waiting for another run that writes into {}", plan.root.display()), quiet);
    let _lock = if args.check { None } else { Some(deliver::lock(&plan.root, waiting)?) };
    let tree = look(fleet, args)?;
    if let Some(why) = nothing(&tree.all, fleet) {
        return Ok(wrong(why));
    }
    if args.check { Ok(check(tree, fleet, args)) } else { write(tree, fleet, args) }
}

fn look(fleet: &Fleet<'_>, args: &AllArgs) -> Result<Tree, deliver::Error> {
    let Fleet { plan, selection, profiles } = fleet;
    let shown = Shown::new(if args.check { "compared" } else { "rendered" }, args.select.quiet);
    let look = |at: usize| look::look(&profiles[at], plan, args.check);
    let mut all = crew::each(profiles.len(), args.select.jobs, &shown, look);
    look::tell_collisions(&mut all, plan);
    let strays = deliver::strays(&plan.root, &look::places(&all))?;
    let judge = Judge::new(plan, selection, &all);
    let left = strays.files.into_iter().filter(|stray| judge.is_orphan(stray)).map(|stray| stray.finding);
    let mut orphans: Vec<Finding> = all.iter().flat_map(Looked::orphans).cloned().chain(left).collect();
    orphans.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Tree { all, orphans, unfinished: strays.unfinished })
}

/// Why an empty result would be a mistake: never is a misspelt name taken for "nothing to do".
pub fn nothing(all: &[Looked], fleet: &Fleet<'_>) -> Option<String> {
    let plan = &fleet.plan;
    if plan.changed.is_some() || plan.shard.is_some() || all.iter().any(|one| !one.is_passed_over) {
        return None;
    }
    let asked = match (plan.env.is_empty(), plan.labels.is_empty()) {
        (true, true) => "what is asked for",
        (true, false) => "these labels",
        (false, true) => "an environment of this name",
        (false, false) => "such labels and environments",
    };
    Some(format!("none of {} has {asked}\nhelp: `render list` shows what there is", number(all.len(), "profile")))
}

fn check(mut tree: Tree, fleet: &Fleet<'_>, args: &AllArgs) -> Exit {
    let quiet = args.select.quiet;
    report::problems(&tree.all, fleet.plan.brief, quiet);
    let mut report = report::report(&mut tree, &fleet.plan);
    let delivered = args.report.deliver(&mut report);
    say::done(report::summary(&fleet.plan.root, &tree.all, &report.summary), quiet);
    delivered.max(report::exit(&report))
}

fn write(tree: Tree, fleet: &Fleet<'_>, args: &AllArgs) -> Result<Exit, deliver::Error> {
    let Tree { mut all, orphans, unfinished } = tree;
    let (plan, quiet) = (&fleet.plan, args.select.quiet);
    deliver::sweep(&unfinished)?;
    let due: Vec<usize> =
        (0..all.len()).filter(|at| !all[*at].is_wrong && all[*at].differing().next().is_some()).collect();
    let shown = Shown::new("wrote", quiet);
    let reports = crew::each(due.len(), args.select.jobs, &shown, |at| one(&all[due[at]], plan, args.force));
    let mut written = Vec::new();
    for (at, report) in due.into_iter().zip(reports) {
        match report {
            Ok(report) => written.extend(report.written),
            Err(why) => {
                all[at].told.each.push(*why);
                all[at].is_wrong = true;
            }
        }
    }
    report::problems(&all, plan.brief, quiet);
    written.iter().for_each(|finding| say::done(finding.as_written(), quiet));
    // What could not be written may still need what is left over.
    let is_wrong = all.iter().any(|one| one.is_wrong);
    let kept = if args.prune { prune(&orphans, plan, args.force, quiet)? } else { orphans.clone() };
    kept.iter().for_each(|finding| say::done(finding, quiet));
    let unchanged: usize = all.iter().map(|one| one.kept).sum();
    let deleted = match orphans.len() - kept.len() {
        0 => String::new(),
        deleted => format!(", {deleted} deleted"),
    };
    let summary = format!(
        "{}: {}, {}, {} written, {unchanged} unchanged{deleted}{}",
        plan.root.display(),
        report::profiles(&all),
        number(unchanged + written.len(), "file"),
        written.len(),
        report::failed(&all)
    );
    say::done(summary, quiet);
    Ok(if is_wrong || (args.prune && !kept.is_empty()) { Exit::Wrong } else { Exit::Done })
}

/// Renders a profile once more, and writes it: all of it, or nothing.
fn one(looked: &Looked, plan: &Plan<'_>, force: bool) -> Result<Report, Box<Diagnostic>> {
    let wrong = |why: &dyn Display| Box::new(reporting::wrong(NOT_WRITTEN, why, Some(&looked.path)));
    match member::render(&looked.path, plan) {
        Member::Rendered(rendered) => {
            deliver::write(&rendered.outputs, &plan.root, force).map_err(|error| wrong(&error))
        }
        Member::Wrong { .. } | Member::PassedOver { .. } => {
            Err(wrong(&format!("{} changed while it was rendered; run again", looked.path.display())))
        }
    }
}

/// Deletes what nobody renders, and gives back what a person changed.
fn prune(orphans: &[Finding], plan: &Plan<'_>, force: bool, quiet: bool) -> Result<Vec<Finding>, deliver::Error> {
    let kept = deliver::prune(orphans, &plan.root, force)?;
    let gone = orphans.iter().filter(|orphan| !kept.contains(orphan));
    gone.for_each(|orphan| say::done(orphan.as_deleted(), quiet));
    if !kept.is_empty() {
        say::error("what was edited by hand is not deleted\nhelp: move it away, or delete it with `--prune --force`");
    }
    Ok(kept)
}
