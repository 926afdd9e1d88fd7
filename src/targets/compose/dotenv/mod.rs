//! `.env.example`: what a Compose file asks of whoever runs it, in the form of the `.env` that answers.

mod kept;
mod setting;
mod words;

use self::{
    kept::Kept,
    setting::Setting,
    words::{Words, every},
};
use super::asked::Asked;
use crate::{
    app::App,
    bundle::{Paragraph, Supplied, Text},
    tree::Note,
};

/// Which Compose file asks.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Its name.
    pub file: &'a str,
    /// What lies over the base file, in a word; none for that itself.
    pub over: Option<&'a str>,
}

/// The example for the base file.
const BASE: &str = ".env.example";

impl Place<'_> {
    fn example(self) -> String {
        self.over.map_or_else(|| BASE.to_owned(), |over| format!(".env.{over}.example"))
    }

    /// The command that makes the example a part of `.env`.
    fn copy(self) -> String {
        match self.over {
            None => format!("cp {BASE} .env"),
            Some(_) => format!("cat {} >> .env", self.example()),
        }
    }
}

/// The example for one Compose file, and what must lie beside it; nothing where it asks for nothing.
pub fn example(app: &App, asked: &Asked, place: Place<'_>) -> (Option<Text>, Vec<Supplied>) {
    let words = Words::of(app);
    let settings = asked.variables.iter().map(|(name, variable)| Setting::new(name, variable, &words));
    let (needed, others): (Vec<Setting<'_>>, Vec<Setting<'_>>) = settings.partition(Setting::is_needed);
    let files = asked.files.iter().map(|(path, file)| Kept::new(path, file, &words));
    let (secrets, env): (Vec<Kept<'_>>, Vec<Kept<'_>>) = files.partition(|kept| kept.is_secret);
    let of_env = format!(
        "Files of variables that {} reads, NAME=value on each line. Never commit those with secrets.",
        place.file
    );
    let settings = [
        section("needed", NEEDED, needed.iter().map(Setting::paragraph).collect()),
        section("others", OTHERS, others.iter().map(Setting::paragraph).collect()),
    ];
    let sections = [
        part("settings", about_settings(place), settings.into_iter().flatten().collect()),
        section("secrets", &kept::secrets(place.file), secrets.iter().map(Kept::paragraph).collect()),
        section("files", &of_env, env.iter().map(Kept::paragraph).collect()),
    ];
    let beyond = place.over.map(|_| format!(", beyond what {BASE} names")).unwrap_or_default();
    let about = format!("# What {} needs beside it{beyond}.", place.file);
    let top = part("about", about, sections.into_iter().flatten().collect());
    let supplied = dotenv(place, &needed).into_iter().chain(secrets.iter().chain(&env).map(Kept::supplied)).collect();
    (top.map(|top| Text { path: place.example(), top, apart: usize::MAX }), supplied)
}

const NEEDED: &str = "Needed: Compose stops where one of these is missing or empty.";
const OTHERS: &str = "Optional: without a value the app goes on, or the one shown here is taken.";

fn about_settings(place: Place<'_>) -> String {
    let what = match place.over {
        None => "Copy this file to `.env`, which Compose reads by itself, and fill it in:",
        Some(_) => "Add to `.env`, which Compose reads by itself, what is needed of this:",
    };
    format!(
        "# {what}\n#\n#     {} && chmod 600 .env\n#\n\
         # Never commit .env. A value with blanks, quotes, `$` or `#` needs single quotes around it.\n\
         # What is set in the shell is taken before what stands there.",
        place.copy()
    )
}

fn section(name: &str, heading: &str, below: Vec<Paragraph>) -> Option<Paragraph> {
    part(name, format!("# ── {heading}"), below)
}

/// Lines about what stands below them; without any of it they would not be there.
fn part(name: &str, lines: String, below: Vec<Paragraph>) -> Option<Paragraph> {
    let note = Note::new("about what follows", every(below.iter().flat_map(|paragraph| &paragraph.note.keys)));
    (!below.is_empty()).then(|| Paragraph { name: name.into(), lines, note, below })
}

/// The `.env` without which Compose stops.
fn dotenv(place: Place<'_>, needed: &[Setting<'_>]) -> Option<Supplied> {
    let names: Vec<&str> = needed.iter().map(|setting| setting.name).collect();
    let about = format!("{} (unless the shell has {})", names.join(", "), if names.len() == 1 { "it" } else { "them" });
    let make = format!("{}    # then fill it in", place.copy());
    (!names.is_empty()).then(|| Supplied { path: ".env".into(), about, make })
}
