"""The image of production, run as the Compose file says: hardened, with a database, a cache and a migration."""

import json
import time
import unittest
from datetime import datetime

from engine import Project, eventually, inspect, run

WORKERS = 3
MEBI = 1 << 20


class Production(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.project = Project("production")
        cls.addClassCleanup(cls.project.end)
        cls.project.render("dockerfile")
        cls.project.render("compose")
        cls.built = cls.project.build("--tag", "orders:1.0.0")
        cls.project.up()
        cls.seen = cls.project.get("/self")

    def test_everything_becomes_healthy(self):
        for service in ("orders", "db", "cache"):
            self.assertEqual(self.project.container(service)["State"]["Health"]["Status"], "healthy")

    def test_the_app_reaches_its_services_over_the_rendered_urls(self):
        self.assertEqual(self.project.get("/readyz"), {"status": "ready", "orders": 1})

    def test_the_migration_ends_before_the_app_starts(self):
        migration, app = self.project.container("orders-migrate")["State"], self.project.container("orders")["State"]
        self.assertEqual((migration["Status"], migration["ExitCode"]), ("exited", 0))
        self.assertLess(moment(migration["FinishedAt"]), moment(app["StartedAt"]))

    def test_the_process_is_the_user_of_the_profile(self):
        self.assertEqual((self.seen["uid"], self.seen["gid"]), (10001, 10001))

    def test_only_scratch_space_can_be_written(self):
        self.assertEqual(self.seen["writable"], ["/tmp"])

    def test_the_process_has_no_capability_and_gains_none(self):
        self.assertEqual(set(self.seen["capabilities"]), {"0"})
        self.assertEqual(self.seen["no_new_privileges"], "1")
        self.assertEqual(self.seen["seccomp"], "2", "a filter")

    def test_as_many_workers_run_as_the_rule_says(self):
        """One container of all workers, under one manager, which is the first process."""
        workers = set()
        eventually(lambda seen: len(workers) == WORKERS, lambda: workers.add(self.project.get("/self")["worker"]))
        self.assertEqual(len(workers), WORKERS)
        self.assertEqual(self.project.get("/self")["parent"], 1)

    def test_limits_reach_the_engine(self):
        limits = json.loads(self.project.compose("config", "--format", "json"))
        for service in ("orders", "db", "cache"):
            wanted = limits["services"][service]["deploy"]["resources"]["limits"]
            given = self.project.container(service)["HostConfig"]
            self.assertEqual(given["Memory"], int(wanted["memory"]))
            self.assertEqual(given["PidsLimit"], wanted["pids"])
        self.assertGreaterEqual(self.project.container("orders")["HostConfig"]["Memory"], WORKERS * 128 * MEBI)

    def test_the_port_is_published_on_this_host_alone(self):
        ports = self.project.container("orders")["NetworkSettings"]["Ports"]["8000/tcp"]
        self.assertEqual(ports, [{"HostIp": "127.0.0.1", "HostPort": "8000"}])

    def test_the_image_says_how_it_is_run(self):
        image = inspect("orders:1.0.0")["Config"]
        self.assertEqual(image["User"], "10001:10001")
        self.assertEqual(list(image["ExposedPorts"]), ["8000/tcp"])
        self.assertNotIn("/bin/sh", (image["Entrypoint"] or []) + image["Cmd"])
        self.assertEqual(image["Healthcheck"]["Test"][0], "CMD")
        self.assertFalse([name for name in image["Env"] if "WORKERS" in name or "CONCURRENCY" in name])

    def test_the_image_holds_no_program_to_build_with(self):
        found = run("docker", "run", "--rm", "--entrypoint", "python", "orders:1.0.0", "-c", WHICH)
        self.assertEqual(json.loads(found), [])

    def test_no_file_of_the_app_belongs_to_its_user(self):
        found = run("docker", "run", "--rm", "--entrypoint", "find", "orders:1.0.0", "/app", "-not", "-user", "0")
        self.assertEqual(found, "")

    def test_the_size_of_the_image_is_told(self):
        size = inspect("orders:1.0.0")["Size"] - inspect("python:3.13-slim-trixie")["Size"]
        print(f"(image: {size / 1e6:.0f} MB over its base) ", end="", flush=True)
        self.assertGreater(size, 0)


class Stop(unittest.TestCase):
    def test_a_stop_ends_the_lifespan_of_every_worker_in_time(self):
        project = Project("stop")
        self.addCleanup(project.end)
        project.render("compose")
        project.up()
        grace = json.loads(project.compose("config", "--format", "json"))["services"]["orders"]["stop_grace_period"]
        start = time.monotonic()
        project.compose("stop", "orders")
        took = time.monotonic() - start
        print(f"({took:.1f} s of {grace}) ", end="", flush=True)
        self.assertEqual(project.container("orders")["State"]["ExitCode"], 0)
        self.assertEqual(project.compose("logs", "orders").count("ends pid="), WORKERS)
        self.assertLess(took, 10, "nobody was asked: there are no requests to wait for")


# Which of these programs an image has.
WHICH = "import json, shutil; print(json.dumps([one for one in ('uv', 'pip', 'gcc', 'curl') if shutil.which(one)]))"


def moment(text):
    return datetime.fromisoformat(text)
