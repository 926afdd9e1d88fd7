//! What a target can hold of `[files]`.

use crate::{
    app::{CHECKSUM, Process, Text, findings::Findings},
    problem::Code,
};

/// All keys and values of a ConfigMap together, in bytes (Kubernetes, `ValidateConfigMap`).
const CONFIG_MAP: usize = 1 << 20;

/// One variable of a process, with its name (Linux, `MAX_ARG_STRLEN`: 32 pages).
const VARIABLE: usize = 128 << 10;

/// What the name of a file and its references may add, at most.
const BESIDE: usize = 4 << 10;

/// Nobody else may write what is ours.
pub(super) fn check(process: &Process, findings: &mut Findings<'_>) {
    let names = [
        ("labels", &process.labels),
        ("annotations", &process.annotations),
        ("compose.labels", &process.compose.labels),
    ];
    for (table, _) in names.iter().filter(|(_, all)| !process.files.is_empty() && all.contains_key(CHECKSUM)) {
        findings.key(
            Code::BadLabel,
            &process.key(table).child(CHECKSUM),
            format!("`{CHECKSUM}` is written by the renderer"),
            "owned by the renderer",
            "choose another name: this one restarts the process when its files change",
        );
    }
}

fn size(text: &Text) -> usize {
    text.literals().map(str::len).sum()
}

/// Files are in a ConfigMap, which everybody may read and nothing expands.
pub(super) fn orchestrated(process: &Process, findings: &mut Findings<'_>) {
    let (mut all, mut told) = (0, false);
    for file in &process.files {
        let key = process.file_key(file);
        for name in file.text.secrets() {
            findings.value(
                Code::BadReference,
                &key,
                format!("`${{secrets.{name}}}` cannot stand in a file: Kubernetes puts no secret into it"),
                "refers to a secret",
                "let the app read the secret by itself: as a variable, or as a file with `mount`",
            );
        }
        all += file.path.len() + size(&file.text);
        if all > CONFIG_MAP && !std::mem::replace(&mut told, true) {
            findings.value(
                Code::BadFile,
                &key,
                format!("the files of `{}` are more than 1024 KiB together", process.name),
                "too much for a ConfigMap",
                "put what is large into the image, or on a volume",
            );
        }
    }
}

/// No instance mounts anything but its secrets.
pub(super) fn serverless(process: &Process, findings: &mut Findings<'_>) {
    for file in &process.files {
        findings.key(
            Code::BadFile,
            &process.file_key(file),
            format!("no instance mounts `{}`", file.path),
            "nothing would be there",
            "put it into the image; or declare it as a secret with `mount`, if it may be one",
        );
    }
}

/// What stands in the profile alone travels in a variable.
pub(super) fn single_host(process: &Process, findings: &mut Findings<'_>) {
    for file in process.files.iter().filter(|file| file.source.is_none()) {
        if size(&file.text) + BESIDE > VARIABLE {
            findings.value(
                Code::BadFile,
                &process.file_key(file),
                format!("`{}` is too large to be written on Compose", file.path),
                "more than 124 KiB",
                "name a file by `source`, without `template`: it is mounted as it is",
            );
        }
    }
}
