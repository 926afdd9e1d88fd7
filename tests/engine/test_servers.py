"""Every server, in an image of its own, confined as the rendered files confine it."""

import time
import unittest

from engine import Project, alone, eventually, inspect, run

SERVERS = ["uvicorn", "gunicorn", "fastapi", "granian", "hypercorn"]


class Servers(unittest.TestCase):
    def test_each_server_starts_serves_and_ends_by_itself(self):
        for kind in SERVERS:
            with self.subTest(kind):
                self.serve(kind)

    def serve(self, kind):
        project = Project(kind, f"server.kind={kind}", f"image=orders:{kind}")
        self.addCleanup(project.end)
        project.render("dockerfile")
        project.render("compose")
        project.build("--tag", f"orders:{kind}")
        project.up()
        self.assertEqual(eventually(lambda answer: answer, lambda: project.get("/healthz")), {"status": "ok"})
        self.assertEqual(project.get("/self")["writable"], ["/tmp"])
        start = time.monotonic()
        project.compose("stop", "orders")
        print(f"({kind}: {time.monotonic() - start:.1f} s) ", end="", flush=True)
        self.assertEqual(project.container("orders")["State"]["ExitCode"], 0)
        self.assertGreater(project.compose("logs", "orders").count("ends pid="), 0)
        project.compose("down", "--volumes", "--timeout", "5")

    def test_an_image_alone_serves_under_the_confinement_of_a_pod(self):
        """As Kubernetes runs it: one worker, nothing but what the image itself says."""
        project = Project("alone", "image=orders:alone")
        self.addCleanup(project.end)
        project.render("dockerfile")
        project.build("--tag", "orders:alone")
        name = alone("orders:alone")
        self.addCleanup(run, "docker", "rm", "--force", name, accept=(0, 1))
        answer = eventually(lambda answer: isinstance(answer, dict), lambda: project.get("/self"))
        self.assertEqual((answer["uid"], answer["worker"]), (10001, 1))
        health = eventually("healthy".__eq__, lambda: inspect(name)["State"]["Health"]["Status"])
        self.assertEqual(health, "healthy", "by its own HEALTHCHECK")
