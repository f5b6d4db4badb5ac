"""`ledgerhq bank`: bank accounts, their feeds, and the rows of the register."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledgerhq_ext import BankTransactionStatus, InputError
from ledgerhq_ext.cli._commands import Company, command, new_app
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._output import Row, column, money, progress
from ledgerhq_ext.cli._periods import Today, Zone, period_of

if TYPE_CHECKING:
    from ledgerhq_ext import (
        BankAccount,
        BankAccounts,
        BankTransaction,
        Organization,
        OrganizationRecord,
    )


_ACCOUNTS = (
    column("Account", "name", flexible=True),
    column("Bank", "bank"),
    column("Number", "number"),
    column("Type", "type"),
    money("Balance", "balance"),
    column("Id", "id"),
)
_FEEDS = (
    column("Institution", "institution", flexible=True),
    column("Provider", "provider"),
    column("Status", "status"),
    column("Last sync", "last_synced_at"),
    column("Bank account", "bank_account_id"),
)
_HEALTH = (
    column("Bank account", "name", flexible=True),
    column("Institution", "institution"),
    column("Status", "status"),
    column("Connected", "connected"),
    column("Last sync", "last_synced_at"),
    column("Error", "error"),
)
_TRANSACTIONS = (
    column("Date", "date"),
    column("Who", "who", flexible=True),
    money("Amount", "amount"),
    column("Status", "status"),
    column("Account", "account_code"),
    column("Bank account", "bank_account", flexible=True),
    column("Id", "id"),
)


def add_to(program: typer.Typer) -> None:
    """Add the group of commands."""
    app = new_app("Show bank accounts, feeds and bank transactions.")
    add = 'ledgerhq bank {} "Maple Street Coffee"'
    command(app, "accounts", examples=[add.format("accounts")])(accounts)
    command(app, "feeds", examples=[add.format("feeds")])(feeds)
    command(app, "health", examples=[add.format("health")])(health)
    command(
        app,
        "transactions",
        examples=[
            add.format("transactions") + " --status unreconciled",
            add.format("transactions") + ' --account "Business checking" --period 2026-05 --json',
        ],
    )(transactions)
    program.add_typer(app, name="bank")


def accounts(run: Invocation, company: Company) -> None:
    """List the bank accounts of a company, with their balances."""
    with run.client() as hq:
        _, books = run.company(hq, company)
        rows = [_account_row(account) for account in books.bank_accounts()]
    run.print("bank_accounts", rows, _ACCOUNTS, empty="There are no bank accounts.")


def feeds(run: Invocation, company: Company) -> None:
    """List the bank feeds of a company."""
    with run.client() as hq:
        _, books = run.company(hq, company)
        rows = [
            {
                "id": feed.id,
                "institution": feed.institution_name,
                "provider": feed.provider,
                "status": feed.status,
                "last_synced_at": _moment(feed.last_synced_at),
                "bank_account_id": feed.bank_account_id,
            }
            for feed in books.bank_feeds()
        ]
    run.print("bank_feeds", rows, _FEEDS, empty="There are no bank feeds.")


def health(run: Invocation, company: Company) -> None:
    """Show the health and last sync of each bank feed."""
    with run.client() as hq:
        _, books = run.company(hq, company)
        rows = [
            {
                "bank_account_id": connection.bank_account.id,
                "name": connection.bank_account.account_name,
                "institution": connection.feed and connection.feed.institution_name,
                "status": connection.status,
                "connected": connection.is_connected,
                "last_synced_at": _moment(connection.last_synced_at),
                "error": connection.error,
            }
            for connection in books.bank_connections()
        ]
    run.print("bank_connections", rows, _HEALTH, empty="There are no bank accounts.")


def transactions(
    run: Invocation,
    company: Company,
    status: Annotated[
        BankTransactionStatus | None, typer.Option("--status", help="Only rows with this status.")
    ] = None,
    account: Annotated[
        str | None,
        typer.Option("--account", metavar="NAME", help="Only this bank account, by name or id."),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period", metavar="PERIOD", help='A period such as "last month" or 2026-05.'
        ),
    ] = None,
    source_type: Annotated[
        str | None,
        typer.Option(
            "--source-type",
            metavar="WORD",
            help="Only rows from this source, such as plaid_bank_feed.",
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", metavar="NUMBER", min=1, help="The maximum number of rows, newest first."
        ),
    ] = None,
    tz: Zone = None,
    today: Today = None,
) -> None:
    """List the bank transactions of a company, newest first."""
    if period is None and (tz or today):
        raise InputError("--tz and --today belong to --period. Add it, or leave them out.")
    with run.client() as hq:
        record, books = run.company(hq, company)
        banks = books.bank_accounts()
        filters: dict[str, Any] = {"status": status, "source_type": source_type}
        if account is not None:
            filters["bank_account"] = _bank_account(banks, account)
        if period is not None:
            days = period_of(books, period, tz=tz, today=today)
            filters["start"] = days.start
            filters["end"] = days.end
        rows = _rows(books, filters, limit, {bank.id: bank for bank in banks}, record)
    run.print("bank_transactions", rows, _TRANSACTIONS, empty="No rows match.")


def _bank_account(banks: BankAccounts, name_or_id: str) -> BankAccount:
    for bank in banks:
        if bank.id == name_or_id:
            return bank
    return banks.by_name(name_or_id)


def _rows(
    books: Organization,
    filters: dict[str, Any],
    limit: int | None,
    banks: dict[str, BankAccount],
    record: OrganizationRecord,
) -> list[Row]:
    rows: list[Row] = []
    with progress("Rows", limit) as move:
        for transaction in islice(books.bank_transactions(**filters), limit):
            rows.append(_transaction_row(transaction, banks, record))
            move(len(rows))
    return rows


def _account_row(account: BankAccount) -> Row:
    return {
        "id": account.id,
        "name": account.account_name,
        "bank": account.bank_name,
        "number": account.account_number,
        "type": str(account.account_type),
        "currency": account.currency_code,
        "balance": account.balance,
        "active": account.is_active,
        "chart_account_id": account.chart_account_id,
    }


def _transaction_row(
    transaction: BankTransaction, banks: dict[str, BankAccount], record: OrganizationRecord
) -> Row:
    bank = banks.get(transaction.bank_account_id)
    currency = transaction.currency_code or (bank and bank.currency_code)
    return {
        "id": transaction.id,
        "date": transaction.date.isoformat(),
        "who": transaction.payee or transaction.counterparty or transaction.description,
        "description": transaction.description,
        "reference": transaction.reference,
        "amount": transaction.amount,
        "currency": currency or record.default_currency,
        "status": str(transaction.status),
        "pending": transaction.pending,
        "bank_account_id": transaction.bank_account_id,
        "bank_account": bank and bank.account_name,
        "account_code": transaction.account_code,
        "account_name": transaction.account_name,
        "journal_entry_id": transaction.journal_entry_id,
        "source_type": transaction.source_type,
    }


def _moment(value: Any) -> str | None:
    return None if value is None else value.isoformat(timespec="seconds")
