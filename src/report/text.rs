//! For people at a terminal: a line for each file, a line for each field.

use super::{Change, ChangeType, Impact, Kind, Object, Place, Report, values};

const ADDED: &str = "\u{1b}[32m";
const REMOVED: &str = "\u{1b}[31m";
const CHANGED: &str = "\u{1b}[33m";
const LOUD: &str = "\u{1b}[1m";
const FAINT: &str = "\u{1b}[2m";
const PLAIN: &str = "\u{1b}[0m";

pub(super) fn write(report: &Report) -> String {
    let mut text: String = report.files.iter().map(|file| format!("{}\n", file.shown)).collect();
    let mut last = None;
    for object in &report.objects {
        let place = place(object);
        if last.as_ref() != Some(&place) {
            text.push_str(&format!("{LOUD}{}{PLAIN}\n", values::one_line(&place)));
            last = Some(place);
        }
        push(object, &mut text);
    }
    text
}

/// Where objects belong that stand together.
fn place(object: &Object) -> String {
    let of = &object.of;
    let what: Vec<&str> = [&of.env, &of.target].into_iter().flatten().map(String::as_str).collect();
    let what = if what.is_empty() { String::new() } else { format!(" ({})", what.join(", ")) };
    format!("{}{what}", of.profile.as_deref().or(object.file.as_deref()).unwrap_or("objects"))
}

fn push(object: &Object, text: &mut String) {
    let colour = match object.change_type {
        ChangeType::Add => ADDED,
        ChangeType::Modify => CHANGED,
        ChangeType::Remove => REMOVED,
    };
    let impact = match object.impact {
        Impact::None => "no value changes".to_owned(),
        Impact::Metadata | Impact::Create | Impact::InPlace => object.impact.name().to_owned(),
        Impact::Rollout | Impact::Recreate | Impact::Delete => format!("{LOUD}{}{PLAIN}", object.impact.name()),
    };
    let title = values::one_line(&object.title());
    // Of what is new or gone, all that it holds would hide what else differs.
    let whole = |change: &&Change| change.path.is_empty() && change.change != Kind::Replace;
    let place = object.changes.iter().find(whole).map(place_of).unwrap_or_default();
    text.push_str(&format!("  {colour}{}{PLAIN} {title}: {impact}{place}\n", object.change_type.sign()));
    object.changes.iter().filter(|change| !whole(change)).for_each(|change| push_change(change, text));
    for note in &object.notes {
        text.push_str(&format!("      note: {}\n", values::one_line(note)));
    }
}

/// Where the profile says so.
fn place_of(change: &Change) -> String {
    let place = |source: &Place| format!("  {FAINT}({}:{}){PLAIN}", values::one_line(&source.file), source.line);
    change.source.as_ref().map(place).unwrap_or_default()
}

fn push_change(change: &Change, text: &mut String) {
    let place = place_of(change);
    let Some(lines) = values::lines(change) else {
        text.push_str(&format!("      {}{place}\n", values::one_line(&values::change(change))));
        return;
    };
    if !change.path.is_empty() {
        text.push_str(&format!("      {}:{place}\n", values::one_line(&values::path(&change.path))));
    }
    for (sign, line) in lines {
        let colour = match sign {
            '+' => ADDED,
            '-' => REMOVED,
            _ => "",
        };
        text.push_str(&format!("        {colour}{sign} {line}{PLAIN}\n"));
    }
}

/// `1 file`, `2 files`.
pub fn number(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
