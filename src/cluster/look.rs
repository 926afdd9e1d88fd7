//! Every object of a rendering, looked at in a cluster.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use serde_json::Value;

use super::{
    Cluster, Connection, Failure, How, Mode, Seen,
    apply::{Applied, Patch},
    ask::Asker,
    connection::connect,
    kinds::{Home, Kind, homes, kind_of},
    managers, owned,
    predict::{by_dry_run, by_reading},
    removed::removed,
};

/// So many questions are asked at once: more wait in the server's own queue.
const AT_ONCE: usize = 8;

pub(super) async fn all(
    connection: &Connection,
    how: &How,
    objects: &[Value],
) -> Result<(Cluster, Vec<Seen>), Failure> {
    let connected = connect(connection, how.timeout).await?;
    let asker = Asker { client: connected.client, timeout: how.timeout };
    // One that does not answer is told of once, and not for every object.
    let version = asker.version().await.map_err(|no| no.failure("the cluster"))?;
    let homes = homes(&asker.client, objects).await;
    let look = Look { how, asker: &asker, default_namespace: &connected.namespace, homes: &homes };
    let mut seen: Vec<Seen> = stream::iter(objects).map(|object| look.one(object)).buffered(AT_ONCE).collect().await;
    look.namespaces(objects, &mut seen).await;
    Ok((Cluster { name: connected.name, version }, seen))
}

struct Look<'a> {
    how: &'a How,
    asker: &'a Asker,
    default_namespace: &'a str,
    homes: &'a BTreeMap<Kind, Result<Home, Failure>>,
}

impl Look<'_> {
    fn namespace<'b>(&'b self, object: &'b Value) -> &'b str {
        object["metadata"]["namespace"].as_str().unwrap_or(self.default_namespace)
    }

    async fn one(&self, object: &Value) -> Seen {
        let what = named(object);
        let home = match &self.homes[&kind_of(object)] {
            Ok(home) => home,
            Err(failure) => {
                let title = if failure.is_total { failure.title.clone() } else { format!("{what}: {}", failure.title) };
                return Seen::Failed(Failure { title, ..failure.clone() });
            }
        };
        let path = home.path(self.namespace(object));
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        match self.asker.get(&path, name).await {
            Ok(Some(live)) => self.there(object, live, &what, &path, name).await,
            Ok(None) if self.how.validate_new && self.how.mode != Mode::Get => {
                self.unborn(object, &what, &path, name).await
            }
            Ok(None) => Seen::Absent { notes: Vec::new() },
            Err(no) => Seen::Failed(no.failure(&what)),
        }
    }

    async fn there(&self, object: &Value, live: Value, what: &str, path: &str, name: &str) -> Seen {
        let entries = owned::entries(&live);
        let manager = managers::deployer(&entries, self.how.manager.as_deref());
        let removed = removed(&live, object, &entries, &manager);
        let mut notes = removed.notes.clone();
        if let Some(since) = live["metadata"]["deletionTimestamp"].as_str() {
            notes.push(format!("is being deleted since {since}"));
        }
        if self.how.manager.is_none() && manager == "render" {
            let strangers = managers::strangers(&entries, &manager);
            notes.extend(
                strangers.into_iter().map(|other| {
                    format!("`{other}` applies it: `--field-manager {other}` shows what it would take away")
                }),
            );
        }
        let by_reading = || by_reading(&live, object, &removed.places);
        let (applied, by_dry_run) = if self.how.mode == Mode::Get {
            (by_reading(), false)
        } else {
            let patch = Patch { what, path, name, object, manager: &manager };
            match patch.send(self.asker).await {
                Applied::As { answer, conflicts } => {
                    let theirs = conflicts.into_iter().filter(|one| !one.ends_with("\"kubectl-client-side-apply\""));
                    notes.extend(theirs.map(|one| format!("would take {one}")));
                    (by_dry_run(&live, object, &answer, &removed.places), true)
                }
                Applied::Unasked(why) => {
                    notes.push(why);
                    (by_reading(), false)
                }
                // Whoever writes a Role has to hold what it grants, which no pipeline should.
                Applied::NotPermitted(failure) if self.how.mode == Mode::Ssa && !grants(object) => {
                    return Seen::Failed(failure);
                }
                Applied::NotPermitted(_) => {
                    notes.push("compared by reading alone: this identity may not patch it".into());
                    (by_reading(), false)
                }
                Applied::Failed(failure) => return Seen::Failed(failure),
            }
        };
        let is_scaled = owned::is_scaled(&entries);
        Seen::There { applied, by_dry_run, is_scaled, notes, live }
    }

    /// Has the server look at what would be new.
    async fn unborn(&self, object: &Value, what: &str, path: &str, name: &str) -> Seen {
        let manager = self.how.manager.as_deref().unwrap_or("render");
        let patch = Patch { what, path, name, object, manager };
        match patch.send(self.asker).await {
            Applied::As { .. } => Seen::Absent { notes: Vec::new() },
            Applied::Unasked(why) => Seen::Absent { notes: vec![why] },
            Applied::NotPermitted(_) if self.how.mode == Mode::Auto => {
                Seen::Absent { notes: vec!["not validated: this identity may not create it".into()] }
            }
            Applied::NotPermitted(failure) => Seen::Failed(failure),
            // Told of its namespace instead.
            Applied::Failed(failure)
                if failure.title.contains("namespaces \"") && failure.title.contains("not found") =>
            {
                Seen::Absent { notes: Vec::new() }
            }
            Applied::Failed(failure) => Seen::Failed(failure),
        }
    }

    /// Of what is not there: is its namespace?
    async fn namespaces(&self, objects: &[Value], seen: &mut [Seen]) {
        let rendered: Vec<&str> = objects
            .iter()
            .filter(|object| object["kind"] == "Namespace")
            .filter_map(|object| object["metadata"]["name"].as_str())
            .collect();
        let mut known: BTreeMap<&str, bool> = BTreeMap::new();
        for (object, seen) in objects.iter().zip(seen) {
            let Seen::Absent { notes } = seen else { continue };
            let Some(Ok(home)) = self.homes.get(&kind_of(object)) else { continue };
            if !home.has_namespace() {
                continue;
            }
            let namespace = object["metadata"]["namespace"].as_str().unwrap_or(self.default_namespace);
            let is_there = match known.get(namespace) {
                Some(is_there) => *is_there,
                None => {
                    // Whoever may not look there has to take it on trust.
                    let answer = self.asker.get("/api/v1/namespaces", namespace).await;
                    let is_there = !matches!(answer, Ok(None));
                    known.insert(namespace, is_there);
                    is_there
                }
            };
            if is_there {
                continue;
            }
            if self.how.assume_namespaces || rendered.contains(&namespace) {
                notes.push(format!("not validated: namespace `{namespace}` is not there yet"));
            } else {
                let title = format!("{}: there is no namespace `{namespace}`", named(object));
                *seen = Seen::Failed(Failure::refused(title).with_help(
                    "make it, name another (`k8s.namespace`, `--namespace`), or say that it will be there: \
                     `--assume-namespaces`",
                ));
            }
        }
    }
}

fn grants(object: &Value) -> bool {
    object["apiVersion"].as_str().is_some_and(|version| version.starts_with("rbac.authorization.k8s.io/"))
}

/// As people name it: `Deployment shop/orders`.
fn named(object: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (kind, name) = (text(&object["kind"]), text(&object["metadata"]["name"]));
    match object["metadata"]["namespace"].as_str() {
        Some(namespace) => format!("{kind} {namespace}/{name}"),
        None => format!("{kind} {name}"),
    }
}
