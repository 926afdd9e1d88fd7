//! The formats that a report is written in.

use super::{Report, github, gitlab, json, junit, markdown, rdjsonl, sarif, text};

/// A format, by the reader that it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// People at a terminal.
    Text,
    /// Programs; the schema is `render schema report`.
    Json,
    /// Annotations of GitHub Actions.
    Github,
    /// Job summaries, and comments on pull requests.
    Markdown,
    /// Test reports of GitLab, Jenkins and others.
    Junit,
    /// Code scanning.
    Sarif,
    /// Code Quality of GitLab.
    Gitlab,
    /// Reviewdog.
    Rdjsonl,
}

/// GitHub takes step summaries of up to 1024 KiB (GitHub Docs, "Workflow commands for GitHub Actions", "Step isolation
/// and limits").
pub const MOST_BYTES: usize = 1_000_000;

impl Format {
    pub const ALL: [(&str, Format); 8] = [
        ("text", Format::Text),
        ("json", Format::Json),
        ("github", Format::Github),
        ("markdown", Format::Markdown),
        ("junit", Format::Junit),
        ("sarif", Format::Sarif),
        ("gitlab", Format::Gitlab),
        ("rdjsonl", Format::Rdjsonl),
    ];

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    /// The report as text; empty where a format has nothing to say. Only [`Format::Text`] has colours, and
    /// [`Format::Markdown`] alone is cut, to about so many bytes.
    pub fn write(self, report: &Report, most_bytes: usize) -> String {
        match self {
            Format::Text => text::write(report),
            Format::Json => json::write(report),
            Format::Github => github::write(report),
            Format::Markdown => markdown::write(report, most_bytes),
            Format::Junit => junit::write(report),
            Format::Sarif => sarif::write(report),
            Format::Gitlab => gitlab::write(report),
            Format::Rdjsonl => rdjsonl::write(report),
        }
    }
}
