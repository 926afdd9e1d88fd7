//! Single questions, with patience that ends.

use std::time::Duration;

use kube::{
    Client, Error,
    api::{GetParams, Patch, PatchParams},
    core::{Request, Status},
};
use serde_json::Value;

use super::failure::{self, Failure};

/// A server that has too much to do says so, and when to come back.
const TRIES: u32 = 3;
const LONGEST_PAUSE: u64 = 10;

/// An answer that is no object.
pub(super) enum No {
    /// The server's own.
    Said(Box<Status>),
    /// None came.
    Failed(Failure),
}

impl No {
    /// What it means of an object.
    pub fn failure(self, what: &str) -> Failure {
        match self {
            No::Said(status) => failure::of_status(what, &status),
            No::Failed(failure) => failure,
        }
    }
}

pub(super) struct Asker {
    pub client: Client,
    pub timeout: Duration,
}

enum Question<'a> {
    Get,
    Apply { object: &'a Value, manager: &'a str, force: bool },
}

impl Asker {
    /// The object of a name, if there is one.
    pub async fn get(&self, path: &str, name: &str) -> Result<Option<Value>, No> {
        match self.ask(path, name, &Question::Get).await {
            Ok(value) => Ok(Some(value)),
            Err(No::Said(status)) if status.code == 404 => Ok(None),
            Err(no) => Err(no),
        }
    }

    /// What the server would make of an object.
    pub async fn apply(&self, path: &str, name: &str, object: &Value, manager: &str, force: bool) -> Result<Value, No> {
        self.ask(path, name, &Question::Apply { object, manager, force }).await
    }

    /// Whether anybody answers, and which version.
    pub async fn version(&self) -> Result<String, No> {
        match self.ask("", "version", &Question::Get).await {
            Ok(value) => Ok(value["gitVersion"].as_str().unwrap_or("unknown").to_owned()),
            // Who tells nothing of itself may still tell of objects.
            Err(No::Said(status)) if matches!(status.code, 403 | 404) => Ok("unknown".into()),
            Err(no) => Err(no),
        }
    }

    async fn ask(&self, path: &str, name: &str, question: &Question<'_>) -> Result<Value, No> {
        let mut tries = 1;
        loop {
            let Ok(answer) = tokio::time::timeout(self.timeout, self.once(path, name, question)).await else {
                return Err(No::Failed(self.late()));
            };
            match answer {
                Ok(value) => return Ok(value),
                Err(Error::Api(status)) if is_busy(&status) && tries < TRIES => {
                    let wanted = status.details.as_ref().map_or(0, |details| details.retry_after_seconds);
                    let pause = u64::from(wanted.max(tries)).min(LONGEST_PAUSE);
                    tokio::time::sleep(Duration::from_secs(pause)).await;
                    tries += 1;
                }
                Err(Error::Api(status)) => return Err(No::Said(status)),
                Err(error) if is_late(&error) => return Err(No::Failed(self.late())),
                Err(error) => return Err(No::Failed(failure::of_error(&error))),
            }
        }
    }

    async fn once(&self, path: &str, name: &str, question: &Question<'_>) -> Result<Value, Error> {
        let at = Request::new(path);
        let request = match question {
            Question::Get => at.get(name, &GetParams::default()),
            Question::Apply { object, manager, force } => {
                let parameters = PatchParams::apply(manager).dry_run().validation_strict();
                let parameters = if *force { parameters.force() } else { parameters };
                at.patch(name, &parameters, &Patch::Apply(object))
            }
        };
        self.client.request(request.map_err(Error::BuildRequest)?).await
    }

    fn late(&self) -> Failure {
        Failure::unreachable(format!("the cluster does not answer within {} s", self.timeout.as_secs()))
            .with_help("is the address of the context right? `--timeout SECONDS` waits longer")
    }
}

fn is_busy(status: &Status) -> bool {
    matches!(status.code, 429 | 503 | 504)
}

/// Timeouts of the connection itself.
fn is_late(error: &Error) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(one) = next {
        if one.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::TimedOut) {
            return true;
        }
        next = one.source();
    }
    false
}
