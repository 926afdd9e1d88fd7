//! What a rendered Dockerfile would lack: each was met in a public project, whose image did not start or was not built.

use render::init::facts::{Build, Recipe};

use super::{FASTAPI, facts, line, profile, server};

fn recipe(files: &[(&str, &str)]) -> Recipe {
    match facts(files).build.expect("a build").value {
        Build::Rendered { recipe, .. } => recipe,
        Build::Own { dockerfile, .. } => panic!("{dockerfile}"),
    }
}

fn hints(files: &[(&str, &str)]) -> String {
    facts(files).hints.join("\n")
}

const MAIN: (&str, &str) = ("main.py", FASTAPI);
const LIST: &str = "fastapi\nuvicorn\n";

#[test]
fn the_list_of_packages_is_the_one_of_production() {
    let lock = |files: &[(&str, &str)]| {
        let recipe = recipe(&[files, &[MAIN]].concat());
        (recipe.lock, recipe.requirements)
    };
    let hashed = "fastapi==1 --hash=sha256:00\nuvicorn==1 --hash=sha256:00\n";
    let named = |name: &str| Some(name.to_owned());
    // pip-tools has both, and installs the one that it made.
    assert_eq!(lock(&[("requirements.in", LIST), ("requirements.txt", hashed)]), ("requirements", None));
    assert_eq!(
        lock(&[("requirements-gpu.txt", "torch\n"), ("requirements.txt", LIST)]),
        ("requirements-unhashed", None)
    );
    let files = [("requirements/base.txt", LIST), ("requirements/prod.txt", "-r base.txt\ngunicorn\n")];
    assert_eq!(lock(&files), ("requirements-unhashed", named("requirements/prod.txt")));
    // One that says no more than where the others are.
    let files = [("requirements.txt", "# for Heroku\n-r requirements/base.txt\n"), ("requirements/base.txt", LIST)];
    assert_eq!(lock(&files), ("requirements-unhashed", named("requirements/base.txt")));
}

#[test]
fn a_list_that_reads_what_the_build_does_not_see_is_told() {
    let files = |text: &'static str| {
        [("requirements.txt", text), ("common/all.txt", LIST), ("requirements/base.txt", LIST), MAIN]
    };
    for text in ["-r common/all.txt\nfastapi\n", "--constraint=common/all.txt\nfastapi\n"] {
        let told = hints(&files(text));
        assert!(told.contains("requirements.txt:1 reads another file") && told.contains("uv pip compile"), "{told}");
    }
    assert!(hints(&files("fastapi\n-e .\n")).contains("requirements.txt:2 installs from the project"));
    let beside = [("requirements/base.txt", LIST), ("requirements/prod.txt", "-r base.txt\ngunicorn\n"), MAIN];
    assert!(!hints(&beside).contains("reads another file"), "its folder is seen");
}

#[test]
fn what_needs_a_compiler_or_a_library_gets_it() {
    let packages = |list: &str| recipe(&[("requirements.txt", &format!("{LIST}{list}")), MAIN]).packages;
    let none = packages("psycopg2-binary\npsycopg[binary]\nnumpy\n");
    assert!(none.build.is_empty() && none.runtime.is_empty(), "they have wheels");
    let own = packages("psycopg2==2.9.11\n");
    assert_eq!((own.build, own.runtime), (vec!["gcc", "libc6-dev", "libpq-dev"], vec!["libpq5"]));
    let pure = packages("psycopg[pool]>=3\n");
    assert_eq!((pure.build.len(), pure.runtime), (0, vec!["libpq5"]), "it looks for libpq where it runs");
    let git = packages("shop @ git+https://github.com/acme/shop@v1\n");
    assert_eq!(git.build, ["git", "ca-certificates"]);
    let text = profile(&[("requirements.txt", &format!("{LIST}mysqlclient\n")), MAIN]);
    let wanted =
        r#"{ build = ["gcc", "libc6-dev", "pkg-config", "default-libmysqlclient-dev"], runtime = ["libmariadb3"] }"#;
    assert_eq!(line(&text, "packages"), Some(wanted));
}

#[test]
fn pages_and_what_the_source_names_by_a_path_are_copied() {
    let main = "from fastapi import FastAPI\nfrom fastapi.staticfiles import StaticFiles\n\napp = FastAPI()\n\
                MODEL = open(\"models/one.bin\")\napp.mount(\"/assets\", StaticFiles(directory=\"assets\"))\n";
    let files = [
        ("requirements.txt", LIST),
        ("main.py", main),
        ("templates/index.html", ""),
        ("static/site.css", ""),
        ("assets/logo.svg", ""),
        ("models/one.bin", ""),
        ("notes/todo.txt", ""),
        ("tests/data.json", ""),
    ];
    assert_eq!(recipe(&files).copy, ["assets", "models", "static", "templates"]);
    assert_eq!(recipe(&files).source.unwrap(), ["main.py"]);
}

#[test]
fn a_project_is_installed_only_where_uv_installs_it() {
    let source =
        |pyproject: &str| recipe(&[("pyproject.toml", pyproject), ("uv.lock", ""), ("shop/main.py", FASTAPI)]).source;
    let project = "[project]\nname = \"shop\"\ndependencies = [\"fastapi\", \"uvicorn\"]\n";
    let system = "[build-system]\nrequires = [\"hatchling\"]\n";
    assert_eq!(source(project).unwrap(), ["shop"]);
    assert_eq!(source(&format!("{project}{system}")), None);
    assert_eq!(source(&format!("{project}{system}[tool.uv]\npackage = false\n")).unwrap(), ["shop"]);
    assert_eq!(source(&format!("{project}[tool.uv]\npackage = true\n")), None);
}

#[test]
fn flask_finds_its_migrations_in_the_image() {
    let app = "from flask import Flask\n\napp = Flask(__name__)\n";
    let files = [
        ("requirements.txt", "flask\nflask-migrate\ngunicorn\n"),
        ("app.py", app),
        ("migrations/alembic.ini", "[alembic]\n"),
        ("migrations/env.py", ""),
    ];
    assert_eq!(recipe(&files).copy, ["migrations"]);
}

#[test]
fn a_dockerfile_that_compose_builds_is_the_project_s_own() {
    let compose =
        "services:\n  app:\n    build:\n      context: ./backend\n      dockerfile: ../docker/backend/Dockerfile\n";
    let dockerfile = "FROM python:3.13\nWORKDIR /app\nCOPY app /app/app\n";
    let text = profile(&[
        ("backend/requirements.txt", LIST),
        ("backend/app/main.py", FASTAPI),
        ("compose.yaml", compose),
        ("docker/backend/Dockerfile", dockerfile),
    ]);
    assert_eq!(line(&text, "context"), Some("\"backend\""));
    assert_eq!(line(&text, "dockerfile"), Some("\"../docker/backend/Dockerfile\""));
    assert!(text.contains("./backend/app:/app/app"), "{text}");
    // One of a developer is not what is deployed; one in lower case is as good as any.
    let dev = "services:\n  app:\n    build:\n      context: .\n      dockerfile: Dockerfile.dev\n";
    recipe(&[("requirements.txt", LIST), MAIN, ("compose.yaml", dev), ("Dockerfile.dev", dockerfile)]);
    let text = profile(&[("requirements.txt", LIST), MAIN, ("dockerfile", dockerfile)]);
    assert_eq!(line(&text, "dockerfile"), Some("\"dockerfile\""));
}

#[test]
fn django_below_a_folder_is_started_where_its_settings_are_found() {
    let files = |docker: &'static str| {
        [
            ("requirements.txt", "django\ngunicorn\n"),
            ("Dockerfile", docker),
            ("site/manage.py", "import django\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"shop.settings\")\n"),
            ("site/shop/settings.py", ""),
            ("site/shop/wsgi.py", "application = get_wsgi_application()\n"),
        ]
    };
    let chdir = |docker| {
        server(&facts(&files(docker)))
            .2
            .iter()
            .skip_while(|word| **word != "--chdir")
            .map(|word| (*word).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(chdir("FROM python:3.13\nCOPY . /app\nWORKDIR /app\n"), ["--chdir", "/app/site"]);
    assert!(chdir("FROM python:3.13\nWORKDIR /app\nCOPY site .\n").is_empty(), "it starts there");
    assert!(chdir("FROM python:3.13\nENV PYTHONPATH=/app/site\nCOPY . /app\nWORKDIR /app\n").is_empty());
}

#[test]
fn what_the_image_lacks_is_told_with_what_to_type() {
    let flask = ("app.py", "from flask import Flask\n\napp = Flask(__name__)\n");
    let told = hints(&[("requirements.txt", "flask\n"), flask]);
    assert!(
        told.contains("gunicorn is not among the dependencies, and the image needs it: write it into requirements.txt"),
        "{told}"
    );
    let project = "[tool.poetry]\nname = \"shop\"\n[tool.poetry.dependencies]\nfastapi = \"*\"\nuvicorn = \"*\"\n";
    let told = hints(&[("pyproject.toml", project), ("poetry.lock", ""), MAIN]);
    assert!(told.contains("`poetry export --output requirements.txt`"), "{told}");
}

#[test]
fn a_secret_of_a_command_stays_where_it_is_and_is_told() {
    let compose =
        |command: &str| format!("services:\n  worker:\n    image: x\n    command: celery -A shop worker {command}\n");
    let files =
        |compose: &'static str| [("requirements.txt", "fastapi\nuvicorn\ncelery\n"), MAIN, ("compose.yaml", compose)];
    let text = compose("--broker=redis://:hunter2-secret@redis/0 --result-password hunter2-secret");
    let files = files(text.leak());
    let text = profile(&files);
    let facts = facts(&files);
    assert!(!text.contains("hunter2") && !render::init::summary(&facts).contains("hunter2"), "{text}");
    let command = line(&text, "command").unwrap();
    assert!(command.contains("\"--broker=<secret>\"") && command.contains("\"<secret>\""), "{command}");
    let told = facts.hints.join("\n");
    assert!(told.contains("held a secret, which is left out") && told.contains("${secrets."), "{told}");
}
