//! What Google Cloud calls things: labels, secrets and the directories that they are mounted as.

use crate::app::{App, Backing, Field, Secret};

/// Whether Google Cloud takes a label: without the dots and slashes of a cluster's (Cloud Run documentation, "Labels").
pub fn is_managed_label(name: &str, value: &str) -> bool {
    let fits = |text: &str| {
        text.len() <= 63 && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
    };
    name.starts_with(|c: char| c.is_ascii_lowercase()) && fits(name) && fits(value)
}

/// The directory that the file of a secret is mounted as: Cloud Run mounts nothing smaller (Cloud Run documentation,
/// "Configure secrets for services").
pub fn managed_directory(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// The version that holds whenever an instance starts.
const LATEST: &str = "latest";

impl App {
    /// The secret of Secret Manager that holds a secret, and its version. There each secret has one value, so that a key
    /// of an object is a secret by itself: `orders-db-password`; unless the key is a version.
    pub fn managed_secret(&self, secret: &Secret) -> (String, String) {
        let is_version = |key: &str| key == LATEST || key.bytes().all(|byte| byte.is_ascii_digit());
        let (name, version) = match &secret.from {
            None => (format!("{}-{}", self.name, secret.name), LATEST.to_owned()),
            Some((name, key)) if is_version(key) => (name.clone(), key.clone()),
            Some((name, key)) => (format!("{name}-{key}"), LATEST.to_owned()),
        };
        (name.replace('.', "-"), version)
    }

    /// The same of what whoever runs a service tells about it: `orders-db-url`.
    pub fn managed_service(&self, backing: &Backing, field: Field) -> (String, String) {
        let name = backing.secret.clone().unwrap_or_else(|| self.workload(&backing.process));
        (format!("{name}-{}", backing.secret_key(field)).replace('.', "-"), LATEST.to_owned())
    }
}
