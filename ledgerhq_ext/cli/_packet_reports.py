"""The packet or the management pack of a company, in any format."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen

from ledgerhq_ext import InputError
from ledgerhq_ext.cli import _checks as checks
from ledgerhq_ext.cli._formats import Destination, Format
from ledgerhq_ext.cli._output import column, money, plain_text, say, table_text, to_json

if TYPE_CHECKING:
    from ledgerhq_ext import Check, FinancialPacket, OrganizationRecord, Period
    from ledgerhq_ext.pack import ManagementPack
    from ledgerhq_ext.render import Options

_FIGURES = (column("Figure", "name"), money("Amount", "amount"))


@frozen
class Report(ABC):
    """A report on a company's period. ``source`` is what its documents are made of."""

    record: OrganizationRecord
    period: Period

    @property
    @abstractmethod
    def checks(self) -> Sequence[Check]:
        """The checks of the report."""

    @property
    @abstractmethod
    def source(self) -> FinancialPacket | ManagementPack:
        """The packet or the pack."""

    @property
    def earlier(self) -> FinancialPacket | None:
        """The earlier packet that it is compared with, if there is one."""
        return None

    @abstractmethod
    def figures(self) -> dict[str, int]:
        """Return the key figures by name, in cents."""

    @abstractmethod
    def value(self) -> dict[str, Any]:
        """Return it for JSON: the contents in the contract's words, and the checks."""

    def document(self, format: Format, options: Options) -> bytes:
        """Return HTML, PDF or a workbook."""
        from ledgerhq_ext import render

        if format == "html":
            return render.html(self.source, options, compare=self.earlier).encode()
        if format == "pdf":
            return render.pdf(self.source, options, compare=self.earlier)
        return render.xlsx(self.source, options, compare=self.earlier)

    def write_tables(self, place: Destination) -> None:
        """Write every table into a CSV file of its own.

        Raises ``InputError`` where the folder cannot be made.
        """
        from ledgerhq_ext import render

        folder = place.path("")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"The folder {folder} cannot be made: {error.strerror}. Name another one with -o."
            ) from None
        for path in render.write_csv(self.source, folder, compare=self.earlier):
            say(f"Wrote {path}")

    def text_of(self, format: Format) -> str:
        """Return JSON, or the key figures and checks for people."""
        if format == "json":
            return f"{to_json(self.value())}\n"

        currency = self.record.default_currency
        rows = [
            {"name": name, "amount": amount, "currency": currency}
            for name, amount in self.figures().items()
        ]
        title = f"{plain_text(self.record.name)}, {self.period.start} to {self.period.end}"
        parts = [
            title,
            table_text(_FIGURES, rows, empty=""),
            *self.warnings(),
            checks.checks_text(self.checks, currency),
        ]
        return "\n\n".join(parts) + "\n"

    @abstractmethod
    def warnings(self) -> list[str]:
        """Return what the service warns of, for people."""


def _warnings(packet: FinancialPacket) -> list[str]:
    return [f"Warning: {plain_text(warning.message)}" for warning in packet.warnings]


@frozen
class PacketReport(Report):
    """A packet, beside an earlier one where that is not None."""

    packet: FinancialPacket
    before: FinancialPacket | None

    @property
    def checks(self) -> Sequence[Check]:
        """The checks of the packet."""
        return self.packet.checks()

    @property
    def source(self) -> FinancialPacket:
        """The packet."""
        return self.packet

    @property
    def earlier(self) -> FinancialPacket | None:
        """The earlier packet."""
        return self.before

    def figures(self) -> dict[str, int]:
        """Return the totals of profit and loss and of the balance sheet, in cents."""
        result = self.packet.profit_and_loss
        sheet = self.packet.balance_sheet
        return {
            "Revenue": result.total_revenue,
            "Expenses": result.total_expenses,
            "Net income": result.net_income,
            "Assets": sheet.assets.total,
            "Liabilities": sheet.liabilities.total,
            "Equity": sheet.equity.total,
        }

    def value(self) -> dict[str, Any]:
        """Return it for JSON: the packet in the contract's words, and its checks."""
        return {
            **checks.scope_row(self.record, self.period),
            "packet": self.packet.to_dict(),
            **_checked(self.checks),
        }

    def warnings(self) -> list[str]:
        """Return what the service warns of."""
        return _warnings(self.packet)


@frozen
class PackReport(Report):
    """A management pack."""

    pack: ManagementPack

    @property
    def checks(self) -> Sequence[Check]:
        """The checks of the packet, and of what the pack adds to it."""
        return self.pack.checks()

    @property
    def source(self) -> ManagementPack:
        """The pack."""
        return self.pack

    def figures(self) -> dict[str, int]:
        """Return the totals from revenue to net income, and cash, in cents."""
        result = self.pack.result
        flow = self.pack.cash_flow()
        return {
            "Revenue": result.revenue,
            "Gross profit": result.gross_profit,
            "Operating profit": result.operating_profit,
            "Net income": result.net_income,
            "Change in cash": flow.change,
            "Cash": flow.closing,
            "Unpaid bills": self.pack.ageing().total,
        }

    def value(self) -> dict[str, Any]:
        """Return it for JSON: everything that it is made of, its key figures, and its checks."""
        return {
            **checks.scope_row(self.record, self.period),
            "figures": self.figures(),
            "pack": self.pack.to_dict(),
            **_checked(self.checks),
        }

    def warnings(self) -> list[str]:
        """Return what the service warns of."""
        return _warnings(self.pack.packet)


def _checked(all_checks: Sequence[Check]) -> dict[str, Any]:
    return {
        "ties": checks.ties(all_checks),
        "checks": [checks.check_row(check) for check in all_checks],
    }
