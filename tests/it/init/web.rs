//! Which app is served, by what, and how the rest of a project of that kind is told.

use std::{fs, path::Path};

use snapbox::{Assert, Data};

use super::{FASTAPI, facts, line, profile, server};

/// As uv makes them, with all that an API usually has.
const SHOP: &str = "tests/cases/init/shop";

/// The files of a project on the disk.
fn read(folder: &Path, path: &str, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder.join(path)).unwrap() {
        let entry = entry.unwrap();
        let own = format!("{path}{}{}", if path.is_empty() { "" } else { "/" }, entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            read(folder, &own, files);
        } else {
            files.push((own, fs::read_to_string(entry.path()).unwrap()));
        }
    }
}

#[test]
fn an_api_of_uv_gets_a_whole_profile() {
    let mut files = Vec::new();
    read(Path::new(SHOP), "", &mut files);
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let expected = Data::read_from(Path::new("tests/cases/init/shop.toml"), None).raw();
    Assert::new().action_env("SNAPSHOTS").eq(profile(&files), expected);
}

#[test]
fn the_app_is_found_wherever_it_is_made() {
    let requirements = ("requirements.txt", "fastapi\nuvicorn\n");
    let factory = "from fastapi import FastAPI\n\ndef create_app(debug=False) -> FastAPI:\n    app = FastAPI(debug=debug)\n    return app\n";
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("main.py", FASTAPI)], "main:app"),
        (&[("app/main.py", FASTAPI)], "app.main:app"),
        (&[("app/__init__.py", ""), ("app/main.py", FASTAPI)], "app.main:app"),
        (&[("src/shop/main.py", FASTAPI)], "shop.main:app"),
        (
            &[
                ("src/main.py", "from src.routes import x\nfrom fastapi import FastAPI\napp = FastAPI()\n"),
                ("src/routes.py", ""),
            ],
            "src.main:app",
        ),
        (&[("shop/__init__.py", FASTAPI)], "shop:app"),
        (&[("shop/app.py", factory)], "shop.app:create_app()"),
        (
            &[("shop/app.py", factory), ("shop/main.py", "from shop.app import create_app\n\napp = create_app()\n")],
            "shop.main:app",
        ),
        (
            &[("shop/main.py", "import fastapi\n\napplication: fastapi.FastAPI = fastapi.FastAPI()\n")],
            "shop.main:application",
        ),
        (&[("shop/main.py", "class Api(FastAPI):\n    pass\n\napi = Api()\n")], "shop.main:api"),
        (&[("shop/main.py", "if True:\n    app = FastAPI()\n")], "shop.main:app"),
        (&[("shop/main.py", FASTAPI), ("scripts/demo.py", FASTAPI), ("tests/app.py", FASTAPI)], "shop.main:app"),
        (
            &[(
                "shop/main.py",
                "\"\"\"Docs:\n\napp = FastAPI()\n\"\"\"\nx = 'app = FastAPI()'\n# app = FastAPI()\nservice = FastAPI()\n",
            )],
            "shop.main:service",
        ),
    ];
    for (files, wanted) in cases {
        let files = [*files, &[requirements]].concat();
        assert_eq!(server(&facts(&files)), ("uvicorn", *wanted, vec![]), "{files:?}");
        profile(&files);
    }
}

#[test]
fn what_the_project_starts_itself_by_counts_more_than_its_source() {
    let files = |docker: &'static str| {
        [("requirements.txt", "fastapi\nuvicorn\ngunicorn\n"), ("shop/main.py", FASTAPI), ("Dockerfile", docker)]
    };
    let exec = files(
        "FROM python:3.13-slim\nWORKDIR /srv\nCOPY shop shop\nUSER 1234\nEXPOSE 8080\nCMD [\"uvicorn\", \"shop.main:app\", \"--host\", \"0.0.0.0\", \"--port\", \"9000\", \"--root-path\", \"/api\", \"--workers\", \"4\"]\n",
    );
    let found = facts(&exec);
    assert_eq!(server(&found), ("uvicorn", "shop.main:app", vec!["--root-path", "/api"]));
    assert_eq!((found.port.as_ref().unwrap().value, found.uid.as_ref().unwrap().value), (9000, 1234));
    let text = profile(&exec);
    assert!(text.contains("# found: Dockerfile:6"), "{text}");
    assert_eq!(line(&text, "mounts"), Some("[\"./shop:/srv/shop\"]"), "the image has it elsewhere than in /app");

    let shell = files(
        "FROM python\nCMD alembic upgrade head && exec gunicorn -k uvicorn.workers.UvicornWorker -w 4 --bind :${PORT:-8080} shop.main:app\n",
    );
    let found = facts(&shell);
    assert_eq!(server(&found), ("gunicorn", "shop.main:app", vec!["--worker-class", "uvicorn.workers.UvicornWorker"]));
    assert_eq!(found.port.as_ref().unwrap().value, 8080);
    profile(&shell);

    let script = [
        ("requirements.txt", "fastapi\nuvicorn\n"),
        ("shop/main.py", FASTAPI),
        ("Dockerfile", "FROM python\nENTRYPOINT [\"./start.sh\"]\n"),
        ("start.sh", "#!/bin/sh\nset -e\npython -m uvicorn shop.main:app \\\n  --port 8001\n"),
    ];
    assert_eq!(facts(&script).port.unwrap(), render::init::facts::Fact::found(8001, "start.sh:3"));
    assert!(profile(&script).contains("`./start.sh` of Dockerfile:2 is not run"));

    let procfile = [
        ("requirements.txt", "flask\ngunicorn\n"),
        ("shop.py", "from flask import Flask\nserver = Flask(__name__)\n"),
        ("Procfile", "web: gunicorn shop:server --threads 8\nrelease: flask db upgrade\n"),
    ];
    assert_eq!(server(&facts(&procfile)).1, "shop:server");
    profile(&procfile);
}

#[test]
fn an_image_with_a_server_that_is_not_known_starts_as_it_does() {
    let files = [
        ("requirements.txt", "django\nchannels\ndaphne\n"),
        ("manage.py", "os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"shop.settings\")\n"),
        ("shop/asgi.py", "application = get_asgi_application()\n"),
        ("Dockerfile", "FROM python\nCMD daphne -b 0.0.0.0 -p 8001 shop.asgi:application\n"),
    ];
    let found = facts(&files);
    assert_eq!((server(&found).0, found.port.as_ref().unwrap().value), ("", 8001));
    assert!(profile(&files).contains("Dockerfile:2 starts daphne"));
}

#[test]
fn a_port_below_1024_is_not_taken_over_where_the_server_is_told() {
    let files = [
        ("requirements.txt", "fastapi\nuvicorn\n"),
        ("app/main.py", FASTAPI),
        ("Dockerfile", "FROM python\nEXPOSE 80\nCMD [\"fastapi\", \"run\", \"app/main.py\", \"--port\", \"80\"]\n"),
    ];
    let found = facts(&files);
    assert_eq!(server(&found), ("uvicorn", "app.main:app", vec![]));
    assert_eq!(found.port.unwrap().value, 8000);
    profile(&files);
}

#[test]
fn programs_of_an_environment_are_found_without_its_runner() {
    let files = |docker: &'static str| {
        [
            ("pyproject.toml", "[project]\nname = \"shop\"\ndependencies = [\"fastapi\", \"uvicorn\"]\n"),
            ("shop/main.py", FASTAPI),
            ("Dockerfile", docker),
        ]
    };
    let bare =
        files("FROM python\nWORKDIR /srv\nCMD [\"uv\", \"run\", \"--frozen\", \"uvicorn\", \"shop.main:app\"]\n");
    assert!(line(&profile(&bare), "PATH").is_some_and(|path| path.starts_with("\"/srv/.venv/bin:")));
    let with = files(
        "FROM python\nWORKDIR /srv\nENV PATH=\"/srv/.venv/bin:$PATH\"\nCMD [\"uv\", \"run\", \"uvicorn\", \"shop.main:app\"]\n",
    );
    assert_eq!(line(&profile(&with), "PATH"), None);
    let system = files(
        "FROM python\nRUN poetry config virtualenvs.create false && poetry install\nCMD poetry run uvicorn shop.main:app\n",
    );
    assert_eq!(line(&profile(&system), "PATH"), None);
    let somewhere = files("FROM python\nRUN poetry install\nCMD poetry run uvicorn shop.main:app\n");
    assert!(profile(&somewhere).contains("put the folder of its programs on the PATH"));
}

#[test]
fn flask_is_served_by_gunicorn_with_threads() {
    let files = [
        (
            "setup.cfg",
            "[metadata]\nname = shop\n[options]\ninstall_requires =\n    Flask>=3\n    Flask-Migrate\n    gunicorn\n    psycopg2\n",
        ),
        (
            "shop/__init__.py",
            "from flask import Flask\n\ndef create_app(config=None):\n    app = Flask(__name__)\n    @app.route(\"/ping\")\n    def ping(): ...\n    return app\n",
        ),
        ("migrations/env.py", "from alembic import context\n"),
    ];
    let found = facts(&files);
    assert_eq!(server(&found), ("gunicorn", "shop:create_app()", vec!["--worker-class", "gthread", "--threads", "4"]));
    assert_eq!(found.migration.as_ref().unwrap().command, ["flask", "--app", "shop:create_app", "db", "upgrade"]);
    assert_eq!(found.health.liveness.as_ref().unwrap().value, "/ping");
    profile(&files);
    // A job without its scripts would stop the app from starting.
    let without = facts(&files[..2]);
    assert!(without.migration.is_none() && without.hints.iter().any(|hint| hint.contains("`flask db init` makes it")));
}

#[test]
fn a_django_project_is_migrated_and_asked_by_a_name_that_it_knows() {
    let files = [
        ("requirements/base.txt", "Django>=5\ngunicorn\npsycopg[binary]\ndjango-environ\n"),
        ("requirements/dev.txt", "django-debug-toolbar\nredis\n"),
        (
            "manage.py",
            "import os\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"config.settings\")\nfrom django.core.management import x\n",
        ),
        ("config/__init__.py", ""),
        (
            "config/wsgi.py",
            "from django.core.wsgi import get_wsgi_application\n\napplication = get_wsgi_application()\n",
        ),
        ("config/asgi.py", "application = get_asgi_application()\n"),
        (
            "config/urls.py",
            "urlpatterns = [\n    path(\"healthz/\", healthz),\n    path(\"admin/\", admin.site.urls),\n]\n",
        ),
        (
            "config/settings.py",
            "SECRET_KEY = env(\"SECRET_KEY\")\nALLOWED_HOSTS = [\".shop.example\", \"localhost\"]\nDATABASES = {\"default\": env.db(\"DATABASE_URL\")}\nSTATIC_ROOT = \"static\"\n",
        ),
    ];
    let found = facts(&files);
    assert_eq!(server(&found).1, "config.wsgi:application");
    assert_eq!(found.migration.as_ref().unwrap().command, ["python", "manage.py", "migrate", "--noinput"]);
    assert!(found.backing.iter().all(|one| one.kind != "redis"), "a developer's");
    let text = profile(&files);
    assert_eq!(line(&text, "liveness"), Some("{ http = \"/healthz/\", headers = { Host = \"shop.example\" } }"));
    assert_eq!(line(&text, "DATABASE_URL"), Some("\"${db.url}\""));
    assert!(line(&text, "SECRET_KEY").is_some());
}

#[test]
fn a_django_project_of_channels_is_served_by_asgi() {
    let files = [
        ("Pipfile", "[packages]\ndjango = \"*\"\nchannels = \"*\"\nuvicorn = \"*\"\ndjango-redis = \"*\"\n"),
        ("src/manage.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"),
        ("src/shop/asgi.py", "application = get_asgi_application()\n"),
        ("src/shop/wsgi.py", "application = get_wsgi_application()\n"),
        (
            "src/shop/settings.py",
            "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}\nALLOWED_HOSTS = ['*']\n",
        ),
    ];
    let found = facts(&files);
    assert_eq!(server(&found), ("uvicorn", "shop.asgi:application", vec!["--app-dir", "src"]));
    assert_eq!(found.migration.as_ref().unwrap().command[1], "src/manage.py");
    let text = profile(&files);
    assert_eq!(line(&text, "state"), Some("\"disk\""), "its database is a file");
}

#[test]
fn a_node_service_starts_as_its_image_does_and_is_told_its_port() {
    let files = [
        (
            "package.json",
            "{\"name\": \"@acme/storefront\", \"version\": \"2.0.0\", \"scripts\": {\"start\": \"node server.js\"}, \"dependencies\": {\"express\": \"^5\", \"pg\": \"^8\", \"ioredis\": \"^5\"}}",
        ),
        ("package-lock.json", ""),
        (
            "server.js",
            "const app = express();\napp.get('/healthz', (q, r) => r.send('ok'));\nconst url = process.env.DATABASE_URL;\nconst key = process.env.STRIPE_API_KEY;\napp.listen(process.env.PORT || 3001);\n",
        ),
        ("Dockerfile", "FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD [\"node\", \"server.js\"]\n"),
    ];
    let found = facts(&files);
    assert_eq!(
        (server(&found).0, found.name.value.as_str(), found.port.as_ref().unwrap().value),
        ("", "storefront", 3001)
    );
    let text = profile(&files);
    assert_eq!(line(&text, "port_env"), Some("\"PORT\""));
    assert_eq!(line(&text, "liveness"), Some("\"/healthz\""));
    assert_eq!(line(&text, "DATABASE_URL"), Some("\"${db.url}\""));
    assert!(line(&text, "STRIPE_API_KEY").is_some_and(|secret| secret.contains("optional = true")));
    assert!(!text.contains("[server]") && !text.contains("\ncommand"), "{text}");
}

#[test]
fn any_other_project_is_what_its_dockerfile_says() {
    let files = [
        ("go.mod", "module github.com/acme/ledger/v2\n\ngo 1.25\n"),
        ("main.go", "package main\n"),
        (
            "Dockerfile",
            "FROM golang:1.25 AS build\nRUN go build -o /ledger\nFROM gcr.io/distroless/static\nCOPY --from=build /ledger /ledger\nUSER 65532:65532\nEXPOSE 8080/tcp 9090\nENTRYPOINT [\"/ledger\"]\n",
        ),
    ];
    let found = facts(&files);
    assert_eq!(
        (found.name.value.as_str(), found.port.as_ref().unwrap().value, found.uid.as_ref().unwrap().value),
        ("ledger", 8080, 65532)
    );
    let text = profile(&files);
    assert!(!text.contains("[server]") && line(&text, "dockerfile") == Some("\"Dockerfile\""), "{text}");
}

#[test]
fn the_service_of_a_repository_is_found_beside_its_frontend() {
    let files = [
        ("package.json", "{\"name\": \"tools\", \"devDependencies\": {\"prettier\": \"3\"}}"),
        ("frontend/package.json", "{\"name\": \"ui\", \"dependencies\": {\"react\": \"19\"}}"),
        ("backend/requirements.txt", "fastapi\nuvicorn\n"),
        ("backend/app/main.py", FASTAPI),
        (
            "backend/Dockerfile",
            "FROM python\nWORKDIR /code\nCOPY ./app /code/app\nCMD [\"uvicorn\", \"app.main:app\"]\n",
        ),
    ];
    let text = profile(&files);
    assert_eq!((line(&text, "app"), line(&text, "context")), (Some("\"app.main:app\""), Some("\"backend\"")));
    assert_eq!(line(&text, "mounts"), Some("[\"./backend/app:/code/app\"]"));
    // A Dockerfile that names the folder is built from above it.
    let above = files.map(|(path, text)| {
        if path == "backend/Dockerfile" {
            (path, "FROM python\nWORKDIR /code\nCOPY backend/app /code/app\n")
        } else {
            (path, text)
        }
    });
    let text = profile(&above);
    assert_eq!((line(&text, "context"), line(&text, "dockerfile")), (None, Some("\"backend/Dockerfile\"")));
    assert_eq!(line(&text, "mounts"), Some("[\"./backend/app:/code/app\"]"));
}

#[test]
fn where_nothing_can_be_found_the_image_starts_as_it_does() {
    let text = profile(&[
        ("requirements.txt", "requests\n"),
        ("Dockerfile", "FROM python\nCMD [\"python\", \"bot.py\"]\n"),
        ("bot.py", "print('hi')\n"),
    ]);
    assert!(
        text.contains("no app was found that a server could be given; the image of Dockerfile starts as it does"),
        "{text}"
    );
    assert!(line(&text, "port").is_none() && !text.contains("[server]"), "{text}");
    assert_eq!(render::init::read(&super::project(&[("notes.txt", "x")])), None);
}

#[test]
fn the_image_is_named_after_the_repository_without_its_credentials() {
    let mut project = super::project(&[("requirements.txt", "fastapi\nuvicorn\n"), ("main.py", FASTAPI)]);
    for (origin, wanted) in [
        ("git@github.com:Acme/Shop-API.git", "ghcr.io/acme/shop-api:0.1.0"),
        ("https://x:ghp_secret@github.com/acme/shop_api", "ghcr.io/acme/shop-api:0.1.0"),
        ("https://gitlab.com/acme/web/shop.git", "registry.gitlab.com/acme/web/shop:0.1.0"),
        ("https://git.example.com/acme/shop.git", "registry.example.com/shop:0.1.0"),
        ("nonsense", "registry.example.com/shop:0.1.0"),
        ("https://github.com/$(x)/\u{1}", "registry.example.com/shop:0.1.0"),
    ] {
        project.origin = Some(origin.into());
        let facts = render::init::read(&project).unwrap();
        let text = render::init::profile(&facts);
        assert!(facts.image.value == wanted && !text.contains("ghp_secret"), "{origin}: {}", facts.image.value);
        super::renders(&text);
    }
}
