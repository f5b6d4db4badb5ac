"""The form of a written module: formatted by ruff, without the imports that nothing uses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scripts.surface.targets import RAW_TARGET, RAWS

_ROOT = Path(__file__).resolve().parents[2]


def formatted(source: str, name: str) -> str:
    """Return the source as ruff formats it, without the imports that nothing uses."""
    if name == f"{RAW_TARGET}.py":
        source = _with_type_checking(source)
    tidy_imports = ["check", "--fix", "--exit-zero", "--quiet", "--select", "I,F401", "-"]
    for command in (tidy_imports, ["format", "-"]):
        completed = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--stdin-filename", f"ledgerhq_ext/{name}"],
            input=source,
            capture_output=True,
            encoding="utf-8",
            check=True,
            cwd=_ROOT,
        )
        source = completed.stdout
    return source


def _with_type_checking(source: str) -> str:
    """Return the source with its client imported for type checkers only: the client imports it."""
    lines = source.splitlines()
    last = max(at for at, line in enumerate(lines) if line.startswith(("import ", "from ")))
    names = ", ".join(raw.name for raw in RAWS)
    guard = ["", "if TYPE_CHECKING:", f"    from ledgerhq_ext.client import {names}", ""]
    return "\n".join([*lines[: last + 1], *guard, *lines[last + 1 :]]) + "\n"
