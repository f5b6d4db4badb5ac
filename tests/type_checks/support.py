"""Where the packages stand, and how the type checkers are run over them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import ledgerhq_api

import ledgerhq_ext


def home(file: str | None) -> Path:
    """Return the folder that a package is imported from."""
    assert file is not None
    return Path(file).resolve().parents[1]


SEARCH_PATHS = tuple(dict.fromkeys([home(ledgerhq_ext.__file__), home(ledgerhq_api.__file__)]))
"""What both packages are imported from: two folders in a checkout, one for an installed wheel."""


def run_checker(module: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a type checker of this environment in a folder, over the packages that are under test."""
    # basedpyright --verifytypes asks the first Python of PATH what can be imported, whatever
    # --pythonpath says.
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    search_path = os.pathsep.join(str(path) for path in SEARCH_PATHS)
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        env={**os.environ, "PATH": programs, "PYTHONPATH": search_path},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def run_basedpyright(*arguments: str, folder: Path) -> Any:
    """Return basedpyright's report."""
    arguments = ("--pythonpath", sys.executable, "--outputjson", *arguments)
    result = run_checker("basedpyright", *arguments, folder=folder)
    assert result.returncode in (0, 1), result.stdout + result.stderr
    return json.loads(result.stdout)
