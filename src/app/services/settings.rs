//! The settings among the arguments of PostgreSQL, for whoever starts it another way.

use std::collections::BTreeMap;

use super::Backing;
use crate::app::{Part, Text};

/// What CloudNativePG sets itself, and lets nobody else set (its documentation, "PostgreSQL Configuration", "Fixed
/// parameters").
const FIXED: &[&str] = &[
    "allow_alter_system",
    "allow_system_table_mods",
    "archive_cleanup_command",
    "archive_command",
    "archive_mode",
    "bonjour",
    "bonjour_name",
    "cluster_name",
    "config_file",
    "data_directory",
    "data_sync_retry",
    "event_source",
    "external_pid_file",
    "hba_file",
    "hot_standby",
    "ident_file",
    "jit_provider",
    "listen_addresses",
    "log_destination",
    "log_directory",
    "log_file_mode",
    "log_filename",
    "log_rotation_age",
    "log_rotation_size",
    "log_truncate_on_rotation",
    "logging_collector",
    "port",
    "primary_conninfo",
    "primary_slot_name",
    "promote_trigger_file",
    "recovery_end_command",
    "recovery_min_apply_delay",
    "recovery_target",
    "recovery_target_action",
    "recovery_target_inclusive",
    "recovery_target_lsn",
    "recovery_target_name",
    "recovery_target_time",
    "recovery_target_timeline",
    "recovery_target_xid",
    "restart_after_crash",
    "restore_command",
    "ssl",
    "ssl_ca_file",
    "ssl_cert_file",
    "ssl_crl_file",
    "ssl_dh_params_file",
    "ssl_key_file",
    "ssl_passphrase_command",
    "ssl_passphrase_command_supports_reload",
    "stats_temp_directory",
    "synchronous_standby_names",
    "syslog_facility",
    "syslog_ident",
    "syslog_sequence_numbers",
    "syslog_split_messages",
    "unix_socket_directories",
    "unix_socket_group",
    "unix_socket_permissions",
    "wal_log_hints",
];

/// What PostgreSQL is told by its arguments.
#[derive(Debug, Default)]
pub struct Settings {
    pub parameters: BTreeMap<String, String>,
    /// Libraries that are loaded at its start.
    pub libraries: Vec<String>,
    /// The arguments that say something else, by their place.
    pub others: Vec<usize>,
    /// The arguments that set what an operator sets itself, by their place, and what that is.
    pub fixed: Vec<(usize, String)>,
}

impl Backing {
    /// Reads `-c name=value`, `-cname=value` and `--name=value`.
    pub fn settings(&self) -> Settings {
        let mut settings = Settings::default();
        let mut args = self.process.args().iter().enumerate();
        while let Some((at, text)) = args.next() {
            let (at, setting) = match literal(text).as_deref() {
                Some("-c") => match args.next() {
                    Some((next, text)) => (next, literal(text)),
                    None => (at, None),
                },
                Some(word) => {
                    let setting = word.strip_prefix("--").or_else(|| word.strip_prefix("-c"));
                    (at, setting.map(str::to_owned))
                }
                None => (at, None),
            };
            match setting.as_deref().and_then(|setting| setting.split_once('=')) {
                Some((name, value)) => settings.add(at, &name.replace('-', "_").to_lowercase(), value),
                None => settings.others.push(at),
            }
        }
        settings
    }
}

impl Settings {
    fn add(&mut self, at: usize, name: &str, value: &str) {
        if name == "shared_preload_libraries" {
            let names = value.split(',').map(|name| name.trim().trim_matches('"').to_owned());
            self.libraries = names.filter(|name| !name.is_empty()).collect();
        } else if FIXED.contains(&name) {
            self.fixed.push((at, name.to_owned()));
        } else {
            self.parameters.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// A text without references.
fn literal(text: &Text) -> Option<String> {
    let parts = text.parts.iter().map(|part| match part {
        Part::Literal(text) => Some(text.as_str()),
        Part::Secret(_) | Part::Input(_) | Part::Pod(_) | Part::Service { .. } | Part::Process { .. } => None,
    });
    parts.collect()
}
