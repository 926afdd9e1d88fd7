//! What Argo CD hands over. The only file of the program that reads environment variables: what an Application says
//! reaches a plugin in no other way.

use std::env;

use super::Refused;

/// The variables that are looked at, and no others.
#[derive(Debug, Default)]
pub struct Environment {
    /// A JSON list.
    pub parameters: Option<String>,
    /// `RENDER_ENV` and `RENDER_PROFILE` of the Application: Argo CD puts `ARGOCD_ENV_` before what a user chose.
    pub env: Option<String>,
    pub profile: Option<String>,
}

/// Reads them.
pub fn read() -> Result<Environment, Refused> {
    let get = |name: &str| match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.trim().is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(vec![format!("error: {name} is not UTF-8")]),
    };
    Ok(Environment {
        parameters: get("ARGOCD_APP_PARAMETERS")?,
        env: get("ARGOCD_ENV_RENDER_ENV")?,
        profile: get("ARGOCD_ENV_RENDER_PROFILE")?,
    })
}
