"""`ledgerhq sandbox`: a LedgerHQ in a box, as `python -m ledgerhq_ext.sandbox` serves it."""

from __future__ import annotations

import typer

_ANYTHING = {"allow_extra_args": True, "ignore_unknown_options": True}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "sandbox",
        # The sandbox reads its own arguments, and has its own help: its command stands alone, too.
        add_help_option=False,
        context_settings=_ANYTHING,
    )(sandbox)


def sandbox(context: typer.Context) -> None:
    """Run a LedgerHQ sandbox on this machine until Ctrl-C."""
    from ledgerhq_ext.sandbox.__main__ import main

    raise typer.Exit(main(context.args, program="ledgerhq sandbox"))
