"""The program: every command in its place, and the streams that it prints to."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from ledgerhq_ext import __version__
from ledgerhq_ext.cli import (
    accounts,
    bank,
    companies,
    contacts,
    drift,
    links,
    login,
    move_host,
    outbox,
    packet,
    post,
    review,
    sandbox,
    statements,
    whoami,
)
from ledgerhq_ext.cli._commands import new_app
from ledgerhq_ext.cli._failures import without_output
from ledgerhq_ext.cli._output import write

NAME = "ledgerhq"


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line, and return its exit status."""
    _replace_closed_streams()
    _accept_any_text()
    status = 0
    try:
        app(args=None if arguments is None else list(arguments), prog_name=NAME)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except OSError as error:
        # Of help and the like: what a command does has errors of its own.
        return without_output(error, status)
    try:
        sys.stdout.flush()
    except OSError as error:
        return without_output(error, status)
    return status


def _replace_closed_streams() -> None:
    """Open the null device for what the caller has closed (`>&-`), as some schedulers do."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - for good
            setattr(sys, name, stream)


def _accept_any_text() -> None:
    """Let every text be printed, also where the terminal's encoding lacks its characters."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _show_version(value: bool) -> None:
    if value:
        write(f"{NAME} {__version__}")
        raise typer.Exit


app = new_app("LedgerHQ on the command line: connect a firm, read its books, post and report.")


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """LedgerHQ on the command line: connect a firm, read its books, post and report.

    Every command takes --json, and --help shows examples of it. Exit statuses: 0 done, 1 a check
    differs or something failed, 2 wrong usage, 3 the service refused or was not reached, 4 log in
    first, 5 unknown whether it was carried out, 130 interrupted.
    """


_GROUPS = (
    login,
    whoami,
    move_host,
    companies,
    links,
    accounts,
    contacts,
    bank,
    statements,
    packet,
    post,
    review,
    outbox,
    drift,
    sandbox,
)
for _group in _GROUPS:
    _group.add_to(app)
