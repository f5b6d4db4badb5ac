"""Profit and loss as managers read it: gross profit, operating profit, net income."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from attrs import frozen

from ledgerhq_ext.money import Cents
from ledgerhq_ext.pack._groups import Group, Groups
from ledgerhq_ext.pack._rounding import tenths_of_percent
from ledgerhq_ext.reports.statements import ProfitAndLoss, StatementLine

OPERATING: tuple[Group, ...] = ("operating_expense", "depreciation")


@frozen(kw_only=True)
class Result:
    """The totals of a profit and loss, in cents.

    Expenses are positive. ``depreciation`` is a part of ``operating_expenses``.
    """

    revenue: Cents
    cost_of_sales: Cents
    operating_expenses: Cents
    depreciation: Cents
    other_income: Cents
    other_expenses: Cents
    income_tax: Cents

    @property
    def gross_profit(self) -> Cents:
        """Revenue less the cost of sales."""
        return self.revenue - self.cost_of_sales

    @property
    def operating_profit(self) -> Cents:
        """Gross profit less operating expenses."""
        return self.gross_profit - self.operating_expenses

    @property
    def profit_before_tax(self) -> Cents:
        """Operating profit with other income and without other expenses."""
        return self.operating_profit + self.other_income - self.other_expenses

    @property
    def net_income(self) -> Cents:
        """The profit before tax less income tax."""
        return self.profit_before_tax - self.income_tax

    def percent_of_revenue(self, cents: Cents) -> int | None:
        """Return an amount in tenths of a percent of revenue; None where there is none, or less."""
        return tenths_of_percent(cents, self.revenue)


def result_of(statement: ProfitAndLoss, groups: Groups) -> Result:
    """Return the totals of a statement by the groups of its accounts."""
    sums: dict[Group, int] = {}
    for group, line in _grouped(statement, groups):
        sums[group] = sums.get(group, 0) + line.balance
    return Result(
        revenue=sums.get("sales", 0),
        cost_of_sales=sums.get("cost_of_sales", 0),
        operating_expenses=sum(sums.get(group, 0) for group in OPERATING),
        depreciation=sums.get("depreciation", 0),
        other_income=sums.get("other_income", 0),
        other_expenses=sums.get("other_expense", 0),
        income_tax=sums.get("income_tax", 0),
    )


@frozen(kw_only=True)
class ResultLine:
    """An account of profit and loss, with an amount for every statement that is compared.

    ``amounts`` are in cents, None where a statement has no such line.
    """

    code: str
    name: str
    account_id: str | None
    amounts: tuple[Cents | None, ...]


def lines_of(
    statements: Iterable[ProfitAndLoss], groups: Groups, wanted: Collection[Group]
) -> list[ResultLine]:
    """Return the accounts of some groups in any of the statements, by code."""
    columns = [_lines_by_key(statement, groups, wanted) for statement in statements]
    keys: dict[tuple[str, str], StatementLine] = {}
    for column in columns:
        for key, lines in column.items():
            keys.setdefault(key, lines[0])

    rows: list[ResultLine] = []
    for key, line in sorted(keys.items(), key=_code_first):
        amounts = tuple(_sum(column.get(key)) for column in columns)
        rows.append(
            ResultLine(
                code=line.account_code or "",
                name=line.account_name,
                account_id=line.account_id,
                amounts=amounts,
            )
        )
    return rows


def _lines_by_key(
    statement: ProfitAndLoss, groups: Groups, wanted: Collection[Group]
) -> dict[tuple[str, str], list[StatementLine]]:
    """Return the lines of the groups by account; by name where a line is of no account."""
    lines: dict[tuple[str, str], list[StatementLine]] = {}
    for group, line in _grouped(statement, groups):
        if group in wanted:
            lines.setdefault(_key_of(line), []).append(line)
    return lines


def _grouped(statement: ProfitAndLoss, groups: Groups) -> Iterator[tuple[Group, StatementLine]]:
    """Yield the lines of a statement, each with the group of its account."""
    for kind, lines in (("revenue", statement.revenue), ("expense", statement.expenses)):
        for line in lines:
            yield groups.of(line.account_id, kind), line


def _key_of(line: StatementLine) -> tuple[str, str]:
    """Return what makes a line the same in two statements: its account, or else its name."""
    # The service may rename an account; a line that it computes has nothing but a name.
    if line.account_id:
        return line.account_id, ""
    return "", line.account_name


def _code_first(item: tuple[tuple[str, str], StatementLine]) -> tuple[bool, str, str]:
    # What has no code stands last.
    _, line = item
    code = line.account_code or ""
    return not code, code, line.account_name


def _sum(lines: list[StatementLine] | None) -> Cents | None:
    return None if lines is None else sum(line.balance for line in lines)
