//! From facts to the text of a profile. Each line says what it was found by, or that it is a guess.

use super::{
    facts::{Backing, Build, Facts, From, Health, Migration, Packages, Recipe, Secret, Start, Value, Variable, Worker},
    spelling::{self, Line, block, list, quoted, verbatim},
};

/// A whole profile, which renders as it is.
pub fn profile(facts: &Facts) -> String {
    let mut out = head(facts);
    let mut table = |name: &str, comment: &str, lines: Vec<Line>| {
        if !lines.is_empty() {
            out.push('\n');
            block(&[Line::new(name, comment)], &mut out);
            block(&lines, &mut out);
        }
    };
    if let Start::Server(server) = &facts.start {
        let mut lines = vec![
            Line::new(format!("app  = {}", quoted(&server.app.value)), &server.app.from),
            Line::new(format!("kind = {}", quoted(server.kind.value)), &server.kind.from),
        ];
        lines.extend((!server.args.is_empty()).then(|| Line::new(format!("args = {}", list(&server.args)), "")));
        table("[server]", "", lines);
    }
    table("[probes]", "", probes(&facts.health, facts.port.is_some()));
    table("[resources]", "of one worker", resources(facts));
    if facts.health_is_unknown() {
        table(
            "# [probes]",
            "without them only an open port is checked. Write what the app answers, and take the `#` away",
            unknown_probes(facts),
        );
    }
    table("[env]", "", facts.env.iter().map(variable).collect());
    table(
        "[secrets]",
        "never values: Compose takes them from .env, Kubernetes from a Secret",
        facts.secrets.iter().map(secret).collect(),
    );
    table("[volumes]", "", volume(facts).into_iter().collect());
    for service in &facts.backing {
        table(&format!("[services.{}]", service.name), &service.from.to_string(), backing(service));
    }
    if let Some(migration) = &facts.migration {
        // What lies on a disk is brought up to date where the disk is.
        let kind = if facts.data.is_some() { "inits" } else { "jobs" };
        table(
            &format!("[{kind}.{}]", migrate(facts)),
            "runs to its end before the app starts",
            self::migration(migration, facts),
        );
    }
    for worker in &facts.workers {
        table(&format!("[processes.{}]", worker.name), "", self::worker(worker, facts));
    }
    if let Some(build) = &facts.build {
        let words = match &build.value {
            Build::Own { .. } => "for `render compose --dev`",
            Build::Rendered { .. } => "for `render dockerfile`",
        };
        table("[build]", words, self::build(&build.value, &build.from));
    }
    if facts.start == Start::Image && facts.port.is_some() && facts.data.is_none() {
        table("[compose]", "", vec![Line::new("workers = 1", "two containers cannot share the published port")]);
    }
    table("[dev]", "for `render compose --dev`", dev(facts));
    out
}

impl Facts {
    fn health_is_unknown(&self) -> bool {
        self.port.is_some() && self.health.liveness.is_none() && self.health.readiness.is_none()
    }
}

fn head(facts: &Facts) -> String {
    let mut out = String::new();
    let mut lines = vec![Line::new(
        "",
        "Written by `render init`. Each line says where it was found, or that it is a guess; the source was read, and not run.",
    )];
    lines.extend(facts.about.iter().map(|line| Line::new("", line)));
    if !facts.hints.is_empty() {
        lines.push(Line::new("#", ""));
        lines.push(Line::new("", "To look at:"));
        lines.extend(facts.hints.iter().map(|hint| Line::new("", format!("* {hint}"))));
    }
    block(&lines, &mut out);
    let mut lines = vec![
        Line::new(format!("name    = {}", quoted(&facts.name.value)), &facts.name.from),
        Line::new(format!("image   = {}", quoted(&facts.image.value)), &facts.image.from),
    ];
    lines.extend(facts.port.as_ref().map(|port| Line::new(format!("port    = {}", port.value), &port.from)));
    lines.extend(
        facts.port_env.as_ref().map(|name| Line::new(format!("port_env = {}", quoted(&name.value)), &name.from)),
    );
    lines.push(if facts.data.is_some() {
        Line::new("state   = \"disk\"", "one process: its data lies in a file")
    } else {
        Line::new("workers = 2", "guessed: two, so that one can be replaced while the other answers")
    });
    lines.extend(facts.uid.as_ref().map(|uid| Line::new(format!("uid     = {}", uid.value), &uid.from)));
    out.push('\n');
    block(&lines, &mut out);
    out
}

fn probes(health: &Health, has_port: bool) -> Vec<Line> {
    if !has_port {
        return Vec::new();
    }
    let ask = |path: &str| match &health.host {
        Some(host) => format!("{{ http = {}, headers = {{ Host = {} }} }}", quoted(path), quoted(host)),
        None => quoted(path),
    };
    let mut lines = Vec::new();
    if let Some(path) = &health.liveness {
        lines.push(Line::new(
            format!("liveness  = {}", ask(&path.value)),
            format!("{}. It must ask nothing of databases", path.from),
        ));
    } else if health.readiness.is_some() {
        lines.push(Line::new(
            "# liveness = \"/healthz\"",
            "nothing was found that is sure to ask no database: a process that is stuck stays so",
        ));
    }
    if let Some(path) = &health.readiness {
        lines.push(Line::new(format!("readiness = {}", ask(&path.value)), &path.from));
    }
    if lines.iter().all(|line| line.text.starts_with('#')) { Vec::new() } else { lines }
}

fn unknown_probes(facts: &Facts) -> Vec<Line> {
    let mut lines = vec![
        Line::new("# liveness  = \"/healthz\"", "am I alive? Ask nothing of databases here"),
        Line::new("# readiness = \"/readyz\"", "can I take requests? What the app cannot do without is asked here"),
    ];
    let parts = facts.health.parts.iter().map(|part| {
        Line::new("#", format!("{} ends with {}, and begins with what its router has before it", part.from, part.value))
    });
    lines.extend(parts);
    lines
}

fn resources(facts: &Facts) -> Vec<Line> {
    let cpu =
        if matches!(facts.start, Start::Server(_)) { "\"250m\"" } else { "{ request = \"250m\", limit = \"1\" }" };
    vec![
        Line::new(format!("cpu    = {cpu}"), "guessed: measure it"),
        Line::new(format!("memory = {}", quoted(facts.memory.value)), &facts.memory.from),
    ]
}

fn variable(variable: &Variable) -> Line {
    let Variable { name, value, is_comment } = variable;
    let text = match &value.value {
        Value::Text(text) => verbatim(text),
        Value::Reference(text) => text.clone(),
    };
    match (is_comment, &value.from) {
        (true, From::Found(at) | From::Guessed(at)) => {
            Line::new(format!("# {name} = {}", quoted(&text)), format!("as {at} has it"))
        }
        (false, from) => Line::new(format!("{name} = {}", quoted(&text)), from),
    }
}

fn secret(secret: &Secret) -> Line {
    let Secret { name, about, optional, comment } = secret;
    let about = quoted(about);
    let text = if *optional {
        format!("{name} = {{ about = {about}, optional = true }}")
    } else {
        format!("{name} = {about}")
    };
    Line::new(text, comment)
}

fn backing(service: &Backing) -> Vec<Line> {
    let mut lines = vec![Line::new(
        format!("kind    = {}", quoted(service.kind)),
        "a Compose host runs it; in a cluster it is somebody else's",
    )];
    lines.extend(
        service
            .version
            .as_ref()
            .map(|version| Line::new(format!("version = {}", quoted(&version.value)), &version.from)),
    );
    lines.extend(
        service.driver.as_ref().map(|driver| Line::new(format!("driver  = {}", quoted(&driver.value)), &driver.from)),
    );
    lines
}

/// What one of its processes needs, beside the app's own.
fn own_resources(facts: &Facts) -> Line {
    Line::new(
        format!(
            "resources = {{ cpu = {{ request = \"250m\", limit = \"1\" }}, memory = {} }}",
            quoted(facts.memory.value)
        ),
        "guessed: measure it",
    )
}

/// What brings the database up to date, by a name that the app has not.
fn migrate(facts: &Facts) -> &'static str {
    if facts.name.value == "migrate" { "migrations" } else { "migrate" }
}

fn migration(migration: &Migration, facts: &Facts) -> Vec<Line> {
    vec![
        Line::new(format!("command   = {}", spelling::command(&migration.command)), &migration.from),
        own_resources(facts),
    ]
}

/// A disk is on one node at a time: workers have none of it.
fn volume(facts: &Facts) -> Option<Line> {
    let data = facts.data.as_ref()?;
    let mut users = vec!["web".to_owned()];
    users.extend(facts.migration.as_ref().map(|_| migrate(facts).to_owned()));
    let only = if facts.workers.is_empty() { String::new() } else { format!(", for = {}", list(&users)) };
    let text = format!("data = {{ mount = {}, size = \"1Gi\"{only} }}", quoted(&data.value));
    Some(Line::new(text, format!("for the database in a file, {}", data.from)))
}

fn worker(worker: &Worker, facts: &Facts) -> Vec<Line> {
    let Worker { name: _, command, workers_env, alone, from } = worker;
    let mut lines = vec![Line::new(format!("command   = {}", spelling::command(command)), from)];
    if *alone {
        lines.push(Line::new("state     = \"memory\"", "two would ask for everything twice"));
    } else if facts.data.is_none() {
        lines.push(Line::new("workers   = 2", "guessed"));
        lines.extend(
            workers_env
                .map(|name| Line::new(format!("workers_env = {}", quoted(name)), "tasks at a time in one container")),
        );
        lines.push(Line::new("shutdown  = { drain = \"60s\" }", "guessed: the longest task fits in here"));
    }
    lines.push(Line::new("probes    = false", "it has no port, and ends by itself when it fails"));
    lines.push(own_resources(facts));
    lines
}

fn build(build: &Build, from: &From) -> Vec<Line> {
    let folder = |context: &str| (context != ".").then(|| Line::new(format!("context = {}", quoted(context)), ""));
    match build {
        Build::Own { context, dockerfile } => folder(context)
            .into_iter()
            .chain([Line::new(format!("dockerfile = {}", quoted(dockerfile)), from)])
            .collect(),
        Build::Rendered { context, recipe } => {
            let Recipe { python, lock, requirements, source, copy, packages } = recipe;
            let mut lines: Vec<Line> = folder(context).into_iter().collect();
            lines.extend(
                python.as_ref().map(|python| Line::new(format!("python = {}", quoted(&python.value)), &python.from)),
            );
            lines.push(Line::new(format!("lock   = {}", quoted(lock)), from));
            lines.extend(requirements.as_ref().map(|file| Line::new(format!("requirements = {}", quoted(file)), "")));
            lines.push(match source {
                Some(paths) => Line::new(format!("source = {}", list(paths)), "the code, which is copied"),
                None => Line::new("source = \"package\"", "the project is installed"),
            });
            let beside = "what the app reads beside its code";
            lines.extend((!copy.is_empty()).then(|| Line::new(format!("copy   = {}", list(copy)), beside)));
            lines.extend(system(packages));
            lines
        }
    }
}

fn system(packages: &Packages) -> Option<Line> {
    let Packages { build, runtime, of } = packages;
    let named = |name: &str, all: &[&str]| {
        let all: Vec<String> = all.iter().map(|&one| one.to_owned()).collect();
        (!all.is_empty()).then(|| format!("{name} = {}", list(&all)))
    };
    let parts: Vec<String> = named("build", build).into_iter().chain(named("runtime", runtime)).collect();
    let why = format!("guessed: for {}", of.join(", "));
    (!parts.is_empty()).then(|| Line::new(format!("packages = {{ {} }}", parts.join(", ")), why))
}

fn dev(facts: &Facts) -> Vec<Line> {
    let Some(dev) = &facts.dev else { return Vec::new() };
    let mounts: Vec<String> = dev.mounts.iter().map(|(source, target)| format!("{source}:{target}")).collect();
    let mut lines = vec![Line::new(
        format!("sync = {}", list(&dev.sync)),
        if dev.sync.is_empty() { "" } else { "mounted below /app" },
    )];
    lines.extend(
        (!mounts.is_empty()).then(|| Line::new(format!("mounts = {}", list(&mounts)), "where the image has them")),
    );
    lines.extend(
        dev.command
            .as_ref()
            .map(|command| Line::new(format!("command = {}", spelling::command(&command.value)), &command.from)),
    );
    lines
}
