//! Which keys decide what, for notes: those that matter in this rendering, the most telling first.
//!
//! A key that is not set is named wherever setting it would matter, since naming it prints nothing. A key that is set
//! is named only where it does matter.

use std::ops::Bound;

use super::{App, Parallelism, Process, Run, Runtime, Server, Text, Volume, defaults};
use crate::{key::Key, profile::State};

impl App {
    /// Whether the merged profile sets a key of a process.
    pub fn sets(&self, process: &Process, dotted: &'static str) -> bool {
        self.provenance.sets(&process.key(dotted))
    }

    /// Whether the profile says nothing about a key, not even that it is removed: then naming it prints nothing.
    pub fn is_silent(&self, process: &Process, dotted: &'static str) -> bool {
        !self.provenance.has(&process.key(dotted))
    }

    /// The first key that is set; all of them if none is. For keys of which the first takes the place of the others.
    pub fn first_set(&self, process: &Process, dotted: &[&'static str]) -> Vec<Key> {
        match dotted.iter().position(|name| self.sets(process, name)) {
            // Those before it would win over it.
            Some(at) => {
                let before = &dotted[..at];
                [process.keys(&dotted[at..=at]), process.keys(before)].concat()
            }
            None => process.keys(dotted),
        }
    }

    /// The name of the Compose project.
    pub fn project_keys(&self) -> Vec<Key> {
        let own = Key::new("compose.project");
        let named = (!self.provenance.sets(&own)).then(|| Key::new("name"));
        std::iter::once(own).chain(named).collect()
    }

    /// A key of a process, and while that is not set one of the app, which it follows.
    pub fn first_set_of(&self, process: &Process, own: &'static str, followed: &'static str) -> Vec<Key> {
        let follows = (!self.sets(process, own)).then(|| Key::new(followed));
        process.keys(&[own]).into_iter().chain(follows).collect()
    }

    /// The folders that are mounted for a developer: those that hold the code, unless it says others.
    pub fn sync_keys(&self, process: &Process) -> Vec<Key> {
        self.first_set_of(process, "dev.sync", "build.source")
    }

    /// What decides which sidecars a process has: those that it has, and any that named it too.
    pub fn sidecar_keys(&self, process: &Process) -> Vec<Key> {
        let own = self.sidecars(process).map(|sidecar| sidecar.at.clone());
        own.chain([Key::new("sidecars")]).collect()
    }

    /// Number of the main port. A known server has one by itself.
    pub fn port_keys(&self, process: &Process) -> Vec<Key> {
        self.first_set(process, &["port", "server"])
    }

    /// Whether there is a main port at all.
    pub fn served_keys(&self, process: &Process) -> Vec<Key> {
        match (self.sets(process, "port"), process.start.server().is_some()) {
            // Either alone would do.
            (true, true) => Vec::new(),
            _ => self.port_keys(process),
        }
    }

    /// Whether there is any port at all, for a Service to offer.
    pub fn offered_keys(&self, process: &Process) -> Vec<Key> {
        let entered = process.service.to.is_some();
        let own = match (process.port.is_some(), process.ports.is_empty()) {
            (false, true) if entered => Vec::new(),
            _ if entered => return Vec::new(),
            (true, true) => [self.served_keys(process), process.keys(&["ports"])].concat(),
            // Either alone would do.
            (true, false) => Vec::new(),
            (false, _) => process.keys(&["ports", "port", "server"]),
        };
        [process.keys(&["service.to"]), own].concat()
    }

    /// How many workers are wanted.
    pub fn wanted_keys(&self, process: &Process) -> Vec<Key> {
        match (self.sets(process, "workers"), process.state) {
            (true, _) => process.keys(&["workers"]),
            (false, State::Memory | State::Disk) if process.start.server().is_some() => {
                process.keys(&["state", "workers"])
            }
            // One, with or without.
            (false, State::Memory | State::Disk) => process.keys(&["workers"]),
            (false, State::None) => {
                // A GPU makes it one, whatever starts it.
                let gpu = process.resources.gpu.is_some();
                let start = if gpu { &[][..] } else { &["server"] };
                let of_server = if process.start.server().is_some() { &["resources.gpu"][..] } else { &[] };
                [process.keys(start), process.keys(&["workers", "state"]), process.keys(of_server)].concat()
            }
        }
    }

    /// Number of the group. It follows the user's.
    pub fn group_keys(&self, process: &Process) -> Vec<Key> {
        self.first_set(process, &["gid", "uid"])
    }

    /// Time before a replica is told to stop: how long it takes depends on who sends requests.
    pub fn pre_stop_keys(&self, process: &Process) -> Vec<Key> {
        if self.sets(process, "shutdown.pre_stop") {
            return process.keys(&["shutdown.pre_stop"]);
        }
        [process.keys(&["service.type", "shutdown.pre_stop"]), self.offered_keys(process)].concat()
    }

    /// Local disk of a container. Its default makes room for scratch space.
    pub fn storage_keys(&self, process: &Process) -> Vec<Key> {
        let own = process.keys(&["resources.ephemeral_storage"]);
        let is_larger = process.on_disk() + defaults::LOGS > defaults::EPHEMERAL_STORAGE;
        // What is not written could ask for more, too.
        let could = is_larger || !self.sets(process, "security.writable");
        match could && !self.sets(process, "resources.ephemeral_storage") {
            true => {
                let volumes = (!process.is_attached())
                    .then(|| self.volume_keys(process, "medium", |volume| volume.scratch().is_some()));
                [process.keys(&["security.writable"]), own, volumes.unwrap_or_default()].concat()
            }
            false => own,
        }
    }

    /// Memory of a container. `scratch`: whether scratch space decides too.
    pub fn memory_keys(&self, process: &Process, side: &'static str, plan: &Parallelism, scratch: bool) -> Vec<Key> {
        let mut keys = self.range_keys(process, "resources.memory", side);
        // What a service needs is said in all.
        if process.is_service() {
            return keys;
        }
        keys.extend(plan.worker_keys.iter().cloned());
        match process.start.server() {
            None => keys.extend(process.keys(&["server"])),
            // What the supervisor costs.
            Some(server) => {
                keys.extend(process.keys(&["server.kind"]));
                keys.extend(server.could_share(plan.workers).then(|| process.key("server.preload")));
            }
        }
        if scratch || !self.sets(process, "security.writable") {
            keys.extend(process.keys(&["security.writable"]));
        }
        keys.extend(self.volume_keys(process, "medium", Volume::is_memory));
        keys
    }

    /// A server's whole command line.
    pub fn argv_keys(&self, process: &Process, server: &Server, run: &Run, worker_keys: &[Key]) -> Vec<Key> {
        let mut keys = process.keys(&["server.app"]);
        if run.runtime == Runtime::Dev {
            keys.extend(process.keys(&["dev.reload", "dev.command", "dev.debug_port"]));
            if run.reload.is_some() && server.watches_folders() {
                keys.extend(self.sync_keys(process));
                keys.extend(self.context_keys(process).into_iter().filter(|_| self.syncs_from_outside(process)));
            }
        }
        keys.extend(self.port_keys(process));
        keys.extend(process.keys(&server.setting_keys(run)));
        if server.counts_by_argument() {
            keys.extend(worker_keys.iter().cloned());
        }
        keys
    }

    /// The profile's own command.
    pub fn command_keys(&self, process: &Process) -> Vec<Key> {
        process.keys(&["command"]).into_iter().chain(self.words_keys(process, process.command())).collect()
    }

    /// The profile's own arguments.
    pub fn args_keys(&self, process: &Process) -> Vec<Key> {
        process.keys(&["args"]).into_iter().chain(self.words_keys(process, process.args())).collect()
    }

    /// What the references in words of a process stand for.
    pub fn words_keys(&self, process: &Process, words: &[Text]) -> Vec<Key> {
        words.iter().flat_map(|text| self.referred_keys(process, text)).collect()
    }

    /// What the references in a text of a process stand for, but for those to services.
    pub fn referred_keys(&self, process: &Process, text: &Text) -> Vec<Key> {
        let keys = text.refers_to.iter().flat_map(|name| match name.split_once('.') {
            // Half the memory of a service.
            None if name == "heap" => process.keys(&["resources.memory", "resources.memory.limit"]),
            None => self.port_keys(process),
            // No key decides it.
            Some(("pod", _)) => Vec::new(),
            // Each target finds it elsewhere.
            Some(("processes", _)) => Vec::new(),
            Some((service, _)) if self.service(service).is_some() => Vec::new(),
            Some((table, entry)) => vec![process.sharing().child(table).child(entry)],
        });
        keys.collect()
    }

    /// One scratch directory. Without a list of them there is the default's.
    pub fn writable_key(&self, process: &Process, index: usize) -> Key {
        let list = process.key("security.writable");
        if self.provenance.sets(&list) { list.child(index.to_string()) } else { list }
    }

    /// Whether any volume is of some kind: those that are; else whatever could make one so, by this field or by being
    /// there at all.
    pub fn volume_keys(&self, process: &Process, field: &'static str, is: impl Fn(&Volume) -> bool) -> Vec<Key> {
        let such: Vec<Key> =
            process.volumes.iter().filter(|volume| is(volume)).map(|volume| process.volume_key(volume)).collect();
        match (such.is_empty(), process.volumes.is_empty()) {
            (false, _) => such,
            (true, false) => process.volumes.iter().map(|volume| process.volume_key(volume).child(field)).collect(),
            // Those that are there are for others.
            (true, true) if self.has_entries(&process.key("volumes")) => Vec::new(),
            (true, true) => process.keys(&["volumes"]),
        }
    }

    fn has_entries(&self, table: &Key) -> bool {
        let below = (Bound::Excluded(table), Bound::Unbounded);
        let mut entries = self.provenance.origins.range::<Key, _>(below).take_while(|(key, _)| table.covers(key));
        entries.any(|(key, _)| self.provenance.sets(key))
    }

    /// One side of a range such as `resources.memory`.
    pub fn range_keys(&self, process: &Process, range: &'static str, side: &'static str) -> Vec<Key> {
        if self.sets(process, side) { process.keys(&[side]) } else { process.keys(&[range]) }
    }

    /// What one worker requests of CPU. The default follows a small limit down.
    pub fn cpu_request_keys(&self, process: &Process) -> Vec<Key> {
        let limit = process.resources.cpu_limit;
        if self.sets(process, "resources.cpu.limit") && limit.is_none_or(|limit| limit >= defaults::CPU_REQUEST) {
            return process.keys(&["resources.cpu.request"]);
        }
        self.range_keys(process, "resources.cpu", "resources.cpu.request")
    }
}
