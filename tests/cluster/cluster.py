"""A Kubernetes API server of our own with its etcd, on loopback, and a client that says what it answers."""

import contextlib
import json
import os
import secrets
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

TOOLS = Path(os.environ.get("RENDER_TOOLS") or Path.home() / ".cache/render-tools")
HERE = Path(__file__).resolve().parent
PATIENCE = 90  # seconds until it answers: it makes its own certificates first


class Refused(AssertionError):
    """What the server said instead of doing as asked."""


class Cluster:
    """Runs as long as its `with` block."""

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="render-cluster-"))
        self.token = secrets.token_hex()
        self.processes = []
        self.kinds = {}
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()
        shutil.rmtree(self.folder)

    def start(self):
        client, peer, self.port = free_port(), free_port(), free_port()
        key, tokens, certificates = (self.folder / name for name in ("accounts.key", "tokens.csv", "certificates"))
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, stderr=subprocess.DEVNULL)
        tokens.write_text(f'{self.token},admin,admin,"system:masters"\n')
        etcd = f"http://127.0.0.1:{client}"
        self.run(
            TOOLS / "etcd/usr/bin/etcd", f"--data-dir={self.folder / 'etcd'}", "--unsafe-no-fsync",
            f"--listen-client-urls={etcd}", f"--advertise-client-urls={etcd}",
            f"--listen-peer-urls=http://127.0.0.1:{peer}", f"--initial-advertise-peer-urls=http://127.0.0.1:{peer}",
            f"--initial-cluster=default=http://127.0.0.1:{peer}",
        )  # fmt: skip
        self.run(
            TOOLS / "bin/kube-apiserver", f"--etcd-servers={etcd}", "--bind-address=127.0.0.1",
            f"--secure-port={self.port}", "--advertise-address=127.0.0.1", "--service-cluster-ip-range=10.96.0.0/16",
            f"--cert-dir={certificates}", f"--token-auth-file={tokens}", "--authorization-mode=RBAC",
            f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}",
            "--service-account-issuer=https://kubernetes.default.svc", "--endpoint-reconciler-type=none",
        )  # fmt: skip
        # A certificate of its own making: what it says goes over loopback.
        self.context = ssl.create_default_context()
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE
        end = time.monotonic() + PATIENCE
        while not self.is_ready():
            if time.monotonic() > end or any(process.poll() is not None for process in self.processes):
                logs = "\n".join(path.read_text()[-3000:] for path in self.folder.glob("*.log"))
                raise RuntimeError(f"the API server does not answer:\n{logs}")
            time.sleep(0.2)

    def run(self, program, *words):
        log = self.folder / f"{program.name}.log"
        with log.open("w") as output:
            self.processes.append(subprocess.Popen([program, *words], stdout=output, stderr=output))

    def is_ready(self):
        try:
            return self.ask("GET", "/readyz")[0] == "ok"
        except (Refused, OSError):
            return False

    def ask(self, method, path, body=None, content="application/json"):
        """The answer, as JSON where it is that, and the warnings that came with it."""
        request = urllib.request.Request(
            f"https://127.0.0.1:{self.port}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": content},
        )
        try:
            with urllib.request.urlopen(request, context=self.context, timeout=30) as answer:
                text = answer.read().decode()
                warnings = answer.headers.get_all("Warning") or []
        except urllib.error.HTTPError as error:
            raise Refused(f"{method} {path}: {error.code} {error.read().decode()}") from None
        is_json = text.startswith("{")
        return json.loads(text) if is_json else text, warnings

    def path(self, version, kind, namespace):
        """Where objects of a kind are."""
        if version not in self.kinds:
            root = "/api" if "/" not in version else "/apis"
            known = self.ask("GET", f"{root}/{version}")[0]["resources"]
            self.kinds[version] = {one["kind"]: (f"{root}/{version}", one) for one in known if "/" not in one["name"]}
        root, resource = self.kinds[version][kind]
        inside = f"/namespaces/{namespace}" if resource["namespaced"] else ""
        return f"{root}{inside}/{resource['name']}"

    def apply(self, document, namespace, *, manager="pipeline"):
        """Applies an object as a pipeline would; its strict answer and warnings."""
        path = self.path(document["apiVersion"], document["kind"], namespace)
        question = f"?fieldManager={manager}&fieldValidation=Strict"
        name = document["metadata"]["name"]
        return self.ask("PATCH", f"{path}/{name}{question}", document, "application/apply-patch+yaml")

    def create(self, document, namespace, *, dry=False):
        path = self.path(document["apiVersion"], document["kind"], namespace)
        return self.ask("POST", f"{path}?fieldValidation=Strict{'&dryRun=All' if dry else ''}", document)

    def define(self, document):
        """Adds a kind, and waits until it is known."""
        self.apply(document, None)
        version = f"{document['spec']['group']}/{document['spec']['versions'][0]['name']}"
        names = document["spec"]["names"]["plural"]
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(Refused):
                if any(one["name"] == names for one in self.ask("GET", f"/apis/{version}")[0]["resources"]):
                    return
            time.sleep(0.1)
        raise Refused(f"{names} of {version} never came")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
