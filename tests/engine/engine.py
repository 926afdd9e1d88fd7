"""A project on disk, rendered, built and run by a Docker Engine of our own."""

import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RENDER = os.environ.get("RENDER") or ROOT / "target/debug/render"
PATIENCE = 60  # seconds for what takes a few

# Images that a Dockerfile names by a digest, which no image has that was made here, and what stands in for them.
DIGEST = "sha256:" + 64 * "0"
STANDINS = {
    "gcr.io/distroless/python3-debian13:nonroot": "render/distroless",
    "cgr.dev/chainguard/python:latest-dev": "render/chainguard-dev",
    "cgr.dev/chainguard/python:latest": "render/distroless",
}
# The key that holds the images of a base by it.
HELD = {
    base: "build.digests={" + ", ".join(f'"{image}" = "{DIGEST}"' for image in STANDINS if base in image) + "}"
    for base in ("chainguard", "distroless")
}


class Failed(AssertionError):
    """A command of which we expected success; with all that it said."""


def run(*command, cwd=None, accept=(0,), **more):
    """The output of a command, with that for people."""
    answer = subprocess.run(
        list(map(str, command)), cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more
    )
    if answer.returncode not in accept:
        raise Failed(f"{' '.join(map(str, command))}: exit code {answer.returncode}\n{answer.stdout}")
    return answer.stdout


def eventually(wanted, ask, patience=PATIENCE):
    """Asks until the answer is what is wanted; the last answer."""
    end = time.monotonic() + patience
    while True:
        try:
            answer = ask()
        except OSError as error:  # nobody listens yet
            answer = error
        if wanted(answer) or time.monotonic() > end:
            return answer
        time.sleep(0.2)


class Project:
    """A copy of the app, with the files that the renderer writes into it."""

    def __init__(self, name, *sets, app="app"):
        self.folder = Path(tempfile.mkdtemp(prefix=f"render-{name}-"))
        self.sets = [word for one in sets for word in ("--set", one)]
        shutil.copytree(HERE / app, self.folder, dirs_exist_ok=True)
        # A password with what files of variables and URLs have trouble with is another test's; here it must be simple.
        (self.folder / ".env").write_text("DB_PASSWORD=correct-horse\n")
        self.name = name
        self.files = ["-f", "docker-compose.yml"]

    def render(self, *words):
        run(RENDER, *words, "profile.toml", *self.sets, "-o", ".", "--force", "-q", cwd=self.folder)

    def compose(self, *words, **more):
        command = ["docker", "compose", "--ansi", "never", "--project-name", f"render-{self.name}", *self.files]
        return run(*command, *words, cwd=self.folder, **more)

    def up(self, *words):
        """Starts everything and waits until it is healthy; else with what the containers said."""
        try:
            self.compose("up", "--detach", "--wait", "--wait-timeout", "180", *words)
        except Failed as failure:
            raise Failed(f"{failure}\n{self.compose('logs', '--tail', '20')}") from None

    def build(self, *words, **more):
        command = ["docker", "build", "--progress", "plain", *words, "."]
        return run(*command, cwd=self.folder, stdin=subprocess.DEVNULL, **more)

    def container(self, service):
        """What the engine knows of the container of a service, running or ended."""
        identifiers = self.compose("ps", "--all", "--quiet", service).split()
        assert len(identifiers) == 1, f"{service}: {len(identifiers)} containers"
        return inspect(identifiers[0])

    def get(self, path):
        """The answer of the app on its published port, as JSON."""
        with urllib.request.urlopen(f"http://127.0.0.1:8000{path}", timeout=5) as answer:
            return json.load(answer)

    def end(self):
        if (self.folder / "docker-compose.yml").exists():
            self.compose("--profile", "*", "down", "--volumes", "--timeout", "5", "--remove-orphans")
        shutil.rmtree(self.folder)


def alone(image):
    """Starts an image by itself, confined as a pod is: nothing but what the image says. The name of the container."""
    return run(
        "docker", "run", "--detach", "--rm", "--read-only", "--tmpfs", "/tmp:rw,noexec,nosuid,size=64m",
        "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--memory", "256m", "--pids-limit", "128",
        "--publish", "127.0.0.1:8000:8000", image,
    ).strip()  # fmt: skip


def contexts(*images):
    """Arguments of a build that put stand-ins for images there."""
    return [f"--build-context={image}@{DIGEST}=docker-image://{STANDINS[image]}" for image in images]


def inspect(name):
    return json.loads(run("docker", "inspect", name))[0]
