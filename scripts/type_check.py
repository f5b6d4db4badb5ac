"""The last judge of a new client: whether the layer still type-checks against it."""

import os
import re
import subprocess
import sys
from pathlib import Path

from .contract.seam import Misfit

_LAYER = "ledgerhq_ext"
_SECONDS = 600
_LINE = re.compile(r"(?P<file>[^:\n]+):(?P<line>\d+): error: (?P<what>.*)")


def complaints(package: Path, root: Path) -> list[Misfit]:
    """Return what mypy says of the layer beside a generated package, a row for each line; nothing
    where there is no layer.

    A line that is no complaint about a place is a row as it is.
    """
    if not (root / _LAYER).is_dir():
        return []
    # The pytest plugin is a module beside the package in a wheel, and not one inside it.
    inside = ["--exclude", "testkit/", "-p", _LAYER]
    command = [sys.executable, "-m", "mypy", "--no-error-summary", *inside]
    beside = [str(package.parent), str(root / _LAYER / "testkit")]
    environment = {**os.environ, "MYPYPATH": os.pathsep.join(beside), "NO_COLOR": "1"}
    done = subprocess.run(
        command,
        cwd=root,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=_SECONDS,
    )
    if not done.returncode:
        return []
    lines = [
        line
        for line in (done.stdout + done.stderr).splitlines()
        if line.strip() and ": note: " not in line
    ]
    return [_row(line) for line in lines]


def _row(line: str) -> Misfit:
    match = _LINE.fullmatch(line)
    if match is None:
        return Misfit("the type checker", "", "", "", line)
    return Misfit("the type checker", "", f"{match['file']}:{match['line']}", "", match["what"])
