//! Python's source is looked through, whatever it is like.

use super::{facts, profile, server};

#[test]
fn strings_comments_and_lines_that_go_on_do_not_mislead() {
    let main = "\"\"\"app = Flask(__name__)\"\"\"\nfrom fastapi import FastAPI  # app = Flask()\n\ntext = 'it\\'s # no comment'\nother = [\n    1,  # (\n    2,\n]\nservice = \\\n    FastAPI(\n        title=\"a ) b\",\n    )\n";
    let files = [("requirements.txt", "fastapi\nuvicorn\n"), ("main.py", main)];
    let found = facts(&files);
    assert_eq!(server(&found).1, "main:service");
    assert!(profile(&files).contains("# found: main.py:9"));
}

#[test]
fn names_that_are_no_modules_are_not_served() {
    let files = [
        ("requirements.txt", "fastapi\nuvicorn\n"),
        ("my-app/main-file.py", "app = FastAPI()\n"),
        ("shop/api.py", "api = FastAPI()\n"),
    ];
    assert_eq!(server(&facts(&files)).1, "shop.api:api");
    profile(&files);
}

#[test]
fn an_app_below_a_folder_of_its_own_is_put_on_the_path() {
    let files = [
        ("requirements.txt", "fastapi\nuvicorn\n"),
        ("services/api/main.py", "from routes import r\napp = FastAPI()\n"),
        ("services/api/routes.py", "r = 1\n"),
    ];
    assert_eq!(server(&facts(&files)), ("uvicorn", "main:app", vec!["--app-dir", "services/api"]));
    profile(&files);
}

#[test]
fn the_app_that_the_project_names_is_taken() {
    let main = "import uvicorn\nfrom fastapi import FastAPI\napp = FastAPI()\nadmin = FastAPI()\nif __name__ == \"__main__\":\n    uvicorn.run(\"shop.main:admin\", host=\"0.0.0.0\", port=9001)\n";
    let files = [
        ("pyproject.toml", "[project]\nname = \"shop\"\ndependencies = [\"fastapi\", \"uvicorn\"]\n"),
        ("shop/main.py", main),
    ];
    let found = facts(&files);
    assert_eq!((server(&found).1, found.port.as_ref().unwrap().value), ("shop.main:admin", 9001));
    let entry = [
        (
            "pyproject.toml",
            "[project]\nname = \"shop\"\ndependencies = [\"fastapi[standard]\"]\n[tool.fastapi]\nentrypoint = \"shop.other:app\"\n",
        ),
        ("shop/main.py", main),
    ];
    assert_eq!(server(&facts(&entry)).1, "shop.other:app");
}
