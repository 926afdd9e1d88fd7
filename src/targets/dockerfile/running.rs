//! How a container of the image runs: as whom, on which ports, with what program.

use super::{
    Made,
    install::{self, For},
    instruction::{Exec, Instruction, Value},
    stage::Stage,
};
use crate::{
    app::{Base, LabelPart, Part, Protocol, Runtime, Start, Text, defaults, keys},
    targets::asking::{self, Asking},
};

/// Variables of every process of the image.
pub fn environment(made: &Made<'_>, purpose: For, stage: &mut Stage) {
    let literal = |value: &str| Value::Literal(value.to_owned());
    let mut env = vec![
        ("PATH", Value::Path(format!("{}/bin", purpose.venv()))),
        ("PYTHONUNBUFFERED", literal("1")),
        ("PYTHONDONTWRITEBYTECODE", literal("1")),
        ("HOME", literal(defaults::WRITABLE)),
    ];
    let mut because = keys(&["build.source", "build.lock"]);
    let folders = made.recipe.import_paths(&made.modules());
    if !folders.is_empty() {
        env.push(("PYTHONPATH", Value::Literal(folders.join(":"))));
        because.extend(made.modules_keys());
    }
    let reason = "the project's programs come first; what is printed is seen at once; nothing is written but in /tmp";
    stage.add("ENV", Instruction::Env(env), reason, because);
}

/// From the user on, whatever a container of the image does by itself.
pub fn start(made: &Made<'_>, purpose: For, stage: &mut Stage) {
    let (uid, gid) = made.user();
    let reason = "by number, as Compose and Kubernetes run it: a cluster cannot tell whether a name is root's";
    stage.add("USER", Instruction::User { uid, gid }, reason, made.user_keys());
    ports(made, purpose, stage);
    healthcheck(made, stage);
    if purpose == For::Production {
        labels(made, stage);
    }
    let python = match purpose {
        For::Production => matches!(made.recipe.base, Base::Chainguard | Base::Distroless),
        For::Development => made.recipe.base == Base::Chainguard,
    };
    if python {
        let reason = "the base image starts Python: what is started here says so by itself";
        stage.add("ENTRYPOINT", Instruction::NoEntrypoint, reason, keys(&["build.base"]));
    }
    command(made, purpose, stage);
}

fn ports(made: &Made<'_>, purpose: For, stage: &mut Stage) {
    let main = made.main;
    let mut ports: Vec<(u16, Protocol)> = main.port.map(|port| (port, Protocol::Tcp)).into_iter().collect();
    ports.extend(main.ports.iter().map(|port| (port.number, port.protocol)));
    let mut because = made.app.port_keys(main);
    because.push(main.key("ports"));
    if purpose == For::Development {
        ports.extend(main.dev.debug_port.map(|port| (port, Protocol::Tcp)));
        because.push(main.key("dev.debug_port"));
    }
    if !ports.is_empty() {
        stage.add("EXPOSE", Instruction::Expose(ports), "tells what listens; publishes nothing", because);
    }
}

fn healthcheck(made: &Made<'_>, stage: &mut Stage) {
    let (app, main) = (made.app, made.main);
    let (check, reason, because) = match asking::asking(main, true) {
        Some(Asking { probe, command, timing }) => (
            Some((Exec(written(made, &command)), timing)),
            "asked inside the container, without curl, a shell or a proxy; clusters ask for themselves",
            asking::because(app, main, probe),
        ),
        None => (None, "nothing in the image can ask; clusters ask for themselves", main.keys(&["probes"])),
    };
    stage.add("HEALTHCHECK", Instruction::Healthcheck(check), reason, because);
}

/// Of the image that is published. Late, since a version is new every time.
fn labels(made: &Made<'_>, stage: &mut Stage) {
    install::args_because(made, true, &keys(&["build.labels"]), stage);
    let title = "org.opencontainers.image.title";
    let version = "org.opencontainers.image.version";
    let literal = |text: &str| vec![Value::Literal(text.to_owned())];
    let mut labels = vec![(title.to_owned(), literal(&made.app.name))];
    labels.extend(made.main.image.tag.iter().map(|tag| (version.to_owned(), literal(tag))));
    for (name, parts) in &made.recipe.labels {
        let value = parts.iter().map(|part| match part {
            LabelPart::Literal(text) => Value::Literal(text.clone()),
            LabelPart::Arg(name) => Value::Arg(name.clone()),
        });
        let value: Vec<Value> = value.collect();
        let value = if value.is_empty() { literal("") } else { value };
        match labels.iter_mut().find(|(other, _)| other == name) {
            Some((_, other)) => *other = value,
            None => labels.push((name.clone(), value)),
        }
    }
    let because = keys(&["name", "image", "build.labels"]);
    stage.add("LABEL", Instruction::Label(labels), "what the image is, in the words of OCI", because);
}

/// The very program that Compose and Kubernetes start. How many workers is theirs to say.
fn command(made: &Made<'_>, purpose: For, stage: &mut Stage) {
    let (app, main) = (made.app, made.main);
    let runtime = if purpose == For::Development { Runtime::Dev } else { Runtime::Orchestrated };
    if let (For::Development, Some(command)) = (purpose, &main.dev.command) {
        let because = [main.keys(&["dev.command"]), app.words_keys(main, command)].concat();
        stage.add("CMD", Instruction::Cmd(Exec(written(made, command))), "asked for", because);
        return;
    }
    let (command, reason, mut because) = match &main.start {
        Start::Server(server) => {
            let run = app.run(main, runtime, None);
            let reason =
                "exec-form: the server is the process that signals reach; how many workers whoever runs it says";
            (server.argv(&run), reason, app.argv_keys(main, server, &run, &[]))
        }
        Start::Command { command, args, workers_env: _ } => {
            let because = [app.command_keys(main), app.args_keys(main)].concat();
            let all = [written(made, command), written(made, args.as_deref().unwrap_or_default())].concat();
            (all, "exec-form: the process is the one that signals reach", because)
        }
        // Told already: nothing says what to start.
        Start::Image { .. } => return,
    };
    because.extend((purpose == For::Development).then(|| main.key("dev.command")));
    stage.add("CMD", Instruction::Cmd(Exec(command)), reason, because);
}

/// Words as far as an image can know them: an input with its default, and nothing of what only a running process has.
fn written(made: &Made<'_>, words: &[Text]) -> Vec<String> {
    let default = |name: &str| {
        let input = made.main.inputs.iter().find(|input| input.name == name);
        input.and_then(|input| input.default.clone()).unwrap_or_default()
    };
    let part = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        Part::Input(name) => default(name),
        Part::Secret(_) | Part::Pod(_) | Part::Service { .. } | Part::Process { .. } => String::new(),
    };
    words.iter().map(|text| text.parts.iter().map(part).collect()).collect()
}
