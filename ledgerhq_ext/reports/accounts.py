"""What a packet tells of its accounts: their kind, their balance at the end, their lines in the
ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from attrs import field, frozen

from ledgerhq_ext.reports.check import Subject
from ledgerhq_ext.reports.statement_checks import gap_of

if TYPE_CHECKING:
    from ledgerhq_ext.reports.packet import FinancialPacket
    from ledgerhq_ext.reports.statements import LedgerLine, StatementLine

POSITION = ("asset", "liability", "equity")
RESULT = ("revenue", "expense")
DEBIT_SIDE = ("asset", "expense")
_EARNINGS = "current year earnings"


@frozen
class Account:
    """An account as the statements show it. Amounts are net, debits positive; None where no
    statement says one.

    ``two_sided``: the trial balance has both a debit and a credit of it.
    """

    id: str
    label: str = ""
    kind: str = ""
    trial: int | None = None
    sheet: int | None = None
    result: int | None = None
    two_sided: bool = False
    lines: list[LedgerLine] = field(factory=list)

    @property
    def end(self) -> int | None:
        """The balance at the end of the period."""
        return self.trial if self.trial is not None else self.sheet

    @property
    def subject(self) -> Subject:
        """What a check of it is about."""
        return Subject(self.id, self.label)

    @property
    def is_result(self) -> bool:
        """Whether it is one of revenue or expenses."""
        return self.kind in RESULT


class Accounts:
    """The accounts of a packet by id, from every statement, each with its lines in the packet's
    order.
    """

    def __init__(self, packet: FinancialPacket) -> None:
        self._labels: dict[str, str] = {}
        self._kinds: dict[str, str] = {}
        self._trial: dict[str, int] = {}
        self._sheet: dict[str, int] = {}
        self._result: dict[str, int] = {}
        self._two_sided: set[str] = set()
        self._lines: dict[str, list[LedgerLine]] = {}
        self._read(packet)
        self.by_id: dict[str, Account] = {id: self._account(id) for id in self._labels}

    def __iter__(self) -> Iterator[Account]:
        return iter(self.by_id.values())

    def _account(self, id: str) -> Account:
        return Account(
            id=id,
            label=self._labels[id],
            kind=self._kinds.get(id, ""),
            trial=self._trial.get(id),
            sheet=self._sheet.get(id),
            result=self._result.get(id),
            two_sided=id in self._two_sided,
            lines=self._lines.get(id, []),
        )

    def _read(self, packet: FinancialPacket) -> None:
        if trial := packet.statement("trialBalance"):
            for line in trial.accounts:
                kind = line.type.lower()
                self._name(
                    line.account_id, line.code, line.name, kind if kind in POSITION + RESULT else ""
                )
                _add(self._trial, line.account_id, line.debit_balance - line.credit_balance)
                if line.debit_balance and line.credit_balance:
                    self._two_sided.add(line.account_id)
        if sheet := packet.statement("balanceSheet"):
            self._section("asset", sheet.assets.accounts, self._sheet)
            self._section("liability", sheet.liabilities.accounts, self._sheet)
            self._section(
                "equity",
                [line for line in sheet.equity.accounts if not is_computed(line)],
                self._sheet,
            )
        if result := packet.statement("profitAndLoss"):
            self._section("revenue", result.revenue, self._result)
            self._section("expense", result.expenses, self._result)
        if book := packet.statement("generalLedger"):
            for entry in book.lines:
                if entry.account_id not in self._lines:
                    self._name(entry.account_id, entry.account_code, entry.account_name, "")
                    self._lines[entry.account_id] = []
                self._lines[entry.account_id].append(entry)

    def _section(self, kind: str, lines: Iterable[StatementLine], balances: dict[str, int]) -> None:
        for line in lines:
            if line.account_id:
                self._name(line.account_id, line.account_code or "", line.account_name, kind)
                _add(
                    balances, line.account_id, line.balance if kind in DEBIT_SIDE else -line.balance
                )

    def _name(self, id: str, code: str, name: str, kind: str) -> None:
        self._labels.setdefault(id, f"{code} {name}".strip())
        if kind:
            self._kinds.setdefault(id, kind)


def _add(balances: dict[str, int], id: str, amount: int) -> None:
    balances[id] = balances.get(id, 0) + amount


def is_computed(line: StatementLine) -> bool:
    """Whether a line of equity is no account: the service computes it from revenue and expenses."""
    return not line.account_id or line.account_name.strip().lower() == _EARNINGS


def ledger_gap(packet: FinancialPacket) -> str:
    """Return why nothing can be checked by the ledger; empty where it is there and whole."""
    book = packet.statement("generalLedger")
    return "the packet has no general ledger" if book is None else gap_of(book)


def current_earnings(packet: FinancialPacket) -> int | None:
    """Return Current Year Earnings as the balance sheet says them, in cents; None where it does
    not.
    """
    sheet = packet.statement("balanceSheet")
    lines = [line for line in sheet.equity.accounts if is_computed(line)] if sheet else []
    exact = [line for line in lines if line.account_name.strip().lower() == _EARNINGS]
    if len(lines) != 1 and len(exact) != 1:
        return None
    return (exact or lines)[0].balance
