"""A private index: its URL, which has a password, reaches the step that installs, and nothing else."""

import base64
import hashlib
import io
import os
import threading
import unittest
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from engine import Failed, Project, inspect, run

PASSWORD = "correct-horse-battery"
LOCK = """version = 1
revision = 3
requires-python = ">=3.13"

[[package]]
name = "prices"
version = "1.0"
source = {{ registry = "{index}" }}
wheels = [{{ url = "{index}/prices/{name}", hash = "sha256:{sha}" }}]

[[package]]
name = "shop"
version = "0.1.0"
source = {{ virtual = "." }}
dependencies = [{{ name = "prices" }}]

[package.metadata]
requires-dist = [{{ name = "prices" }}]
"""


class Index(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.project = Project("index", app="private")
        cls.addClassCleanup(cls.project.end)
        host = inspect("bridge")["IPAM"]["Config"][0]["Gateway"]
        server = ThreadingHTTPServer((host, 0), Reader)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)
        place = f"{host}:{server.server_port}/simple"
        lock = LOCK.format(index=f"http://{place}", name=Reader.NAME, sha=hashlib.sha256(Reader.WHEEL).hexdigest())
        (cls.project.folder / "uv.lock").write_text(lock)
        cls.told = {**os.environ, "UV_DEFAULT_INDEX": f"http://reader:{PASSWORD}@{place}"}
        cls.project.render("dockerfile")
        cls.project.render("compose")

    def tearDown(self):
        run("docker", "image", "rm", "--force", "shop:1.0.0")

    def check(self):
        """What was built runs, and no layer, history or variable of it knows the password."""
        self.assertEqual(run("docker", "run", "--rm", "shop:1.0.0"), "42\n")
        saved = self.project.folder / "saved.tar"
        run("docker", "save", "--output", saved, "shop:1.0.0")
        self.assertNotIn(PASSWORD.encode(), saved.read_bytes())
        saved.unlink()  # the next build would read it
        self.assertNotIn(PASSWORD, run("docker", "history", "--no-trunc", "shop:1.0.0"))

    def test_a_build_takes_it_as_a_secret(self):
        self.project.build("--no-cache", "--tag", "shop:1.0.0", "--secret", "id=uv_index,env=UV_DEFAULT_INDEX", env=self.told)
        self.check()

    def test_bake_takes_it_from_the_shell(self):
        command = ["docker", "buildx", "bake", "-f", "docker-bake.json", "--no-cache", "--progress", "plain"]
        run(*command, cwd=self.project.folder, env=self.told)
        self.check()

    def test_compose_takes_it_from_the_shell_where_the_host_builds(self):
        self.project.compose("build", "--no-cache", env=self.told)
        self.check()

    def test_without_it_the_build_says_what_lacks(self):
        with self.assertRaisesRegex(Failed, "secret uv_index: not found"):
            self.project.build("--no-cache")


def wheel():
    """A package of one module."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = "prices-1.0.dist-info"
        archive.writestr("prices.py", "TODAY = 42\n")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: prices\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "prices.py,,\n")
    return file.getvalue()


class Reader(BaseHTTPRequestHandler):
    """An index of one package (PEP 503), for whoever has the password."""

    NAME = "prices-1.0-py3-none-any.whl"
    WHEEL = wheel()
    PAGES = {
        "/simple/prices/": ("text/html", f'<a href="{NAME}">{NAME}</a>'.encode()),
        f"/simple/prices/{NAME}": ("application/octet-stream", WHEEL),
    }

    def do_GET(self):
        known = "Basic " + base64.b64encode(f"reader:{PASSWORD}".encode()).decode()
        page = self.PAGES.get(self.path)
        if self.headers["Authorization"] != known:
            self.send_response(401)
            self.send_header("WWW-Authenticate", "Basic")
            page = None
        else:
            self.send_response(200 if page else 404)
        if page:
            self.send_header("Content-Type", page[0])
        body = page[1] if page else b""
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass
