//! `docker-bake.json`: the build as one command, `docker buildx bake`, for every platform and with every argument
//! (Docker, "Bake file reference").

use crate::{
    app::{App, Build, Process, keys},
    bundle::File,
    key::Key,
    tree::{Content, Name, Node, Notes, Path},
};

pub const NAME: &str = "docker-bake.json";

/// How the main image is built, whoever wrote its Dockerfile.
pub fn bake(app: &App, main: &Process, build: &Build) -> File {
    let mut notes = Notes::default();
    let name = &app.name;
    let mut root = Node::map();
    root.set("group", map("default", map("targets", list([literal(name)]))));
    notes.add("group", "what is built where nothing is named", keys(&["name"]));
    if !build.args.is_empty() {
        let mut variables = Node::map();
        for (arg, default) in &build.args {
            variables.set(arg.clone(), map("default", literal(default)));
            let because = vec![Key::new("build.args").child(arg)];
            notes.add(Path::new("variable").key(arg), "set in the shell to give the argument another value", because);
        }
        root.set("variable", variables);
    }
    root.set("target", map(name.clone(), target(app, main, build, &mut notes)));
    notes.add("target", "the image of the app", keys(&["name"]));
    notes.join(&mut root);
    File::new(NAME, root)
}

fn target(app: &App, main: &Process, build: &Build, notes: &mut Notes) -> Node {
    // All of it stands under the name.
    let mut note = |key: &str, reason: &'static str, because: Vec<Key>| {
        notes.add(Path::new("target").key(&app.name).key(key), reason, [because, keys(&["name"])].concat());
    };
    let mut target = Node::map();
    target.set("context", Node::text("."));
    note("context", "the folder that this file lies in, where bake is called", Vec::new());
    target.set("dockerfile", literal(build.dockerfile.as_deref().unwrap_or("Dockerfile")));
    note("dockerfile", "beside this file", keys(&["build.dockerfile"]));
    if let Some(stage) = &build.target {
        target.set("target", literal(stage));
        note("target", "asked for", keys(&["build.target"]));
    }
    // A digest is of what was built already.
    if main.image.tag.is_some() {
        let reference = main.image.reference.split('@').next().unwrap_or_default();
        target.set("tags", list([literal(reference)]));
        note("tags", "the name that everything else runs it by", main.keys(&["image"]));
    }
    if !app.platforms.is_empty() {
        target.set("platforms", list(app.platforms.iter().map(|platform| literal(platform))));
        note("platforms", "asked for: one image of several needs `--push`", keys(&["build.platforms"]));
    }
    if !build.args.is_empty() {
        let mut args = Node::map();
        for name in build.args.keys() {
            args.set(name.clone(), Node::text(format!("${{{name}}}")));
        }
        target.set("args", args);
        note("args", "the variables above", keys(&["build.args"]));
    }
    if let Some(id) = app.recipe.as_ref().and_then(|recipe| recipe.index_secret.as_ref()) {
        target.set("secret", list([Node::text(format!("id={id},env=UV_DEFAULT_INDEX"))]));
        let reason = "the index, from a variable of whoever builds: no layer keeps it";
        note("secret", reason, keys(&["build.index_secret"]));
    }
    target
}

/// HCL reads `${` and `%{` in texts (HCL Syntax-Agnostic Information Model, "Templates").
fn literal(text: &str) -> Node {
    Node::text(text.replace("${", "$${").replace("%{", "%%{"))
}

fn map(key: impl Into<Name>, node: Node) -> Node {
    let mut map = Node::map();
    map.set(key, node);
    map
}

fn list(items: impl IntoIterator<Item = Node>) -> Node {
    Node::new(Content::Seq(items.into_iter().collect()))
}
