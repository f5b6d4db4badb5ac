"""`ledgerhq link`, `unlink` and `links`: which company is which client of the app's own."""

from __future__ import annotations

from typing import Annotated

import typer

from ledgerhq_ext.cli._commands import Company, command
from ledgerhq_ext.cli._failures import Status
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._output import column, plain_text

OwnId = Annotated[str, typer.Argument(metavar="ID", help="The id of the client in your own app.")]
_COLUMNS = (
    column("Your id", "id"),
    column("Company", "company_id"),
    column("Firm", "firm"),
    column("Service", "address"),
)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    command(app, "link", examples=['ledgerhq link "Maple Street Coffee" client-17'])(link)
    command(app, "unlink", examples=["ledgerhq unlink client-17"])(unlink)
    command(app, "links", examples=["ledgerhq links --json"])(links)


def link(
    run: Invocation,
    company: Company,
    id: OwnId,
    shared: Annotated[
        bool,
        typer.Option("--shared", help="Allow several of your clients to be linked to the company."),
    ] = False,
) -> None:
    """Link a company to a client of your app. Linking the same pair again changes nothing."""
    with run.client() as hq, run.store() as store:
        record, books = run.company(hq, company)
        store.clients.link(id, books, shared=shared)
    text = plain_text(f"{id} is {record.name} ({record.id}).")
    run.print_one({"id": id, "company_id": record.id}, text)


def unlink(run: Invocation, id: OwnId) -> int:
    """Remove the link of a client of your app. Its postings stay."""
    with run.existing_store() as store:
        was_linked = store.clients.unlink(id)
    if not was_linked:
        run.print_one({"id": id, "unlinked": False}, f"{id} was not linked.")
        return Status.DIFFERS

    run.print_one({"id": id, "unlinked": True}, f"{id} is no longer linked.")
    return Status.OK


def links(run: Invocation) -> None:
    """List your app's clients and their companies."""
    with run.existing_store() as store:
        rows = [
            {
                "id": one.partner_id,
                "company_id": one.organization_id,
                "firm": one.connection,
                "address": one.origin,
            }
            for one in store.clients.links()
        ]
    run.print("links", rows, _COLUMNS, empty="Nothing is linked.")
