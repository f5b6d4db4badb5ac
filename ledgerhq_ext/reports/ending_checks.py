"""The balances at the end of a period: the trial balance against the ledger, account by account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from ledgerhq_ext._message import message as _
from ledgerhq_ext.reports.accounts import POSITION, Account, Accounts, ledger_gap
from ledgerhq_ext.reports.check import Check, Tally, not_checkable
from ledgerhq_ext.reports.closing import Year
from ledgerhq_ext.reports.earnings import NO_TRIAL, NO_YEAR, SPLIT, Earnings
from ledgerhq_ext.reports.running import Running

if TYPE_CHECKING:
    from ledgerhq_ext.reports.packet import FinancialPacket

TRIAL_RUNNING = _("trial balance = last running balance of the account")
TRIAL_LEDGER = _("trial balance = ledger lines of the account since the year began")
_TWO = 2
_MANY = 5
_NO_SIDE = _("nothing decides which side its running balance counts")
_NO_KIND = _("no statement says what type of account it is")
_NO_FIRST_DAY = _("nothing decides with which day the year of the trial balance begins")


@frozen
class _Balance:
    """An account's balance in the trial balance and in the ledger, in cents, debits positive.

    The ledger's is None where nothing decides which side its running balance counts.
    """

    account: Account
    trial: int
    ledger: int | None

    @property
    def is_apart(self) -> bool:
        """True when the two differ."""
        return self.trial != self.ledger

    @property
    def gap(self) -> int:
        """The ledger's balance less that of the trial balance, in cents; unknown is nothing."""
        return (self.ledger or 0) - self.trial


def ending_checks(
    packet: FinancialPacket, accounts: Accounts, running: Running, earnings: Earnings
) -> list[Check]:
    """Return the checks of the trial balance against the ledger."""
    has_trial = packet.statement("trialBalance") is not None
    has_ledger = packet.statement("generalLedger") is not None
    if not has_trial and not has_ledger:
        return []
    if not has_trial:
        return _neither("generalLedger", NO_TRIAL)
    if gap := ledger_gap(packet):
        return _neither("trialBalance", gap)
    return _EndingChecks(accounts, running, earnings).checks()


def _neither(statement: str, reason: str) -> list[Check]:
    return [not_checkable(rule, statement, reason) for rule in (TRIAL_RUNNING, TRIAL_LEDGER)]


class _EndingChecks:
    """The checks of a packet that has a trial balance and a complete ledger."""

    def __init__(self, accounts: Accounts, running: Running, earnings: Earnings) -> None:
        self._accounts = accounts
        self._running = running
        self._earnings = earnings

    def checks(self) -> list[Check]:
        """Return them all."""
        position = [account for account in self._accounts if account.kind in POSITION]
        result = [account for account in self._accounts if account.is_result]
        tally = Tally(TRIAL_RUNNING, "trialBalance")
        self._compare_running(tally, position)
        for account in self._accounts:
            # One that no statement has at the end may have ended at nothing.
            if not account.kind and account.lines and account.lines[-1].running_balance:
                tally.leave(_NO_KIND, subject=account.subject)

        year = self._earnings.year
        if year is not None:
            return [*tally.checks(), *self._year_checks(result, year)]
        # Without a year its lines cannot be summed; running balances are all there is.
        self._compare_running(tally, result)
        return [*tally.checks(), not_checkable(TRIAL_LEDGER, "trialBalance", NO_YEAR)]

    def _compare_running(self, tally: Tally, accounts: Sequence[Account]) -> None:
        """Compare the trial balances of accounts with their last running balances."""
        balances = [
            _Balance(account, account.trial or 0, self._last_balance(account))
            for account in accounts
            if account.lines
        ]
        apart = [balance for balance in balances if balance.is_apart]
        doubts = self._doubts(balances, apart)
        for balance in balances:
            subject = balance.account.subject
            if balance.ledger is None:
                tally.leave(_NO_SIDE, subject=subject)
            elif doubt := doubts.get(balance.account.id):
                tally.leave(doubt, balance.trial, balance.ledger, subject)
            else:
                tally.compare(balance.trial, balance.ledger, subject)

    def _doubts(self, balances: Sequence[_Balance], apart: Sequence[_Balance]) -> dict[str, str]:
        """Return why balances that are apart may be right all the same, by account."""
        accounts = [balance.account for balance in apart]
        are_carried = any(self._running.opening(balance.account) for balance in balances)
        if not are_carried:
            reason = _("running balances may begin at nothing with the period")
            return {account.id: reason for account in accounts}

        doubts: dict[str, str] = {}
        # Earlier years' results may reach one account of equity without an entry.
        equity = [account.id for account in accounts if account.kind == "equity"]
        if len(equity) == 1:
            doubts[equity[0]] = _(
                "earnings of earlier years may reach an account of equity without an entry"
            )
        are_mistakes = self._are_mistakes(apart, len(balances))
        if self._earnings.current is None or not are_mistakes:
            reason = _(
                "running balances of revenue and expenses may begin with another day than the year"
            )
            doubts |= {account.id: reason for account in accounts if account.is_result}
        return doubts

    def _last_balance(self, account: Account) -> int | None:
        sign = self._running.signs[account.id]
        return sign * account.lines[-1].running_balance if sign else None

    def _year_checks(self, accounts: Sequence[Account], year: Year) -> list[Check]:
        """Return the checks of revenue and expenses against what the ledger of a year moved."""
        balances: list[_Balance] = []
        for account in accounts:
            moved = self._earnings.moved_in(year, account)
            if account.trial or moved:
                balances.append(_Balance(account, account.trial or 0, moved))

        apart = [balance for balance in balances if balance.is_apart]
        are_mistakes = self._are_mistakes(apart, len(balances))
        doubt = SPLIT if self._earnings.split else _NO_FIRST_DAY

        tally = Tally(TRIAL_LEDGER, "trialBalance")
        for balance in balances:
            # Both on the account's own side, as people read them.
            sign = 1 if balance.account.kind == "expense" else -1
            figure = sign * balance.trial
            counterpart = sign * (balance.ledger or 0)
            if balance.is_apart and not are_mistakes:
                tally.leave(doubt, figure, counterpart, balance.account.subject)
            else:
                tally.compare(figure, counterpart, balance.account.subject)
        return tally.checks()

    def _are_mistakes(self, apart: Sequence[_Balance], number: int) -> bool:
        """Return True when balances of revenue and expenses are apart by mistake.

        Else it may be by a year that begins elsewhere. Another year leaves the earnings of both
        statements the same, and shows in more of many accounts than one. It does not make two
        balances, or two sides of them, change places.
        """
        earnings = self._earnings
        is_earned_once = earnings.current is not None and not earnings.split
        if is_earned_once and earnings.of_trial != earnings.current:
            return True

        if len(apart) == 1:
            return number > _MANY
        if len(apart) != _TWO:
            return False

        one, other = apart
        return _have_changed_places(one, other) or self._have_swapped_sides(one, other)

    def _have_swapped_sides(self, one: _Balance, other: _Balance) -> bool:
        """Return True when a debit or credit of one account stands in the line of the other.

        Then one of them has both, and their sum is right.
        """
        if one.gap + other.gap != 0:
            return False
        two_sided = [account.id for account in self._accounts if account.two_sided]
        return len(two_sided) == 1 and two_sided[0] in (one.account.id, other.account.id)


def _have_changed_places(one: _Balance, other: _Balance) -> bool:
    # By the account and not by `trial`: one that the trial balance lacks has no place to change.
    trial = (one.account.trial, other.account.trial)
    return trial == (other.ledger or 0, one.ledger or 0)
