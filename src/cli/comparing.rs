//! `render <target> -o DIR --check`: one rendering against the folder that it would be written into.

use std::{collections::BTreeMap, path::Path};

use super::{
    Exit,
    args::RenderArgs,
    cause,
    render::Made,
    reporting::{self, CANNOT_COMPARE},
    say,
};
use crate::{
    deliver,
    problem::Severity,
    report::{Base, BaseKind, Command, Compared, Diagnostic, FileState, Of, Report, Summary, number},
    targets::Target,
};

/// Compares what was rendered, or tells why nothing was.
pub fn check(target: &Target, made: Option<&Made>, args: &RenderArgs, told: Vec<Diagnostic>) -> Exit {
    let dir = args.output.as_deref().unwrap_or(Path::new("."));
    let named = args.profiles.first().filter(|path| *path != Path::new("-"));
    let profile = named.map(|path| super::profile::in_folder(path).to_string_lossy().into_owned());
    let of = Of { profile, env: args.env.clone(), target: Some(target.name.to_owned()) };
    let mut report = empty(dir, told);
    report.renderings.push(Compared { of: of.clone(), files: made.map_or(0, |made| made.output.files.len()) });
    match made.map(|made| states(made, dir, &of)).transpose() {
        Ok(compared) => {
            let (files, all) = compared.unwrap_or_default();
            report.summary.compared = all;
            report.summary.unchanged = all - files.len();
            report.files = files;
        }
        Err(error) => {
            let one = reporting::wrong(CANNOT_COMPARE, &error, args.profiles.first().map(AsRef::as_ref));
            say::shown(&one.shown);
            report.diagnostics.push(one);
        }
    }
    let is_wrong = report.diagnostics.iter().any(|one| one.severity == Severity::Error);
    report.summary.errors = usize::from(is_wrong);
    for file in &report.files {
        *report.summary.changed.entry(file.state.to_owned()).or_default() += 1;
    }
    let exit = args.report.deliver(&mut report);
    if is_wrong {
        return Exit::Wrong;
    } else if report.files.is_empty() {
        say::done(format!("{}: {} as rendered", dir.display(), number(report.summary.compared, "file")), args.quiet);
        return exit;
    }
    exit.max(Exit::Differs)
}

fn empty(dir: &Path, diagnostics: Vec<Diagnostic>) -> Report {
    Report {
        command: Command::Check,
        base: Some(Base { kind: BaseKind::Folder, reference: dir.to_string_lossy().into_owned(), commit: None }),
        summary: Summary { profiles: 1, selected: 1, ..Summary::default() },
        renderings: Vec::new(),
        files: Vec::new(),
        objects: Vec::new(),
        diagnostics,
    }
}

/// Every file that is not as rendered, with what decides it; and how many there are.
fn states(made: &Made, dir: &Path, of: &Of) -> Result<(Vec<FileState>, usize), deliver::Error> {
    let mut findings = deliver::check(&made.output, dir)?;
    let all = findings.len();
    findings.retain(|finding| finding.state.differs());
    let documents: BTreeMap<_, _> = made.documents.iter().map(|file| (dir.join(&file.path), file)).collect();
    let state = |mut finding: deliver::Finding| {
        let file = documents.get(&finding.path).filter(|_| finding.detail.is_none());
        let cause = file.and_then(|file| cause::of(&finding, file, &made.app.provenance));
        let (text, place) = cause.map(|cause| (cause.text, cause.place)).unzip();
        finding.detail = finding.detail.take().or(text);
        reporting::file(&finding, of.clone(), place.flatten())
    };
    Ok((findings.into_iter().map(state).collect(), all))
}
