"""The accounts of a packet: their kind, their balance at the end, their lines in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from attrs import field, frozen

from ledgerhq_ext._message import message as _
from ledgerhq_ext.reports.check import Subject
from ledgerhq_ext.reports.statement_checks import gap_of

if TYPE_CHECKING:
    from ledgerhq_ext.reports.packet import FinancialPacket
    from ledgerhq_ext.reports.statements import (
        BalanceSheet,
        GeneralLedger,
        LedgerLine,
        StatementLine,
        TrialBalance,
    )

POSITION = ("asset", "liability", "equity")
RESULT = ("revenue", "expense")
DEBIT_SIDE = ("asset", "expense")
_EARNINGS = "current year earnings"


@frozen
class Account:
    """An account as the statements show it.

    Amounts are net, in cents, debits positive; None where no statement has one. ``two_sided`` says
    that the trial balance has both a debit and a credit of it. ``displaced`` is what a section of
    another kind shows of it, as it shows it. ``names`` are the codes and names it stands under.
    """

    id: str
    label: str = ""
    kind: str = ""
    trial: int | None = None
    sheet: int | None = None
    result: int | None = None
    two_sided: bool = False
    displaced: int | None = None
    lines: list[LedgerLine] = field(factory=list)
    names: tuple[tuple[str, str], ...] = ()

    @property
    def end(self) -> int | None:
        """The balance at the end of the period, in cents."""
        return self.trial if self.trial is not None else self.sheet

    @property
    def subject(self) -> Subject:
        """The account, as a check names it."""
        return Subject(self.id, self.label)

    @property
    def is_result(self) -> bool:
        """True for an account of revenue or expenses."""
        return self.kind in RESULT


class Accounts:
    """The accounts of a packet by id, from every statement.

    Each has its lines in the packet's order.
    """

    def __init__(self, packet: FinancialPacket) -> None:
        self._labels: dict[str, str] = {}
        self._names: dict[str, dict[tuple[str, str], None]] = {}
        self._kinds: dict[str, str] = {}
        self._trial: dict[str, int] = {}
        self._sheet: dict[str, int] = {}
        self._result: dict[str, int] = {}
        self._two_sided: set[str] = set()
        self._displaced: dict[str, int] = {}
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
            displaced=self._displaced.get(id),
            lines=self._lines.get(id, []),
            names=tuple(self._names[id]),
        )

    def _read(self, packet: FinancialPacket) -> None:
        # The trial balance goes first: it alone says the kind of every account.
        if trial := packet.statement("trialBalance"):
            self._read_trial(trial)
        if sheet := packet.statement("balanceSheet"):
            self._read_sheet(sheet)
        if result := packet.statement("profitAndLoss"):
            self._read_section("revenue", result.revenue, self._result)
            self._read_section("expense", result.expenses, self._result)
        if book := packet.statement("generalLedger"):
            self._read_ledger(book)

    def _read_trial(self, trial: TrialBalance) -> None:
        for line in trial.accounts:
            kind = line.type.lower()
            known_kind = kind if kind in POSITION + RESULT else ""
            self._name(line.account_id, line.code, line.name, known_kind)
            _add(self._trial, line.account_id, line.debit_balance - line.credit_balance)

            # A balance is on one side; with both, the difference alone would hide it.
            if line.debit_balance and line.credit_balance:
                self._two_sided.add(line.account_id)

    def _read_sheet(self, sheet: BalanceSheet) -> None:
        equity = [line for line in sheet.equity.accounts if not is_computed(line)]
        self._read_section("asset", sheet.assets.accounts, self._sheet)
        self._read_section("liability", sheet.liabilities.accounts, self._sheet)
        self._read_section("equity", equity, self._sheet)

    def _read_section(
        self, kind: str, lines: Iterable[StatementLine], balances: dict[str, int]
    ) -> None:
        # A statement shows the balances of either side as positive.
        sign = 1 if kind in DEBIT_SIDE else -1
        for line in lines:
            # A computed line, such as Current Year Earnings, has no account.
            if not line.account_id:
                continue

            code = line.account_code or ""
            self._name(line.account_id, code, line.account_name, kind)
            _add(balances, line.account_id, sign * line.balance)
            if self._kinds[line.account_id] != kind:
                _add(self._displaced, line.account_id, line.balance)

    def _read_ledger(self, book: GeneralLedger) -> None:
        for line in book.lines:
            self._name(line.account_id, line.account_code, line.account_name, "")
            self._lines.setdefault(line.account_id, []).append(line)

    def _name(self, id: str, code: str, name: str, kind: str) -> None:
        """Note an account's label and kind; the first statement that has them decides."""
        if id not in self._names:
            self._labels[id] = f"{code} {name}".strip()
            self._names[id] = {}
        self._names[id][code, name] = None
        if kind:
            self._kinds.setdefault(id, kind)


def _add(balances: dict[str, int], id: str, amount: int) -> None:
    balances[id] = balances.get(id, 0) + amount


def is_computed(line: StatementLine) -> bool:
    """Return True for a line of equity that is not an account.

    The service computes such a line from revenue and expenses.
    """
    return not line.account_id or _is_current_earnings(line)


def _is_current_earnings(line: StatementLine) -> bool:
    return line.account_name.strip().lower() == _EARNINGS


def ledger_gap(packet: FinancialPacket) -> str:
    """Return why nothing can be checked by the ledger; empty where it is there and complete."""
    book = packet.statement("generalLedger")
    if book is None:
        return _("the packet has no general ledger")
    return gap_of(book)


def current_earnings(packet: FinancialPacket) -> int | None:
    """Return the Current Year Earnings of the balance sheet, in cents; None where it has none."""
    sheet = packet.statement("balanceSheet")
    if sheet is None:
        return None

    computed = [line for line in sheet.equity.accounts if is_computed(line)]
    by_name = [line for line in computed if _is_current_earnings(line)]
    if len(by_name) == 1:
        return by_name[0].balance
    # The only computed line is taken under any name, such as "Net income"; of several, none is.
    if len(computed) == 1:
        return computed[0].balance
    return None
