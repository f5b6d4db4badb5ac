"""`ledgerhq companies`: the client companies of the firm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from ledgerhq_ext.cli._commands import command
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._output import Row, column

if TYPE_CHECKING:
    from ledgerhq_ext import OrganizationRecord


COLUMNS = (
    column("Company", "name", flexible=True),
    column("Currency", "currency"),
    column("Year from", "fiscal_year_start"),
    column("Id", "id"),
)
"""How companies are shown, here and to ``whoami``."""
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "companies", examples=["ledgerhq companies", "ledgerhq companies --json"])(
        companies
    )


def companies(run: Invocation) -> None:
    """List the client companies of the firm.

    Each company comes with its id, currency and fiscal year.
    """
    with run.client() as hq:
        rows = [company_row(record) for record in hq.organizations(type="client")]
    run.print("companies", rows, COLUMNS, empty="The firm has no client companies.")


def company_row(record: OrganizationRecord) -> Row:
    """Return a company for a table or JSON."""
    return {
        "id": record.id,
        "name": record.name,
        "currency": record.default_currency,
        "fiscal_year_start_month": record.fiscal_year_start_month,
        "fiscal_year_start": _MONTHS[record.fiscal_year_start_month - 1],
    }
