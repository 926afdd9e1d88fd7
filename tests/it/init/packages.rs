//! What a project depends on, in all the ways to write it down.

use super::{FASTAPI, facts, line, profile};

#[test]
fn every_way_to_write_dependencies_is_read() {
    let cases: &[&[(&str, &str)]] = &[
        &[(
            "requirements.txt",
            "# web\nfastapi==0.115 ; python_version > '3.9'\nuvicorn[standard]\n-r other.txt\n--index-url x\nasyncpg\n",
        )],
        &[("requirements/prod.txt", "fastapi\nuvicorn\nasyncpg\n")],
        &[(
            "pyproject.toml",
            "[project]\nname = \"shop\"\ndependencies = [\"FastAPI\", \"uvicorn\"]\n[project.optional-dependencies]\npg = [\"asyncpg\"]\ndev = [\"motor\"]\n",
        )],
        &[
            (
                "pyproject.toml",
                "[tool.poetry]\nname = \"shop\"\n[tool.poetry.dependencies]\npython = \"^3.12\"\nfastapi = {version = \"*\", extras = [\"all\"]}\nasyncpg = \"*\"\n[tool.poetry.group.dev.dependencies]\nmotor = \"*\"\n",
            ),
            ("poetry.lock", ""),
        ],
        &[("setup.cfg", "[options]\ninstall_requires =\n    fastapi\n    uvicorn\n    asyncpg\nother = motor\n")],
        &[(
            "setup.py",
            "setup(name='shop', install_requires=['fastapi', \"uvicorn\", 'asyncpg>=0.29'], extras_require={'x': ['motor']})\n",
        )],
        &[(
            "Pipfile",
            "[packages]\nfastapi = \"*\"\nuvicorn = \"*\"\nasyncpg = {version = \"*\"}\n[dev-packages]\nmotor = \"*\"\n",
        )],
    ];
    for files in cases {
        let files = [*files, &[("shop/main.py", FASTAPI)]].concat();
        let found = facts(&files);
        assert_eq!(found.backing.iter().map(|one| one.kind).collect::<Vec<_>>(), ["postgres"], "{files:?}");
        profile(&files);
    }
}

#[test]
fn python_and_the_lock_file_are_named() {
    let files = [
        (
            "pyproject.toml",
            "[project]\nname = \"shop\"\nrequires-python = \">=3.12\"\ndependencies = [\"fastapi\", \"uvicorn\"]\n",
        ),
        ("uv.lock", ""),
        ("main.py", FASTAPI),
    ];
    assert_eq!(facts(&files).about, ["A project in Python >=3.12 (pyproject.toml:3), packages of uv.lock."]);
}

#[test]
fn a_dockerfile_is_rendered_of_what_the_project_has() {
    let ini = ("alembic.ini", "[alembic]\nscript_location = %(here)s/migrations\n");
    let build = |files: &[(&str, &str)]| {
        let text = profile(&[files, &[("shop/main.py", FASTAPI), ("shop/__init__.py", ""), ini]].concat());
        let keys = ["python", "lock", "requirements", "source", "copy"];
        keys.map(|key| line(&text, key).unwrap_or_default().to_owned())
    };
    let project =
        "[project]\nname = \"shop\"\nrequires-python = \">=3.12,<4\"\ndependencies = [\"fastapi\", \"uvicorn\"]\n";
    let files = "[\"shop\"]";
    let copy = "[\"alembic.ini\", \"migrations\"]";
    assert_eq!(build(&[("pyproject.toml", project), ("uv.lock", "")]), ["\"3.12\"", "\"uv\"", "", files, copy]);
    let packaged = format!("{project}[build-system]\nrequires = [\"hatchling\"]\n");
    assert_eq!(build(&[("pyproject.toml", &packaged), ("uv.lock", "")])[3], "\"package\"");
    let plain = [("requirements.txt", "fastapi\nuvicorn\n")];
    assert_eq!(build(&plain), ["", "\"requirements-unhashed\"", "", files, copy]);
    let hashed = [("requirements/prod.txt", "fastapi==1 --hash=sha256:00\nuvicorn==1 --hash=sha256:00\n")];
    assert_eq!(build(&hashed), ["", "\"requirements\"", "\"requirements/prod.txt\"", files, copy]);
    let poetry = [
        ("pyproject.toml", "[tool.poetry]\nname = \"x\"\n[tool.poetry.dependencies]\nfastapi = \"*\"\n"),
        ("poetry.lock", ""),
    ];
    assert_eq!(build(&poetry), ["", "", "", "", ""], "its lock file is nobody else's");
    let own = [("requirements.txt", "fastapi\nuvicorn\n"), ("Dockerfile", "FROM python:3.13\nCOPY . .\n")];
    assert_eq!(build(&own), ["", "", "", "", ""], "nothing is rendered over one that is there");
}
