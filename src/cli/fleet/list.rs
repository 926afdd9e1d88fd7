//! `render list`: what `render all` would render, for people and for the matrix of a pipeline.

use std::path::Path;

use clap::{ArgMatches, FromArgMatches};
use serde_json::json;

use super::{
    args::ListArgs,
    crew::{self, Shown},
    fleet,
    member::{self, Listed},
    reading::Piece,
    root,
    settings::Settings,
    wrong,
};
use crate::{
    cli::{Exit, profile::with_slashes, say},
    deliver,
    problem::Severity,
    report::number,
};

pub fn run(matches: &ArgMatches) -> Exit {
    let args = ListArgs::from_arg_matches(matches).expect("clap has checked them");
    let settings = match Settings::find() {
        Ok(settings) => settings,
        Err(why) => return wrong(why),
    };
    // Only what changed asks for the tree.
    let root = root(&args.select, &settings).unwrap_or_else(|| "deploy".into());
    let fleet = match fleet(&args.select, &settings, root, false) {
        Ok(fleet) => fleet,
        Err(why) => return wrong(why),
    };
    let shown = Shown::new("read", args.select.quiet);
    let all =
        crew::each(fleet.profiles.len(), fleet.plan.jobs, &shown, |at| member::list(&fleet.profiles[at], &fleet.plan));
    let mut exit = Exit::Done;
    let mut rows = Vec::new();
    for (path, listed) in fleet.profiles.iter().zip(&all) {
        match listed {
            Listed::Pieces(name, pieces) => rows.extend(pieces.iter().map(|piece| (path.as_path(), name, piece))),
            Listed::Wrong(told) => {
                told.iter().filter(|one| one.severity == Severity::Error).for_each(|one| say::told(&one.shown));
                exit = Exit::Wrong;
            }
        }
    }
    let text = if args.format == "json" { as_json(&rows) } else { as_text(&rows) };
    // An empty list is an answer; an empty text is not.
    if !text.is_empty()
        && let Err(error) = deliver::print(&[&text], &mut std::io::stdout().lock())
    {
        return wrong(error);
    }
    let profiles =
        all.iter().filter(|listed| matches!(listed, Listed::Pieces(_, pieces) if !pieces.is_empty())).count();
    say::done(format!("{}, {}", number(profiles, "profile"), number(rows.len(), "rendering")), args.select.quiet);
    exit
}

type Row<'a> = (&'a Path, &'a String, &'a Piece);

/// On one line, as a variable of a pipeline holds it.
fn as_json(rows: &[Row<'_>]) -> String {
    let row = |(path, name, piece): &Row<'_>| {
        json!({
            "profile": with_slashes(path),
            "name": name,
            "environment": piece.env,
            "target": piece.target.name,
            "folder": piece.at,
        })
    };
    serde_json::Value::Array(rows.iter().map(row).collect()).to_string()
}

fn as_text(rows: &[Row<'_>]) -> String {
    let cells = |(path, name, piece): &Row<'_>| {
        let env = piece.env.as_deref().unwrap_or("-");
        [with_slashes(path), (*name).clone(), env.to_owned(), piece.target.name.to_owned(), piece.at.clone()]
    };
    let rows: Vec<[String; 5]> = rows.iter().map(cells).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(width).collect();
    let line = |row: &[String; 5]| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}
