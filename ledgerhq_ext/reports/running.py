"""Running balances: which side counts up, where they break, what an account began with.

The contract does not say whether they count debits as positive or each account on its natural side.
So the balances themselves have to tell: by the step from one line to the next, and by the balance
that the account ends with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from ledgerhq_ext.reports.accounts import (
    DEBIT_SIDE,
    POSITION,
    RESULT,
    Account,
    Accounts,
    ledger_gap,
)
from ledgerhq_ext.reports.check import Check, Subject, Tally, not_checkable

if TYPE_CHECKING:
    from ledgerhq_ext.reports.packet import FinancialPacket
    from ledgerhq_ext.reports.statements import LedgerLine

RULE = "running balance = the one before and its line"
_STATEMENT = "generalLedger"
_ENOUGH = 3
"""So many steps no single figure can break."""


def movement(line: LedgerLine) -> int:
    """What a line adds to its account, debits positive."""
    return line.debit - line.credit


class Running:
    """The running balances of a packet. ``signs``: 1 where debits count up, -1 where credits do, 0
    where none tells.
    """

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._steps = 0
        self._votes = {
            account.id: self._vote(account.lines) for account in accounts if account.lines
        }
        # Accounts whose side no statement tells have nothing in common.
        self._sides = {True: self._side(True), False: self._side(False), None: 0}
        self.signs: dict[str, int] = {
            account.id: self._sign(account) for account in accounts if account.lines
        }
        self.follows: bool = self._steps < _ENOUGH or any(
            votes[0] for votes in self._votes.values()
        )

    def _vote(self, lines: Sequence[LedgerLine]) -> tuple[int, bool]:
        """Return the steps that count debits less those that count credits, and whether all of them
        agree.
        """
        votes: list[int] = []
        for before, line in pairwise(lines):
            step = movement(line)
            change = line.running_balance - before.running_balance
            if step:
                votes.append((change == step) - (change == -step))
        self._steps += len(votes)
        total = sum(votes)
        return total, len(votes) > 1 and abs(total) == len(votes)

    def _side(self, side: bool) -> int:
        """Return what most accounts of one side do; by their ends, where no step tells."""
        accounts = [
            account for account in self._accounts if account.lines and _debit_side(account) == side
        ]
        steps = sum(self._votes[account.id][0] for account in accounts)
        return _sign(steps or sum(_by_end(account) for account in accounts))

    def _sign(self, account: Account) -> int:
        votes, unanimous = self._votes[account.id]
        own = _sign(votes)
        side = self._sides[_debit_side(account)]
        end = _by_end(account)
        if own and (not side or own in (side, end) or unanimous):
            # An account may count the other way than its side (accumulated depreciation): not by
            # one step alone.
            return own
        # Both known conventions count debits up on the debit side.
        return (0 if own else end) or side or (1 if _debit_side(account) else 0)

    def breaks(self, account: Account) -> list[tuple[LedgerLine, int]]:
        """Return the lines whose balance does not follow, with the balance that would, in cents.

        A balance that is wrong is one break: the next may follow from it, or from what it should
        have been.
        """
        sign = self.signs[account.id] or 1
        breaks: list[tuple[LedgerLine, int]] = []
        expected = account.lines[0].running_balance
        shown = expected
        for line in account.lines[1:]:
            step = sign * movement(line)
            if line.running_balance == shown + step:
                expected = line.running_balance
            else:
                expected += step
                if line.running_balance != expected:
                    breaks.append((line, expected))
            shown = line.running_balance
        return breaks

    def opening(self, account: Account) -> int | None:
        """Return what an account began with, on the side its balances count; None where they do not
        tell.
        """
        sign = self.signs.get(account.id, 0)
        if not sign or not self.follows or self.breaks(account):
            return None
        first = account.lines[0]
        return first.running_balance - sign * movement(first)


def _debit_side(account: Account) -> bool | None:
    return account.kind in DEBIT_SIDE if account.kind in POSITION + RESULT else None


def _by_end(account: Account) -> int:
    """Return the sign under which the last balance is what a statement says at the end; 0 where
    neither is.
    """
    if not account.end:
        return 0
    last = account.lines[-1].running_balance
    return (last == account.end) - (last == -account.end)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def checks(packet: FinancialPacket, accounts: Accounts, running: Running) -> Iterable[Check]:
    """Return the checks of the chains."""
    gap = ledger_gap(packet)
    if not gap and not running.follows:
        gap = "no balance of the ledger follows from the line before"
    if gap:
        return [not_checkable(RULE, _STATEMENT, gap)]
    tally = Tally(RULE, _STATEMENT, sums=False)
    with_lines = [account for account in accounts if account.lines]
    breaks = {account.id: running.breaks(account) for account in with_lines}
    restarts = _restarts(with_lines, breaks)
    for account in with_lines:
        broken = [
            (line, balance) for line, balance in breaks[account.id] if id(line) not in restarts
        ]
        tally.tie(count=len(account.lines) - 1 - len(broken))
        for line, expected in broken:
            tally.compare(
                line.running_balance,
                expected,
                Subject(account.id, account.label, line.entry_number),
            )
    return tally.checks()


def _restarts(
    accounts: Iterable[Account], breaks: dict[str, list[tuple[LedgerLine, int]]]
) -> set[int]:
    """Return the lines (by identity) with which revenue and expenses begin at nothing again, as
    with a new year.

    It is the service's way only if all accounts that go on over such a day do so in one month of
    the year.
    """
    months: dict[int, set[int]] = {}
    for account in accounts:
        if not account.is_result:
            continue
        before = dict(zip(map(id, account.lines[1:]), account.lines, strict=False))
        for line, _ in breaks[account.id]:
            if abs(line.running_balance) == abs(movement(line)):
                for month in _months_between(before[id(line)], line):
                    months.setdefault(month, set()).add(id(line))
    return max(months.values(), key=len, default=set())


def _months_between(before: LedgerLine, line: LedgerLine) -> set[int]:
    """Return the months of the year whose first day lies after one line, and not after the other."""
    first, last = (day.year * 12 + day.month - 1 for day in (before.date, line.date))
    return {month % 12 for month in range(first + 1, min(last, first + 12) + 1)}


def openings(packet: FinancialPacket) -> dict[str, int]:
    """Return what each account of the ledger began with, in cents, where the packet tells it.

    Accounts whose balances do not follow, or whose side nothing decides, are left out; so are all
    accounts of a ledger that is not whole.
    """
    if ledger_gap(packet):
        return {}
    accounts = Accounts(packet)
    running = Running(accounts)
    openings = {account.id: running.opening(account) for account in accounts if account.lines}
    return {id: opening for id, opening in openings.items() if opening is not None}
