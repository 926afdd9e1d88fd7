//! A profile, read with each of its environments, and what there is to render of it.

use std::{collections::BTreeMap, path::Path};

use super::{
    super::{
        profile::{ProfileFile, without_links},
        rendering::{self, Reads},
        reporting::{self, CANNOT_READ},
    },
    DEFAULT, Plan,
    changed::Changed,
    member::{Member, Told},
};
use crate::{
    flow::Outcome,
    report::Diagnostic,
    targets::{TARGETS, Target},
};

/// A profile, read with an environment or without.
pub struct Reading {
    pub env: Option<String>,
    pub outcome: Outcome,
}

/// One rendering to be: of which reading, and where.
pub struct Piece {
    pub target: &'static Target,
    pub reading: usize,
    /// What the environment is called in the tree; nothing for what overrides lie over.
    pub env: Option<String>,
    pub at: String,
}

/// A profile that is asked for.
pub struct Read {
    pub file: ProfileFile,
    pub name: String,
    pub readings: Vec<Reading>,
    /// What is asked for, and what else there is.
    pub pieces: Vec<Piece>,
    pub others: Vec<Piece>,
}

/// Reads a profile with each of its environments.
pub fn read(path: &Path, plan: &Plan<'_>) -> Result<Read, Member> {
    let open = || match &plan.commit {
        Some(commit) => ProfileFile::of(path, commit),
        None => ProfileFile::open(path),
    };
    let file = open().map_err(|error| {
        let one = reporting::wrong(CANNOT_READ, &format!("{} cannot be read: {error}", path.display()), Some(path));
        Member::Wrong { real: Some(without_links(path)), told: Told::one(one), asked: Vec::new() }
    })?;
    let passed_over = || Member::PassedOver { real: file.real() };
    let mut reads = Reads::default();
    reads.files.extend(file.real());
    let base = rendering::read(&file, plan.set, None, &mut reads);
    let Some(name) = base.model.get("name").and_then(|name| name.as_str()).map(str::to_owned) else {
        let each = base.problems.iter().map(|problem| Diagnostic::shown(problem, &base.sources)).collect();
        let told = Told { each, counted: BTreeMap::new() };
        return Err(Member::Wrong { real: file.real(), told, asked: Vec::new() });
    };
    if !plan.labels.iter().all(|label| label.holds(&base.model)) {
        return Err(passed_over());
    }
    let environments = base.environments.clone();
    let mut readings = vec![Reading { env: None, outcome: base }];
    for env in environments {
        let outcome = rendering::read(&file, plan.set, Some(&env), &mut reads);
        readings.push(Reading { env: Some(env), outcome });
    }
    let mut all = pieces(&readings, &name, plan);
    all.retain(|piece| plan.has(piece.target));
    let (pieces, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|piece| plan.asks_for(piece, &readings));
    let touched = |changed: &Changed| {
        changed.any(&reads) || pieces.iter().any(|piece| changed.below(&plan.real_root.join(&piece.at)))
    };
    if pieces.is_empty() || !plan.changed.as_ref().is_none_or(touched) {
        return Err(passed_over());
    }
    Ok(Read { file, name, readings, pieces, others })
}

/// Everything that the profile wants, with a place in the tree.
fn pieces(readings: &[Reading], name: &str, plan: &Plan<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    // A profile with environments runs in these; without them, as it is.
    let bare = match &plan.settings.base {
        Some(base) => (!readings.iter().any(|one| one.env.as_ref() == Some(base))).then_some(base.as_str()),
        None => (readings.len() == 1).then_some(DEFAULT),
    };
    for target in TARGETS {
        for (reading, one) in readings.iter().enumerate().filter(|(_, one)| target.is_wanted(&one.outcome.model)) {
            let env = match (&one.env, bare) {
                (Some(env), _) => Some(env.as_str()),
                (None, _) if target.overrides => None,
                (None, Some(bare)) => Some(bare),
                (None, None) => continue,
            };
            let at = plan.settings.layout.folder(target, env.unwrap_or_default(), name);
            pieces.extend(at.map(|at| Piece { target, reading, env: env.map(str::to_owned), at }));
        }
    }
    pieces
}

impl Plan<'_> {
    /// Whether a target is one of the repository's, or asked for by name.
    fn has(&self, target: &Target) -> bool {
        let own = &self.settings.targets;
        own.is_empty() || own.iter().chain(self.targets).any(|known| *known == target.name)
    }

    /// Whether it is among the targets and environments that are asked for. Overrides come with what they lie over.
    fn asks_for(&self, piece: &Piece, readings: &[Reading]) -> bool {
        let target = self.targets.is_empty() || self.targets.iter().any(|target| *target == piece.target.name);
        let asked = |env: &String| self.env.is_empty() || self.env.contains(env);
        target
            && match &piece.env {
                Some(env) => asked(env),
                None => self.env.is_empty() || readings.iter().filter_map(|one| one.env.as_ref()).any(asked),
            }
    }
}
