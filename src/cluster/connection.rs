//! The way to a cluster: out of a kubeconfig, or from inside.

use std::{path::PathBuf, time::Duration};

use kube::{
    Client, Config,
    config::{KubeConfigOptions, Kubeconfig, KubeconfigError},
};

use super::failure::{self, Failure, chain};

/// Which cluster, as who.
#[derive(Debug, Clone, Default)]
pub struct Connection {
    /// Instead of what `KUBECONFIG` names, or `~/.kube/config`.
    pub kubeconfig: Option<PathBuf>,
    /// Instead of the kubeconfig's own choice.
    pub context: Option<String>,
    /// As the service account of the pod that this runs in.
    pub in_cluster: bool,
    /// Of what is rendered without one, instead of the context's.
    pub namespace: Option<String>,
}

/// A cluster that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// The context by which it is known.
    pub name: String,
    pub version: String,
}

/// Ready to ask.
pub(super) struct Connected {
    pub client: Client,
    pub name: String,
    pub namespace: String,
}

const IN_CLUSTER: &str = "in-cluster";

/// Plugins open browsers and ask for codes.
const LOGIN: Duration = Duration::from_secs(60);

pub(super) async fn connect(connection: &Connection, timeout: Duration) -> Result<Connected, Failure> {
    let (mut config, name) = match connection.in_cluster {
        true => (inside()?, IN_CLUSTER.to_owned()),
        false => by_kubeconfig(connection).await?,
    };
    config.connect_timeout = Some(timeout);
    config.read_timeout = Some(timeout);
    // Counted from the question, not from when the connection was last used.
    config.reset_reader_on_write = true;
    // Its patience is minutes; see `ask`.
    config.default_retry = false;
    let agent = concat!("render/", env!("CARGO_PKG_VERSION"));
    let header = ("user-agent".parse().expect("a name"), agent.parse().expect("a value"));
    config.headers.push(header);
    let namespace = connection.namespace.clone().unwrap_or_else(|| config.default_namespace.clone());
    let client = client(config, timeout.max(LOGIN)).await?;
    Ok(Connected { client, name, namespace })
}

/// Plugins that log in run here, and block.
async fn client(config: Config, patience: Duration) -> Result<Client, Failure> {
    let made = tokio::task::spawn_blocking(move || Client::try_from(config));
    match tokio::time::timeout(patience, made).await {
        Ok(Ok(Ok(client))) => Ok(client),
        Ok(Ok(Err(error))) => Err(failure::of_error(&error)),
        Ok(Err(error)) => Err(Failure::unreachable(format!("no connection can be made: {error}"))),
        Err(_) => {
            Err(Failure::unreachable(format!("the plugin of the context does not end within {} s", patience.as_secs()))
                .with_help(failure::LOG_IN))
        }
    }
}

fn inside() -> Result<Config, Failure> {
    Config::incluster().map_err(|error| {
        Failure::unreachable(format!("this runs in no pod of a cluster: {}", chain(&error)))
            .with_help("mount the token of a service account, or name a context: `--context NAME`")
    })
}

async fn by_kubeconfig(connection: &Connection) -> Result<(Config, String), Failure> {
    let file = match &connection.kubeconfig {
        Some(path) => Kubeconfig::read_from(path),
        None => Kubeconfig::read(),
    };
    let file = file.map_err(|error| unreadable(&error))?;
    let names: Vec<String> = file.contexts.iter().map(|context| context.name.clone()).collect();
    let current = file.current_context.clone().filter(|name| !name.is_empty());
    let Some(name) = connection.context.clone().or(current) else {
        return Err(Failure::unreachable("the kubeconfig chooses no context".into()).with_help(offered(&names)));
    };
    if !names.contains(&name) {
        let title = format!("the kubeconfig has no context `{name}`");
        return Err(Failure::unreachable(title).with_help(offered(&names)));
    }
    let options = KubeConfigOptions { context: Some(name.clone()), ..KubeConfigOptions::default() };
    let config = Config::from_custom_kubeconfig(file, &options).await;
    let wrong = |error: KubeconfigError| Failure::unreachable(format!("context `{name}`: {}", chain(&error)));
    Ok((config.map_err(wrong)?, name))
}

fn unreadable(error: &KubeconfigError) -> Failure {
    Failure::unreachable(format!("there is no kubeconfig to read: {}", chain(error)))
        .with_help("name one (`--kubeconfig FILE`), or run as a pod's service account (`--in-cluster`)")
}

fn offered(names: &[String]) -> String {
    match names.is_empty() {
        true => "it has none; name another file: `--kubeconfig FILE`".into(),
        false => format!("name one: `--context {}`; it has {}", names[0], names.join(", ")),
    }
}
