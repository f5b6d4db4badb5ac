"""The cash flow statement of a period, by the indirect method.

It goes from net income to the change in cash, over what every account of the balance sheet changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from attrs import frozen

from ledgerhq_ext._message import message as _
from ledgerhq_ext.money import Cents
from ledgerhq_ext.pack._groups import Group, Groups
from ledgerhq_ext.reports.accounts import is_computed
from ledgerhq_ext.reports.statements import BalanceSheet, StatementLine

Activity: TypeAlias = Literal["operating", "investing", "financing"]
ACTIVITIES: tuple[Activity, ...] = ("operating", "investing", "financing")

_ACTIVITIES: dict[Group, Activity] = {
    "receivable": "operating",
    "inventory": "operating",
    "current_asset": "operating",
    "payable": "operating",
    "current_liability": "operating",
    "fixed_asset": "investing",
    "loan": "financing",
    "equity": "financing",
}


@frozen(kw_only=True)
class CashFlowLine:
    """A line of a cash flow statement, in cents; money that comes in is positive.

    ``account_id`` is None for net income, depreciation, and lines of several accounts.
    """

    activity: Activity
    name: str
    amount: Cents
    code: str = ""
    account_id: str | None = None


@frozen(kw_only=True)
class CashFlow:
    """A cash flow statement. ``opening`` and ``closing`` are the cash of the two balance sheets."""

    lines: tuple[CashFlowLine, ...]
    opening: Cents
    closing: Cents

    def total(self, activity: Activity) -> Cents:
        """Return the sum of an activity."""
        return sum(line.amount for line in self.lines if line.activity == activity)

    @property
    def change(self) -> Cents:
        """The sum of all lines, which should be the change in cash."""
        return sum(line.amount for line in self.lines)


@frozen(kw_only=True)
class Movement:
    """The change of an account between two balance sheets, in cents; debits are positive."""

    line: StatementLine
    group: Group
    before: Cents
    after: Cents

    @property
    def change(self) -> Cents:
        """The balance after, less the one before."""
        return self.after - self.before


class Movements:
    """The changes of all accounts between two balance sheets of a company."""

    def __init__(self, opening: BalanceSheet, closing: BalanceSheet, groups: Groups) -> None:
        before = _balances(opening, groups)
        after = _balances(closing, groups)
        self._movements: list[Movement] = []
        for key in dict.fromkeys([*after, *before]):
            line, group, _ = after.get(key) or before[key]
            self._movements.append(
                Movement(
                    line=line,
                    group=group,
                    before=before[key][2] if key in before else 0,
                    after=after[key][2] if key in after else 0,
                )
            )

    def of(self, group: Group) -> list[Movement]:
        """Return the changes of the accounts of a group."""
        return [movement for movement in self._movements if movement.group == group]

    def change(self, group: Group) -> Cents:
        """Return the change of a group together."""
        return sum(movement.change for movement in self.of(group))

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups that there are, in the order of the balance sheet."""
        return tuple(dict.fromkeys(movement.group for movement in self._movements))


_Balance = tuple[StatementLine, Group, int]


def _balances(sheet: BalanceSheet, groups: Groups) -> dict[tuple[str, str], _Balance]:
    """Return the accounts of a balance sheet with their balances, debits positive."""
    sections = (
        ("asset", 1, sheet.assets),
        ("liability", -1, sheet.liabilities),
        ("equity", -1, sheet.equity),
    )
    balances: dict[tuple[str, str], _Balance] = {}
    for kind, sign, section in sections:
        for line in section.accounts:
            # Earnings of this year and of earlier ones are one: a new year moves the first into
            # the second without an entry.
            key = (line.account_id or kind, "" if line.account_id else line.account_name)
            _, _, sum_so_far = balances.get(key, (line, None, 0))
            is_earnings = kind == "equity" and is_computed(line)
            group = "retained_earnings" if is_earnings else groups.of(line.account_id, kind)
            balances[key] = (line, group, sum_so_far + sign * line.balance)
    return balances


def cash_flow_of(movements: Movements, net_income: Cents, depreciation: Cents) -> CashFlow:
    """Return the cash flow statement of a period.

    ``depreciation`` is an expense that moved no cash: it comes back to net income, and out of what
    the fixed assets changed.
    """
    # Cash is what the other lines explain, so it is a line of none of the activities.
    cash = movements.of("cash")
    return CashFlow(
        lines=tuple(_lines(movements, net_income, depreciation)),
        opening=sum(movement.before for movement in cash),
        closing=sum(movement.after for movement in cash),
    )


def _lines(movements: Movements, net_income: Cents, depreciation: Cents) -> Iterator[CashFlowLine]:
    yield CashFlowLine(activity="operating", name=_("Net income"), amount=net_income)
    if depreciation:
        yield CashFlowLine(activity="operating", name=_("Depreciation"), amount=depreciation)
    for group in movements.groups:
        if group in _ACTIVITIES and group != "fixed_asset":
            yield from _changes(movements.of(group), _ACTIVITIES[group])

    # Depreciation made the assets less without a cent being paid: what they would have changed
    # otherwise was bought or sold.
    investment = -movements.change("fixed_asset") - depreciation
    if investment:
        yield CashFlowLine(
            activity="investing", name=_("Fixed assets, bought and sold"), amount=investment
        )
    # Earnings change by net income; anything more was booked to them directly.
    other_earnings = other_earnings_of(movements, net_income)
    if other_earnings:
        yield CashFlowLine(
            activity="financing",
            name=_("Retained earnings, other than net income"),
            amount=other_earnings,
        )


def other_earnings_of(movements: Movements, net_income: Cents) -> Cents:
    """Return what earnings changed beside net income, in cents."""
    return -movements.change("retained_earnings") - net_income


def _changes(movements: list[Movement], activity: Activity) -> Iterator[CashFlowLine]:
    for movement in movements:
        if movement.change:
            yield CashFlowLine(
                activity=activity,
                name=movement.line.account_name,
                # More of an asset is money that went out.
                amount=-movement.change,
                code=movement.line.account_code or "",
                account_id=movement.line.account_id,
            )
