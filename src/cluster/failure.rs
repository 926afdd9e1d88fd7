//! What a cluster did not tell, and what to do about it.

use kube::{Error, client::AuthError, core::Status};

/// Why something cannot be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub title: String,
    /// What to do.
    pub help: Option<String>,
    /// Nothing else can be asked either.
    pub is_total: bool,
}

impl Failure {
    /// The cluster does not answer.
    pub fn unreachable(title: String) -> Self {
        Failure { title, help: None, is_total: true }
    }

    /// It answers, and does not tell.
    pub fn refused(title: String) -> Self {
        Failure { title, help: None, is_total: false }
    }

    pub fn with_help(self, help: impl Into<String>) -> Self {
        Failure { help: Some(help.into()), ..self }
    }
}

/// What the server says of an object that it would not take, or not show.
pub fn of_status(what: &str, status: &Status) -> Failure {
    let said = said(status);
    match status.code {
        401 => Failure {
            is_total: true,
            ..Failure::refused(format!("the cluster does not accept the credentials: {said}"))
        }
        .with_help("log in again, or name another context: `--context NAME`"),
        403 if is_unauthorized(status) => {
            let right = right(&status.message).unwrap_or_else(|| "the rights that the message names".into());
            Failure::refused(format!("{what}: not permitted: {said}"))
                .with_help(format!("grant {right}; `--live=get` needs only `get` (examples/gitops/rbac)"))
        }
        _ => Failure::refused(format!("{what}: the cluster refuses it: {said}")),
    }
}

/// Whether rights are missing; a Pod Security level, a quota or a webhook says 403 as well. Whoever writes a Role needs what
/// it grants.
pub fn is_unauthorized(status: &Status) -> bool {
    let is_verb = status.message.contains(" cannot ") && status.message.contains(" resource ");
    status.code == 403 && (is_verb || status.message.contains("attempting to grant RBAC permissions"))
}

/// `patch` on `deployments.apps` out of `… cannot patch resource "deployments" in API group "apps" …`.
fn right(message: &str) -> Option<String> {
    let (_, rest) = message.split_once(" cannot ")?;
    let (verb, rest) = rest.split_once(" resource ")?;
    let mut quoted = rest.split('"').skip(1).step_by(2);
    let resource = quoted.next()?;
    let group = rest.contains("API group").then(|| quoted.next()).flatten().filter(|group| !group.is_empty());
    Some(match group {
        Some(group) => format!("`{verb}` on `{resource}.{group}`"),
        None => format!("`{verb}` on `{resource}`"),
    })
}

pub fn said(status: &Status) -> String {
    let text = if status.message.is_empty() { &status.reason } else { &status.message };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.is_empty() {
        true => format!("HTTP {}", status.code),
        false => text,
    }
}

/// What went wrong on the way.
pub fn of_error(error: &Error) -> Failure {
    match error {
        Error::Api(status) => of_status("the cluster", status),
        Error::Auth(error) => of_credentials(error),
        error => Failure::unreachable(format!("the cluster cannot be reached: {}", chain(error))).with_help(
            "is the address of the context right, and is a proxy needed (HTTPS_PROXY, `proxy-url` in the kubeconfig)?",
        ),
    }
}

/// Without what a plugin prints to hand over, which may hold a token.
fn of_credentials(error: &AuthError) -> Failure {
    let why = match error {
        AuthError::AuthExecRun { cmd: _, out } => {
            let says = String::from_utf8_lossy(&out.stderr);
            let last = says.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
            let colon = if last.is_empty() { "" } else { ": " };
            format!("the plugin of the context ends with {}{colon}{last}", out.status)
        }
        AuthError::AuthExecParse(_) => "the plugin of the context prints no ExecCredential".into(),
        error => chain(error),
    };
    Failure::unreachable(format!("there are no credentials: {why}")).with_help(LOG_IN)
}

/// What helps with plugins.
pub const LOG_IN: &str = "run it by hand (`users[].user.exec` in the kubeconfig), and log in";

/// An error with its causes, each said once.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        next = cause.source();
    }
    text
}
