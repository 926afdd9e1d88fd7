//! A process as Cloud Run and Knative know it.

use crate::app::{App, Flavor, Parallelism, Process, Runtime, Size};

pub struct Part<'a> {
    pub app: &'a App,
    pub process: &'a Process,
    /// In whose instances it runs, if they are not its own.
    pub host: Option<&'a Process>,
    pub plan: Parallelism,
    /// On Cloud Run.
    pub size: Size,
}

impl<'a> Part<'a> {
    pub fn new(app: &'a App, process: &'a Process) -> Self {
        let plan = app.parallelism(process, Runtime::Serverless);
        Part { app, process, host: None, plan, size: app.size(process) }
    }

    /// Another container of its instances.
    pub fn beside(&self, process: &'a Process) -> Self {
        Part { host: Some(self.process), ..Part::new(self.app, process) }
    }

    pub fn name(&self) -> String {
        self.app.workload(self.process)
    }

    /// The name of its container.
    pub fn container(&self) -> String {
        if self.host.is_some() { self.process.name.clone() } else { self.name() }
    }

    pub fn is_knative(&self) -> bool {
        self.app.cloudrun.flavor == Flavor::Knative
    }

    /// Whether requests come to its instances.
    pub fn serves(&self) -> bool {
        self.host.unwrap_or(self.process).service.entrance.is_some()
    }

    /// Whether they come to this container.
    pub fn is_entrance(&self) -> bool {
        self.serves() && self.app.entrance(self.host.unwrap_or(self.process)).at == self.process.at
    }
}
