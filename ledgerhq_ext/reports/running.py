"""Running balances: which side counts up, where they break, what an account began with.

The contract does not say whether they count debits as positive or each account on its natural side.
So the balances themselves have to tell: by the step from one line to the next, and by the balance
that the account ends with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from ledgerhq_ext._message import message as _
from ledgerhq_ext.reports.accounts import (
    DEBIT_SIDE,
    POSITION,
    RESULT,
    Account,
    Accounts,
    ledger_gap,
)
from ledgerhq_ext.reports.check import Check, Subject, Tally, not_checkable
from ledgerhq_ext.reports.periods import month_number

if TYPE_CHECKING:
    from ledgerhq_ext.reports.packet import FinancialPacket
    from ledgerhq_ext.reports.statements import LedgerLine

RULE = _("running balance = the one before and its line")
_STATEMENT = "generalLedger"
_ENOUGH = 3
"""So many steps no single figure can break."""

Break = tuple["LedgerLine", int]
"""A line whose balance does not follow from the line before, and the balance that would."""


def movement(line: LedgerLine) -> int:
    """Return what a line adds to its account, in cents, debits positive."""
    return line.debit - line.credit


class Running:
    """The running balances of a packet.

    ``accounts`` are those with lines. ``signs`` are by account: 1 where debits count up, -1 where
    credits do, 0 where none tells. ``follows`` is False where no balance follows from the line
    before.
    """

    def __init__(self, accounts: Accounts) -> None:
        self.accounts: list[Account] = [account for account in accounts if account.lines]
        self._steps = 0
        self._votes = {account.id: self._vote(account.lines) for account in self.accounts}
        self._sides: dict[bool | None, int] = {
            True: self._side(True),
            False: self._side(False),
            # Accounts whose side no statement tells have nothing in common.
            None: 0,
        }
        self.signs: dict[str, int] = {
            account.id: self._sign_of(account) for account in self.accounts
        }
        self.follows: bool = self._steps < _ENOUGH or self._has_a_majority()

    def _has_a_majority(self) -> bool:
        return any(majority for majority, _ in self._votes.values())

    def _vote(self, lines: Sequence[LedgerLine]) -> tuple[int, bool]:
        """Return how the steps from line to line vote: a majority, and whether all of them agree.

        The majority is the number of steps that count debits up, less those that count credits.
        """
        votes: list[int] = []
        for before, line in pairwise(lines):
            step = movement(line)
            change = line.running_balance - before.running_balance
            if step:
                votes.append((change == step) - (change == -step))
        self._steps += len(votes)

        majority = sum(votes)
        # One step alone agrees with itself, which says nothing.
        is_unanimous = len(votes) > 1 and abs(majority) == len(votes)
        return majority, is_unanimous

    def _side(self, side: bool) -> int:
        """Return the sign of most accounts of one side; by their ends, where no step tells."""
        steps = 0
        ends = 0
        for account in self.accounts:
            if _debit_side(account) != side:
                continue
            majority, _ = self._votes[account.id]
            steps += majority
            ends += _by_end(account)
        return _sign(steps or ends)

    def _sign_of(self, account: Account) -> int:
        majority, is_unanimous = self._votes[account.id]
        own = _sign(majority)
        side = self._sides[_debit_side(account)]
        end = _by_end(account)

        if own:
            # An account may count the other way than its side (accumulated depreciation): not by
            # one step alone.
            is_believable = own in (side, end) or is_unanimous
            if not side or is_believable:
                return own
            return side

        if end:
            return end
        if side:
            return side
        # Both known conventions count debits up on the debit side.
        return 1 if _debit_side(account) else 0

    def breaks(self, account: Account) -> list[Break]:
        """Return the lines whose balance does not follow, with the balance that would, in cents.

        A balance that is wrong is one break: the next may follow from it, or from what it should
        have been.
        """
        sign = self.signs[account.id] or 1
        breaks: list[Break] = []
        before = account.lines[0].running_balance
        expected = before
        for line in account.lines[1:]:
            step = sign * movement(line)
            if line.running_balance == before + step:
                expected = line.running_balance
            else:
                # The balance before may be the wrong one, and this one right again.
                expected += step
                if line.running_balance != expected:
                    breaks.append((line, expected))
            before = line.running_balance
        return breaks

    def opening(self, account: Account) -> int | None:
        """Return what an account with lines began with, in cents, on the side its balances count.

        None where they do not tell.
        """
        if not self.follows:
            return None
        sign = self.signs[account.id]
        if not sign or self.breaks(account):
            return None

        first = account.lines[0]
        return first.running_balance - sign * movement(first)


def _debit_side(account: Account) -> bool | None:
    """Return True for a kind of account that a debit adds to; None where no statement tells."""
    if account.kind not in POSITION + RESULT:
        return None
    return account.kind in DEBIT_SIDE


def _by_end(account: Account) -> int:
    """Return the sign under which the last balance is the one at the end; 0 where neither is."""
    if not account.end:
        return 0
    last = account.lines[-1].running_balance
    return (last == account.end) - (last == -account.end)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def checks(packet: FinancialPacket, running: Running) -> Iterable[Check]:
    """Return the checks of every chain of running balances."""
    gap = ledger_gap(packet)
    if not gap and not running.follows:
        gap = _("no balance of the ledger follows from the line before")
    if gap:
        return [not_checkable(RULE, _STATEMENT, gap)]

    tally = Tally(RULE, _STATEMENT, sums=False)
    breaks = {account.id: running.breaks(account) for account in running.accounts}
    restarts = _restarts(running.accounts, breaks)
    for account in running.accounts:
        mistakes = [(line, due) for line, due in breaks[account.id] if id(line) not in restarts]
        tally.tie(count=len(account.lines) - 1 - len(mistakes))
        for line, due in mistakes:
            subject = Subject(account.id, account.label, line.entry_number)
            tally.compare(line.running_balance, due, subject)
    return tally.checks()


def _restarts(accounts: Iterable[Account], breaks: dict[str, list[Break]]) -> set[int]:
    """Return the lines (by identity) with which revenue and expenses begin at nothing again.

    That is a service's way with a new year only if all accounts that go on over such a day do so in
    one month of the year.
    """
    months: dict[int, set[int]] = {}
    for account in accounts:
        if not account.is_result:
            continue
        for line, before in _fresh_starts(account, breaks[account.id]):
            for month in _months_between(before, line):
                months.setdefault(month, set()).add(id(line))

    return max(months.values(), key=len, default=set())


def _fresh_starts(
    account: Account, breaks: Iterable[Break]
) -> Iterable[tuple[LedgerLine, LedgerLine]]:
    """Yield each break whose balance is that of its line alone, with the line before it."""
    # By identity: two lines of one day may say the same.
    line_before = {id(line): before for before, line in pairwise(account.lines)}
    for line, _due in breaks:
        # Either sign: services show credit balances as negative or as positive.
        is_fresh = abs(line.running_balance) == abs(movement(line))
        if is_fresh:
            yield line, line_before[id(line)]


def _months_between(before: LedgerLine, line: LedgerLine) -> set[int]:
    """Return the months of the year that begin after one line, and not after the other.

    They are counted from 0.
    """
    first = month_number(before.date)
    # Twelve months hold every month of the year.
    last = min(month_number(line.date), first + 12)
    return {month % 12 for month in range(first + 1, last + 1)}


def openings(packet: FinancialPacket, running: Running) -> dict[str, int]:
    """Return what each account of the ledger began with, in cents, where the packet tells it.

    Accounts whose balances do not follow, or whose side nothing decides, are left out; so are all
    accounts of a ledger that is not complete.
    """
    if ledger_gap(packet):
        return {}

    openings: dict[str, int] = {}
    for account in running.accounts:
        opening = running.opening(account)
        if opening is not None:
            openings[account.id] = opening
    return openings
