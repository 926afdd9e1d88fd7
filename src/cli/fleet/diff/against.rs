//! `--against`: any manifests, which are all of what is compared or more.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{
    super::{
        Fleet,
        crew::{self, Shown},
        look::Looked,
        member::Rendered,
        tree,
    },
    All,
    args::DiffArgs,
    fresh::{self, Settled},
    left::Left,
    objects::{Before, Objects, Scaled, Told, Wanted},
    pool, shown, told,
};
use crate::{
    cli::Exit,
    diff::{self, Document, Form},
    report::{Base, BaseKind, Of},
};

/// Compares with a folder, a file or standard input.
pub fn run(from: &Path, fleet: &mut Fleet<'_>, args: &DiffArgs, wanted: &Wanted<'_>) -> Result<Exit, String> {
    let is_input = from == Path::new("-");
    if !is_input && !from.exists() {
        return Err(format!("there is no `{}` to compare with", from.display()));
    }
    let kind = if is_input { BaseKind::Stdin } else { BaseKind::Folder };
    let base = Base { kind, reference: from.to_string_lossy().into_owned(), commit: None };
    if pool::is_tree(from, &fleet.plan.settings.layout)? {
        fleet.plan.set_root(from);
        return told(fleet, args, &Left::Disk(from.to_path_buf()), wanted, base);
    }
    let there = pool::read(from)?;
    if there.is_empty() {
        return Err(format!(
            "{} holds nothing to compare with: no YAML and no JSON",
            if is_input { "standard input".to_owned() } else { format!("`{}`", from.display()) }
        ));
    }
    let all = compare(there, fleet, args, wanted)?;
    Ok(all.tell(fleet, args, base))
}

fn compare(there: Vec<Document>, fleet: &Fleet<'_>, args: &DiffArgs, wanted: &Wanted<'_>) -> Result<All, String> {
    let (mut all, members) = rendered(fleet, args)?;
    let settled = settle(&members, fleet, &there)?;
    pair(there, &settled, &members, wanted, &mut all);
    Ok(all)
}

/// Everything that is asked for, rendered.
///
/// # Errors
/// Nothing was asked for.
pub fn rendered(fleet: &Fleet<'_>, args: &DiffArgs) -> Result<(All, Vec<Rendered>), String> {
    let Fleet { plan, selection: _, profiles } = fleet;
    let quiet = Shown::new("rendered", args.select.quiet);
    let rendered = crew::each(profiles.len(), plan.jobs, &quiet, |at| Looked::rendered(&profiles[at], plan));
    let mut all = All::default();
    let mut members: Vec<Rendered> = Vec::new();
    for (looked, rendered) in rendered {
        all.kinds.extend(rendered.iter().flat_map(|rendered| fresh::kinds(rendered)));
        members.extend(rendered.map(|rendered| *rendered));
        all.looked.push(looked);
        all.objects.push(Vec::new());
    }
    if let Some(why) = tree::nothing(&all.looked, fleet) {
        return Err(why);
    }
    Ok((all, members))
}

/// A document, and which of the profiles it is of.
struct Own<'a>(usize, Settled<'a>);

/// What is rendered, in so far as the other side has anything of its form and its target.
fn settle<'a>(members: &'a [Rendered], fleet: &Fleet<'_>, there: &[Document]) -> Result<Vec<Own<'a>>, String> {
    let mut settled = Vec::new();
    for (at, rendered) in members.iter().enumerate() {
        let places: BTreeSet<&String> = rendered.outputs.iter().map(|output| &output.at).collect();
        for place in places {
            for one in fresh::of(rendered, place) {
                let name = pool::base_name(one.name).to_owned();
                let file = shown(&fleet.plan.root, place, one.name);
                let mut one = one.settle(&file);
                if one.document.form != Form::Object {
                    one.document.identity.name = name;
                }
                settled.push(Own(at, one));
            }
        }
    }
    let keys = |documents: &mut dyn Iterator<Item = &Document>| -> BTreeSet<(Form, String, String)> {
        documents.map(|one| (one.form, one.identity.kind.clone(), one.identity.name.clone())).collect()
    };
    let known = keys(&mut there.iter());
    let is_known_as = |one: &Document| !keys(&mut std::iter::once(one)).is_disjoint(&known);
    let is_known = |one: &Own<'_>| is_known_as(&one.1.document);
    let met: BTreeSet<Option<String>> =
        settled.iter().filter(|one| is_known(one)).map(|one| one.1.of.target.clone()).collect();
    // Of a Compose file alone the overrides are not asked.
    let is_alone = there.iter().filter(|one| one.form == Form::Compose).count() == 1;
    let is_other = |one: &Document| is_alone && one.form == Form::Compose && !is_known_as(one);
    let forms: BTreeSet<Form> = there.iter().map(|one| one.form).collect();
    settled.retain(|Own(_, one)| {
        forms.contains(&one.document.form)
            && !is_other(&one.document)
            && (met.is_empty() || met.contains(&one.of.target))
    });
    match pool::twice(settled.iter().map(|Own(_, one)| &one.document)) {
        None => Ok(settled),
        Some(document) => {
            let files: Vec<&str> = settled
                .iter()
                .filter(|Own(_, one)| one.document.identity == document.identity)
                .map(|Own(_, one)| one.document.file.as_str())
                .collect();
            let identity = &document.identity;
            Err(format!(
                "{} is rendered more than once, and what it is compared with is there once: {}\n\
                 help: name one profile, and one environment of it: `render diff apps/orders --env production --against …`",
                format!("{} {}", identity.kind, identity.name).trim(),
                files.join(", ")
            ))
        }
    }
}

fn pair(there: Vec<Document>, settled: &[Own<'_>], members: &[Rendered], wanted: &Wanted<'_>, all: &mut All) {
    let scaled_then = there.iter().filter_map(diff::scales).collect();
    let scalers = settled.iter().filter_map(|Own(_, one)| Some((diff::scales(&one.document)?, one)));
    let by: BTreeMap<(String, String), &Settled<'_>> = scalers.collect();
    let scaled = Scaled { old: scaled_then, new: by.keys().cloned().collect(), by };
    let pairs = diff::pair(there, settled.iter().map(|Own(_, one)| one.document.clone()).collect());
    let by_file: BTreeMap<&str, &Own<'_>> = settled.iter().map(|own| (own.1.document.file.as_str(), own)).collect();
    all.compared.push(pairs.len());
    let mut of_members: BTreeMap<usize, Vec<Told<'_>>> = BTreeMap::new();
    for pair in &pairs {
        let own = pair.new.as_ref().and_then(|new| by_file.get(new.file.as_str()).copied());
        // What is gone comes last, whoever had it.
        let (member, new) = own.map_or((members.len(), None), |Own(at, one)| (*at, Some(one)));
        of_members.entry(member).or_default().push((pair, new, Of::default()));
    }
    let before = Before::new();
    for (member, pairs) in of_members {
        let readings = members.get(member).map_or(&[][..], |member| &member.readings);
        let objects = Objects { wanted, scaled: &scaled, readings, before: &before };
        all.objects.push(objects.all(pairs.into_iter()));
    }
}
