//! Many profiles in one call: `render all`, `render list`.

mod blame;
mod check;
mod diff;
mod git;
mod gone;
#[cfg(unix)]
mod links;
mod list;
mod orphans;
mod others;
#[cfg(unix)]
mod reach;
#[cfg(unix)]
mod robust;
mod select;
mod settings;
mod tree;

use std::{fs, path::Path};

use crate::cli::{Place, served};

/// Production scales by load, so that it has an object that staging has not.
const ORDERS: &str = concat!(
    r#"name = "orders"
image = "ghcr.io/acme/orders:1.4.2"
labels = { team = "shop" }
workers = 4

"#,
    served!("orders"),
    r#"
[resources]
cpu = "250m"
memory = "256Mi"

[environments.staging]
workers = 2

[environments.production]
autoscale = { max = 9, cpu = 70 }
"#
);

/// Has no environment, and wants Knative.
const BILLING: &str = concat!(
    r#"name = "billing"
image = "ghcr.io/acme/billing:2.0.0"
labels = { team = "money" }
workers = 2

"#,
    served!("billing"),
    r#"
[resources]
cpu = "1"
memory = "512Mi"

[cloudrun]
flavor = "knative"
"#
);

/// A repository with two apps.
fn repository() -> Place {
    let place = Place::repository();
    place.write("apps/orders/profile.toml", ORDERS);
    place.write("apps/billing/profile.toml", BILLING);
    place
}

/// With a tree of them in `deploy`.
fn delivered() -> Place {
    let place = repository();
    place.run("all -o deploy -q").told(0);
    place
}

/// Every file below a folder, with `/`, in order.
fn files(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, root: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                walk(&path, root, found);
            } else {
                found.push(path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found.sort();
    found
}

/// Every file below a folder with its text.
fn texts(folder: &Path) -> Vec<(String, String)> {
    files(folder).into_iter().map(|name| (name.clone(), fs::read_to_string(folder.join(&name)).unwrap())).collect()
}

/// `state path` of each line of a report.
fn brief(report: &str) -> Vec<String> {
    let line = |line: &str| line.split(": ").next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    report.lines().map(line).collect()
}
