//! What a project depends on, in all the ways to write it down.

use super::{FASTAPI, facts, profile};

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
