"""The statements as sections of a document; with the prior period and the change, where there is
one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from ledgerhq_ext._plain import plain
from ledgerhq_ext.render._document import Column, Fact, Row, Section, Style, Table, Value
from ledgerhq_ext.render._labels import Labels
from ledgerhq_ext.reports.comparison import Change, diff
from ledgerhq_ext.reports.packet import FinancialPacket
from ledgerhq_ext.reports.statements import (
    BalanceSheet,
    BankReconciliationAccount,
    BankReconciliationStatus,
    ProfitAndLoss,
    StatementLine,
    TrialBalance,
)

_CODE = Column("Code", width=7)
_NAME = Column("Account", width=34, header=True)
NOT_MEANINGFUL = "n.m."
_LARGEST_TENTHS = 9_999


class Changes:
    """The lines of every statement of a packet, with those of an earlier one where that is given."""

    def __init__(
        self, packet: FinancialPacket, compare: FinancialPacket | None, labels: Labels
    ) -> None:
        self.compared = compare is not None
        self.labels = labels
        self._found: dict[tuple[str, str], list[Change]] = {}
        for change in diff(compare, packet, changed_only=False) if compare else ():
            self._found.setdefault((change.statement, change.section), []).append(change)

    def of(self, statement: str, section: str) -> list[Change] | None:
        """The lines of a section side by side; None where the other packet lacks the statement."""
        return self._found.get((statement, section))


def percent_of_change(before: int | None, after: int | None) -> int | str | None:
    """Return the change in tenths of a percent of what was before, rounded half away from zero.

    None without a before; ``n.m.`` where a loss became a profit or the reverse, and beyond 999.9 %.
    """
    if not before:
        return None
    now = after or 0
    if before < 0 < now or now < 0 < before:
        return NOT_MEANINGFUL

    change, base = now - before, abs(before)
    tenths = (2000 * abs(change) + base) // (2 * base)
    if tenths > _LARGEST_TENTHS:
        return NOT_MEANINGFUL
    return tenths if change >= 0 else -tenths


def _compared(change: Change) -> tuple[Value, ...]:
    """Now, then, and the change of one line."""
    return (
        change.after,
        change.before,
        change.change,
        percent_of_change(change.before, change.after),
    )


def _columns(changes: Changes, now: str, before: str) -> tuple[Column, ...]:
    """The columns of a statement whose amounts are of one period or day, and of an earlier one."""
    labels = changes.labels
    amount = Column("Amount", "cents", 15, detail=labels.amounts(now))
    if not changes.compared:
        return _CODE, _NAME, amount
    prior = Column("Prior", "cents", 15, detail=labels.amounts(before))
    return (
        _CODE,
        _NAME,
        amount,
        prior,
        Column("Change", "cents", 15),
        Column("Change %", "tenths", 9),
    )


class _Statement:
    """Collects the rows of a statement, each section of it with its heading and total."""

    def __init__(self, changes: Changes, statement: str) -> None:
        self._changes, self._statement = changes, statement
        self._blank: tuple[Value, ...] = (None,) * (3 if changes.compared else 0)
        self.rows: list[Row] = []

    def section(self, name: str, title: str, lines: Iterable[StatementLine], total: int) -> None:
        """A heading, the lines and their total."""
        self.rows.append(Row((None, title, None, *self._blank), "heading"))
        changes = self._changes.of(self._statement, name)
        if changes is None:
            for line in lines:
                self._line(line.account_code, line.account_name, line.balance)
        for change in changes or ():
            if not change.total:
                self._change(change.account_code, change.name, change, "line")
        self.total(name, f"Total {title.lower()}", total, "subtotal")

    def total(self, name: str, title: str, total: int, style: Style = "total") -> None:
        """A sum, as the packet says it."""
        changes = self._changes.of(self._statement, name)
        if changes:
            self._change(None, title, changes[-1], style)
        else:
            self.rows.append(Row((None, title, total, *self._blank), style))

    def sum(self, title: str, now: int, before: int | None) -> None:
        """A sum over sections."""
        more = (
            (before, now - before, percent_of_change(before, now))
            if before is not None
            else self._blank
        )
        self.rows.append(Row((None, title, now, *more), "total"))

    def _line(self, code: str | None, name: str, balance: int) -> None:
        self.rows.append(Row((plain(code or "") or None, plain(name), balance, *self._blank)))

    def _change(self, code: str | None, name: str, change: Change, style: Style) -> None:
        self.rows.append(Row((plain(code or "") or None, plain(name), *_compared(change)), style))

    def before(self, *sections: str) -> int | None:
        """The prior totals of sections, together."""
        found = [
            changes[-1] for name in sections if (changes := self._changes.of(self._statement, name))
        ]
        return sum(total.before or 0 for total in found) if len(found) == len(sections) else None


def _table(section_id: str, caption: str, columns: tuple[Column, ...], rows: list[Row]) -> Table:
    return Table(f"{section_id}-table", caption, columns, rows, len(rows))


def profit_and_loss(result: ProfitAndLoss, changes: Changes, problems: tuple[str, ...]) -> Section:
    """Revenue, expenses, net income."""
    rows = _Statement(changes, "profitAndLoss")
    rows.section("revenue", "Revenue", result.revenue, result.total_revenue)
    rows.section("expenses", "Expenses", result.expenses, result.total_expenses)
    rows.total("netIncome", "Net income", result.net_income)
    columns = _columns(changes, changes.labels.period, changes.labels.prior_period)
    table = _table("profit-and-loss", "Profit and loss", columns, rows.rows)
    headline = (Fact("Net income", result.net_income),)
    return Section("profit-and-loss", "Profit and loss", "period", headline, problems, (table,))


def balance_sheet(sheet: BalanceSheet, changes: Changes, problems: tuple[str, ...]) -> Section:
    """Assets, liabilities, equity."""
    rows = _Statement(changes, "balanceSheet")
    rows.section("assets", "Assets", sheet.assets.accounts, sheet.assets.total)
    rows.section("liabilities", "Liabilities", sheet.liabilities.accounts, sheet.liabilities.total)
    rows.section("equity", "Equity", sheet.equity.accounts, sheet.equity.total)
    together = sheet.liabilities.total + sheet.equity.total
    rows.sum("Total liabilities and equity", together, rows.before("liabilities", "equity"))
    columns = _columns(changes, changes.labels.day, changes.labels.prior_day)
    table = _table("balance-sheet", "Balance sheet", columns, rows.rows)
    headline = (Fact("Total assets", sheet.assets.total),)
    return Section("balance-sheet", "Balance sheet", "end", headline, problems, (table,))


def trial_balance(trial: TrialBalance, changes: Changes, problems: tuple[str, ...]) -> Section:
    """Every account on its side. Compared: its net balance before, debits positive, and the change."""
    sides = (Column("Debit", "cents", 15, quiet=True), Column("Credit", "cents", 15, quiet=True))
    columns = (
        (_CODE, _NAME, *sides)
        if changes.compared
        else (_CODE, _NAME, Column("Type", width=10), *sides)
    )
    rows = list(_trial_rows(trial, changes))
    if changes.compared:
        prior = Column(
            "Prior, net", "cents", 15, detail=changes.labels.amounts(changes.labels.prior_day)
        )
        columns = (*columns, prior, Column("Change", "cents", 15))
    table = _table("trial-balance", "Trial balance", columns, rows)
    headline = (Fact("Debits", trial.total_debits), Fact("Credits", trial.total_credits))
    return Section("trial-balance", "Trial balance", "end", headline, problems, (table,))


def _trial_rows(trial: TrialBalance, changes: Changes) -> Iterator[Row]:
    found = changes.of("trialBalance", "accounts")
    if not changes.compared:
        for a in trial.accounts:
            yield Row(
                (plain(a.code), plain(a.name), plain(a.type), a.debit_balance, a.credit_balance)
            )
        yield Row((None, "Total", None, trial.total_debits, trial.total_credits), "total")
        return
    sides = {(a.account_id, a.code): (a.debit_balance, a.credit_balance) for a in trial.accounts}
    if found is None:
        for a in trial.accounts:
            yield Row((plain(a.code), plain(a.name), a.debit_balance, a.credit_balance, None, None))
    for change in found or ():
        # By account, not from the difference: an account may carry both sides.
        both = sides.get((change.account_id or "", change.account_code or ""), (0, 0))
        code = plain(change.account_code or "")
        yield Row((code, plain(change.name), *both, change.before, change.change))
    yield Row((None, "Total", trial.total_debits, trial.total_credits, None, None), "total")


def bank_reconciliation(
    status: BankReconciliationStatus, read: dt.date, problems: tuple[str, ...]
) -> Section:
    """Where each bank account stands, and what is unreconciled, by age.

    The service tells it as it is on the day it is asked, whatever the period: there is nothing
    prior to compare with.
    """
    balances = [_balance(account, read) for account in status.accounts]
    aging = [_aging(account) for account in status.accounts]
    count = sum(account.unreconciled.count for account in status.accounts)
    tables = (
        Table("bank-balances", "Balances", _BALANCE_COLUMNS, balances, len(balances)),
        Table("bank-aging", "Unreconciled rows", _AGING_COLUMNS, aging, len(aging)),
    )
    headline = (Fact("Unreconciled rows", count, "count"),)
    return Section("bank-reconciliation", "Bank reconciliation", "read", headline, problems, tables)


_BALANCE_COLUMNS = (
    Column("Bank account", width=24, header=True),
    Column("Read on", "date", 12),
    Column("Balance", "cents", 14),
    Column("Discrepancy", "cents", 14),
    Column("Reconciled to", "date", 14),
)
_AGING_COLUMNS = (
    Column("Bank account", width=24, header=True),
    Column("Sum", "cents", 15),
    *(Column(age, "count", 8) for age in ("Week", "Month", "2 months", "Older")),
    Column("Rows", "count", 8),
)


def _balance(account: BankReconciliationAccount, read: dt.date) -> Row:
    last = account.last_reconciliation
    day = last.end_date if last else None
    return Row(
        (plain(account.account_name), read, account.balance, account.balance_discrepancy, day)
    )


def _aging(account: BankReconciliationAccount) -> Row:
    rows, aging = account.unreconciled, account.unreconciled.aging
    ages = (aging.week, aging.month, aging.two_months, aging.older)
    return Row((plain(account.account_name), rows.total, *ages, rows.count))
