"""Step `generate`: the raw client, made by openapi-python-client and formatted by ruff."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .errors import StepError
from .layout import PACKAGE, Layout
from .pointers import Object

_RUFF = ("--isolated", "--no-cache", "--target-version", "py311")
_SECONDS = 600


def generate(document: Object, layout: Layout, folder: Path) -> Path:
    """Write the package for `document` into `folder` and say where it is."""
    source, package = folder / "view.json", folder / PACKAGE
    # Not sorted: the fields of a record stand in their order.
    source.write_text(json.dumps(document, indent=1), encoding="utf-8")
    _run("openapi_python_client", "generate", "--path", str(source), "--meta", "none", "--fail-on-warning",
         "--config", str(layout.config), "--custom-template-path", str(layout.templates),
         "--output-path", str(package), folder=folder)  # fmt: skip
    (package / "py.typed").touch()
    for file in sorted((layout.templates / "runtime").glob("*.py")):
        shutil.copy(file, package)
    _run("ruff", "check", *_RUFF, "--fix-only", "--select", "F,I,UP", str(package), folder=folder)
    _run("ruff", "format", *_RUFF, "--line-length", "120", str(package), folder=folder)
    source.unlink()
    return package


def _run(module: str, *arguments: str, folder: Path) -> None:
    # Started through this interpreter, a tool is the one installed beside it, whatever the PATH says.
    command = [sys.executable, "-m", module, *arguments]
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "NO_COLOR": "1", "COLUMNS": "200"}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise StepError("generate", f"{module} took longer than {_SECONDS} s") from None
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-30:]
        todo = "mend the contract by rows in openapi/repairs.json, or teach scripts/contract/view.py about it"
        raise StepError("generate", f"{module} failed", why="\n         ".join(said), todo=todo)
