//! Reports of what differs: in which formats, and where to.

use std::{
    fmt::Display,
    fs,
    path::{Path, PathBuf},
};

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::{Exit, profile, say};
use crate::{
    deliver::{self, Finding},
    problem::Severity,
    report::{Diagnostic, FileState, Format, MOST_BYTES, Of, Place, Report, Warned},
};

/// How a comparison is told.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Print the report of a comparison in this format
    #[arg(long, value_name = "FORMAT", value_parser = format())]
    pub format: Option<Format>,
    /// Also write the report into a file, as in `--report junit=report.xml`; may be repeated
    #[arg(long, value_name = "FORMAT=FILE", value_parser = wanted)]
    pub report: Vec<(Format, PathBuf)>,
    /// Cut `markdown` to so many bytes; a comment on GitHub takes 65536
    #[arg(long, value_name = "BYTES", default_value_t = MOST_BYTES, hide_default_value = true, value_parser = bytes)]
    pub max_bytes: usize,
    /// Of which profiles a report tells warnings and notes; errors always are
    #[arg(long, value_name = "WHICH", default_value = "differing", value_parser = warned())]
    pub warnings: Warned,
}

/// Fewer bytes hold no more than a title.
const FEWEST_BYTES: usize = 1000;

fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(|(name, _)| name))
        .map(|name| Format::named(&name).expect("one of the names"))
}

fn warned() -> impl TypedValueParser<Value = Warned> {
    PossibleValuesParser::new(Warned::ALL.map(|(name, _)| name)).map(|name| {
        let found = Warned::ALL.iter().find(|(known, _)| *known == name);
        found.expect("one of the names").1
    })
}

fn wanted(text: &str) -> Result<(Format, PathBuf), String> {
    let names = || Format::ALL.map(|(name, _)| name).join(", ");
    let Some((name, file)) = text.split_once('=') else {
        return Err("it takes a format and a file, as in `junit=report.xml`".into());
    };
    let format = Format::named(name).ok_or_else(|| format!("there is no format `{name}`, but {}", names()))?;
    match file {
        "" => Err(format!("which file? `{name}=FILE`")),
        "-" => Err(format!("standard output is `--format {name}`")),
        file => Ok((format, file.into())),
    }
}

fn bytes(text: &str) -> Result<usize, String> {
    let bytes: usize = text.parse().map_err(|_| "it takes a number".to_owned())?;
    if bytes < FEWEST_BYTES { Err(format!("a report takes {FEWEST_BYTES} at least")) } else { Ok(bytes) }
}

impl ReportArgs {
    /// Whether more is asked for than what people read.
    pub fn is_wanted(&self) -> bool {
        self.format.is_some_and(|format| format != Format::Text) || !self.report.is_empty()
    }

    /// Before anything is rendered, finds out whether the report can be delivered.
    ///
    /// # Errors
    /// What is wrong with the arguments, in words.
    pub fn settle(&self, compares: bool) -> Result<(), String> {
        if !compares && (self.format.is_some() || !self.report.is_empty()) {
            return Err("`--format` and `--report` tell of a comparison, and nothing is compared\n\
                        help: add `--check`"
                .into());
        }
        for (at, (format, file)) in self.report.iter().enumerate() {
            let shown = file.display();
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            if self.report[..at].iter().any(|(_, other)| other == file) {
                return Err(format!("two reports would be written to `{shown}`\nhelp: give each its own file"));
            } else if file.is_dir() {
                return Err(format!("`{shown}` is a folder\nhelp: name a file: `--report {}=FILE`", format.name()));
            } else if !folder.is_dir() {
                return Err(format!(
                    "cannot write the report `{shown}`: there is no folder `{0}`\nhelp: make it: `mkdir -p {0}`",
                    folder.display()
                ));
            } else if let Err(error) = profile::real(folder) {
                return Err(format!("cannot write the report `{shown}`: `{}`: {error}", folder.display()));
            }
            deliver::may_put(file).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Prints the report, and writes it where it is wanted. What cannot be delivered is told.
    pub fn deliver(&self, report: &mut Report) -> Exit {
        if let Ok(here) = fs::canonicalize(".") {
            report.seen_from(&here.to_string_lossy());
        }
        report.warn_of(self.warnings);
        let format = self.format.unwrap_or(Format::Text);
        let mut exit = Exit::Done;
        if let Err(error) = say::printed(&format.write(report, self.max_bytes), format == Format::Text) {
            say::error(error);
            exit = Exit::Wrong;
        }
        for (format, file) in &self.report {
            let text = anstream::adapter::strip_str(&format.write(report, self.max_bytes)).to_string();
            if let Err(error) = deliver::put(file, &text) {
                say::error(error);
                exit = Exit::Wrong;
            }
        }
        exit
    }
}

/// Codes of what is wrong outside of a profile.
pub const CANNOT_READ: &str = "cannot-read";
pub const CANNOT_COMPARE: &str = "cannot-compare";
pub const SAME_FOLDER: &str = "same-folder";
pub const NOT_WRITTEN: &str = "not-written";

/// Something that went wrong outside of what a profile says, as [`say::error`] tells it.
pub fn wrong(code: &str, text: &dyn Display, profile: Option<&Path>) -> Diagnostic {
    let shown = format!("{0}error{0:#}: {text}", say::ERROR);
    let text = text.to_string();
    let (message, help) = match text.split_once("\nhelp: ") {
        Some((message, help)) => (message.to_owned(), Some(help.to_owned())),
        None => (text, None),
    };
    Diagnostic {
        code: code.to_owned(),
        severity: Severity::Error,
        message,
        help,
        profile: profile.map(|path| path.to_string_lossy().into_owned()),
        environments: Vec::new(),
        source: None,
        fix: None,
        shown,
    }
}

/// A file that is not as rendered.
pub fn file(finding: &Finding, of: Of, source: Option<Place>) -> FileState {
    FileState {
        file: finding.path.to_string_lossy().into_owned(),
        state: finding.state.name(),
        advice: finding.advice().to_owned(),
        detail: finding.detail.clone(),
        of,
        source,
        shown: finding.to_string(),
    }
}
