//! A test report: a suite for each environment, a case for each profile and target in it, green ones too. The form is
//! that of Jenkins (xunit-plugin, `jenkins-junit.xsd`), which GitLab reads as well.

use std::collections::BTreeMap;

use super::{Diagnostic, Of, Report, text::number, values, xml::escape};
use crate::problem::Severity;

/// What became of a profile for a target in an environment.
#[derive(Default)]
struct Case {
    /// Lines on what differs.
    differences: Vec<String>,
    errors: Vec<String>,
    warnings: Vec<String>,
}

/// By environment, profile and target.
type Cases = BTreeMap<(String, String, String), Case>;

pub(super) fn write(report: &Report) -> String {
    let cases = cases(report);
    let mut suites: BTreeMap<&str, Vec<(&str, &str, &Case)>> = BTreeMap::new();
    for ((env, profile, target), case) in &cases {
        suites.entry(env).or_default().push((profile, target, case));
    }
    let all: Vec<&Case> = cases.values().collect();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text.push_str(&format!("<testsuites name=\"render\" {}>\n", counts(&all)));
    for (env, rows) in suites {
        let all: Vec<&Case> = rows.iter().map(|(_, _, case)| *case).collect();
        text.push_str(&format!("  <testsuite name=\"{}\" {}>\n", escape(env), counts(&all)));
        rows.into_iter().for_each(|(profile, target, case)| push(profile, target, case, &mut text));
        text.push_str("  </testsuite>\n");
    }
    text + "</testsuites>\n"
}

fn counts(cases: &[&Case]) -> String {
    let errors = cases.iter().filter(|case| !case.errors.is_empty()).count();
    let failures = cases.iter().filter(|case| case.errors.is_empty() && !case.differences.is_empty()).count();
    format!("tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\"", cases.len())
}

fn push(profile: &str, target: &str, case: &Case, text: &mut String) {
    text.push_str(&format!("    <testcase classname=\"{}\" name=\"{}\"", escape(profile), escape(target)));
    if case.errors.is_empty() && case.differences.is_empty() && case.warnings.is_empty() {
        text.push_str("/>\n");
        return;
    }
    text.push_str(">\n");
    if !case.errors.is_empty() {
        element("error", "errors", &number(case.errors.len(), "error"), &case.errors, text);
    } else if !case.differences.is_empty() {
        element("failure", "differs", &number(case.differences.len(), "difference"), &case.differences, text);
    }
    if !case.warnings.is_empty() {
        text.push_str(&format!("      <system-out>{}</system-out>\n", body(&case.warnings)));
    }
    text.push_str("    </testcase>\n");
}

fn element(name: &str, kind: &str, message: &str, lines: &[String], text: &mut String) {
    text.push_str(&format!("      <{name} type=\"{kind}\" message=\"{}\">{}</{name}>\n", escape(message), body(lines)));
}

fn body(lines: &[String]) -> String {
    lines.iter().map(|line| escape(line)).collect::<Vec<_>>().join("\n")
}

fn cases(report: &Report) -> Cases {
    let mut cases = Cases::new();
    for rendering in &report.renderings {
        cases.entry(row(&rendering.of)).or_default();
    }
    for file in &report.files {
        cases.entry(row(&file.of)).or_default().differences.push(values::one_line(&file.said()));
    }
    for object in &report.objects {
        let case = cases.entry(row(&object.of)).or_default();
        case.differences.push(values::one_line(&object.said()));
        let fields = object.changes.iter().map(|change| format!("  {}", values::one_line(&values::change(change))));
        case.differences.extend(fields);
    }
    report.diagnostics.iter().for_each(|diagnostic| tell(diagnostic, &mut cases));
    cases
}

/// Of what nobody renders, the names of a suite and its case.
const NONE: &str = "(none)";
const OTHER: &str = "(other)";

fn row(of: &Of) -> (String, String, String) {
    let Of { profile, env, target } = of;
    let or = |text: &Option<String>, other: &str| text.clone().unwrap_or_else(|| other.to_owned());
    (or(env, NONE), or(profile, OTHER), or(target, OTHER))
}

/// Tells a problem in every case that has it; of a profile without any, in one of its own.
fn tell(diagnostic: &Diagnostic, cases: &mut Cases) {
    let Diagnostic { code, severity, message, help, profile, environments, source, fix: _, shown: _ } = diagnostic;
    let place = source.iter().map(|place| format!("{}:{}: ", place.file, place.line)).collect::<String>();
    let help = help.iter().map(|help| format!("; help: {help}")).collect::<String>();
    let line = values::one_line(&format!("{place}{message}{help} [{code}]"));
    let profile = profile.as_deref().unwrap_or(OTHER);
    let has = |(env, of, _): &(String, String, String)| {
        of == profile && (environments.is_empty() || environments.contains(env))
    };
    let mut found = Vec::new();
    if cases.keys().any(has) {
        found.extend(cases.iter_mut().filter(|(key, _)| has(key)).map(|(_, case)| case));
    } else {
        let env = environments.first().map_or(NONE, String::as_str);
        found.push(cases.entry((env.to_owned(), profile.to_owned(), OTHER.to_owned())).or_default());
    }
    for case in found {
        let lines = if *severity == Severity::Error { &mut case.errors } else { &mut case.warnings };
        lines.push(line.clone());
    }
}
