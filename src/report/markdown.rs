//! For a job summary or a comment on a pull request. Every word of a profile stands in code, where it can neither link,
//! mention nor hide anything; what is too much is counted, and no fence is ever left open.

use std::collections::BTreeMap;

use super::{ChangeType, Command, Diagnostic, FileState, Object, Report, text::number, values};
use crate::problem::Severity;

/// Of so many parts of the whole, one object takes one at most: a long file must not hide the others.
const PARTS: usize = 8;

/// Kept back for the last line.
const FOOTER: usize = 160;

pub(super) fn write(report: &Report, most_bytes: usize) -> String {
    let mut page = Page { text: head(report), left: 0, left_out: 0 };
    page.left = most_bytes.saturating_sub(page.text.len() + FOOTER);
    let groups = groups(report);
    for (profile, items) in &groups {
        page.group(profile, items, groups.len() == 1, most_bytes / PARTS);
    }
    if page.left_out > 0 {
        let count = number(page.left_out, "more finding");
        page.text.push_str(&format!("{count}: the report is cut to {most_bytes} bytes (`--max-bytes`).\n"));
    }
    page.text
}

fn head(report: &Report) -> String {
    let summary = &report.summary;
    let changed: usize = summary.changed.values().sum();
    let word = match report.command {
        Command::Check => "file",
        Command::Diff => "object",
    };
    let differ = format!("{} differ{}", number(changed, word), if changed == 1 { "s" } else { "" });
    let title = match (changed, summary.errors) {
        (0, 0) => "no difference".to_owned(),
        (0, errors) => format!("{} with errors", number(errors, "profile")),
        (_, 0) => differ,
        (_, errors) => format!("{differ}, {} with errors", number(errors, "profile")),
    };
    let mut line = number(summary.selected, "profile");
    if summary.selected != summary.profiles {
        line = format!("{} of {}", summary.selected, number(summary.profiles, "profile"));
    }
    line.push_str(&format!(", {} compared", number(summary.compared, word)));
    if let Some(base) = &report.base {
        line.push_str(&format!(" with {}", code(&base.reference)));
    }
    let word = |state: &String| ChangeType::WORDS.iter().find(|(_, name, _)| name == state).map(|(.., word)| *word);
    let states = summary.changed.iter().map(|(state, count)| format!("{count} {}", word(state).unwrap_or(state)));
    let states: Vec<String> = states.collect();
    if !states.is_empty() {
        line.push_str(&format!(": {}", states.join(", ")));
    }
    if summary.left_out > 0 {
        let count = number(summary.left_out, "finding");
        line.push_str(&format!("; {count} about what does not differ left out (`--warnings all` tells them)"));
    }
    format!("## render: {title}\n\n{line}\n\n")
}

/// What is said of one profile.
enum Item<'a> {
    Problem(&'a Diagnostic),
    File(&'a FileState),
    Object(&'a Object),
}

/// By profile: what is wrong, what differs, and what is said besides. Profiles of which nothing else is said come last.
fn groups(report: &Report) -> Vec<(&str, Vec<Item<'_>>)> {
    let is_error = |one: &&Diagnostic| one.severity == Severity::Error;
    let of_problem = |one| Item::Problem(one);
    let errors = report.diagnostics.iter().filter(is_error).map(of_problem);
    let besides = report.diagnostics.iter().filter(|one| !is_error(one)).map(of_problem);
    let differing = report.files.iter().map(Item::File).chain(report.objects.iter().map(Item::Object));
    let mut groups: BTreeMap<&str, Vec<Item<'_>>> = BTreeMap::new();
    for item in errors.chain(differing).chain(besides) {
        groups.entry(item.profile().unwrap_or("other files")).or_default().push(item);
    }
    let is_besides = |item: &Item<'_>| matches!(item, Item::Problem(one) if !is_error(one));
    let (last, first): (Vec<_>, Vec<_>) = groups.into_iter().partition(|(_, items)| items.iter().all(is_besides));
    first.into_iter().chain(last).collect()
}

impl<'a> Item<'a> {
    fn profile(&self) -> Option<&'a str> {
        match self {
            Item::Problem(one) => one.profile.as_deref(),
            Item::File(one) => one.of.profile.as_deref(),
            Item::Object(one) => one.of.profile.as_deref(),
        }
    }
}

/// The text so far, and how many bytes it may still take.
struct Page {
    text: String,
    left: usize,
    left_out: usize,
}

const END: &str = "\n</details>\n\n";

impl Page {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.left = self.left.saturating_sub(text.len());
    }

    fn group(&mut self, profile: &str, items: &[Item<'_>], is_open: bool, most: usize) {
        let open = if is_open { " open" } else { "" };
        let head = format!("<details{open}><summary><b>{}</b>: {}</summary>\n\n", html(profile), counts(items));
        if head.len() + END.len() > self.left {
            self.left_out += items.len();
            return;
        }
        self.left -= END.len();
        self.push(&head);
        for item in items {
            let part = Part::of(item);
            match part.within(self.left.min(most)) {
                Some(text) => self.push(&text),
                None => self.left_out += 1,
            }
        }
        self.text.push_str(END);
    }
}

fn counts(items: &[Item<'_>]) -> String {
    let words = [Severity::Error, Severity::Warning, Severity::Note].map(Severity::name);
    let word = |item: &Item<'_>| match item {
        Item::Problem(one) => one.severity.name(),
        Item::File(_) => "file",
        Item::Object(_) => "object",
    };
    let count = |wanted: &'static str| (items.iter().filter(|item| word(item) == wanted).count(), wanted);
    let all = words.into_iter().chain(["file", "object"]).map(count).filter(|(count, _)| *count > 0);
    all.map(|(count, word)| number(count, word)).collect::<Vec<_>>().join(", ")
}

/// A line, and below it what a fence holds.
struct Part {
    line: String,
    /// Lines of a fence, field by field.
    fields: Vec<String>,
}

impl Part {
    fn of(item: &Item<'_>) -> Self {
        match item {
            Item::Problem(one) => Part { line: problem(one), fields: Vec::new() },
            Item::File(one) => Part { line: file(one), fields: Vec::new() },
            Item::Object(one) => object(one),
        }
    }

    /// All of it, or as many fields as go in; nothing where not even the line does.
    fn within(&self, most: usize) -> Option<String> {
        let mut text = format!("{}\n", self.line);
        if self.fields.is_empty() {
            return (text.len() <= most).then_some(text);
        }
        let fence = fence(&self.fields);
        let (open, close) = (format!("\n{fence}diff\n"), format!("{fence}\n\n"));
        let more = |count: usize| format!("… and {}\n", number(count, "more field"));
        let around = text.len() + open.len() + close.len() + more(self.fields.len()).len();
        let mut fields = String::new();
        let mut shown = 0;
        while let Some(field) = self.fields.get(shown).filter(|field| around + fields.len() + field.len() <= most) {
            fields.push_str(field);
            shown += 1;
        }
        if shown == 0 {
            text.push_str(&format!("  ({})\n", number(self.fields.len(), "field")));
            return (text.len() <= most).then_some(text);
        }
        if shown < self.fields.len() {
            fields.push_str(&more(self.fields.len() - shown));
        }
        Some(format!("{text}{open}{fields}{close}"))
    }
}

fn problem(one: &Diagnostic) -> String {
    let word = one.severity.name();
    let place = one.source.iter().map(|place| format!(" at {}", code(&format!("{}:{}", place.file, place.line))));
    let envs = match one.environments.is_empty() {
        true => String::new(),
        false => format!(" in {}", code(&one.environments.join(", "))),
    };
    let help = one.help.iter().map(|help| format!("; help: {}", code(help))).collect::<String>();
    format!("* **{word}** {}{}{envs}: {}{help}", code(&one.code), place.collect::<String>(), code(&one.message))
}

fn file(one: &FileState) -> String {
    format!("* **{}** {}: {}", one.state, code(&one.file), code(&one.why()))
}

fn object(one: &Object) -> Part {
    let of: Vec<String> = [&one.of.env, &one.of.target].into_iter().flatten().map(|of| code(of)).collect();
    let of = if of.is_empty() { String::new() } else { format!(" ({})", of.join(", ")) };
    let mut line = format!("* {} **{}**{of}", code(&one.title()), one.impact.name());
    match one.change_type {
        ChangeType::Add => line.push_str(", new"),
        ChangeType::Modify => {}
        ChangeType::Remove => line.push_str(", removed"),
    }
    for note in &one.notes {
        line.push_str(&format!("\n  * {}", code(note)));
    }
    let fields = one.changes.iter().map(field);
    Part { line, fields: fields.collect() }
}

/// The lines of a field in a `diff` fence.
fn field(change: &super::Change) -> String {
    let place = change.source.iter().map(|place| format!("  # {}:{}", place.file, place.line)).collect::<String>();
    let path = values::path(&change.path);
    if let Some(lines) = values::lines(change) {
        let lines = lines.iter().map(|(sign, line)| format!("{sign} {line}\n"));
        return format!("@@ {} @@\n{}", values::one_line(&format!("{path}{place}")), lines.collect::<String>());
    }
    let (old, new) = values::pair(change.old_value.as_ref(), change.new_value.as_ref());
    if change.change == super::Kind::Reorder {
        return values::one_line(&format!("! {path}: in another order{place}")) + "\n";
    }
    let line = |sign: char, value: Option<String>, place: &str| {
        value.map(|value| values::one_line(&format!("{sign} {path}: {value}{place}")) + "\n").unwrap_or_default()
    };
    // A value that cannot be told is still a field that differs.
    match (&old, &new) {
        (None, None) => values::one_line(&format!("! {path}{place}")) + "\n",
        _ if new.is_none() => line('-', old, &place),
        _ => line('-', old, "") + &line('+', new, &place),
    }
}

/// Longer than any run of backticks that a line begins with; three at least (CommonMark, "Fenced code blocks").
fn fence(lines: &[String]) -> String {
    "`".repeat(3.max(longest_run(&lines.concat()) + 1))
}

/// A text as code in a line: between longer runs of backticks than it has (CommonMark, "Code spans").
fn code(text: &str) -> String {
    let text = values::one_line(text);
    let ticks = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// In a block of HTML nothing else has a meaning.
fn html(text: &str) -> String {
    values::one_line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
