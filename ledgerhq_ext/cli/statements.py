"""`ledgerhq tb`, `pl`, `bs` and `gl`: one statement of a company, checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import typer
from attrs import frozen

from ledgerhq_ext.cli import _checks as checks
from ledgerhq_ext.cli._commands import Company, command
from ledgerhq_ext.cli._formats import Csv, Format, Html, Pdf, Target, Xlsx, destination, format_of
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._output import Column, column, money, plain_text, table_text, to_json
from ledgerhq_ext.cli._periods import PeriodWords, Today, Zone, period_of

if TYPE_CHECKING:
    from ledgerhq_ext import Organization, OrganizationRecord, Period


@frozen
class Kind:
    """A statement as the command line shows it."""

    command: str
    title: str
    name: str
    """In JSON, and in the names of files."""
    help: str
    read: Callable[[Organization, Period], Any]
    columns: Sequence[Column]
    totals: Sequence[str]
    """The attributes of the statement that are sums, in cents."""


def _trial_balance(books: Organization, period: Period) -> Any:
    return books.trial_balance(period)


def _profit_and_loss(books: Organization, period: Period) -> Any:
    return books.profit_and_loss(period)


def _balance_sheet(books: Organization, period: Period) -> Any:
    return books.balance_sheet(period.end)


def _general_ledger(books: Organization, period: Period) -> Any:
    # The packet knows how to put a ledger together that is too long for one answer.
    packet = books.financial_packet(period, include="generalLedger", complete_ledger=True)
    return packet.general_ledger


_SECTION = (
    column("Section", "section"),
    column("Code", "account_code"),
    column("Account", "account_name", flexible=True),
    money("Balance", "balance"),
)
KINDS = (
    Kind(
        "tb",
        "Trial balance",
        "trial-balance",
        "Show a company's trial balance. Debits have to equal credits.",
        _trial_balance,
        (
            column("Code", "code"),
            column("Account", "name", flexible=True),
            column("Type", "type"),
            money("Debit", "debit_balance"),
            money("Credit", "credit_balance"),
        ),
        ("total_debits", "total_credits"),
    ),
    Kind(
        "pl",
        "Profit and loss",
        "profit-and-loss",
        "Show a company's profit and loss. The totals have to add up.",
        _profit_and_loss,
        _SECTION,
        ("total_revenue", "total_expenses", "net_income"),
    ),
    Kind(
        "bs",
        "Balance sheet",
        "balance-sheet",
        "Show a company's balance sheet at the end of a period. It has to balance.",
        _balance_sheet,
        _SECTION,
        ("assets", "liabilities", "equity"),
    ),
    Kind(
        "gl",
        "General ledger",
        "general-ledger",
        "Show a company's general ledger. Every entry has to balance.",
        _general_ledger,
        (
            column("Date", "date"),
            column("Entry", "entry_number"),
            column("Code", "account_code"),
            column("Account", "account_name", flexible=True),
            column("Description", "description", flexible=True),
            money("Debit", "debit"),
            money("Credit", "credit"),
            money("Balance", "running_balance"),
        ),
        (),
    ),
)


def add_to(app: typer.Typer) -> None:
    """Add a command for every statement."""
    for kind in KINDS:
        examples = [
            f'ledgerhq {kind.command} "Maple Street Coffee" "last month"',
            f'ledgerhq {kind.command} "Maple Street Coffee" 2026-05 --csv -o may.csv',
        ]
        command(app, kind.command, examples=examples)(_command_of(kind))


def _command_of(kind: Kind) -> Callable[..., int]:
    def show(
        run: Invocation,
        company: Company,
        period: PeriodWords,
        csv: Csv = False,
        html: Html = False,
        pdf: Pdf = False,
        xlsx: Xlsx = False,
        output: Target = None,
        tz: Zone = None,
        today: Today = None,
    ) -> int:
        format = format_of(output, as_json=run.as_json, csv=csv, html=html, pdf=pdf, xlsx=xlsx)
        with run.client() as hq:
            record, books = run.company(hq, company)
            days = period_of(books, period, tz=tz, today=today)
            statement = kind.read(books, days)

        report = _Report(kind, statement, record, days)
        place = destination(output, record, days, kind.name)
        place.write(format, report.content(format))
        return checks.status_of_checks(
            statement.checks(), record.default_currency, is_said=format == "table"
        )

    show.__doc__ = (
        f"{kind.help}\n\nThe exit status is 1 if a check differs. A PDF or workbook is written "
        "to a file\nin the current folder, unless -o names another one."
    )
    return show


@frozen
class _Report:
    """A statement of a company, in any format."""

    kind: Kind
    statement: Any
    record: OrganizationRecord
    period: Period

    def content(self, format: Format) -> bytes:
        """Return the report as the bytes of a file."""
        if format == "json":
            return f"{to_json(self._value())}\n".encode()
        if format == "table":
            return f"{self._text()}\n".encode(errors="backslashreplace")
        return self._document(format)

    def _document(self, format: Format) -> bytes:
        # Its libraries take longer to import than most commands to run.
        from ledgerhq_ext import render

        packet = render.statement(self.statement, self.record, self.period)
        if format == "csv":
            return render.csv(packet, self.kind.name).encode()
        options = render.Options(title=self.kind.title)
        if format == "html":
            return render.html(packet, options).encode()
        return render.pdf(packet, options) if format == "pdf" else render.xlsx(packet, options)

    def _totals(self) -> dict[str, int]:
        totals: dict[str, int] = {}
        for name in self.kind.totals:
            value = getattr(self.statement, name)
            # A section of a balance sheet has its total beside its accounts.
            totals[name] = getattr(value, "total", value)
        return totals

    def _value(self) -> dict[str, Any]:
        all_checks = self.statement.checks()
        return {
            **checks.scope_row(self.record, self.period),
            "statement": self.kind.name,
            "rows": self.statement.rows(),
            "totals": self._totals(),
            "ties": checks.ties(all_checks),
            "checks": [checks.check_row(check) for check in all_checks],
        }

    def _text(self) -> str:
        currency = self.record.default_currency
        rows = [{**row, "currency": currency} for row in self.statement.rows()]
        totals = [
            {"name": name.replace("_", " "), "amount": amount, "currency": currency}
            for name, amount in self._totals().items()
        ]
        parts = [
            f"{self.kind.title} of {plain_text(self.record.name)}, {self.period.start} to "
            f"{self.period.end}",
            table_text(self.kind.columns, rows, empty="There are no lines in this period."),
            checks.checks_text(self.statement.checks(), currency),
        ]
        if totals:
            total_columns = (column("Total", "name"), money("Amount", "amount"))
            parts.insert(2, table_text(total_columns, totals, empty=""))
        return "\n\n".join(parts)
