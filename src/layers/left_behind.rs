//! An image that several workloads name, and that an environment, or whoever sets a key, changes for one of them alone.

use super::{
    Origin,
    item::{Item, Table},
    merge::Merged,
};
use crate::{
    key::Key,
    problem::{Code, Problem},
};

/// What runs beside processes, from the image of one of them as a rule.
const FOLLOWERS: [&str; 4] = ["jobs", "crons", "sidecars", "inits"];

/// An image, who names it, and where.
struct Named {
    key: Key,
    image: String,
    origin: Origin,
}

/// The images that a profile names, before anything is laid over it.
pub(super) struct Images {
    /// Of processes, the main one first.
    leaders: Vec<Named>,
    followers: Vec<Named>,
}

impl Images {
    pub fn of(merged: &Merged) -> Self {
        let table = &merged.table;
        let main = table.get("image").and_then(|image| named(Key::ROOT, image));
        let followers = FOLLOWERS.iter().flat_map(|kind| workloads(table, kind)).collect();
        Images { leaders: main.into_iter().chain(workloads(table, "processes")).collect(), followers }
    }

    /// Reports what still has the image that its process had.
    pub fn check(self, merged: &Merged, problems: &mut Vec<Problem>) {
        let now = Images::of(merged);
        for leader in &self.leaders {
            let Some(new) = now.leaders.iter().find(|one| one.key == leader.key && one.image != leader.image) else {
                continue;
            };
            let stays = |one: &&Named| one.image == leader.image && !self.changes(one);
            for follower in now.followers.iter().filter(stays) {
                let name = new.key.last().map_or("the app".to_owned(), |name| format!("`{name}`"));
                let title = format!("`{}` keeps the image that {name} had: {name} has another here", follower.key);
                let help = "say the new one here as well, where it is changed, or this one runs another release";
                problems.push(
                    Problem::new(Code::ImageLeftBehind, title)
                        .at(Some(follower.origin.value.clone()), "not changed with it")
                        .related(Some(new.origin.value.clone()), "changed here")
                        .help(help),
                );
            }
        }
    }

    /// Whether a follower had another image before, or was not there.
    fn changes(&self, follower: &Named) -> bool {
        !self.followers.iter().any(|one| one.key == follower.key && one.image == follower.image)
    }
}

fn workloads(table: &Table, kind: &'static str) -> Vec<Named> {
    let all = table.get(kind).and_then(Item::as_table).into_iter().flatten();
    let image = |(name, one): (&String, &Item)| named(Key::new(kind).child(name), one.as_table()?.get("image")?);
    all.filter_map(image).collect()
}

fn named(key: Key, image: &Item) -> Option<Named> {
    Some(Named { key, image: image.as_str()?.to_owned(), origin: image.origin.clone() })
}
