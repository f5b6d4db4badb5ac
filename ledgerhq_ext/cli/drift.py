"""`ledgerhq drift`: what changed in LedgerHQ's contract, from a checkout of this project."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

import ledgerhq_ext
from ledgerhq_ext import InputError
from ledgerhq_ext.cli._commands import command
from ledgerhq_ext.cli._invocation import Invocation


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "drift", examples=["ledgerhq drift", "ledgerhq drift openapi.json --json"])(drift)


def drift(
    run: Invocation,
    contract: Annotated[
        str | None,
        typer.Argument(
            metavar="[CONTRACT]", help="The path or URL of the contract; by default the live one."
        ),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(
            "--base",
            metavar="CONTRACT",
            help="The contract to compare with; by default this library's.",
        ),
    ] = None,
) -> int:
    """Compare LedgerHQ's contract with this library's.

    Requires a checkout of the project, because the comparison is not part of the installed package.
    Its exit statuses are 0 (no changes), 1 (additions), 2 (breaking changes), 3 (the comparison
    failed) and 4 (changes that regenerating resolves).
    """
    root = Path(ledgerhq_ext.__file__).parents[1]
    if not (root / "scripts" / "drift").is_dir():
        raise InputError(
            "Comparing contracts requires a checkout of the project, because the installed "
            "package contains only the generated client. Run make drift in a checkout."
        )
    words = [sys.executable, "-m", "scripts.drift"]
    if contract is not None:
        words.append(_from_here(contract))
    if base is not None:
        words.extend(["--base", _from_here(base)])
    if run.as_json:
        words.extend(["--format", "json"])
    return subprocess.run(words, cwd=root, check=False).returncode  # noqa: S603 - our own script


def _from_here(contract: str) -> str:
    """Return a path as it is meant in this folder; an address as it is."""
    return contract if "://" in contract else str(Path(contract).absolute())
