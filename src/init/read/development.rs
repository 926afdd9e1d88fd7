//! `[dev]`: which folders of the host a developer's container has, and where the image keeps them.

use super::{Language, Seen};
use crate::init::{
    facts::{Build, Dev, Start},
    project::{inside, join},
};

/// Where generated images have the project, and where folders that are synced are mounted.
const WORKDIR: &str = "/app";

/// More files at the top are no app any more.
const MOST_FILES: usize = 8;

impl Seen<'_> {
    /// Nothing where the rendered image says it: what is copied into it is mounted.
    pub(super) fn dev(&self, start: &Start, build: Option<&Build>) -> Option<Dev> {
        let mut dev = Dev::default();
        if let (true, Some(Build::Rendered { recipe, .. })) = (self.folder.is_empty(), build)
            && recipe.source.is_some()
        {
            return None;
        }
        if self.language != Language::Python || *start == Start::Image {
            return Some(dev);
        }
        let mut tops = self.code();
        if tops.iter().filter(|top| top.ends_with(".py")).count() > MOST_FILES {
            tops.retain(|top| !top.ends_with(".py"));
        }
        for top in tops {
            let Some(target) = self.target(top) else { continue };
            if self.folder.is_empty() && target == format!("{WORKDIR}/{top}") && !top.ends_with(".py") {
                dev.sync.push(top.to_owned());
            } else if fits(&target) && dev.mounts.iter().all(|(_, other)| *other != target) {
                dev.mounts.push((format!("./{}", join(self.folder, top)), target));
            }
        }
        let plain = |name: &String| !name.contains(|c: char| c.is_control() || c == ':');
        dev.sync.retain(plain);
        dev.mounts.retain(|(source, _)| plain(source));
        Some(dev)
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
