//! `render diff`: what differs from a tree, a commit, or any manifests, field by field.

mod against;
mod args;
mod fresh;
mod gone;
mod left;
#[cfg(feature = "cluster")]
mod live;
mod objects;
mod one;
mod pool;
mod summary;

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, OnceLock},
};

use clap::{ArgMatches, FromArgMatches};

pub use self::args::{DIFF, command};
use self::{args::DiffArgs, left::Left, objects::Wanted, one::Seen};
use super::{
    Fleet, collisions,
    crew::{self, Shown},
    fleet, look, report, root,
    settings::Settings,
    tree, wrong,
};
use crate::{
    cli::{Exit, commit::Commit, say},
    diff::Ignore,
    problem::near::near,
    report::{Base, BaseKind, Command, Object, Report, Summary},
};

pub fn run(matches: &ArgMatches) -> Exit {
    let args = DiffArgs::from_arg_matches(matches).expect("clap has checked them");
    let settings = match Settings::find() {
        Ok(settings) => settings,
        Err(why) => return wrong(why),
    };
    diff(&args, &settings).unwrap_or_else(wrong)
}

fn diff(args: &DiffArgs, settings: &Settings) -> Result<Exit, String> {
    args.report.settle(true)?;
    let known = root(&args.select, settings);
    // Only a tree that is compared with has to lie somewhere.
    if known.is_none() && args.against.is_none() && !args.rerender && !is_live(args) {
        return Err("where does the tree lie?\n\
                    help: name its folder: `render diff -o deploy`, or write `output = \"deploy\"` into render.toml"
            .into());
    }
    let mut fleet = fleet(&args.select, settings, known.unwrap_or_else(|| "deploy".into()), settings.kustomization)?;
    fleet.plan.is_reported = args.report.is_wanted();
    let wanted = Wanted { ignore: &settings.ignore, show_ignored: args.show_ignored, by_path: is_live(args) };
    #[cfg(feature = "cluster")]
    if let Some(live) = args.live.live {
        return live::run(live, &mut fleet, args, &wanted);
    }
    if let Some(folder) = &args.against {
        return against::run(folder, &mut fleet, args, &wanted);
    }
    let (left, base) = left(args, &fleet)?;
    told(&fleet, args, &left, &wanted, base)
}

#[cfg(feature = "cluster")]
fn is_live(args: &DiffArgs) -> bool {
    args.live.live.is_some()
}

#[cfg(not(feature = "cluster"))]
fn is_live(_: &DiffArgs) -> bool {
    false
}

/// What is compared with.
fn left(args: &DiffArgs, fleet: &Fleet<'_>) -> Result<(Left, Base), String> {
    let root = &fleet.plan.root;
    let Some(reference) = &args.git else {
        if !root.is_dir() {
            return Err(format!(
                "there is no folder `{0}` to compare with\nhelp: `render all -o {0}` writes it",
                root.display()
            ));
        }
        let base = Base { kind: BaseKind::Folder, reference: root.to_string_lossy().into_owned(), commit: None };
        return Ok((Left::Disk(root.clone()), base));
    };
    let base = |kind, commit: &Commit| Base { kind, reference: reference.clone(), commit: Some(commit.id.clone()) };
    if args.rerender {
        let commit = Arc::new(Commit::open(reference, None)?);
        let base = base(BaseKind::Rerender, &commit);
        return Ok((Left::Rerender(commit), base));
    }
    let commit = Arc::new(Commit::open(reference, Some(root))?);
    let folder = commit.inside(root).unwrap_or_default();
    if commit.below(&folder).next().is_none() && !root.is_dir() {
        return Err(format!(
            "there is no folder `{0}`, neither here nor in `{reference}`\n\
             help: name the folder of the tree with `-o`, or compare with what is rendered of its profiles: \
             `render diff --git {reference} --rerender`",
            root.display()
        ));
    }
    let base = base(BaseKind::Git, &commit);
    Ok((Left::Commit(commit, folder, OnceLock::new()), base))
}

/// Compares every profile, and tells.
fn told(fleet: &Fleet<'_>, args: &DiffArgs, left: &Left, wanted: &Wanted<'_>, base: Base) -> Result<Exit, String> {
    let Fleet { plan, selection: _, profiles } = fleet;
    let shown = Shown::new("compared", args.select.quiet);
    let seen = crew::each(profiles.len(), fleet.plan.jobs, &shown, |at| {
        one::one(&profiles[at], plan, left, Vec::new(), wanted)
    });
    let mut all = All::default();
    for Seen { looked, objects, compared, kinds } in seen {
        all.kinds.extend(kinds);
        all.looked.push(looked);
        all.objects.push(objects);
        all.compared.push(compared);
    }
    collisions::tell(&mut all.looked, plan);
    if let Some(why) = tree::nothing(&all.looked, fleet) {
        return Err(why);
    }
    gone::add(&mut all, fleet, left, wanted)?;
    Ok(all.tell(fleet, args, base))
}

/// What was found of all profiles.
#[derive(Default)]
struct All {
    looked: Vec<look::Looked>,
    /// Of each profile, then of those that are gone.
    objects: Vec<Vec<Object>>,
    /// How many documents there are on either side, part by part.
    compared: Vec<usize>,
    /// The kinds of what is rendered.
    kinds: BTreeSet<String>,
    /// How a cluster was asked.
    mode: Option<&'static str>,
}

impl All {
    fn tell(self, fleet: &Fleet<'_>, args: &DiffArgs, base: Base) -> Exit {
        let All { mut looked, objects, compared, kinds, mode } = self;
        let (plan, quiet) = (&fleet.plan, args.select.quiet);
        let compared: usize = compared.iter().sum();
        report::problems(&looked, plan, quiet);
        for (kind, meant) in plan.settings.ignore.iter().filter_map(|ignore| misspelt(ignore, &kinds)) {
            let text = format!("render.toml ignores fields of `{kind}`, of which there is none");
            say::warning(format!("{text}\nhelp: did you mean `{meant}`?"), quiet);
        }
        let is_wrong = |at: usize| looked.get(at).is_some_and(|one| one.is_wrong);
        let objects = objects.into_iter().enumerate().filter(|(at, _)| !is_wrong(*at)).flat_map(|(_, each)| each);
        let objects: Vec<Object> = objects.collect();
        let mut summary = Summary {
            profiles: looked.len(),
            selected: looked.iter().filter(|one| !one.is_passed_over).count(),
            compared,
            mode,
            unchanged: compared.saturating_sub(objects.len()),
            errors: looked.iter().filter(|one| one.is_wrong).count(),
            ..Summary::default()
        };
        for object in &objects {
            *summary.changed.entry(object.change_type.name().to_owned()).or_default() += 1;
        }
        let (renderings, diagnostics) = look::take_told(&mut looked);
        let mut report = Report {
            command: Command::Diff,
            base: Some(base),
            summary,
            renderings,
            files: Vec::new(),
            objects,
            diagnostics,
        };
        let delivered = args.report.deliver(&mut report);
        say::done(summary::line(&report, &looked), quiet);
        delivered.max(report::exit(&report))
    }
}

/// The kind that is ignored and that nothing is of, and the one that is meant, if something is of one that is spelt nearly
/// so. Others may be those of profiles that were not asked for.
fn misspelt<'a>(ignore: &'a Ignore, kinds: &'a BTreeSet<String>) -> Option<(&'a str, &'a str)> {
    let kind = ignore.kind.as_deref().filter(|kind| !kinds.contains(*kind))?;
    let same = kinds.iter().find(|known| known.eq_ignore_ascii_case(kind)).map(String::as_str);
    Some((kind, same.or_else(|| near(kind, kinds.iter().map(String::as_str)))?))
}

/// As people find a file of the tree.
fn shown(root: &Path, at: &str, name: &str) -> String {
    crate::cli::profile::with_slashes(&root.join(at).join(name))
}
