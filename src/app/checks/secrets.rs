//! Secrets where they do not belong: in the open, or with another program.

use crate::{
    app::{App, Process, findings::Findings, secrecy},
    key::Key,
    problem::Code,
};

/// What of a process stands in the profile for everybody to read.
pub(super) fn check(process: &Process, findings: &mut Findings<'_>) {
    // What a service is told is written by the renderer, too.
    if !process.is_service() {
        words(process, findings);
    }
    for file in process.files.iter().filter(|file| file.source.is_none()) {
        let content = process.file_key(file).below("content");
        // What a file of the repository holds is its business.
        let Some(name) = secrecy::in_file(&file.text).filter(|_| findings.provenance.sets(&content)) else { continue };
        findings.value(
            Code::SecretInFile,
            &content,
            secrecy::title(&name),
            "readable by everybody, and in a ConfigMap as well",
            "declare it as a file of its own, as in `[secrets]` with \
             `APP_CONF = { about = \"what it is\", mount = \"/etc/app/secret.conf\" }`; or let the app read a variable",
        );
    }
}

/// A command and its arguments are one line.
fn words(process: &Process, findings: &mut Findings<'_>) {
    let (command, args) = (process.command(), process.args());
    let all: Vec<_> = command.iter().chain(args).collect();
    for (i, name) in secrecy::in_words(&all) {
        let key = match i.checked_sub(command.len()) {
            None => process.key("command").child(i.to_string()),
            Some(i) => process.key("args").child(i.to_string()),
        };
        let variable = secrecy::variable(&name);
        let help = format!(
            "declare it, `[secrets]` with `{variable} = \"what it is\"`, and write `${{secrets.{variable}}}` here; what \
             everybody may know is an input, `${{inputs.NAME}}`"
        );
        secrecy::tell(&name, &key, help, findings);
    }
}

/// A program of another image may be anybody's, and has the app's secrets unless they are kept from it.
pub(super) fn shared(app: &App, findings: &mut Findings<'_>) {
    let Some((main, others)) = app.processes.split_first() else { return };
    for process in others.iter().chain(app.ending()).filter(|one| one.image.repository() != main.image.repository()) {
        let place =
            |at: &Key, table: &'static str, entry: &str| findings.provenance.value(&at.child(table).child(entry));
        let is_shared = |table, entry: &str| place(&process.at, table, entry) == place(&Key::ROOT, table, entry);
        let secrets = process.secrets.iter().map(|secret| secret.name.clone());
        let secrets: Vec<String> = secrets.filter(|name| is_shared("secrets", name)).collect();
        let groups = process
            .env_from
            .iter()
            .enumerate()
            .filter(|(i, group)| group.is_secret && is_shared("env_from", &i.to_string()));
        let groups: Vec<String> = groups.map(|(_, group)| group.name.clone()).collect();
        // Without its secrets a text refers to nothing.
        let has_texts =
            process.env.iter().any(|one| one.text.secrets().next().is_some() && is_shared("env", &one.name));
        let tables = [("secrets", !secrets.is_empty()), ("env", has_texts), ("env_from", !groups.is_empty())];
        let unset = tables.iter().filter(|(_, is)| *is).map(|(table, _)| format!("\"{}.{table}\"", process.at));
        let unset: Vec<String> = unset.collect();
        let names = [secrets, groups].concat();
        if names.is_empty() {
            continue;
        }
        let (name, names) = (&process.name, names.join(", "));
        findings.value(
            Code::SharedSecrets,
            &process.key("image"),
            format!("`{name}` has another image than the app, and is given its secrets: {names}"),
            "another program",
            format!("if it has no use for them, keep them from it, at the top: `unset = [{}]`", unset.join(", ")),
        );
    }
}
