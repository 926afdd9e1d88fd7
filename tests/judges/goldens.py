"""What the judges share: where the goldens lie and how Compose is asked about them."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
TOOLS = Path(os.environ.get("RENDER_TOOLS") or Path.home() / ".cache/render-tools")
BASE = "docker-compose.yml"


def examples(folders):
    """The examples in the given folders; a folder with a `rendered` in it is itself one."""
    for folder in folders:
        folder = Path(folder).resolve()
        if (folder / "rendered").is_dir():
            yield folder
        else:
            yield from sorted(path.parent for path in folder.glob("*/rendered"))


def rendered(example, pattern):
    return sorted((example / "rendered").glob(pattern))


def place(path):
    """The name of a golden in reports and exceptions: `orders/k8s-prod/service.yaml`."""
    path = Path(path)
    example = next(parent for parent in path.parents if parent.name == "rendered").parent
    return f"{example.name}/{path.relative_to(example / 'rendered')}"


def compose_stacks(example):
    """Every list of files that a user hands to Compose: the base alone, and with each override."""
    base = example / "rendered/compose" / BASE
    if base.exists():
        yield [base]
    yield from ([base, path] for path in rendered(example, "compose/*.yml") if path != base)


def compose_config(files, folder, *options):
    """Asks Compose what it makes of the files. Variables must have a value, any; neither the caller's environment nor
    an `.env` somewhere may supply it, so that every machine gets the same answer. The examples in the folder name them:
    Compose complains about any other."""
    texts = [path.read_text() for path in Path(folder).glob(".env*.example")]
    variables = {name for text in texts for name in re.findall(r"(?m)^(?:# )?([A-Za-z_]\w*)=", text)}
    with tempfile.TemporaryDirectory() as scratch:
        # Two levels down, so that `../../conf` stays inside and can be told where it is.
        project = Path(scratch, "rendered", "compose")
        project.mkdir(parents=True)
        dummies = Path(project) / "dummies.env"
        dummies.write_text("".join(f"{name}=1\n" for name in sorted(variables)))
        # Files of variables must be there, too.
        for name in {name for file in files for name in re.findall(r"path: \./(\S+\.env)$", file.read_text(), re.M)}:
            (Path(project) / name).touch()
        command = [TOOLS / "bin/docker-compose", "--project-directory", project, "--env-file", dummies]
        command += [word for file in files for word in ("-f", file)]
        answer = subprocess.run(
            [*command, "config", *options],
            env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"},
            capture_output=True,
            text=True,
        )
        # Every run has a project of its own; the folders around it stand for those around the files.
        real = Path(folder).absolute()
        for ours, theirs in [(project, real), (project.parent, real.parent), (Path(scratch), real.parent.parent)]:
            answer.stdout = answer.stdout.replace(str(ours), str(theirs))
        return answer
