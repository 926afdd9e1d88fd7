//! The program as its users meet it: a process with arguments, two streams, an exit code, and files.

mod colors;
mod dotenv;
mod files;
mod help;
mod images;
mod init;
mod order;
mod origins;
mod shells;
mod streams;

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

/// What every test starts from: complete enough to cause no warning.
pub const PROFILE: &str = r#"name = "orders"
image = "ghcr.io/acme/orders:1.4.2"
workers = 4

[server]
app = "orders.main:app"

[probes]
liveness = "/healthz"
readiness = "/readyz"

[resources]
memory = "256Mi"

[build]
dockerfile = "Dockerfile"

[environments.staging]
workers = 2
"#;

/// How an app of that name is served and asked for its health: the tables that hardly a test is about.
macro_rules! served {
    ($name:literal) => {
        concat!(
            "[server]\napp = \"",
            $name,
            ".main:app\"\n\n[probes]\nliveness = \"/healthz\"\nreadiness = \"/readyz\"\n"
        )
    };
}
pub(crate) use served;

/// A folder with a profile, and the program run in it.
pub struct Place(tempfile::TempDir);

impl Place {
    /// With [`PROFILE`] as `profile.toml`.
    pub fn new() -> Self {
        let place = Place::empty();
        place.write("profile.toml", PROFILE);
        place
    }

    pub fn empty() -> Self {
        Place(tempfile::tempdir().unwrap())
    }

    /// The root of a repository, beyond which nothing is looked for.
    pub fn repository() -> Self {
        let place = Place::empty();
        std::fs::create_dir(place.path().join(".git")).unwrap();
        place
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The files in a folder, by name.
    pub fn list(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path().join(folder)).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    pub fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_render"));
        command.current_dir(self.path()).args(line.split_whitespace()).stdin(Stdio::null());
        // Nothing of whoever runs the tests.
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "COLUMNS"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs the program with words that hold no blanks.
    pub fn run(&self, line: &str) -> Ran {
        Ran::from(self.command(line).output().unwrap())
    }

    /// Like `run`, in a folder of the place.
    pub fn run_in(&self, folder: &str, line: &str) -> Ran {
        Ran::from(self.command(line).current_dir(self.path().join(folder)).output().unwrap())
    }

    pub fn run_with_input(&self, line: &str, input: &str) -> Ran {
        let piped = Stdio::piped;
        let mut child = self.command(line).stdin(piped()).stdout(piped()).stderr(piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Ran::from(child.wait_with_output().unwrap())
    }
}

/// What a run left behind.
#[derive(Debug, PartialEq)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let code = output.status.code().expect("no signal");
        Ran { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Ran {
    /// The artefact, of a run in which nothing was to be said.
    pub fn silently(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""));
        self.stdout
    }

    /// What people were told, of a run that printed nothing.
    pub fn told(self, code: i32) -> String {
        assert_eq!((self.code, self.stdout.as_str()), (code, ""), "{}", self.stderr);
        self.stderr
    }
}
