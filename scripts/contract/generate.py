"""Step `generate`: the raw client, made by openapi-python-client and formatted by ruff."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .attributes import python_names
from .errors import StepError
from .layout import PACKAGE, Layout
from .pointers import Object

_RUFF = ("--isolated", "--no-cache", "--target-version", "py311")
_SECONDS = 600
_STYLES = "styles.py"
_GENERATOR = Path(__file__).with_name("generator.py")


class GeneratorError(StepError):
    """The generator itself failed, so that nothing at all came out."""


def generate(document: Object, layout: Layout, folder: Path) -> Path:
    """Write the package for `document` into `folder` and say where it is."""
    source = folder / "view.json"
    names = folder / "names.json"
    package = folder / PACKAGE
    # Not sorted: the fields of a record stand in their order.
    source.write_text(json.dumps(document, indent=1), encoding="utf-8")
    table = python_names(document)
    names.write_text(json.dumps(table), encoding="utf-8")
    arguments = [
        *("generate", "--path", str(source), "--meta", "none", "--config", str(layout.config)),
        *("--custom-template-path", str(layout.templates), "--output-path", str(package)),
    ]
    _run("openapi-python-client", str(_GENERATOR), str(names), *arguments, folder=folder)
    (package / "py.typed").touch()
    for file in sorted((layout.templates / "runtime").glob("*.py")):
        # Most contracts have no parameter whose style matters.
        if file.name != _STYLES or table["styles"]:
            shutil.copy(file, package)
    _run(
        "ruff",
        "-m",
        "ruff",
        "check",
        *_RUFF,
        "--line-length",
        "120",
        "--fix-only",
        "--select",
        "F,I,UP",
        str(package),
        folder=folder,
    )
    _run(
        "ruff", "-m", "ruff", "format", *_RUFF, "--line-length", "120", str(package), folder=folder
    )
    source.unlink()
    names.unlink()
    return package


def _run(tool: str, *arguments: str, folder: Path) -> None:
    # Started through this interpreter, a tool is the one installed beside it, whatever the PATH
    # says. `-P`: the modules beside the generator's file are not to be taken for others of their
    # names.
    command = [sys.executable, "-P", *arguments]
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "NO_COLOR": "1",
        "COLUMNS": "200",
    }
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
        raise StepError("generate", f"{tool} took longer than {_SECONDS} s") from None
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()[-30:]
        todo = (
            "repair the contract by rows in openapi/repairs.json, or teach "
            "scripts/contract/view.py about it"
        )
        raise GeneratorError("generate", f"{tool} failed", why="\n         ".join(lines), todo=todo)
