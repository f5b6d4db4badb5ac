"""Closing entries and fiscal years, read from a packet's ledger: the contract names neither."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import frozen

from ledgerhq_ext.reports.accounts import RESULT, Account, Accounts
from ledgerhq_ext.reports.periods import is_last_of_month, month_number
from ledgerhq_ext.reports.running import movement
from ledgerhq_ext.reports.statement_checks import entries

if TYPE_CHECKING:
    from ledgerhq_ext.reports.packet import FinancialPacket
    from ledgerhq_ext.reports.statements import LedgerLine

_YEAR = 12


@frozen
class Year:
    """The fiscal year at the packet's end: its first day, and whether closing entries count in its
    earnings.
    """

    start: dt.date
    closed: bool


class ResultLines:
    """The ledger's lines of revenue and expenses.

    ``closing`` are the lines (by identity) that profit leaves out.
    """

    def __init__(self, packet: FinancialPacket, accounts: Accounts) -> None:
        self._packet = packet
        self.accounts: list[Account] = [
            account for account in accounts if account.is_result or account.result is not None
        ]

        self.closing: set[int] = set()
        has_a_result = any(account.result is not None for account in self.accounts)
        if has_a_result:
            self.closing = self._closing(accounts)

    def moved(self, account: Account, since: dt.date | None = None, *, closed: bool = False) -> int:
        """Return what an account moved, debits positive, in cents.

        ``closed`` counts closing entries too.
        """
        lines = account.lines
        if since is not None:
            lines = [line for line in lines if line.date >= since]
        return _moved(lines, set() if closed else self.closing)

    def _closing(self, accounts: Accounts) -> set[int]:
        """Return the lines of closing entries: the choice that makes profit and loss fit best.

        Of the entries between earnings and equity these may be none, those of the last day of one
        month of the year, those that leave their accounts at nothing, or all.
        """
        by_month: dict[int, list[LedgerLine]] = {}
        emptying: list[LedgerLine] = []
        all_lines: list[LedgerLine] = []
        for lines in self._between(accounts):
            all_lines += lines
            if _empty_their_accounts(lines, accounts):
                emptying += lines
            day = lines[0].date
            if is_last_of_month(day):
                by_month.setdefault(day.month, []).extend(lines)

        # Of choices that fit alike, the first is taken: as few closing entries as may be.
        choices: list[list[LedgerLine]] = [[], *by_month.values(), emptying, all_lines]
        best = min(choices, key=self._misfits)
        return {id(line) for line in best}

    def _between(self, accounts: Accounts) -> Iterator[list[LedgerLine]]:
        """Yield the entries between earnings and equity.

        They touch revenue or expenses, and beside them equity alone (or accounts whose kind no
        statement tells). A year that earned nothing is closed without equity.
        """
        book = self._packet.statement("generalLedger")
        if book is None:
            return
        for _, lines in entries(book.lines):
            kinds = {accounts.by_id[line.account_id].kind for line in lines}

            other_kinds = kinds - {*RESULT}
            touches_result = other_kinds != kinds
            if not touches_result or not other_kinds <= {"equity", ""}:
                continue
            if other_kinds or _empty_their_accounts(lines, accounts):
                yield lines

    def _misfits(self, closing: Iterable[LedgerLine]) -> int:
        """Return how many accounts of profit and loss differ from a ledger without the lines."""
        # Each account moves so much less without its line.
        gaps = dict(self._gaps)
        for line in closing:
            if line.account_id in gaps:
                gaps[line.account_id] -= movement(line)

        misfits = [gap for gap in gaps.values() if gap]
        return len(misfits)

    @cached_property
    def _gaps(self) -> dict[str, int]:
        """The cents by which accounts move more in the ledger than in the profit and loss."""
        return {
            account.id: _moved(account.lines, set()) - (account.result or 0)
            for account in self.accounts
        }

    def years(self, earnings: int) -> list[Year]:
        """Return the fiscal years whose earnings in the ledger are those of the balance sheet.

        A year begins with a month, at most twelve months before the packet's end, or with the
        packet itself. There are several where nothing was earned between their beginnings.
        """
        # Of years that fit alike the first is taken: without closing entries, and from the packet's
        # own beginning.
        starts = self._starts()
        years = [Year(start, closed=False) for start in starts]
        years += [Year(start, closed=True) for start in starts]
        return [year for year in years if self.earned(year.start, closed=year.closed) == earnings]

    def earned(self, since: dt.date, *, closed: bool = False) -> int:
        """Return revenue less expenses in the ledger since a day, in cents.

        The day is the first of a month, or of the packet; ``closed`` counts closing entries too.
        """
        months = self._months_closed if closed else self._months
        # A packet may begin within a month: its own first day has all that there is.
        if since == self._packet.period.start_date:
            return sum(months.values())

        total = 0
        for month, earned in months.items():
            if month >= month_number(since):
                total += earned
        return total

    @cached_property
    def _months(self) -> dict[int, int]:
        """The earnings of every month, in cents, without closing entries."""
        return self._earned_by_month(self.closing)

    @cached_property
    def _months_closed(self) -> dict[int, int]:
        """The earnings of every month, in cents, with closing entries."""
        return self._earned_by_month(set())

    def _earned_by_month(self, without: set[int]) -> dict[int, int]:
        months: dict[int, int] = {}
        for account in self.accounts:
            for line in account.lines:
                if id(line) in without:
                    continue
                month = month_number(line.date)
                months[month] = months.get(month, 0) - movement(line)
        return months

    def _starts(self) -> list[dt.date]:
        """Return the days with which the year may have begun: the packet's, then latest first."""
        period = self._packet.period
        last = month_number(period.end_date)
        starts = [period.start_date]
        for month in range(last, last - _YEAR, -1):
            # The calendar begins with the year 1.
            if month < _YEAR:
                break
            first = dt.date(month // _YEAR, month % _YEAR + 1, 1)
            if first > period.start_date:
                starts.append(first)
        return starts

    @property
    def holds_a_year(self) -> bool:
        """True when every month begins in the period, and so the fiscal year, whichever it is."""
        period = self._packet.period
        months = month_number(period.end_date) - month_number(period.start_date)
        if period.start_date.day == 1:
            months += 1
        return months >= _YEAR


def _empty_their_accounts(lines: Iterable[LedgerLine], accounts: Accounts) -> bool:
    """Return True when lines leave revenue and expenses at nothing, as closing entries do."""
    for line in lines:
        if accounts.by_id[line.account_id].is_result and line.running_balance != 0:
            return False
    return True


def _moved(lines: Iterable[LedgerLine], closing: set[int]) -> int:
    return sum(movement(line) for line in lines if id(line) not in closing)
