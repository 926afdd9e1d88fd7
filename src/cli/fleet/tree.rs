//! `render all`: a tree of all apps, written or compared.

use std::{
    collections::BTreeSet,
    fmt::Display,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use clap::{ArgMatches, FromArgMatches};

use super::{
    Fleet, NO_PROFILE, Plan,
    args::AllArgs,
    collisions,
    crew::{self, Shown},
    look::{self, Looked},
    member::{self, Member},
    orphans::Judge,
    remains, report, root,
    settings::{Foreign, Settings},
    strays::{Strays, strays},
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
    match remains(&args.select, &settings, root, kustomization) {
        Ok((mut fleet, is_empty)) => {
            fleet.plan.is_reported = args.report.is_wanted();
            all(&fleet, &args, is_empty).unwrap_or_else(wrong)
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
    /// Objects of people among those that are rendered; none if the settings allow them.
    pub strangers: Vec<Finding>,
}

fn all(fleet: &Fleet<'_>, args: &AllArgs, is_empty: bool) -> Result<Exit, deliver::Error> {
    let plan = &fleet.plan;
    let quiet = args.select.quiet;
    // Before anything is read, so that of two runs the later one's reading is what lies there.
    let waiting = || say::done(format!("waiting for another run that writes into {}", plan.root.display()), quiet);
    let _lock = if args.check { None } else { Some(deliver::lock(&plan.root, waiting)?) };
    let tree = look(fleet, args)?;
    if let Some(why) = is_empty.then(|| nothing_there(&tree, &plan.root)).or_else(|| nothing(&tree.all, fleet)) {
        // What is left over is something.
        if tree.orphans.is_empty() || !(args.check || args.prune) {
            return Ok(wrong(why));
        }
    }
    if args.check { Ok(check(tree, fleet, args)) } else { write(tree, fleet, args) }
}

fn look(fleet: &Fleet<'_>, args: &AllArgs) -> Result<Tree, deliver::Error> {
    let Fleet { plan, selection, profiles } = fleet;
    let shown = Shown::new(if args.check { "compared" } else { "rendered" }, args.select.quiet);
    let look = |at: usize| look::look(&profiles[at], plan, args.check);
    let mut all = crew::each(profiles.len(), plan.jobs, &shown, look);
    collisions::tell(&mut all, plan);
    let taken = collisions::taken(&Judge::new(plan, selection, &all), &all, &plan.root);
    collisions::tell_taken(&mut all, taken, plan);
    let judge = Judge::new(plan, selection, &all);
    let Strays { files, unfinished } = strays(plan, &look::places(&all), &|stray| judge.is_orphan(stray))?;
    let known = |finding: &Finding| deliver::known(&plan.root, &finding.path);
    let mut orphans = Vec::new();
    for finding in all.iter().flat_map(Looked::orphans) {
        if known(finding)?.is_some_and(|stray| judge.is_asked_beside(&stray)) {
            orphans.push(finding.clone());
        }
    }
    for stray in files {
        orphans.extend(stray.finding()?);
    }
    orphans.sort_by(|a, b| a.path.cmp(&b.path));
    let abandoned = |one: &Looked| {
        let known = one.others().filter_map(|file| known(file).ok()?);
        known.filter(|stray| judge.is_abandoned(stray)).map(|stray| stray.path).collect()
    };
    let abandoned: Vec<BTreeSet<PathBuf>> = all.iter().map(abandoned).collect();
    all.iter_mut().zip(abandoned).for_each(|(one, files)| one.take_over(files));
    let mut strangers: Vec<Finding> = all.iter_mut().flat_map(|one| std::mem::take(&mut one.strangers)).collect();
    strangers.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Tree { all, orphans, unfinished, strangers })
}

/// Why nothing can be done without any profile, and how what is left over is deleted.
fn nothing_there(tree: &Tree, root: &Path) -> String {
    let (count, root) = (tree.orphans.len(), root.display());
    match count {
        0 => NO_PROFILE.to_owned(),
        _ => format!(
            "there is no profile.toml any more, and {} in {root} {} left over\n\
             help: `render all -o {root} --prune` deletes what nobody edited",
            number(count, "file"),
            if count == 1 { "is" } else { "are" }
        ),
    }
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
    report::problems(&tree.all, &fleet.plan, quiet);
    let mut report = report::report(&mut tree, &fleet.plan);
    if fleet.plan.settings.foreign == Foreign::Warn {
        tree.strangers.iter().for_each(|finding| say::warning(finding, quiet));
    }
    let delivered = args.report.deliver(&mut report);
    say::done(report::summary(&fleet.plan.root, &tree.all, &report.summary), quiet);
    delivered.max(report::exit(&report))
}

fn write(tree: Tree, fleet: &Fleet<'_>, args: &AllArgs) -> Result<Exit, deliver::Error> {
    let Tree { mut all, orphans, unfinished, strangers } = tree;
    let (plan, quiet) = (&fleet.plan, args.select.quiet);
    deliver::sweep(&unfinished)?;
    let due: Vec<usize> =
        (0..all.len()).filter(|at| !all[*at].is_wrong && all[*at].differing().next().is_some()).collect();
    let shown = Shown::new("wrote", quiet);
    let is_full = AtomicBool::new(false);
    let reports = crew::each(due.len(), plan.jobs, &shown, |at| one(&all[due[at]], plan, args.force, &is_full));
    let (mut written, mut given_up) = (Vec::new(), 0);
    for (at, report) in due.into_iter().zip(reports) {
        match report {
            Ok(report) => {
                written.extend(report.written);
                continue;
            }
            Err(Some(why)) => all[at].told.each.push(*why),
            Err(None) => given_up += 1,
        }
        all[at].is_wrong = true;
    }
    report::problems(&all, plan, quiet);
    if given_up > 0 {
        say::error(format!(
            "for that, {} more {} not written",
            given_up,
            if given_up == 1 { "profile is" } else { "profiles are" }
        ));
    }
    written.iter().for_each(|finding| say::done(finding.as_written(), quiet));
    // What could not be written may still need what is left over.
    let is_wrong = all.iter().any(|one| one.is_wrong);
    let kept = if args.prune { prune(&orphans, fleet, &all, args)? } else { orphans.clone() };
    kept.iter().for_each(|finding| say::done(finding, quiet));
    strangers.iter().for_each(|finding| say::warning(finding, quiet));
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

/// Renders a profile once more, and writes it: all of it, or nothing. Why not, unless the disk is full for all of them,
/// as one has said.
fn one(looked: &Looked, plan: &Plan<'_>, force: bool, is_full: &AtomicBool) -> Result<Report, Option<Box<Diagnostic>>> {
    let wrong = |why: &dyn Display| Some(Box::new(reporting::wrong(NOT_WRITTEN, why, Some(&looked.path))));
    if is_full.load(Ordering::Relaxed) {
        return Err(None);
    }
    match member::render(&looked.path, plan) {
        Member::Rendered(rendered) => deliver::write_over(&rendered.outputs, &plan.root, force, &looked.abandoned)
            .map_err(|error| {
                let is_told = error.is_general() && is_full.swap(true, Ordering::Relaxed);
                wrong(&error).filter(|_| !is_told)
            }),
        Member::Wrong { .. } | Member::PassedOver { .. } => {
            Err(wrong(&format!("{} changed while it was rendered; run again", looked.path.display())))
        }
    }
}

/// Deletes what nobody renders, and gives back what stays: what a person changed, and what a profile may still need that
/// could not be rendered or written.
fn prune(
    orphans: &[Finding],
    fleet: &Fleet<'_>,
    all: &[Looked],
    args: &AllArgs,
) -> Result<Vec<Finding>, deliver::Error> {
    let (root, quiet) = (&fleet.plan.root, args.select.quiet);
    let judge = Judge::new(&fleet.plan, &fleet.selection, all);
    let is_needed = |orphan: &&Finding| {
        deliver::known(root, &orphan.path).is_ok_and(|one| one.is_some_and(|one| judge.is_needed(&one)))
    };
    let (mut needed, due): (Vec<Finding>, Vec<Finding>) = {
        let (needed, due): (Vec<&Finding>, Vec<&Finding>) = orphans.iter().partition(is_needed);
        (needed.into_iter().cloned().collect(), due.into_iter().cloned().collect())
    };
    let kept = deliver::prune(&due, root, args.force)?;
    let gone = due.iter().filter(|orphan| !kept.contains(orphan));
    gone.for_each(|orphan| say::done(orphan.as_deleted(), quiet));
    if !kept.is_empty() {
        say::error("what was edited by hand is not deleted\nhelp: move it away, or delete it with `--prune --force`");
    }
    if !needed.is_empty() {
        say::error("what profiles with errors may still need is not deleted\nhelp: mend them, and run again");
    }
    needed.extend(kept);
    Ok(needed)
}
