"""What a build does again, and what it refuses."""

import re
import subprocess
import unittest

from engine import Failed, Project, inspect, run

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
        run("docker", "buildx", "bake", "--progress", "plain", cwd=self.project.folder)
        labels = inspect("orders:1.0.0")["Config"]["Labels"]
        self.assertEqual(labels["org.opencontainers.image.version"], "1.0.0")

    def test_the_builder_itself_has_no_complaint(self):
        for file in ("Dockerfile", "Dockerfile.dev"):
            with self.subTest(file):
                self.project.render("dockerfile", *(["--dev"] if file != "Dockerfile" else []))
                self.assertIn("no warnings found", self.project.build("--check", "--file", file))
