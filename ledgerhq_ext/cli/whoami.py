"""`ledgerhq whoami`: the firm that is logged in, and its companies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from ledgerhq_ext.cli._commands import command
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._output import plain_text, table_text
from ledgerhq_ext.cli.companies import COLUMNS, company_row

if TYPE_CHECKING:
    from ledgerhq_ext import LedgerHQ


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "whoami", examples=["ledgerhq whoami", "ledgerhq whoami --json"])(whoami)


def whoami(run: Invocation) -> None:
    """Show the firm that is logged in, and its companies.

    Each company comes with its id, currency and fiscal year.
    """
    with run.client() as hq:
        record = identity(run, hq)
    run.print_one(record, identity_text(record))


def identity(run: Invocation, hq: LedgerHQ) -> dict[str, Any]:
    """Return who a client speaks for."""
    records = list(hq.organizations())
    firms = [record for record in records if record.type == "firm"]
    return {
        "connection": run.firm,
        "address": run.address,
        "firms": [{"id": record.id, "name": record.name} for record in firms],
        "companies": [company_row(record) for record in records if record.type == "client"],
    }


def identity_text(record: dict[str, Any]) -> str:
    """Return the same for people."""
    lines = [f"Firm     {plain_text(firm['name'])} ({firm['id']})" for firm in record["firms"]]
    if not lines:
        lines.append("Firm     name not available")
    if record["address"]:
        lines.append(f"Service  {record['address']}")
    table = table_text(COLUMNS, record["companies"], empty="The firm has no client companies.")
    return "\n".join([*lines, "", table])
