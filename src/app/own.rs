//! What single targets are told of a process: one type, whichever tables the profile has for its kind.

use crate::profile;

/// What single targets are told of a process, wherever the profile says it.
pub struct Own {
    pub k8s: profile::ProcessK8s,
    pub compose: profile::ProcessCompose,
    pub cloudrun: profile::ProcessCloudrun,
    pub dev: Option<profile::Dev>,
    pub build: Option<profile::ProcessBuild>,
}

impl From<profile::Own> for Own {
    fn from(own: profile::Own) -> Self {
        let profile::Own { k8s, compose, cloudrun, dev, build } = own;
        let profile::ClosedK8s { process: k8s } = k8s.unwrap_or_default();
        let profile::ClosedCompose { process: compose } = compose.unwrap_or_default();
        let profile::ClosedCloudrun { process: cloudrun } = cloudrun.unwrap_or_default();
        Own { k8s, compose, cloudrun, dev, build: build.map(|build| build.process) }
    }
}

impl From<profile::EndingOwn> for Own {
    fn from(own: profile::EndingOwn) -> Self {
        let profile::EndingOwn { k8s, compose, cloudrun, dev, build } = own;
        let profile::EndingK8s { process: k8s } = k8s.unwrap_or_default();
        let profile::EndingCompose { process: compose } = compose.unwrap_or_default();
        let profile::EndingCloudrun { process: cloudrun } = cloudrun.unwrap_or_default();
        let build = build.map(|build| build.process);
        Own { k8s, compose, cloudrun, dev: dev.map(|dev| dev.process), build }
    }
}

impl Own {
    /// Of a container in the pods of others, which have all that a cluster is told; or of one that no cluster runs.
    pub fn attached(
        compose: profile::ProcessCompose,
        dev: Option<profile::EndingDev>,
        build: Option<profile::ClosedBuild>,
    ) -> Self {
        let build = build.map(|build| build.process);
        let (k8s, cloudrun) = (profile::ProcessK8s::default(), profile::ProcessCloudrun::default());
        Own { k8s, compose, cloudrun, dev: dev.map(|dev| dev.process), build }
    }
}
