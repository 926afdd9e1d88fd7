//! `[dev]`: which folders of the host a developer's container has, and where the image keeps them.

use std::collections::BTreeSet;

use super::{Language, Seen};
use crate::init::{
    facts::{Dev, Start},
    project::{inside, join},
};

/// Where generated images have the project, and where folders that are synced are mounted.
const WORKDIR: &str = "/app";

/// Folders of a project that are no part of the app.
const ASIDE: &[&str] =
    &["scripts", "alembic", "migrations", "notebooks", "tools", "data", "deploy", "docker", "frontend"];

/// More files at the top are no app any more.
const MOST_FILES: usize = 8;

impl Seen<'_> {
    pub(super) fn dev(&self, start: &Start) -> Dev {
        let mut dev = Dev::default();
        if self.language != Language::Python || *start == Start::Image {
            return dev;
        }
        let mut tops: BTreeSet<&str> = BTreeSet::new();
        for path in self.source.files.keys() {
            let own = self.source.own(path);
            let top = own.split('/').next().unwrap_or(own);
            let aside = ASIDE.contains(&top) || matches!(top, "setup.py" | "noxfile.py" | "tasks.py" | "fabfile.py");
            if !aside || self.apps.first().is_some_and(|app| self.source.own(&app.path).starts_with(top)) {
                tops.insert(top);
            }
        }
        if tops.iter().filter(|top| top.ends_with(".py")).count() > MOST_FILES {
            tops.retain(|top| !top.ends_with(".py"));
        }
        for top in tops {
            let Some(target) = self.target(top).filter(|_| !matches!(top, "" | "." | "..")) else { continue };
            if self.folder.is_empty() && target == format!("{WORKDIR}/{top}") && !top.ends_with(".py") {
                dev.sync.push(top.to_owned());
            } else if fits(&target) && dev.mounts.iter().all(|(_, other)| *other != target) {
                dev.mounts.push((format!("./{}", join(self.folder, top)), target));
            }
        }
        let plain = |name: &String| !name.contains(|c: char| c.is_control() || c == ':');
        dev.sync.retain(plain);
        dev.mounts.retain(|(source, _)| plain(source));
        dev
    }

    /// Where the image has a folder or file; nothing if it does not have it as it is.
    pub(super) fn target(&self, top: &str) -> Option<String> {
        let Some(file) = &self.dockerfile else { return Some(format!("{WORKDIR}/{top}")) };
        let path = join(self.folder, top);
        let seen = inside(&path, self.context()).unwrap_or(&path);
        file.target(seen).filter(|target| target.starts_with('/'))
    }
}

/// Where something can be mounted.
fn fits(path: &str) -> bool {
    let mut parts = path.split('/').skip(1);
    let system = ["/proc", "/sys", "/dev", "/tmp"].iter().any(|system| path.starts_with(system));
    !system
        && path.len() > 1
        && parts.all(|part| !matches!(part, "" | "." | ".."))
        && !path.contains(|c: char| c.is_control() || matches!(c, ':' | '$'))
}
