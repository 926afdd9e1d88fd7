//! One profile among many: everything that a tree has of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{
    super::{cause, profile::ProfileFile, rendering},
    Plan,
    reading::{Piece, Read, Reading, read},
};
use crate::{
    bundle::{Bundle, File},
    deliver::{self, Document, Finding, Output, Rendering, State},
    flow::Outcome,
    problem::{Problem, Severity},
    report::{Compared, Diagnostic, Of, Place},
    targets::{Base, Wish},
};

/// What is said of a profile.
#[derive(Default)]
pub struct Told {
    pub each: Vec<Diagnostic>,
    /// Of how much weight so many are, where people are told no more of them.
    pub counted: BTreeMap<Severity, usize>,
}

impl Told {
    pub fn one(diagnostic: Diagnostic) -> Self {
        Told { each: vec![diagnostic], counted: BTreeMap::new() }
    }
}

/// What became of a profile.
pub enum Member {
    /// Not asked for: by its labels, its environments, or since nothing of it has changed.
    PassedOver {
        real: Option<PathBuf>,
    },
    /// Nothing was rendered.
    Wrong {
        real: Option<PathBuf>,
        told: Told,
        /// What is not rendered for that.
        asked: Vec<Of>,
    },
    Rendered(Box<Rendered>),
}

/// All renderings of a profile.
pub struct Rendered {
    pub real: PathBuf,
    pub outputs: Vec<Output>,
    /// Renderings that the profile has and that were not asked for, in the words of their headers.
    pub left_out: Vec<String>,
    pub told: Told,
    /// The documents of each output, the reading that they are made of, and what they are called.
    pub documents: Vec<(Vec<File>, usize, Of)>,
    pub readings: Vec<Reading>,
    /// As people find the profile.
    pub name: String,
}

/// What a profile renders to.
pub enum Listed {
    /// The name of the app, and what is asked for.
    Pieces(String, Vec<Piece>),
    Wrong(Vec<Diagnostic>),
}

/// Reads a profile, and says what would be rendered of it.
pub fn list(path: &Path, plan: &Plan<'_>) -> Listed {
    match read(path, plan) {
        Ok(Read { name, readings, pieces, .. }) => {
            // Nothing can be rendered of what has errors.
            let wrong = |piece: &&Piece| readings[piece.reading].outcome.app.is_none();
            match pieces.iter().find(wrong).map(|piece| &readings[piece.reading].outcome) {
                Some(outcome) => {
                    Listed::Wrong(outcome.problems.iter().map(|one| Diagnostic::shown(one, &outcome.sources)).collect())
                }
                None => Listed::Pieces(name, pieces),
            }
        }
        Err(Member::Wrong { told, .. }) => Listed::Wrong(told.each),
        Err(_) => Listed::Pieces(String::new(), Vec::new()),
    }
}

/// Reads and renders a profile. Nothing is written.
pub fn render(path: &Path, plan: &Plan<'_>) -> Member {
    match read(path, plan) {
        Ok(Read { file, name, readings, pieces, others }) => {
            let mut making = Making {
                file: &file,
                name,
                plan,
                readings,
                told: Vec::new(),
                used: BTreeSet::new(),
                sources: BTreeMap::new(),
            };
            making.settle(&pieces);
            making.finish(&pieces, &others)
        }
        Err(member) => member,
    }
}

/// A profile on its way from readings to renderings.
struct Making<'a> {
    file: &'a ProfileFile,
    name: String,
    plan: &'a Plan<'a>,
    readings: Vec<Reading>,
    /// Each problem once, with the readings in which it was found.
    told: Vec<(Problem, BTreeSet<usize>)>,
    /// The readings of which anything is rendered.
    used: BTreeSet<usize>,
    /// What headers call the profile, by folder.
    sources: BTreeMap<String, String>,
}

impl Making<'_> {
    /// What is decided before anything is rendered.
    fn settle(&mut self, pieces: &[Piece]) {
        let mut home = None;
        for piece in pieces {
            if piece.target.overrides {
                self.tell(0, None);
                home.get_or_insert_with(|| self.file.home(&self.plan.root.join(&piece.at)));
            }
            self.tell(piece.reading, None);
        }
        // Compose files name the project's from where they lie, all in one folder.
        let apps = self.readings.iter_mut().filter_map(|one| one.outcome.app.as_mut());
        apps.zip(home.iter().cycle()).for_each(|(app, home)| app.compose.home.clone_from(home));
    }

    /// Takes note of the problems of a reading, or of those that rendering it found.
    fn tell(&mut self, reading: usize, found: Option<Vec<Problem>>) {
        self.used.insert(reading);
        let of_reading = || self.readings[reading].outcome.problems.clone();
        for problem in found.unwrap_or_else(of_reading) {
            match self.told.iter_mut().find(|(known, _)| *known == problem) {
                Some((_, readings)) => {
                    readings.insert(reading);
                }
                None => self.told.push((problem, BTreeSet::from([reading]))),
            }
        }
    }

    /// Renders everything that can be, so that all problems are found at once.
    fn finish(mut self, pieces: &[Piece], others: &[Piece]) -> Member {
        let left_out: Vec<Rendering> = others.iter().map(|piece| self.origin(piece, &[])).collect();
        let (mut outputs, mut documents) = (Vec::new(), Vec::<(Vec<File>, usize, Of)>::new());
        for piece in pieces {
            let Some(bundle) = self.bundle(piece, &documents) else { continue };
            let files = rendering::documents(&bundle, &self.models(piece), None);
            let of_target = left_out.iter().filter(|other| other.target == piece.target.name);
            outputs.push(Output {
                at: piece.at.clone(),
                origin: self.origin(piece, &files),
                files,
                siblings: of_target.cloned().collect(),
                rivals: piece.target.rivals,
            });
            let Bundle { files, texts: _, supplied: _, printed: _ } = bundle;
            documents.push((files, piece.reading, self.of(piece)));
        }
        let told = self.all_told();
        let wrong = self.told.iter().any(|(problem, _)| problem.code.severity() == Severity::Error);
        let Some(real) = self.file.real().filter(|_| !wrong) else {
            let asked = pieces.iter().map(|piece| self.of(piece)).collect();
            return Member::Wrong { real: self.file.real(), told, asked };
        };
        Member::Rendered(Box::new(Rendered {
            real,
            outputs,
            left_out: left_out.iter().map(Rendering::words).collect(),
            told,
            documents,
            readings: self.readings,
            name: self.file.name.clone(),
        }))
    }

    fn of(&self, piece: &Piece) -> Of {
        let target = Some(piece.target.name.to_owned());
        Of { profile: Some(self.file.name.clone()), env: piece.env.clone(), target }
    }

    /// The files of a rendering; nothing where a reading has errors.
    fn bundle(&mut self, piece: &Piece, so_far: &[(Vec<File>, usize, Of)]) -> Option<Bundle> {
        let app = self.readings[piece.reading].outcome.app.as_ref()?;
        let base = match self.base(piece) {
            Some(base) => {
                let of_base = |(_, reading, of): &&(_, usize, Of)| {
                    *reading == 0 && of.target.as_deref() == Some(piece.target.name)
                };
                let files = so_far.iter().find(of_base).map_or(&[][..], |(files, ..)| files);
                Some(Base { app: base.app.as_ref()?, files })
            }
            None => None,
        };
        let rendered = (piece.target.render)(&Wish { app, base, dev: false, full: false });
        self.tell(piece.reading, Some(rendered.problems));
        let mut bundle = rendered.bundle;
        if let Some(index) = piece.target.index.filter(|_| self.plan.kustomization) {
            bundle.files.push(index(&bundle.files));
        }
        Some(bundle)
    }

    /// What a rendering is an override of.
    fn base(&self, piece: &Piece) -> Option<&Outcome> {
        (piece.target.overrides && piece.reading > 0).then_some(&self.readings[0].outcome)
    }

    /// From what files are said to be rendered.
    fn origin(&mut self, piece: &Piece, files: &[Document]) -> Rendering {
        let folder = self.plan.root.join(&piece.at);
        let name = || self.file.source(&folder, &self.name, deliver::sources(&folder, files));
        let source = self.sources.entry(piece.at.clone()).or_insert_with(name).clone();
        let env = self.readings[piece.reading].env.clone();
        Rendering { source, target: piece.target.name.to_owned(), env, dev: false }
    }

    /// The merged profiles that a rendering is made of.
    fn models(&self, piece: &Piece) -> Vec<&Value> {
        let outcomes = [Some(&self.readings[piece.reading].outcome), self.base(piece)];
        outcomes.into_iter().flatten().map(|outcome| &outcome.model).collect()
    }

    /// With the environments, where a problem is not in all of them.
    fn all_told(&self) -> Told {
        let mut told = Told::default();
        for (problem, readings) in &self.told {
            let severity = problem.code.severity();
            let is_counted = self.plan.brief && severity != Severity::Error;
            if is_counted {
                *told.counted.entry(severity).or_default() += 1;
            }
            if is_counted && !self.plan.is_reported {
                continue;
            }
            let first = *readings.first().expect("found in one");
            let sources = &self.readings[first].outcome.sources;
            // What nobody reads is not drawn.
            let mut one =
                if is_counted { Diagnostic::of(problem, sources) } else { Diagnostic::shown(problem, sources) };
            if *readings != self.used {
                let names = readings.iter().map(|at| self.readings[*at].env.as_deref().unwrap_or("none"));
                one.environments = names.map(str::to_owned).collect();
                one.shown.push_str(&format!("  = environment: {}\n", one.environments.join(", ")));
            }
            told.each.push(one);
        }
        told
    }
}

/// What is known of files, by path.
pub type About = BTreeMap<PathBuf, (Of, Option<Place>)>;

impl Rendered {
    /// Says of files that differ which value does, and gives back by which line of the profile it is so.
    pub fn explain(&self, findings: &mut [Finding], root: &Path) -> About {
        let mut about = About::new();
        if findings.is_empty() {
            return about;
        }
        let places = self.outputs.iter().zip(&self.documents);
        let documents: BTreeMap<PathBuf, (Option<&File>, usize, &Of)> = places
            .flat_map(|(output, (documents, reading, of))| {
                let document = |path: &str| documents.iter().find(|file| file.path == path);
                let folder = root.join(&output.at);
                let file = move |one: &Document| (folder.join(&one.path), (document(&one.path), *reading, of));
                output.files.iter().map(file)
            })
            .collect();
        for finding in findings {
            let Some((file, reading, of)) = documents.get(&finding.path) else {
                about.extend(self.near(&finding.path, root).map(|of| (finding.path.clone(), (of.clone(), None))));
                continue;
            };
            let app = self.readings[*reading].outcome.app.as_ref();
            let cause = app.zip(*file).filter(|_| finding.detail.is_none());
            let cause = cause.and_then(|(app, file)| cause::of(finding, file, &app.provenance));
            let (text, place) = cause.map(|cause| (cause.text, cause.place)).unzip();
            finding.detail = finding.detail.take().or(text);
            // What a person wrote there no line of the profile has caused.
            let place = place.flatten().filter(|_| finding.state != State::Edited);
            about.insert(finding.path.clone(), ((*of).clone(), place));
        }
        about
    }

    /// What is rendered into the folder of a file.
    fn near(&self, path: &Path, root: &Path) -> Option<&Of> {
        let folder = path.parent()?;
        let mut places = self.outputs.iter().zip(&self.documents);
        places.find(|(output, _)| root.join(&output.at) == folder).map(|(_, (_, _, of))| of)
    }

    /// What there is of it, and how many files each has.
    pub fn compared(&self) -> Vec<Compared> {
        let each = self.outputs.iter().zip(&self.documents);
        each.map(|(output, (_, _, of))| Compared { of: of.clone(), files: output.files.len() }).collect()
    }
}
