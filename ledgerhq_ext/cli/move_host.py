"""`ledgerhq move-host`: tokens, links and outbox follow the service to its new host."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from attrs import asdict

from ledgerhq_ext import InputError
from ledgerhq_ext.cli._commands import command
from ledgerhq_ext.cli._failures import Status, status_of
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._postings import lines_of


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    command(
        app,
        "move-host",
        examples=["ledgerhq move-host https://app.ledgerhq.pro https://ledgerhq.pro"],
    )(move_host)


def move_host(
    run: Invocation,
    old: Annotated[str, typer.Argument(metavar="OLD", help="The base URL of the old host.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The base URL of the new host.")],
    keys_moved: Annotated[
        bool,
        typer.Option(
            "--keys-moved",
            help="The new host knows the idempotency keys of the old one (ask the vendor).",
        ),
    ] = False,
) -> None:
    """Move what is stored to the service's new host.

    This covers the login of --firm, and every link and posting in the store. Stop the workers
    first. A posting that may have been sent to the old host needs attention, unless --keys-moved is
    given.
    """
    from ledgerhq_ext import FileTokenStore

    refusals: list[InputError] = []
    moved: dict[str, Any] = {"login": False, "store": None}
    tokens = run.token_store()
    if isinstance(tokens, FileTokenStore):
        try:
            tokens.move_host(old, new)
            moved["login"] = True
        except InputError as error:
            # It is there, and cannot be moved: it is being refreshed, say.
            connection = tokens.read()
            if connection is not None and old.lower().startswith(connection.issuer):
                raise
            refusals.append(error)
    if run.has_store:
        try:
            with run.store() as store:
                moved["store"] = asdict(store.move_host(old, new, keys_moved=keys_moved))
        except InputError as error:
            # A store that cannot be used has not said that it has nothing.
            if status_of(error) is Status.SERVICE:
                raise
            refusals.append(error)
    if not moved["login"] and moved["store"] is None:
        nothing = InputError(f"Nothing of {old} is stored here. Nothing was changed.")
        raise next(iter(refusals), nothing)
    run.print_one(moved, _text(moved))


def _text(moved: dict[str, Any]) -> str:
    lines = ["The login was moved." if moved["login"] else "There is no login for the old host."]
    store = moved["store"]
    if store is None:
        lines.append("The store has nothing for the old host.")
    else:
        lines.append(lines_of(store))
    return "\n".join(lines)
