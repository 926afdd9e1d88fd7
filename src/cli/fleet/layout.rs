//! Where in a tree the files of a profile lie.

use std::collections::BTreeMap;

use crate::targets::{TARGETS, Target};

const NAME: &str = "{name}";
const ENV: &str = "{env}";

/// For each target with a place in a tree the pattern of its folders, such as `k8s/{env}/{name}`.
///
/// Targets never share a folder: whoever reads one takes everything in it for its own, as Argo CD takes a Compose file
/// for an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout(BTreeMap<&'static str, String>);

impl Layout {
    /// The usual places, but for those that are told.
    ///
    /// # Errors
    /// What is wrong with a pattern, in words.
    pub fn new(told: &BTreeMap<String, String>) -> Result<Self, String> {
        let usual = TARGETS.iter().filter_map(|target| Some((target.name, target.layout?.to_owned())));
        let mut layout = Layout(usual.collect());
        for (name, pattern) in told {
            let Some((name, own)) = layout.0.iter_mut().find(|(known, _)| *known == name) else {
                let names: Vec<String> = layout.0.keys().map(|name| format!("`{name}`")).collect();
                return Err(format!("`{name}` has no place in a tree\nhelp: there is {}", names.join(", ")));
            };
            let target = TARGETS.iter().find(|target| target.name == *name).expect("they are made of targets");
            check(target, pattern)?;
            *own = pattern.trim_end_matches('/').to_owned();
        }
        layout.apart()?;
        Ok(layout)
    }

    /// The folder of one rendering; nothing if the target has no place in a tree.
    pub fn folder(&self, target: &Target, env: &str, name: &str) -> Option<String> {
        Some(self.0.get(target.name)?.replace(ENV, env).replace(NAME, name))
    }

    /// Whether a folder is one in which a rendering for the target could lie.
    pub fn fits(&self, target: &str, folder: &str) -> bool {
        let Some(pattern) = self.0.get(target) else { return false };
        pattern.split('/').count() == folder.split('/').count() && may_meet(pattern, folder)
    }

    fn apart(&self) -> Result<(), String> {
        for (one, its) in &self.0 {
            if let Some((other, pattern)) =
                self.0.iter().find(|(other, pattern)| *other > one && may_meet(its, pattern))
            {
                return Err(format!(
                    "`{one}` and `{other}` could share a folder: `{its}`, `{pattern}`\n\
                     help: begin each with a folder of its own, as in `{one}/…`"
                ));
            }
        }
        Ok(())
    }
}

/// Whether a folder of one pattern can be, or lie in, one of the other.
fn may_meet(one: &str, other: &str) -> bool {
    one.split('/').zip(other.split('/')).all(|(a, b)| a == b || a.contains('{') || b.contains('{'))
}

fn check(target: &Target, pattern: &str) -> Result<(), String> {
    let wrong = |why: &str| Err(format!("`{} = {pattern:?}` is no layout: {why}", target.name));
    let rest = pattern.replace(ENV, "").replace(NAME, "");
    let parts = || pattern.trim_end_matches('/').split('/');
    if parts().any(|part| matches!(part, "" | "." | "..")) || pattern.contains(['\\', ':']) {
        return wrong("a path under the folder of the tree, with `/`, is wanted");
    } else if parts().any(|part| part.starts_with('.')) {
        return wrong("folders whose names begin with a dot are other tools'");
    } else if rest.contains(['{', '}']) || rest.chars().any(char::is_control) {
        return wrong("`{env}` and `{name}` are all that can be filled in");
    } else if parts().any(|part| part.contains('{') && ![ENV, NAME].contains(&part)) {
        return wrong("`{env}` and `{name}` are folders by themselves");
    } else if !parts().any(|part| part == NAME) {
        return wrong("without `{name}`, apps would share a folder");
    }
    match (target.overrides, parts().any(|part| part == ENV)) {
        (false, false) => wrong("without `{env}`, environments would share a folder"),
        (true, true) => wrong("its environments are overrides beside one base, so there is no `{env}`"),
        _ => Ok(()),
    }
}
