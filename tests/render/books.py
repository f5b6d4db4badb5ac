"""Double-entry books for tests, and their packets under several conventions; nothing here is the
library's.

An entry is a day and what it moves, debits positive. Everything in a packet is summed from the
entries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from random import Random

from attrs import field, frozen

from ledgerhq_ext.reports.packet import FinancialPacket, PacketOrganization, PacketPeriod
from ledgerhq_ext.reports.statements import (
    BalanceSheet,
    BankReconciliationAccount,
    BankReconciliationStatus,
    GeneralLedger,
    LastReconciliation,
    LedgerLine,
    ProfitAndLoss,
    StatementLine,
    StatementSection,
    TrialBalance,
    TrialBalanceLine,
    Unreconciled,
    UnreconciledAging,
)

CHART = {
    "1000": ("Checking", "asset"),
    "1100": ("Receivables", "asset"),
    "1500": ("Equipment", "asset"),
    "1590": ("Accumulated depreciation", "asset"),
    "2000": ("Credit card", "liability"),
    "2500": ("Loan", "liability"),
    "3000": ("Capital", "equity"),
    "3200": ("Retained earnings", "equity"),
    "3900": ("Income summary", "equity"),
    "4000": ("Sales", "revenue"),
    "4100": ("Services", "revenue"),
    "6000": ("Rent", "expense"),
    "6100": ("Supplies", "expense"),
    "6200": ("Depreciation", "expense"),
    "6300": ("Interest", "expense"),
}
RESULT = ("revenue", "expense")


@frozen
class Entry:
    """An entry: its day, and what it moves by code."""

    day: dt.date
    moves: dict[str, int]
    closing: bool = False


@frozen(kw_only=True)
class Way:
    """How a service may write packets.

    ``natural``: running balances count up on each account's side. ``closes``: a year ends with
    closing entries, with ``summary`` by way of an income summary; else earnings reach the next year
    without one. ``restarts``: running balances of revenue and expenses begin at nothing with a
    year. ``rolls``: the trial balance does so too. ``by_day``: the ledger goes by days, not
    accounts. ``numbers_anew``: entry numbers begin at one with a year.
    """

    natural: bool = False
    closes: bool = False
    summary: bool = False
    restarts: bool = False
    rolls: bool = True
    by_day: bool = False
    numbers_anew: bool = False
    month: int = 1


def entries(first: dt.date, last: dt.date, step: int) -> Iterator[Entry]:
    """The entries of a small firm, founded on ``first``: eight in every ``step`` months, no two of
    one amount.
    """
    yield Entry(first, {"1000": 3_000_007, "2500": -1_000_003, "3000": -2_000_004})
    yield Entry(first, {"1500": 500_009, "1000": -500_009})
    year, month, number = first.year, first.month, 0
    while dt.date(year, month, 1) <= last:
        day = dt.date(year, month, 1)
        odd = 997 * number
        yield Entry(day.replace(day=3), {"1000": 410_011 + odd, "4000": -410_011 - odd})
        yield Entry(day.replace(day=5), {"6000": 150_013 + odd, "1000": -150_013 - odd})
        yield Entry(day.replace(day=9), {"1100": 230_017 + odd, "4100": -230_017 - odd})
        yield Entry(day.replace(day=12), {"6100": 61_021 + odd, "2000": -61_021 - odd})
        yield Entry(day.replace(day=18), {"1000": 200_023 + odd, "1100": -200_023 - odd})
        yield Entry(day.replace(day=20), {"2000": 50_027 + odd, "1000": -50_027 - odd})
        yield Entry(
            day.replace(day=25),
            {"2500": 20_029 + odd, "6300": 4_031 + number, "1000": -24_060 - odd - number},
        )
        yield Entry(day.replace(day=28), {"6200": 8_033 + number, "1590": -8_033 - number})
        number += 1
        year, month = divmod(year * 12 + month - 1 + step, 12)
        month += 1


def kind(code: str) -> str:
    """The account's type."""
    return CHART[code][1]


def year_start(day: dt.date, month: int) -> dt.date:
    """The first day of the fiscal year a day is in."""
    return dt.date(day.year - (day.month < month), month, 1)


@frozen
class Books:
    """Entries, and packets made of them."""

    way: Way
    entries: tuple[Entry, ...]
    numbers: dict[int, int] = field(factory=dict)

    def balance(self, code: str, until: dt.date, since: dt.date = dt.date.min) -> int:
        """What an account moved between two days, both included."""
        return sum(
            entry.moves.get(code, 0) for entry in self.entries if since <= entry.day <= until
        )

    def packet(self, start: dt.date, end: dt.date) -> FinancialPacket:
        """The packet of a period."""
        return FinancialPacket(
            organization=PacketOrganization(
                id="org-1", name="Maple Street Coffee", default_currency="USD"
            ),
            period=PacketPeriod(start_date=start, end_date=end),
            generated_at=dt.datetime(2026, 7, 1, 12, 0, 11, tzinfo=dt.UTC),
            amount_unit="integer_cents",
            warnings=(),
            profit_and_loss=self._result(start, end),
            balance_sheet=self._sheet(end),
            trial_balance=self._trial(end),
            general_ledger=self._ledger(start, end),
            bank_reconciliation_status=_bank(),
        )

    def _result(self, start: dt.date, end: dt.date) -> ProfitAndLoss:
        def lines(of: str, sign: int) -> tuple[StatementLine, ...]:
            sums = {
                code: sign
                * sum(
                    entry.moves.get(code, 0)
                    for entry in self.entries
                    if start <= entry.day <= end and not entry.closing
                )
                for code in CHART
                if kind(code) == of
            }
            return tuple(_line(code, amount) for code, amount in sums.items() if amount)

        revenue, expenses = lines("revenue", -1), lines("expense", 1)
        earned, spent = (
            sum(line.balance for line in revenue),
            sum(line.balance for line in expenses),
        )
        return ProfitAndLoss(
            revenue=revenue,
            total_revenue=earned,
            expenses=expenses,
            total_expenses=spent,
            net_income=earned - spent,
        )

    def _ends(self, end: dt.date, *, rolled: bool) -> dict[str, int]:
        """Every account's balance; ``rolled``: with the results of earlier years in retained
        earnings.
        """
        since = year_start(end, self.way.month)
        ends = {code: self.balance(code, end) for code in CHART}
        if rolled and not self.way.closes:
            for code in CHART:
                if kind(code) in RESULT:
                    before = self.balance(code, since - dt.timedelta(days=1))
                    ends[code] -= before
                    ends["3200"] += before
        return ends

    def _sheet(self, end: dt.date) -> BalanceSheet:
        ends = self._ends(end, rolled=True)

        def section(of: str, sign: int, *more: StatementLine) -> StatementSection:
            lines = [
                _line(code, sign * ends[code]) for code in CHART if kind(code) == of and ends[code]
            ]
            return StatementSection(
                accounts=(*lines, *more), total=sum(line.balance for line in (*lines, *more))
            )

        earned = -sum(ends[code] for code in CHART if kind(code) in RESULT)
        return BalanceSheet(
            assets=section("asset", 1),
            liabilities=section("liability", -1),
            equity=section(
                "equity", -1, StatementLine(account_name="Current Year Earnings", balance=earned)
            ),
        )

    def _trial(self, end: dt.date) -> TrialBalance:
        ends = self._ends(end, rolled=self.way.rolls)
        accounts = tuple(
            TrialBalanceLine(
                account_id=f"acc-{code}",
                code=code,
                name=CHART[code][0],
                type=kind(code),
                debit_balance=max(ends[code], 0),
                credit_balance=max(-ends[code], 0),
            )
            for code in CHART
            if ends[code]
        )
        return TrialBalance(
            accounts=accounts,
            total_debits=sum(line.debit_balance for line in accounts),
            total_credits=sum(line.credit_balance for line in accounts),
        )

    def _ledger(self, start: dt.date, end: dt.date) -> GeneralLedger:
        lines = [line for code in CHART for line in self._lines(code, end) if line.date >= start]
        if self.way.by_day:
            lines.sort(key=lambda line: line.date)
        return GeneralLedger(lines=tuple(lines), truncated=False, total_lines=len(lines))

    def _lines(self, code: str, end: dt.date) -> Iterable[LedgerLine]:
        """All lines of an account since the beginning."""
        up = -1 if self.way.natural and kind(code) in ("liability", "equity", "revenue") else 1
        balance, last = 0, dt.date.min
        for place, entry in enumerate(self.entries):
            move = entry.moves.get(code, 0)
            if not move or entry.day > end:
                continue
            begun = year_start(entry.day, self.way.month)
            if self.way.restarts and kind(code) in RESULT and last < begun:
                balance = 0
            balance, last = balance + up * move, entry.day
            yield LedgerLine(
                date=entry.day,
                entry_number=self.numbers[place],
                account_id=f"acc-{code}",
                account_code=code,
                account_name=CHART[code][0],
                description="Closing entry" if entry.closing else "Till close",
                debit=max(move, 0),
                credit=max(-move, 0),
                running_balance=balance,
            )


def books(
    way: Way,
    first: dt.date = dt.date(2024, 3, 1),
    last: dt.date = dt.date(2026, 12, 31),
    step: int = 1,
) -> Books:
    """The books of a firm from its founding, with closing entries where a year ends."""
    made: list[Entry] = []
    for entry in entries(first, last, step):
        if (
            made
            and way.closes
            and year_start(made[-1].day, way.month) < year_start(entry.day, way.month)
        ):
            made += _closing(made, year_start(entry.day, way.month) - dt.timedelta(days=1), way)
        made.append(entry)
    if way.closes and (last + dt.timedelta(days=1)).month == way.month:
        made += _closing(made, last, way)
    numbers: dict[int, int] = {}
    for place, entry in enumerate(made):
        anew = (
            place
            and way.numbers_anew
            and year_start(made[place - 1].day, way.month) < year_start(entry.day, way.month)
        )
        numbers[place] = 1 if not place or anew else numbers[place - 1] + 1
    return Books(way, tuple(made), numbers)


def any_books(random: Random, way: Way) -> Books:
    """Few entries or many of three years, between any accounts: owners' expenses, reversals, months
    of nothing.
    """
    codes = [code for code in CHART if code != "3900"]
    count = random.choice((5, 20, 60, 200))
    days = sorted(
        dt.date(2024, 1, 1) + dt.timedelta(days=random.randrange(1096)) for _ in range(count)
    )
    made: list[Entry] = []
    for day in days:
        used = random.sample(codes, random.choice((2, 2, 2, 3, 4)))
        amounts = [random.randint(-200, 200) * random.choice((1, 5, 100)) for _ in used[1:]]
        moves = {
            code: amount
            for code, amount in zip(used, [*amounts, -sum(amounts)], strict=True)
            if amount
        }
        begun = year_start(day, way.month)
        if made and way.closes and made[-1].day < begun:
            made += _closing(made, begun - dt.timedelta(days=1), way)
        if moves:
            made.append(Entry(day, moves))
    return Books(way, tuple(made), dict(enumerate(range(1, len(made) + 1))))


def _closing(made: list[Entry], day: dt.date, way: Way) -> list[Entry]:
    """Takes revenue and expenses to nothing: in one entry, or kind by kind by way of the income
    summary.
    """
    moves = {
        code: -sum(entry.moves.get(code, 0) for entry in made)
        for code in CHART
        if kind(code) in RESULT
    }
    earned = sum(moves.values())
    if not way.summary:
        return [Entry(day, {**moves, "3200": -earned}, closing=True)]
    closing = []
    for of in RESULT:
        own = {code: move for code, move in moves.items() if kind(code) == of}
        closing.append(Entry(day, {**own, "3900": -sum(own.values())}, closing=True))
    return [*closing, Entry(day, {"3900": earned, "3200": -earned}, closing=True)]


def _line(code: str, balance: int) -> StatementLine:
    return StatementLine(
        account_id=f"acc-{code}", account_code=code, account_name=CHART[code][0], balance=balance
    )


def _bank() -> BankReconciliationStatus:
    aging = UnreconciledAging(week=4, month=2, two_months=0, older=1)
    account = BankReconciliationAccount(
        id="bank-1",
        account_name="Business checking",
        balance=8_992_411,
        balance_discrepancy=-17_623,
        unreconciled=Unreconciled(count=7, total=-12_345, aging=aging),
        last_reconciliation=LastReconciliation(id="r", end_date=dt.date(2026, 4, 30)),
    )
    return BankReconciliationStatus(accounts=(account,))
