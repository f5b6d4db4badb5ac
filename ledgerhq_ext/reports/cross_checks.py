"""What has to tie from one statement to another.

The contract does not say whether the trial balance closes earlier years, what Current Year Earnings
begin with, or where running balances do. Where the packet decides it, the check is made; where it
does not, the check says so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ledgerhq_ext.reports.accounts import (
    POSITION,
    Account,
    Accounts,
    current_earnings,
    is_computed,
    ledger_gap,
)
from ledgerhq_ext.reports.check import Check, Subject, Tally, not_checkable
from ledgerhq_ext.reports.closing import ResultLines, Year
from ledgerhq_ext.reports.running import Running

if TYPE_CHECKING:
    from ledgerhq_ext.reports.packet import FinancialPacket

RESULT_LEDGER = "profit and loss = ledger lines of the account"
SHEET_TRIAL = "balance sheet = trial balance of the account"
EARNINGS_TRIAL = "Current Year Earnings = revenue less expenses of the trial balance"
EARNINGS_LEDGER = "Current Year Earnings = revenue less expenses of the ledger"
NET_EARNINGS = "net income = Current Year Earnings"
TRIAL_RUNNING = "trial balance = last running balance of the account"
TRIAL_LEDGER = "trial balance = ledger lines of the account since the year began"
DATE = "date of a ledger line is in the period"
_TWO = 2
_MANY = 5
_NO_TRIAL = "the packet has no trial balance"
_NO_SHEET = "the packet has no balance sheet"
_NO_RESULT = "the packet has no profit and loss"
_NO_EARNINGS = "the balance sheet has no line Current Year Earnings"
_SPLIT = (
    "the trial balance and the balance sheet divide earnings between this year and earlier ones in "
    "two ways, and nothing in the packet says which is meant"
)


class CrossChecks:
    """The checks from statement to statement of one packet."""

    def __init__(self, packet: FinancialPacket, accounts: Accounts, running: Running) -> None:
        self._packet, self._accounts, self._running = packet, accounts, running
        self._names = {*packet.included}
        self._gap = ledger_gap(packet)
        self._results = ResultLines(packet, accounts)
        self._earnings = current_earnings(packet)
        self._year = self._fiscal_year()
        self._split = self._split_earnings()

    def checks(self) -> list[Check]:
        """Return them all."""
        return [
            *self._dates(),
            *self._result_ledger(),
            *self._sheet_trial(),
            *self._earned(),
            *self._ends(),
        ]

    def _fiscal_year(self) -> Year | None:
        """Return the year that the balance sheet's earnings are of, as far as the ledger tells; by
        the trial balance where several may be."""
        if self._gap or self._earnings is None:
            return None
        years = self._results.years(self._earnings)
        return min(years, key=lambda year: len(self._apart_in(year)), default=None)

    def _apart_in(self, year: Year) -> list[Account]:
        """Return the accounts of revenue and expenses that have another balance than the ledger of
        a year.
        """
        accounts = [account for account in self._accounts if account.is_result]
        return [
            account for account in accounts if self._moved_in(year, account) != (account.trial or 0)
        ]

    def _moved_in(self, year: Year, account: Account) -> int:
        return self._results.moved(account, year.start, closed=year.closed)

    def _trial_earnings(self) -> int:
        return -sum(
            account.trial or 0 for account in self._accounts if account.kind not in POSITION
        )

    def _split_earnings(self) -> int:
        """Return what the trial balance shows as earnings and the balance sheet in one account of
        equity, in cents.

        That is how a balance sheet carries earlier years forward where the trial balance does not.
        """
        if self._earnings is None or not {"trialBalance", "balanceSheet"} <= self._names:
            return 0

        apart = self._trial_earnings() - self._earnings
        gaps = [self._sheet_gap(account) for account in self._accounts if account.kind == "equity"]
        differences = [gap for gap in gaps if gap]
        return apart if differences == [-apart] else 0

    @staticmethod
    def _sheet_gap(account: Account) -> int:
        return (account.sheet or 0) - (account.trial or 0)

    # --- the ledger's dates, and profit and loss

    def _dates(self) -> list[Check]:
        book = self._packet.statement("generalLedger")
        if book is None:
            return []
        if self._gap:
            return [not_checkable(DATE, "generalLedger", self._gap)]
        start, end = self._packet.period.start_date, self._packet.period.end_date
        tally = Tally(DATE, "generalLedger", sums=False)
        for line in book.lines:
            if start <= line.date <= end:
                tally.tie()
            else:
                label = self._accounts.by_id[line.account_id].label
                subject = Subject(line.account_id, label, line.entry_number)
                tally.differ(f"{line.date} is not between {start} and {end}", subject)
        return tally.checks()

    def _result_ledger(self) -> list[Check]:
        result = self._packet.statement("profitAndLoss")
        if result is None:
            return []
        tally = Tally(RESULT_LEDGER, "profitAndLoss")
        if self._gap:
            tally.leave(self._gap)
            return tally.checks()
        if any(not line.account_id for line in (*result.revenue, *result.expenses)):
            tally.leave("a line of the profit and loss names no account")
        for account in self._results.accounts:
            moved = self._results.moved(account)
            if account.result is not None or moved:
                sign = 1 if account.kind == "expense" else -1
                tally.compare(sign * (account.result or 0), sign * moved, account.subject)
        return tally.checks()

    # --- the balance sheet

    def _sheet_trial(self) -> list[Check]:
        if not {"trialBalance", "balanceSheet"} & self._names:
            return []
        tally = Tally(SHEET_TRIAL, "balanceSheet")
        if not {"trialBalance", "balanceSheet"} <= self._names:
            tally.leave(_NO_TRIAL if "balanceSheet" in self._names else _NO_SHEET)
            return tally.checks()
        for account in self._accounts:
            if account.kind not in POSITION or (account.sheet is None and not account.trial):
                continue
            sign = 1 if account.kind == "asset" else -1
            figure, counterpart = sign * (account.sheet or 0), sign * (account.trial or 0)
            if self._split and account.kind == "equity" and figure != counterpart:
                tally.leave(_SPLIT, figure, counterpart, account.subject)
            else:
                tally.compare(figure, counterpart, account.subject)
        return tally.checks()

    # --- earnings

    def _earned(self) -> list[Check]:
        checks: list[Check] = []
        if "balanceSheet" in self._names:
            checks += self._one(EARNINGS_TRIAL, "balanceSheet", self._against_trial)
            checks += self._one(EARNINGS_LEDGER, "balanceSheet", self._against_ledger)
        if {"balanceSheet", "profitAndLoss"} & self._names:
            statement = "profitAndLoss" if "profitAndLoss" in self._names else "balanceSheet"
            checks += self._one(NET_EARNINGS, statement, self._against_net)
        return checks

    @staticmethod
    def _one(rule: str, statement: str, make: Callable[[Tally], None]) -> list[Check]:
        tally = Tally(rule, statement)
        make(tally)
        return tally.checks()

    def _against_trial(self, tally: Tally) -> None:
        if self._earnings is None or "trialBalance" not in self._names:
            tally.leave(_NO_EARNINGS if "trialBalance" in self._names else _NO_TRIAL)
            return
        sheet, trial = self._packet.balance_sheet, self._trial_earnings()
        computed = sum(line.balance for line in sheet.equity.accounts if is_computed(line))
        if self._split:
            tally.leave(_SPLIT, self._earnings, trial)
        else:
            # A balance sheet may compute the earnings of earlier years on a line of their own.
            tally.compare(computed if trial == computed else self._earnings, trial)

    def _against_ledger(self, tally: Tally) -> None:
        earnings = self._earnings
        if self._gap or earnings is None:
            tally.leave(self._gap or _NO_EARNINGS)
        elif self._year is not None:
            tally.compare(earnings, earnings)
        elif self._split and self._results.holds_a_year:
            # The balance sheet goes by years, one begins in the period, and this is what none of
            # them earned.
            tally.compare(earnings, self._results.earned(self._packet.period.start_date))
        else:
            tally.leave("the packet does not say when the fiscal year began")

    def _against_net(self, tally: Tally) -> None:
        if self._earnings is None or "profitAndLoss" not in self._names:
            missing = _NO_EARNINGS if "balanceSheet" in self._names else _NO_SHEET
            tally.leave(missing if "profitAndLoss" in self._names else _NO_RESULT)
            return
        net, start = self._packet.profit_and_loss.net_income, self._packet.period.start_date
        year = self._year
        if net == self._earnings or (year and year.start == start and not year.closed):
            tally.compare(net, self._earnings)
        elif year and year.start > start:
            reason = f"the fiscal year began in the period, on {year.start}"
            tally.leave(reason, net, self._earnings)
        else:
            reason = "the packet does not say that the fiscal year began with the period"
            tally.leave(reason, net, self._earnings)

    # --- balances at the end

    def _ends(self) -> list[Check]:
        if self._gap or "trialBalance" not in self._names:
            missing = self._gap if "trialBalance" in self._names else _NO_TRIAL
            if not {"generalLedger", "trialBalance"} & self._names:
                return []
            statement = "trialBalance" if "trialBalance" in self._names else "generalLedger"
            return [
                not_checkable(rule, statement, missing) for rule in (TRIAL_RUNNING, TRIAL_LEDGER)
            ]
        position = [account for account in self._accounts if account.kind in POSITION]
        result = [account for account in self._accounts if account.is_result]
        tally = Tally(TRIAL_RUNNING, "trialBalance")
        self._against_running(tally, position)
        year = self._year
        if year is None:
            self._against_running(tally, result)
            reason = "the packet does not say when the fiscal year began"
            return [*tally.checks(), not_checkable(TRIAL_LEDGER, "trialBalance", reason)]
        return [*tally.checks(), *self._against_lines(result, year)]

    def _against_running(self, tally: Tally, accounts: list[Account]) -> None:
        ends = [(account, self._end(account)) for account in accounts if account.lines]
        apart = [account for account, end in ends if end != (account.trial or 0)]
        carried = any(self._running.opening(account) for account, _ in ends)
        pairs = [(account, end or 0) for account, end in ends if end != (account.trial or 0)]
        certain = self._earnings is not None and self._are_mistakes(pairs, len(ends))
        # Earlier years' results may reach one account of equity without an entry.
        rolled = [account.id for account in apart if account.kind == "equity"]
        for account, end in ends:
            figure = account.trial or 0
            if end is None:
                tally.leave(
                    "nothing decides which side its running balance counts", subject=account.subject
                )
            elif end == figure:
                tally.compare(figure, end, account.subject)
            elif not carried:
                reason = "running balances may begin at nothing with the period"
                tally.leave(reason, figure, end, account.subject)
            elif rolled == [account.id]:
                reason = "earnings of earlier years may reach an account of equity without an entry"
                tally.leave(reason, figure, end, account.subject)
            elif account.is_result and not certain:
                reason = "running balances of revenue and expenses may begin with another day than the year"
                tally.leave(reason, figure, end, account.subject)
            else:
                tally.compare(figure, end, account.subject)

    def _end(self, account: Account) -> int | None:
        sign = self._running.signs[account.id]
        return sign * account.lines[-1].running_balance if sign else None

    def _against_lines(self, accounts: list[Account], year: Year) -> list[Check]:
        tally = Tally(TRIAL_LEDGER, "trialBalance")
        moves = [(account, self._moved_in(year, account)) for account in accounts]
        moves = [(account, moved) for account, moved in moves if account.trial or moved]
        pairs = [(account, moved) for account, moved in moves if moved != (account.trial or 0)]
        certain = self._are_mistakes(pairs, len(moves))
        reason = (
            _SPLIT
            if self._split
            else "nothing decides with which day the year of the trial balance begins"
        )
        for account, moved in moves:
            sign = 1 if account.kind == "expense" else -1
            figure, counterpart = sign * (account.trial or 0), sign * moved
            if figure != counterpart and not certain:
                tally.leave(reason, figure, counterpart, account.subject)
            else:
                tally.compare(figure, counterpart, account.subject)
        return tally.checks()

    def _are_mistakes(self, pairs: list[tuple[Account, int]], number: int) -> bool:
        """Whether balances of revenue and expenses are apart by mistake, and not by a year that
        begins elsewhere.

        Another year leaves the earnings of both statements the same, and shows in more of many
        accounts than one. It does not make two balances, or two sides of them, change places.
        """
        earnings = self._earnings
        if earnings is not None and not self._split and self._trial_earnings() != earnings:
            return True
        if len(pairs) == 1:
            return number > _MANY
        if len(pairs) != _TWO:
            return False
        one, other = pairs
        if (one[0].trial, other[0].trial) == (other[1], one[1]):
            return True
        two_sided = [account for account in self._accounts if account.two_sided]
        gap = sum(moved - (account.trial or 0) for account, moved in pairs)
        return gap == 0 and len(two_sided) == 1 and two_sided[0] in (one[0], other[0])
