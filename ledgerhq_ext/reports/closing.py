"""Closing entries and fiscal years, as the ledger of a packet tells them: the contract names
neither.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import frozen

from ledgerhq_ext.reports.accounts import RESULT, Account, Accounts
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
    """The ledger's lines of revenue and expenses; ``closing`` are the lines (by identity) that
    profit leaves out.
    """

    def __init__(self, packet: FinancialPacket, accounts: Accounts) -> None:
        self._packet = packet
        self.accounts: list[Account] = [
            account for account in accounts if account.is_result or account.result is not None
        ]
        self.closing: set[int] = set()
        if any(account.result is not None for account in self.accounts):
            self.closing = self._closing(accounts)

    def moved(self, account: Account, since: dt.date | None = None, *, closed: bool = False) -> int:
        """Return what an account moved, debits positive, in cents; ``closed`` counts closing
        entries too.
        """
        lines = [line for line in account.lines if since is None or line.date >= since]
        return _moved(lines, set() if closed else self.closing)

    def _closing(self, accounts: Accounts) -> set[int]:
        """Return the lines of closing entries, if the profit and loss fits the ledger better
        without them.

        Of the entries between earnings and equity these may be those of the last day of one month
        of the year, those that leave their accounts at nothing, or all.
        """
        between = list(self._between(accounts))
        choices: dict[int | str, list[LedgerLine]] = {}
        for lines in between:
            day = lines[0].date
            if (day + dt.timedelta(days=1)).day == 1:
                choices.setdefault(day.month, []).extend(lines)
        emptied = [
            lines for lines in between if all(self._empties(line, accounts) for line in lines)
        ]
        choices["emptied"] = [line for lines in emptied for line in lines]
        choices["all"] = [line for lines in between for line in lines]
        best = min([[], *choices.values()], key=self._misfits)
        return {id(line) for line in best}

    def _between(self, accounts: Accounts) -> Iterable[list[LedgerLine]]:
        """Entries that touch revenue or expenses, and beside them equity alone (or accounts whose
        kind none tells).

        A year that earned nothing is closed without equity.
        """
        book = self._packet.statement("generalLedger")
        for _, lines in entries(book.lines if book else ()):
            kinds = {accounts.by_id[line.account_id].kind for line in lines}
            others = kinds - {*RESULT}
            if others == kinds or not others <= {"equity", ""}:
                continue
            if others or all(self._empties(line, accounts) for line in lines):
                yield lines

    def _empties(self, line: LedgerLine, accounts: Accounts) -> bool:
        return line.running_balance == 0 or not accounts.by_id[line.account_id].is_result

    def _misfits(self, closing: Iterable[LedgerLine]) -> int:
        """Return how many accounts of the profit and loss differ from the ledger without those
        lines.
        """
        gaps = dict(self._gaps)
        for line in closing:
            if line.account_id in gaps:
                gaps[line.account_id] -= movement(line)
        return sum(1 for gap in gaps.values() if gap)

    @cached_property
    def _gaps(self) -> dict[str, int]:
        """What each account moves in the ledger more than in the profit and loss."""
        return {
            account.id: _moved(account.lines, set()) - (account.result or 0)
            for account in self.accounts
        }

    def years(self, earnings: int) -> list[Year]:
        """Return the fiscal years whose earnings in the ledger are those of the balance sheet.

        A year begins with a month, at most twelve months before the packet's end, or with the
        packet itself. There are several where nothing was earned between their beginnings.
        """
        years = [Year(start, closed) for closed in (False, True) for start in self._starts()]
        return [year for year in years if self.earned(year.start, closed=year.closed) == earnings]

    def earned(self, since: dt.date, *, closed: bool = False) -> int:
        """Return revenue less expenses in the ledger since the first day of a month, or of the
        packet, in cents.
        """
        start = self._packet.period.start_date
        months = self._months[closed]
        return sum(
            earned for month, earned in months.items() if since == start or month >= _month(since)
        )

    @cached_property
    def _months(self) -> dict[bool, dict[int, int]]:
        """What every month earned, without closing entries and with them."""
        months: dict[bool, dict[int, int]] = {False: {}, True: {}}
        for line in (line for account in self.accounts for line in account.lines):
            month = _month(line.date)
            months[True][month] = months[True].get(month, 0) - movement(line)
            if id(line) not in self.closing:
                months[False][month] = months[False].get(month, 0) - movement(line)
        return months

    def _starts(self) -> list[dt.date]:
        start, end = self._packet.period.start_date, self._packet.period.end_date
        months = [_month(end) - back for back in range(_YEAR)]
        firsts = [
            dt.date(month // _YEAR, month % _YEAR + 1, 1) for month in months if month >= _YEAR
        ]
        return [start, *(first for first in firsts if first > start)]

    @property
    def holds_a_year(self) -> bool:
        """Whether every month of the year begins once in the period, and so the fiscal year."""
        start, end = self._packet.period.start_date, self._packet.period.end_date
        return _month(end) - _month(start) + (start.day == 1) >= _YEAR


def _moved(lines: Iterable[LedgerLine], closing: set[int]) -> int:
    return sum(movement(line) for line in lines if id(line) not in closing)


def _month(day: dt.date) -> int:
    return day.year * _YEAR + day.month - 1
