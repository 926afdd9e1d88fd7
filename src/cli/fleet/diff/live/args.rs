//! The arguments of `render diff --live`.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};

use crate::cluster::{Connection, How, Mode};

/// How a cluster is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Live {
    /// As a dry run; by reading alone where that is not permitted
    Auto,
    /// By reading alone: needs no more than `get`
    Get,
    /// As a dry run of server-side apply: needs `patch`
    Ssa,
}

/// Whoever applied an object deploys it.
const AUTO: &str = "auto";

/// Which cluster, as whom.
#[derive(Debug, Args)]
#[command(next_help_heading = "With a cluster")]
pub struct LiveArgs {
    /// Compare with a cluster, and how it is asked; nothing is changed there
    #[arg(
        long,
        value_name = "MODE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = AUTO,
        conflicts_with_all = ["git", "against", "output"]
    )]
    pub live: Option<Live>,
    /// The context of the kubeconfig; in a pipeline (CI=true) there is no other choice but this and --in-cluster
    #[arg(long, value_name = "NAME", requires = "live", conflicts_with = "in_cluster")]
    pub context: Option<String>,
    /// This kubeconfig instead of what KUBECONFIG names or ~/.kube/config
    #[arg(long, value_name = "FILE", requires = "live", conflicts_with = "in_cluster")]
    pub kubeconfig: Option<PathBuf>,
    /// The cluster in which this runs as a pod, as its service account
    #[arg(long, requires = "live")]
    pub in_cluster: bool,
    /// The namespace of what is rendered without one, instead of the context's
    #[arg(long, short, value_name = "NAME", requires = "live")]
    pub namespace: Option<String>,
    /// Who deploys, as `metadata.managedFields` names it; `auto`: whoever applied each object
    #[arg(long, value_name = "NAME", default_value = AUTO, requires = "live")]
    pub field_manager: String,
    /// Have the cluster look at what is new, too; needs `create`
    #[arg(long, requires = "live")]
    pub validate_new: bool,
    /// Namespaces that are not there will be when this is applied
    #[arg(long, requires = "live")]
    pub assume_namespaces: bool,
    /// So long may an answer take
    #[arg(long, value_name = "SECONDS", default_value = "30", requires = "live", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: u64,
}

impl LiveArgs {
    pub fn connection(&self) -> Connection {
        Connection {
            kubeconfig: self.kubeconfig.clone(),
            context: self.context.clone(),
            in_cluster: self.in_cluster,
            namespace: self.namespace.clone(),
        }
    }

    pub fn how(&self, live: Live) -> How {
        How {
            mode: match live {
                Live::Auto => Mode::Auto,
                Live::Get => Mode::Get,
                Live::Ssa => Mode::Ssa,
            },
            manager: Some(self.field_manager.clone()).filter(|name| name != AUTO),
            validate_new: self.validate_new,
            assume_namespaces: self.assume_namespaces,
            timeout: Duration::from_secs(self.timeout),
        }
    }

    /// In a pipeline nobody sees which cluster a kubeconfig happens to choose.
    pub fn unnamed(&self) -> Option<&'static str> {
        let is_pipeline =
            std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false" && value != "0");
        (is_pipeline && self.context.is_none() && !self.in_cluster).then_some(
            "in a pipeline (CI is set) a cluster is named\n\
             help: `--context NAME` of the kubeconfig, or `--in-cluster`",
        )
    }
}
