//! Every profile rendered and compared with the tree, before anything is written.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{
    super::reporting::{self, CANNOT_COMPARE},
    Plan,
    member::{self, About, Member, Rendered, Told},
    settings::Foreign,
};
use crate::{
    deliver::{self, Checked, Finding, Output, Places, Rest, State},
    report::{Compared, Diagnostic},
    targets,
};

/// How a profile stands to the tree. Its texts are gone: there may be many thousands.
pub struct Looked {
    /// The profile as people find it.
    pub path: PathBuf,
    pub real: Option<PathBuf>,
    /// Whether it was rendered, so that what it does not render is left over.
    pub is_known: bool,
    /// Whether it is not asked for.
    pub is_passed_over: bool,
    /// Nothing can be delivered.
    pub is_wrong: bool,
    pub told: Told,
    /// The folders that it renders into.
    pub places: Vec<String>,
    /// What else lies there, if they were compared.
    rest: Option<Rest>,
    pub left_out: Vec<String>,
    /// Of files that are not as rendered, then rivals and orphans.
    pub findings: Vec<Finding>,
    /// Of these, files of profiles that are no more: this one takes their place.
    pub abandoned: BTreeSet<PathBuf>,
    /// Objects that nobody renders, where something of it is applied; none if the settings allow them.
    pub strangers: Vec<Finding>,
    pub about: About,
    /// For a report, everything that was compared.
    pub renderings: Vec<Compared>,
    /// How many files are as rendered.
    pub kept: usize,
}

/// Renders a profile, and compares.
pub fn look(path: &Path, plan: &Plan<'_>, explained: bool) -> Looked {
    let (mut looked, rendered) = Looked::rendered(path, plan);
    if let Some(rendered) = rendered {
        compare(&mut looked, *rendered, plan, explained);
    }
    looked
}

fn compare(looked: &mut Looked, rendered: Rendered, plan: &Plan<'_>, explained: bool) {
    // Of folders that are applied as a whole.
    let is_applied = |output: &Output| {
        plan.settings.foreign != Foreign::Allow && targets::of_objects(Some(&output.origin.target)).is_ok()
    };
    match deliver::check_applied(&rendered.outputs, &plan.root, &is_applied) {
        Ok(Checked { findings, strangers, rest }) => {
            looked.strangers = strangers;
            looked.rest = rest;
            let all = findings.len();
            looked.findings = findings.into_iter().filter(|finding| finding.state.differs()).collect();
            looked.kept = all - looked.findings.len();
            looked.is_known = true;
            if explained {
                looked.about = rendered.explain(&mut looked.findings, &plan.root);
            }
        }
        Err(error) => {
            looked.is_wrong = true;
            looked.told.each.push(reporting::wrong(CANNOT_COMPARE, &error, Some(&looked.path)));
        }
    }
    looked.real = Some(rendered.real);
}

impl Looked {
    /// Of a profile that is rendered, with what is to be compared; of others, why there is nothing.
    pub fn rendered(path: &Path, plan: &Plan<'_>) -> (Self, Option<Box<Rendered>>) {
        let mut looked = Looked::new(path);
        match member::render(path, plan) {
            Member::PassedOver { real } => {
                looked.real = real;
                looked.is_passed_over = true;
            }
            Member::Wrong { real, told, asked } => {
                looked.real = real;
                looked.told = told;
                looked.renderings = asked.into_iter().map(|of| Compared { of, files: 0 }).collect();
                looked.is_wrong = true;
            }
            Member::Rendered(mut rendered) => {
                looked.told = std::mem::take(&mut rendered.told);
                looked.places = rendered.outputs.iter().map(|output| output.at.clone()).collect();
                looked.places.dedup();
                if plan.is_reported {
                    looked.renderings = rendered.compared();
                }
                looked.left_out = std::mem::take(&mut rendered.left_out);
                return (looked, Some(rendered));
            }
        }
        (looked, None)
    }

    /// Of a profile of which nothing is known yet.
    fn new(path: &Path) -> Self {
        Looked {
            path: path.to_owned(),
            real: None,
            is_known: false,
            is_passed_over: false,
            is_wrong: false,
            told: Told::default(),
            places: Vec::new(),
            rest: None,
            left_out: Vec::new(),
            findings: Vec::new(),
            abandoned: BTreeSet::new(),
            strangers: Vec::new(),
            about: About::new(),
            renderings: Vec::new(),
            kept: 0,
        }
    }

    /// Nothing of it is delivered, and of its files nobody knows whether they should lie there.
    pub fn refuse(&mut self) {
        self.is_wrong = true;
        self.is_known = false;
        self.findings.clear();
    }

    /// What else lies in one of its folders; nothing if that is not known.
    fn rest(&self, at: &str) -> Option<&[String]> {
        Some(self.rest.as_ref()?.get(at).map_or(&[][..], Vec::as_slice))
    }

    /// Files of the profile that are not as rendered.
    pub fn differing(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.state != State::Orphan)
    }

    /// Files that were rendered of another profile.
    pub fn others(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.state == State::Other)
    }

    /// Takes the place of a profile that is no more.
    pub fn take_over(&mut self, files: BTreeSet<PathBuf>) {
        for finding in self.findings.iter_mut().filter(|finding| files.contains(&finding.path)) {
            finding.state = State::Stale;
        }
        self.abandoned = files;
    }

    pub fn orphans(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.state == State::Orphan)
    }
}

/// Folders that something is rendered into, and what else lies there.
pub fn places(all: &[Looked]) -> Places<'_> {
    all.iter().flat_map(|one| one.places.iter().map(move |at| (at.as_str(), one.rest(at)))).collect()
}

/// What of profiles goes into a report, taken from them: it may be much.
pub fn take_told(all: &mut [Looked]) -> (Vec<Compared>, Vec<Diagnostic>) {
    let mut told = (Vec::new(), Vec::new());
    for one in all {
        told.0.append(&mut one.renderings);
        told.1.append(&mut one.told.each);
    }
    told
}
