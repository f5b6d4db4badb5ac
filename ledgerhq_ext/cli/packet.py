"""`ledgerhq packet`: the financial packet of a company, checked, as data or as a document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from attrs import frozen

from ledgerhq_ext import LedgerHQ, Period
from ledgerhq_ext._files import read_file
from ledgerhq_ext.cli import _checks as checks
from ledgerhq_ext.cli._commands import Company, command
from ledgerhq_ext.cli._formats import (
    Csv,
    Destination,
    Format,
    Html,
    Pdf,
    Target,
    Xlsx,
    destination,
    format_of,
)
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._output import column, money, plain_text, progress, say, table_text, to_json
from ledgerhq_ext.cli._periods import PeriodWords, Today, Zone, period_of

if TYPE_CHECKING:
    from ledgerhq_ext import FinancialPacket, OrganizationRecord
    from ledgerhq_ext.render import Options

_FIGURES = (column("Figure", "name"), money("Amount", "amount"))


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    command(
        app,
        "packet",
        examples=[
            'ledgerhq packet "Maple Street Coffee" "last month" --pdf',
            'ledgerhq packet "Maple Street Coffee" 2026-05 --compare 2026-04 --html -o may.html',
            'ledgerhq packet "Maple Street Coffee" 2026-05 --csv -o may/',
        ],
    )(packet)


def packet(
    run: Invocation,
    company: Company,
    period: PeriodWords,
    csv: Csv = False,
    html: Html = False,
    pdf: Pdf = False,
    xlsx: Xlsx = False,
    output: Target = None,
    compare: Annotated[
        str | None,
        typer.Option("--compare", metavar="PERIOD", help="An earlier period to compare with."),
    ] = None,
    logo: Annotated[
        Path | None, typer.Option("--logo", metavar="FILE", help="The firm's logo: PNG or JPEG.")
    ] = None,
    locale: Annotated[
        str, typer.Option("--locale", help="The locale of figures and dates, such as en_US.")
    ] = "en_US",
    tz: Zone = None,
    today: Today = None,
) -> int:
    """Get the financial packet of a company, and check that it ties out.

    Without a format, the key figures are shown. HTML, PDF and workbooks are written to a file in
    the current folder, unless -o names another one; CSV creates a folder with a file for each
    table. The exit status is 1 if a check differs, which every document also shows.
    """
    format = format_of(as_json=run.as_json, csv=csv, html=html, pdf=pdf, xlsx=xlsx)
    with run.client() as hq, progress("Packet"):
        record, books = run.company(hq, company)
        days = period_of(books, period, tz=tz, today=today)
        earlier = None
        if compare is not None:
            before = period_of(books, compare, tz=tz, today=today)
            earlier = books.financial_packet(before, complete_ledger=True)
        current = books.financial_packet(days, complete_ledger=True)
        firm = _firm_of(hq) if format in ("html", "pdf", "xlsx") else ""

        report = _Report(current, earlier, record, days)
        place = destination(output, record, days, "packet")
        if format == "json":
            place.write(format, f"{to_json(report.value())}\n".encode())
        elif format == "table":
            place.write(format, f"{report.text()}\n".encode(errors="backslashreplace"))
        elif format == "csv":
            report.write_tables(place)
        else:
            place.write(format, report.document(format, _options(firm, logo, locale)))
    return checks.status_of_checks(
        current.checks(), record.default_currency, is_said=format == "table"
    )


def _firm_of(hq: LedgerHQ) -> str:
    """Return the name of the firm for the cover, empty where the service does not name it."""
    return next((record.name for record in hq.organizations(type="firm")), "")


def _options(firm: str, logo: Path | None, locale: str) -> Options:
    from ledgerhq_ext import render

    picture = None if logo is None else read_file(logo)
    return render.Options(firm=firm, logo=picture, locale=locale)


@frozen
class _Report:
    """The packet of a company, in any format."""

    packet: FinancialPacket
    earlier: FinancialPacket | None
    record: OrganizationRecord
    period: Period

    def document(self, format: Format, options: Options) -> bytes:
        """Return HTML, PDF or a workbook."""
        from ledgerhq_ext import render

        if format == "html":
            return render.html(self.packet, options, compare=self.earlier).encode()
        if format == "pdf":
            return render.pdf(self.packet, options, compare=self.earlier)
        return render.xlsx(self.packet, options, compare=self.earlier)

    def write_tables(self, place: Destination) -> None:
        """Write every table into a CSV file of its own."""
        from ledgerhq_ext import render

        folder = place.path("")
        folder.mkdir(parents=True, exist_ok=True)
        for path in render.write_csv(self.packet, folder, compare=self.earlier):
            say(f"Wrote {path}")

    def value(self) -> dict[str, Any]:
        """Return it for JSON: the packet in the contract's words, and its checks."""
        all_checks = self.packet.checks()
        return {
            **checks.scope_row(self.record, self.period),
            "packet": self.packet.to_dict(),
            "ties": checks.ties(all_checks),
            "checks": [checks.check_row(check) for check in all_checks],
        }

    def text(self) -> str:
        """Return its figures for people."""
        currency = self.record.default_currency
        sheet = self.packet.balance_sheet
        figures = {
            "Revenue": self.packet.profit_and_loss.total_revenue,
            "Expenses": self.packet.profit_and_loss.total_expenses,
            "Net income": self.packet.profit_and_loss.net_income,
            "Assets": sheet.assets.total,
            "Liabilities": sheet.liabilities.total,
            "Equity": sheet.equity.total,
        }
        rows = [
            {"name": name, "amount": amount, "currency": currency}
            for name, amount in figures.items()
        ]
        warnings = [f"Warning: {plain_text(one.message)}" for one in self.packet.warnings]
        title = f"{plain_text(self.record.name)}, {self.period.start} to {self.period.end}"
        return "\n\n".join(
            [
                title,
                table_text(_FIGURES, rows, empty=""),
                *warnings,
                checks.checks_text(self.packet.checks(), currency),
            ]
        )
