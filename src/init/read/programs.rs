//! Where the image has the programs that start the app.

use super::{Seen, variables::Variables};
use crate::init::facts::{Fact, Start};

impl Seen<'_> {
    /// Programs of an environment that the image only enters by way of uv or poetry.
    pub(super) fn path(&self, start: &Start, all: &mut Variables, hints: &mut Vec<String>) {
        let (Some(file), Start::Server(server)) = (&self.dockerfile, start) else { return };
        let run = self
            .commands
            .iter()
            .find(|command| command.runner.is_some() && file.starts().any(|(_, at)| *at == command.at));
        let Some(command) = run.filter(|_| !file.has_path()) else { return };
        let runner = command.runner.unwrap_or_default();
        let in_project = runner == "uv run"
            || file.text.contains("virtualenvs.in-project true")
            || file.text.contains("VIRTUALENVS_IN_PROJECT");
        let in_system = file.text.contains("virtualenvs.create false")
            || file.text.contains("VIRTUALENVS_CREATE=false")
            || file.text.contains("VIRTUALENVS_CREATE=0")
            || file.text.contains("uv pip install --system");
        if in_system {
            return;
        }
        if !in_project {
            hints.push(format!(
                "{} starts it by `{runner}`: put the folder of its programs on the PATH there, so that `{}` is found",
                command.at, server.kind.value
            ));
            return;
        }
        let environment = file.env.get("UV_PROJECT_ENVIRONMENT").cloned();
        let folder = environment.unwrap_or_else(|| format!("{}/.venv", file.workdir.as_deref().unwrap_or("/app")));
        if folder.starts_with('/') && !folder.contains(['$', ':']) {
            let value = format!("{folder}/bin:/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin");
            let why = format!("{} starts it by `{runner}`, which downloads and writes", command.at);
            all.tell("PATH".to_owned(), Fact::guessed(value, why));
        }
    }
}
