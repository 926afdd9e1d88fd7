"""A Kubernetes API server of our own with its etcd, on loopback, and a client that says what it answers."""

import contextlib
import ctypes
import json
import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

TOOLS = Path(os.environ.get("RENDER_TOOLS") or Path.home() / ".cache/render-tools")
HERE = Path(__file__).resolve().parent
PATIENCE = 90  # seconds until it answers: it makes its own certificates first
ATTEMPTS = 3  # somebody else may take a port that was free a moment ago
KILLED_WITH_US = (1, signal.SIGKILL)  # prctl(PR_SET_PDEATHSIG): nothing is left running, even of a run that is killed


class Refused(AssertionError):
    """What the server said instead of doing as asked."""


class Cluster:
    """Runs as long as its `with` block."""

    def __enter__(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: sys.exit(1))  # the block ends in order
        for attempt in range(ATTEMPTS):
            self.folder = Path(tempfile.mkdtemp(prefix="render-cluster-"))
            self.token = secrets.token_hex()
            self.processes = []
            self.kinds = {}
            try:
                self.start()
                return self
            except BaseException as error:
                self.__exit__()
                if "address already in use" not in str(error) or attempt + 1 == ATTEMPTS:
                    raise

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
        self.certificate = certificates / "apiserver.crt"
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
            end = lambda: ctypes.CDLL(None).prctl(*KILLED_WITH_US)
            self.processes.append(subprocess.Popen([program, *words], stdout=output, stderr=output, preexec_fn=end))

    def is_ready(self):
        try:
            return self.ask("GET", "/readyz")[0] == "ok"
        except (Refused, OSError):
            return False

    def ask(self, method, path, body=None, content="application/json", token=None):
        """The answer, as JSON where it is that, and the warnings that came with it."""
        request = urllib.request.Request(
            f"https://127.0.0.1:{self.port}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token or self.token}", "Content-Type": content},
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

    def apply(self, document, namespace, *, manager="pipeline", force=False, token=None):
        """Applies an object as a pipeline would; its strict answer and warnings."""
        question = f"?fieldManager={manager}&fieldValidation=Strict{'&force=true' if force else ''}"
        where = self.where(document, namespace)
        return self.ask("PATCH", f"{where}{question}", document, "application/apply-patch+yaml", token)

    def create(self, document, namespace, *, manager="pipeline", dry=False):
        path = self.path(document["apiVersion"], document["kind"], namespace)
        question = f"?fieldManager={manager}&fieldValidation=Strict{'&dryRun=All' if dry else ''}"
        return self.ask("POST", f"{path}{question}", document)

    def delete(self, document, namespace):
        """At once, and whether it is there or not."""
        now = {"apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0, "propagationPolicy": "Background"}
        try:
            self.ask("DELETE", self.where(document, namespace), now)
        except Refused as refusal:
            if ": 404 " not in str(refusal):
                raise

    def where(self, document, namespace):
        path = self.path(document["apiVersion"], document["kind"], namespace)
        return f"{path}/{document['metadata']['name']}"

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
