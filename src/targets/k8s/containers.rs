//! The containers of a pod: the process' own, and those that come before it.

use k8s_openapi::api::core::v1::{Container, Volume};

use super::{
    container,
    volumes::{self, Mounts, Seed, Volumes},
    workload::Workload,
};
use crate::{
    app::keys,
    problem::Problem,
    tree::{Notes, Path},
};

pub struct Containers {
    pub container: Container,
    /// In the order in which they start: what fills volumes, since any other may need them; sidecars, since whoever
    /// follows may need their help; and what runs to its end.
    pub before: Vec<Container>,
    pub volumes: Vec<Volume>,
}

/// What a container is there for.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Own,
    Sidecar,
    Init,
}

pub fn containers(workload: &Workload<'_>, notes: &mut Notes, problems: &mut Vec<Problem>) -> Containers {
    let (app, process) = (workload.app, workload.process);
    let mut pod = Pod { volumes: Volumes::default(), seeds: Vec::new(), notes, problems };
    let container = pod.container(workload, Role::Own);
    let sidecars = app.sidecars(process).map(|process| (Role::Sidecar, process));
    let attached = sidecars.chain(app.inits(process).map(|process| (Role::Init, process)));
    let attached: Vec<Container> =
        attached.map(|(role, process)| pod.container(&workload.beside(process), role)).collect();
    let before = std::mem::take(&mut pod.seeds).into_iter().chain(attached).collect();
    Containers { container, before, volumes: pod.volumes.volumes }
}

/// A pod while its containers are written.
struct Pod<'a> {
    volumes: Volumes,
    seeds: Vec<Container>,
    notes: &'a mut Notes,
    problems: &'a mut Vec<Problem>,
}

impl Pod<'_> {
    fn container(&mut self, workload: &Workload<'_>, role: Role) -> Container {
        let mut notes = Notes::default();
        let mut because = workload.process.own_keys();
        let mut of_pod = Notes::default();
        let Mounts { mounts, seeds } = volumes::volumes(workload, &mut self.volumes, &mut of_pod, &mut notes);
        if role != Role::Own {
            of_pod.all_by(&because);
        }
        self.notes.extend("", of_pod);
        for seed in &seeds {
            self.seed(workload, seed);
        }
        let (list, reason) = match role {
            Role::Own => {
                because = keys(&["name"]);
                ("containers", "the app's own container, under its name")
            }
            Role::Sidecar => ("initContainers", "a sidecar: it starts before the process, and ends after it"),
            Role::Init => ("initContainers", "runs to its end before the process starts, when the sidecars have"),
        };
        notes.add("", reason, because);
        notes.add("restartPolicy", "what makes a sidecar of it: it runs as long as the pod", Vec::new());
        let container = container::container(workload, mounts, &mut notes, self.problems);
        self.notes.extend(Path::new(list).item("name", &container.name), notes);
        Container { restart_policy: (role == Role::Sidecar).then(|| "Always".into()), ..container }
    }

    fn seed(&mut self, workload: &Workload<'_>, seed: &Seed) {
        let mut notes = Notes::default();
        let container = container::seed(workload, seed, &mut notes);
        self.notes.extend(Path::new("initContainers").item("name", &container.name), notes);
        self.seeds.push(container);
    }
}
