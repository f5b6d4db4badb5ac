"""Current Year Earnings: the fiscal year that they are of, and the checks of them.

The contract does not say whether the trial balance closes earlier years, nor what Current Year
Earnings begin with. Where the packet decides it, a check is made; where it does not, the check says
so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledgerhq_ext._message import message as _
from ledgerhq_ext.reports.accounts import (
    POSITION,
    Account,
    Accounts,
    current_earnings,
    is_computed,
    ledger_gap,
)
from ledgerhq_ext.reports.check import Check, Tally, not_checkable
from ledgerhq_ext.reports.closing import ResultLines, Year

if TYPE_CHECKING:
    from ledgerhq_ext.reports.packet import FinancialPacket

EARNINGS_TRIAL = _("Current Year Earnings = revenue less expenses of the trial balance")
EARNINGS_LEDGER = _("Current Year Earnings = revenue less expenses of the ledger")
NET_EARNINGS = _("net income = Current Year Earnings")
NO_TRIAL = _("the packet has no trial balance")
NO_SHEET = _("the packet has no balance sheet")
_NO_RESULT = _("the packet has no profit and loss")
_NO_EARNINGS = _("the balance sheet has no line Current Year Earnings")
NO_YEAR = _("the packet does not say when the fiscal year began")
SPLIT = _(
    "the trial balance and the balance sheet divide earnings between this year and earlier ones in "
    "two ways, and nothing in the packet says which is meant"
)


class Earnings:
    """The earnings of a packet's fiscal year, as far as the packet decides them.

    ``current`` are the Current Year Earnings of the balance sheet, ``of_trial`` revenue less
    expenses of the trial balance, both in cents. ``year`` is the fiscal year they are of, or None.
    ``split`` is what the trial balance shows as earnings and the balance sheet in one account of
    equity, in cents.
    """

    def __init__(self, packet: FinancialPacket, accounts: Accounts) -> None:
        self._packet = packet
        self._accounts = accounts
        self.results: ResultLines = ResultLines(packet, accounts)
        self.current: int | None = current_earnings(packet)
        # Credits are negative here, and earnings are credits less debits. An account whose kind
        # nothing tells is taken for one of revenue or expenses.
        self.of_trial: int = -sum(
            account.trial or 0 for account in accounts if account.kind not in POSITION
        )
        self.year: Year | None = self._fiscal_year()
        self.split: int = self._split()

    def moved_in(self, year: Year, account: Account) -> int:
        """Return what an account moved in the ledger of a year, in cents, debits positive."""
        return self.results.moved(account, year.start, closed=year.closed)

    def _fiscal_year(self) -> Year | None:
        """Return the year whose earnings in the ledger are those of the balance sheet.

        The trial balance decides where several may be.
        """
        if ledger_gap(self._packet) or self.current is None:
            return None
        return min(self.results.years(self.current), key=self._misfits, default=None)

    def _misfits(self, year: Year) -> int:
        """Return how many accounts have another trial balance than the ledger of a year."""
        misfits = 0
        for account in self._accounts:
            if not account.is_result:
                continue
            moved = self.moved_in(year, account)
            misfits += moved != (account.trial or 0)
        return misfits

    def _split(self) -> int:
        # A balance sheet may carry earlier years forward where the trial balance does not.
        trial = self._packet.statement("trialBalance")
        if self.current is None or trial is None:
            return 0

        gaps: list[int] = []
        for account in self._accounts:
            if account.kind != "equity":
                continue
            gap = (account.sheet or 0) - (account.trial or 0)
            if gap:
                gaps.append(gap)

        # Only one account, and by just this amount: else it is a mistake, and no carrying forward.
        earlier_years = self.of_trial - self.current
        return earlier_years if gaps == [-earlier_years] else 0


def earnings_checks(packet: FinancialPacket, earnings: Earnings) -> list[Check]:
    """Return the checks of Current Year Earnings against every other statement."""
    has_sheet = packet.statement("balanceSheet") is not None
    has_result = packet.statement("profitAndLoss") is not None
    checks: list[Check] = []
    if has_sheet:
        checks += _against_trial(packet, earnings)
        checks += _against_ledger(packet, earnings)
    if has_sheet or has_result:
        checks += _against_net(packet, earnings)
    return checks


def _against_trial(packet: FinancialPacket, earnings: Earnings) -> list[Check]:
    tally = Tally(EARNINGS_TRIAL, "balanceSheet")
    if packet.statement("trialBalance") is None:
        tally.leave(NO_TRIAL)
    elif earnings.current is None:
        tally.leave(_NO_EARNINGS)
    elif earnings.split:
        tally.leave(SPLIT, earnings.current, earnings.of_trial)
    else:
        equity = packet.balance_sheet.equity.accounts
        computed = sum(line.balance for line in equity if is_computed(line))
        # A balance sheet may compute the earnings of earlier years on a line of their own.
        figure = computed if computed == earnings.of_trial else earnings.current
        tally.compare(figure, earnings.of_trial)
    return tally.checks()


def _against_ledger(packet: FinancialPacket, earnings: Earnings) -> list[Check]:
    tally = Tally(EARNINGS_LEDGER, "balanceSheet")
    gap = ledger_gap(packet)
    if gap:
        tally.leave(gap)
    elif earnings.current is None:
        tally.leave(_NO_EARNINGS)
    elif earnings.year is not None:
        # The year was chosen by this very figure.
        tally.compare(earnings.current, earnings.current)
    elif earnings.split and earnings.results.holds_a_year:
        # The balance sheet goes by years, one begins in the period, and this is what none of
        # them earned.
        earned = earnings.results.earned(packet.period.start_date)
        tally.compare(earnings.current, earned)
    else:
        tally.leave(NO_YEAR)
    return tally.checks()


def _against_net(packet: FinancialPacket, earnings: Earnings) -> list[Check]:
    result = packet.statement("profitAndLoss")
    if result is None:
        return [not_checkable(NET_EARNINGS, "balanceSheet", _NO_RESULT)]

    tally = Tally(NET_EARNINGS, "profitAndLoss")
    if packet.statement("balanceSheet") is None:
        tally.leave(NO_SHEET)
    elif earnings.current is None:
        tally.leave(_NO_EARNINGS)
    else:
        _compare_net(tally, result.net_income, earnings.current, packet, earnings.year)
    return tally.checks()


def _compare_net(
    tally: Tally, net: int, current: int, packet: FinancialPacket, year: Year | None
) -> None:
    """Compare net income with Current Year Earnings, if both are of one year."""
    if net == current:
        tally.compare(net, current)
        return

    start = packet.period.start_date
    began_with_the_period = year is not None and year.start == start and not year.closed
    if began_with_the_period:
        tally.compare(net, current)
        return

    # Then they need not be equal, and the reader is told why.
    reason = _("the packet does not say that the fiscal year began with the period")
    if year is not None and year.start > start:
        reason = _("the fiscal year began in the period, on {day}", day=year.start)
    tally.leave(reason, net, current)
