//! Whatever a project holds, its profile renders.

use proptest::prelude::*;
use render::{init, layers::PRESETS};

use super::{Project, renders};

/// Files as projects have them, and as they should not have them.
const PIECES: &[(&str, &str)] = &[
    (
        "pyproject.toml",
        "[project]\nname = \"N\"\nversion = \"V\"\ndependencies = [\"fastapi\", \"asyncpg\", \"redis\", \"celery\", \"N\"]\n",
    ),
    (
        "pyproject.toml",
        "[tool.poetry]\nname = \"N\"\nversion = \"V\"\n[tool.poetry.dependencies]\nflask = \"*\"\npymongo = \"*\"\narq = \"*\"\n",
    ),
    ("pyproject.toml", "not = toml = N"),
    (
        "requirements.txt",
        "fastapi\nuvicorn\naiokafka\nminio\nelasticsearch\nopensearch-py\nnats-py\naio-pika\naiomysql\nrq\n",
    ),
    ("requirements.txt", "django\ndjango-celery-beat\ngunicorn\npsycopg2\n"),
    ("requirements.txt", "litestar\ngranian\nmotor\ntaskiq\nvalkey\n"),
    ("manage.py", "os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"N.settings\")\nimport django\n"),
    ("N/wsgi.py", "application = get_wsgi_application()\n"),
    ("N/asgi.py", "application = N()\n"),
    ("N/urls.py", "urlpatterns = [path(\"N/health\", x), path(\"healthz\", y)]\n"),
    ("N/settings.py", "ALLOWED_HOSTS = [\"N\", 'V']\nENGINE = \"django.db.backends.sqlite3\"\nX = env(\"N\")\n"),
    ("main.py", "app = FastAPI()\n@app.get(\"/N/healthz\")\ndef f(): ...\n"),
    ("N/main.py", "def create_app():\n    return FastAPI()\nN = create_app()\n@N.get(\"/readyN\")\n"),
    ("src/N/app.py", "N = Flask(__name__)\nuvicorn.run(\"N:N\", port=70000)\n"),
    (
        "N/tasks.py",
        "N = Celery()\nN.conf.beat_schedule = {}\n@dramatiq.actor\ndef f(): ...\nbroker = NBroker()\nclass WorkerSettings: ...\n",
    ),
    (
        "N/config.py",
        "class Settings(BaseSettings):\n    N: str\n    DATABASE_URL: str = \"N://V\"\n    SECRET_KEY: str = N\n    Redis_HOST: str\n    KAFKA_BOOTSTRAP_SERVERS: str\n    env_prefix = \"V\"\n",
    ),
    (
        "N/more.py",
        "os.environ[\"N\"]\nos.getenv(\"V\", \"N$V\")\nos.environ.get('DATABASE_URL', \"sqlite:///N.db\")\nconfig(\"DB_PASSWORD\")\n",
    ),
    (".env.example", "N=V\nSECRET=N\nV=$N\n"),
    ("alembic.ini", "[alembic]\nN\n"),
    ("N/alembic.ini", "[alembic]\n"),
    (
        "Dockerfile",
        "FROM python:V AS N\nARG N=V\nWORKDIR N\nUSER N\nEXPOSE 80 V\nCMD [\"uvicorn\", \"N:N\", \"--port\", \"V\", \"--root-path\", \"N\"]\n",
    ),
    (
        "Dockerfile",
        "FROM N\nWORKDIR /V\nCOPY N /N\nCOPY . /V/N\nRUN useradd -u 0 N && adduser --uid 4294967295 V\nUSER N:V\nEXPOSE 0 65536\nENTRYPOINT N V && uv run gunicorn -k N -b :V N:V\n",
    ),
    ("Dockerfile", "FROM x\nWORKDIR /srv\nCOPY main.py V\nENV N V\nCMD poetry run celery -A N worker -Q V\\\n  N\n"),
    ("N/Dockerfile", "FROM x\nCOPY N/ ./V\nCMD exec hypercorn N:V()\n"),
    ("Procfile", "web: N V\nworker: celery -A N worker\nbeat: celery -A V beat -s N\n: N\n"),
    (
        "compose.yaml",
        "services:\n  N:\n    image: postgres:V\n    command: [arq, 'N']\n  b:\n    image: redis:N\n    command: alembic -c N upgrade V\n",
    ),
    ("compose.yaml", "N: [V"),
    ("start.sh", "python manage.py rqworker N V\nflask run\nalembic upgrade N\n"),
    (
        "package.json",
        "{\"name\": \"N\", \"version\": \"V\", \"scripts\": {\"start\": \"N\"}, \"dependencies\": {\"express\": \"1\", \"pg\": \"1\", \"prisma\": \"1\"}}",
    ),
    ("package.json", "{N"),
    ("schema.prisma", "N"),
    ("index.js", "app.get('/healthz', N);\nprocess.env.N; process.env.PORT || V\napp.listen(V)\n"),
    ("go.mod", "module N/V\n"),
    ("Cargo.toml", "[package]\nname = \"N\"\n"),
];

/// Names and numbers that fit, and those that do not.
const WORDS: &[&str] = &[
    "shop",
    "app",
    "db",
    "redis",
    "web",
    "worker",
    "migrate",
    "SHOP_NAME",
    "DATABASE_URL",
    "DB_PASSWORD",
    "PORT",
    "API_KEY",
    "8080",
    "80",
    "0",
    "1.2.3",
    "16",
    "9.6",
    "1+local",
    "latest",
    "-x",
    "a b",
    "\"",
    "'",
    "\\",
    "$x",
    "${db.url}",
    "${",
    "#",
    "\u{1}",
    "\u{7f}",
    "\u{2028}",
    "ü",
    "..",
    "/",
    ":",
    "/etc",
    "/proc/x",
    "/tmp",
    "http://u:p@h",
    "postgresql+x",
    "\n",
    "\r\n",
    "[x]",
    "{}",
    "",
    "postgres",
    "sqlite:///a.db",
    "redis://x",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![8 => prop::sample::select(WORDS).prop_map(str::to_owned), 1 => "\\PC{0,12}", 1 => "[a-z][a-z0-9_-]{0,80}"]
}

fn projects() -> impl Strategy<Value = Project> {
    let file = (prop::sample::select(PIECES), word(), word()).prop_map(|((path, text), name, value)| {
        let fill = |text: &str| text.replace('N', "\0").replace('V', &value).replace('\0', &name);
        (fill(path), fill(text))
    });
    (prop::collection::btree_map("[a-z]{0,2}", file, 1..9), word(), prop::option::of(word())).prop_map(
        |(files, folder, origin)| Project {
            folders: files
                .values()
                .flat_map(|(path, _)| path.rsplit_once('/'))
                .map(|(one, _)| one.to_owned())
                .collect(),
            folder,
            origin: origin.map(|word| format!("https://github.com/{word}/{word}.git")),
            is_repository: true,
            files: files.into_values().collect(),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_profile_of_any_project_renders(project in projects()) {
        if let Some(facts) = init::read(&project) {
            renders(&init::profile(&facts));
            prop_assert!(!init::summary(&facts).is_empty());
        }
    }

    #[test]
    fn a_preset_over_any_project_renders(project in projects(), preset in prop::sample::select(PRESETS)) {
        let facts = init::read(&project);
        renders(&init::of_preset(preset.0, &init::name(&project.folder), facts.as_ref()).unwrap());
    }

    #[test]
    fn any_text_can_be_source(text in "(\\PC|[\"'()\\[\\]#\\\\\n:=@]){0,200}") {
        let files = [("requirements.txt", "fastapi\nuvicorn\n"), ("main.py", text.as_str()), ("Dockerfile", &text), ("compose.yaml", &text), ("start.sh", &text), ("setup.cfg", &text), ("setup.py", &text)];
        renders(&init::profile(&super::facts(&files)));
    }
}
