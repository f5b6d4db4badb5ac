"""The command line ``ledgerhq`` (extra ``[cli]``): ``ledgerhq --help`` lists its commands.

    from ledgerhq_ext.cli import main

    status = main(["companies", "--help"])

docs/command-line.md describes every command, its JSON output and the exit statuses.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ledgerhq_ext import __version__
from ledgerhq_ext._extras import require
from ledgerhq_ext.errors import MissingExtraError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status. Without arguments, use those of the
    process.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    if words == ["--version"] and sys.stdout is not None:
        # Scripts ask for it often: it needs none of the commands.
        try:
            sys.stdout.write(f"ledgerhq {__version__}\n")
            sys.stdout.flush()
        except OSError as error:
            from ledgerhq_ext.cli._failures import without_output

            return without_output(error, 0)
        return 0
    try:
        require("the command line", "cli", "rich", "typer")
    except MissingExtraError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2

    # Here, so that an extra that is missing is a line and not a traceback.
    from ledgerhq_ext.cli._program import run

    return run(arguments)
