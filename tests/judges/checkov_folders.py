"""Judges each given folder by itself with Checkov and prints [[path, check, text]]: Kubernetes objects, and Dockerfiles in
folders of their name.

Checkov's own command line is not used, for two reasons: with several `-d` it keeps the objects of the folders before
(a NetworkPolicy of one example then vouches for the pods of the next), and one call per folder costs seconds each.
"""

import json
import logging
import sys
from pathlib import Path

from checkov.dockerfile.runner import Runner as DockerfileRunner
from checkov.kubernetes.runner import Runner
from checkov.runner_filter import RunnerFilter

logging.disable(logging.WARNING)

findings = []
for folder in sys.argv[1:]:
    runner, framework = (Runner(), "kubernetes")
    if Path(folder).name.startswith("dockerfile"):
        runner, framework = (DockerfileRunner(), "dockerfile")
    report = runner.run(root_folder=folder, runner_filter=RunnerFilter(framework=[framework]))
    if not report.passed_checks and not report.failed_checks:
        sys.exit(f"checkov saw nothing in {folder}")
    findings += [[path, "parse", "cannot be read"] for path in report.parsing_errors]
    findings += [[folder + check.file_path, check.check_id, check.check_name] for check in report.failed_checks]
print(json.dumps(findings))
