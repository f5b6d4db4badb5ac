"""`ledgerhq accounts`: the chart of accounts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledgerhq_ext import AccountType
from ledgerhq_ext.cli import _chart as chart
from ledgerhq_ext.cli._commands import Company, command, new_app
from ledgerhq_ext.cli._failures import Status
from ledgerhq_ext.cli._interruption import deferred
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._output import Row, column, plain_text, progress, say

if TYPE_CHECKING:
    from ledgerhq_ext import Account


_COLUMNS = (
    column("Code", "code"),
    column("Account", "name", flexible=True),
    column("Type", "type"),
    column("Kind", "sub_type"),
    column("Currency", "currency"),
    column("Active", "active"),
    column("Id", "id"),
)
_RESULTS = (
    column("Line", "line"),
    column("Code", "code"),
    column("Account", "name", flexible=True),
    column("Status", "status"),
    column("Message", "message"),
)

Kind = Annotated[AccountType, typer.Option("--type", help="The type of the account.")]


def add_to(program: typer.Typer) -> None:
    """Add the group of commands."""
    app = new_app("List, create and import a company's accounts.")
    command(
        app,
        "list",
        examples=[
            'ledgerhq accounts list "Maple Street Coffee"',
            'ledgerhq accounts list "Maple Street Coffee" --type expense --json',
        ],
    )(list_accounts)
    command(
        app,
        "create",
        examples=['ledgerhq accounts create "Maple Street Coffee" 6105 Toner --type expense'],
    )(create)
    command(
        app,
        "import",
        examples=[
            'ledgerhq accounts import "Maple Street Coffee" accounts.csv --dry-run',
            'ledgerhq accounts import "Maple Street Coffee" accounts.csv',
        ],
    )(import_accounts)
    program.add_typer(app, name="accounts")


def list_accounts(
    run: Invocation,
    company: Company,
    type: Annotated[
        AccountType | None, typer.Option("--type", help="Only accounts of this type.")
    ] = None,
) -> None:
    """List the chart of accounts of a company."""
    with run.client() as hq:
        _, books = run.company(hq, company)
        accounts = books.accounts()
    rows = [account_row(account) for account in accounts if type in (None, account.type)]
    run.print("accounts", rows, _COLUMNS, empty="No accounts match.")


def create(
    run: Invocation,
    company: Company,
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="The code of the account, such as 6105.")
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name of the account.")],
    type: Kind,
    sub_type: Annotated[
        str | None,
        typer.Option("--sub-type", metavar="WORD", help="The subtype, such as bank or inventory."),
    ] = None,
    parent: Annotated[
        str | None, typer.Option("--parent", metavar="CODE", help="The parent account.")
    ] = None,
    currency: Annotated[
        str | None,
        typer.Option("--currency", metavar="CODE", help="The currency; the company's by default."),
    ] = None,
    description: Annotated[
        str | None,
        typer.Option("--description", metavar="TEXT", help="A description of the account."),
    ] = None,
) -> None:
    """Create an account.

    The request is sent once. If there is no response, the account may still have been created;
    check with accounts list.
    """
    with run.client() as hq, deferred():
        _, books = run.company(hq, company)
        above = None if parent is None else books.accounts().by_code(parent)
        account = books.create_account(
            code=code,
            name=name,
            type=type,
            sub_type=sub_type,
            parent=above,
            currency_code=currency,
            description=description,
        )
    run.print_one(
        account_row(account),
        plain_text(f"Created {account.code} {account.name} ({account.type}, {account.id})."),
    )


def import_accounts(
    run: Invocation,
    company: Company,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file, in UTF-8.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be created, without creating it.")
    ] = False,
) -> int:
    """Create the missing accounts from a CSV file.

    The columns are code, name and type, and optionally sub_type, parent (the code of an account
    that exists or appears earlier in the file), currency and description. An account whose code
    exists is left unchanged, so a file can be imported again; if its name or type differs, that is
    reported.
    """
    lines = chart.read_lines(file)
    with run.client() as hq, deferred() as interruption:
        _, books = run.company(hq, company)
        importing = chart.Import(books, dry_run=dry_run)
        results: list[chart.Result] = []
        with progress("Accounts", len(lines)) as move:
            for line in lines:
                stopped = interruption.is_requested() or importing.is_over
                results.append(chart.not_tried(line) if stopped else importing.result(line))
                move(len(results))

    rows = [result.row() for result in results]
    run.print("accounts", rows, _RESULTS, empty="The file has no accounts.")
    say(chart.summary(results))
    if interruption.is_requested():
        return Status.INTERRUPTED
    return Status.OK if all(result.is_right for result in results) else Status.DIFFERS


def account_row(account: Account) -> Row:
    """Return an account for a table or JSON."""
    return {
        "id": account.id,
        "code": account.code,
        "name": account.name,
        "type": str(account.type),
        "sub_type": account.sub_type,
        "parent_id": account.parent_id,
        "currency": account.currency_code,
        "active": account.is_active,
        "description": account.description,
    }
