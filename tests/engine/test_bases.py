"""Bases, locks and ways of having code, each built and run as a pod would run it."""

import json
import tomllib
import unittest

from engine import HELD, Project, alone, contexts, eventually, inspect, run

DISTROLESS = "gcr.io/distroless/python3-debian13:nonroot"
CHAINGUARD = ("cgr.dev/chainguard/python:latest-dev", "cgr.dev/chainguard/python:latest")

# A package without a wheel: it needs a compiler and headers where it is built, and a library where it runs.
SOURCES = (
    "psycopg2==2.9.11 --hash=sha256:964d31caf728e217c697ff77ea69c2ba0865fa41ec20bb00f0977e62fdcc52e3"
)


class Bases(unittest.TestCase):
    def serves(self, project, name, *images):
        """Builds and starts the image, and waits until its own health check says that it is well."""
        tag = f"orders:{name}"
        project.render("dockerfile")
        project.build("--tag", tag, *contexts(*images))
        container = alone(tag)
        self.addCleanup(run, "docker", "rm", "--force", container, accept=(0, 1))
        answer = eventually(lambda answer: isinstance(answer, dict), lambda: project.get("/self"))
        self.assertEqual((answer["uid"], answer["gid"], answer["writable"]), (10001, 10001, ["/tmp"]))
        self.assertEqual(answer["parent"], 0, "the server is the first process")
        health = eventually("healthy".__eq__, lambda: inspect(container)["State"]["Health"]["Status"])
        self.assertEqual(health, "healthy")
        run("docker", "stop", "--time", "20", container)
        return tag

    def test_distroless_runs_a_package_without_a_shell(self):
        project = Project("distroless", "build.base=distroless", HELD["distroless"])
        self.addCleanup(project.end)
        tag = self.serves(project, "distroless", DISTROLESS)
        self.assertNotIn("/bin/sh", programs(tag))
        self.assertIn("/usr/bin/python3.13", programs(tag))

    def test_chainguard_builds_as_root_and_runs_plain_code_without_a_shell(self):
        """Its builder runs as somebody else by itself, and both of its images start Python."""
        project = Project("chainguard", "build.base=chainguard", HELD["chainguard"], "build.source=src")
        self.addCleanup(project.end)
        # No project to install: its code is copied.
        pyproject = project.folder / "pyproject.toml"
        pyproject.write_text(pyproject.read_text().split("[build-system]")[0])
        lock = project.folder / "uv.lock"
        lock.write_text(lock.read_text().replace('source = { editable = "." }', 'source = { virtual = "." }'))
        tag = self.serves(project, "chainguard", *CHAINGUARD)
        self.assertNotIn("/bin/sh", programs(tag))
        found = in_python(tag, "import json, orders; print(json.dumps([orders.__file__, orders.__cached__]))")
        self.assertEqual(found[0], "/app/src/orders/__init__.py")
        self.assertTrue(in_python(tag, f"import json, os; print(json.dumps(os.path.exists({found[1]!r})))"), "bytecode")

    def test_hashed_requirements_are_compiled_where_uv_has_its_own_image(self):
        """`-r` reads what lies beside it; what has no wheel is built with the packages of the profile."""
        project = Project(
            "requirements", "build.base=uv", "build.lock=requirements", "build.requirements=requirements/prod.txt",
            "build.source=src", 'build.packages={ build = ["gcc", "libc6-dev", "libpq-dev"], runtime = ["libpq5"] }',
        )  # fmt: skip
        self.addCleanup(project.end)
        folder = project.folder / "requirements"
        folder.mkdir()
        (folder / "base.txt").write_text(hashed(project.folder / "uv.lock"))
        (folder / "prod.txt").write_text(f"-r base.txt\n{SOURCES}\n")
        tag = self.serves(project, "requirements")
        version = in_python(tag, "import psycopg2; print(psycopg2.__libpq_version__)")
        self.assertGreaterEqual(version, 170000, "of Debian's libpq5")
        (folder / "prod.txt").write_text(f"-r base.txt\n{SOURCES[:-4]}beef\n")
        with self.assertRaisesRegex(AssertionError, "[Hh]ash mismatch"):
            project.build()


def hashed(lock):
    """The packages of a lock as requirements, each held to its hashes."""
    packages = tomllib.loads(lock.read_text())["package"]
    lines = []
    for package in packages:
        if "registry" in package["source"] and package["name"] != "ruff":
            files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
            hashes = " ".join(f"--hash={file['hash']}" for file in files)
            lines.append(f"{package['name']}=={package['version']} {hashes}")
    return "\n".join(lines) + "\n"


def in_python(image, code):
    return json.loads(run("docker", "run", "--rm", "--entrypoint", "python", image, "-c", code))


def programs(image):
    """Programs of an image, without asking any of them."""
    code = "import json, os; print(json.dumps([os.path.join(f, n) for f in ('/bin', '/usr/bin') for n in os.listdir(f)]))"
    return in_python(image, code)
