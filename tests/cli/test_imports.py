"""The command line uses public names of the library, and imports what it needs when it needs it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

import ledgerhq_ext
from ledgerhq_ext import cli
from ledgerhq_ext.cli._postings import State
from ledgerhq_ext.store._rows import STATES

FOLDER = Path(cli.__file__).parent
PACKAGES = {"pack", "render", "review", "sandbox", "store"}
PUBLIC = {"ledgerhq_ext", *(f"ledgerhq_ext.{name}" for name in PACKAGES)}
OF_THE_HOUSE = {
    # Its command stands alone, too.
    "ledgerhq_ext.sandbox.__main__",
    "ledgerhq_ext._amounts",
    "ledgerhq_ext._extras",
    "ledgerhq_ext._files",
    "ledgerhq_ext._plain",
    "ledgerhq_ext._texts",
    "ledgerhq_ext.errors",
}
"""What every package beside the core shares: extras, files that people keep, texts of strangers."""


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: path.name)
def test_a_command_uses_public_names_only(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("ledgerhq"):
            continue
        module = node.module or ""
        if module.startswith("ledgerhq_ext.cli"):
            continue
        assert module in PUBLIC | OF_THE_HOUSE, f"{path.name} imports {module}"
        if module == "ledgerhq_ext":
            assert {alias.name for alias in node.names} <= {*ledgerhq_ext.__all__, *PACKAGES}


@pytest.mark.slow
def test_the_version_is_told_without_any_command() -> None:
    code = """
import sys
from ledgerhq_ext.cli import main
status = main(["--version"])
print(status, *sys.modules, file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    status, *names = done.stderr.split()
    assert (status, done.stdout) == ("0", f"ledgerhq {ledgerhq_ext.__version__}\n")
    assert not {name.partition(".")[0] for name in names} & {"typer", "rich", "httpx", "attrs"}


@pytest.mark.slow
def test_help_imports_neither_another_extra_nor_a_client() -> None:
    code = """
import sys
from ledgerhq_ext.cli import main
main(["--help"])
print(*sys.modules, file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    names = set(done.stderr.split())
    assert not names & {"ledgerhq_ext.client", "ledgerhq_ext.blocking", "ledgerhq_ext.postings"}
    modules = {name.partition(".")[0] for name in names}
    assert "typer" in modules
    assert not modules & {
        "httpx",
        "sqlalchemy",
        "cryptography",
        "jinja2",
        "typst",
        "starlette",
        "uvicorn",
    }
    assert "ledgerhq_api.models.account" not in done.stderr.split()


def test_the_states_are_those_of_the_store() -> None:
    assert get_args(State) == STATES
