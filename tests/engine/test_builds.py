"""What a build does again, and what it refuses."""

import re
import subprocess
import unittest

from engine import HELD, STANDINS, Failed, Project, contexts, inspect, run

SYNC = re.compile(r"^#(\d+) .*uv sync .*--no-install-project", re.M)


class Builds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.project = Project("builds")
        cls.addClassCleanup(cls.project.end)
        cls.project.render("dockerfile")

    def build(self, *words):
        return self.project.build("--tag", "orders:builds", *words)

    def test_a_change_of_the_source_installs_no_dependency_again(self):
        self.build()
        main = self.project.folder / "src/orders/main.py"
        main.write_text(main.read_text().replace('"hello"', '"good day"'))
        log = self.build()
        step = SYNC.search(log)
        self.assertIsNotNone(step, log)
        self.assertIn(f"#{step[1]} CACHED", log)

    def test_a_stale_lock_stops_the_build(self):
        stale = Project("stale")
        self.addCleanup(stale.end)
        stale.render("dockerfile")
        project = stale.folder / "pyproject.toml"
        project.write_text(project.read_text().replace('"fastapi",', '"fastapi", "httpx",', 1))
        with self.assertRaisesRegex(Failed, "lockfile .*needs to be updated"):
            stale.build()

    def test_one_command_builds_and_tags_what_the_profile_declares(self):
        run("docker", "buildx", "bake", "-f", "docker-bake.json", "--progress", "plain", cwd=self.project.folder)
        labels = inspect("orders:1.0.0")["Config"]["Labels"]
        self.assertEqual(labels["org.opencontainers.image.version"], "1.0.0")

    def test_the_builder_itself_has_no_complaint_about_any_base(self):
        for base in ("slim", "alpine", "uv", "chainguard", "distroless"):
            project = Project(base, f"build.base={base}", *([HELD[base]] if base in HELD else []))
            self.addCleanup(project.end)
            # It looks at no more of an image than how it is configured.
            alpine = ["--build-context=python:3.13-alpine3.23=docker-image://python:3.13-slim-trixie"]
            for file in ("Dockerfile", "Dockerfile.dev"):
                with self.subTest(base, file=file):
                    project.render("dockerfile", *(["--dev"] if file != "Dockerfile" else []))
                    answer = project.build("--check", "--file", file, *contexts(*STANDINS), *alpine)
                    self.assertIn("no warnings found", answer)
