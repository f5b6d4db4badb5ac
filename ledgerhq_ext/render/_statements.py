"""The statements as sections of a document, with the prior period and the change, if compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledgerhq_ext._message import message as _
from ledgerhq_ext._plain import plain
from ledgerhq_ext.render._document import (
    CODE,
    Column,
    Fact,
    Row,
    Section,
    Style,
    Table,
    Terms,
    Value,
)
from ledgerhq_ext.render._labels import Labels
from ledgerhq_ext.render._percents import percent_of_change
from ledgerhq_ext.reports.comparison import Change, diff
from ledgerhq_ext.reports.packet import FinancialPacket
from ledgerhq_ext.reports.statements import (
    BalanceSheet,
    ProfitAndLoss,
    StatementLine,
    TrialBalance,
)

_NAME = Column(_("Account"), width=34, header=True)
_SECTIONS = {
    "revenue": (_("Revenue"), _("Total revenue")),
    "expenses": (_("Expenses"), _("Total expenses")),
    "assets": (_("Assets"), _("Total assets")),
    "liabilities": (_("Liabilities"), _("Total liabilities")),
    "equity": (_("Equity"), _("Total equity")),
}
"""What stands above the lines of a section, and before their total."""

_TYPES: dict[str, str] = {
    "asset": _("asset"),
    "liability": _("liability"),
    "equity": _("equity"),
    "revenue": _("revenue"),
    "expense": _("expense"),
}
"""The types of accounts as people read them."""


class Changes:
    """The lines of every statement of a packet, with those of an earlier one, if there is one."""

    def __init__(
        self, packet: FinancialPacket, compare: FinancialPacket | None, labels: Labels
    ) -> None:
        self.compared = compare is not None
        self.labels = labels
        self._sections: dict[tuple[str, str], list[Change]] = {}
        if compare is None:
            return
        for change in diff(compare, packet, changed_only=False):
            place = (change.statement, change.section)
            self._sections.setdefault(place, []).append(change)

    def of(self, statement: str, section: str) -> list[Change] | None:
        """Return the lines of a section side by side; None if the other packet lacks them."""
        return self._sections.get((statement, section))


def _compared(change: Change) -> tuple[Value, ...]:
    """Return the cells of one line: now, before, the change, and the change in percent."""
    percent = percent_of_change(change.before, change.after)
    return (change.after, change.before, change.change, percent)


def _columns(changes: Changes, now: str, before: str) -> tuple[Column, ...]:
    """Return the columns of a statement; ``now`` and ``before`` are its periods, or its days."""
    labels = changes.labels
    amount = Column(_("Amount"), "cents", 15, detail=labels.amounts(now))
    if not changes.compared:
        return CODE, _NAME, amount
    return (
        CODE,
        _NAME,
        amount,
        Column(_("Prior"), "cents", 15, detail=labels.amounts(before)),
        Column(_("Change"), "cents", 15, difference=(2, 3)),
        Column(_("Change %"), "tenths", 9, change=(2, 3)),
    )


class _Statement:
    """Collects the rows of a statement, each section of it with its heading and total."""

    def __init__(self, changes: Changes, statement: str) -> None:
        self._changes = changes
        self._statement = statement
        self._blank: tuple[Value, ...] = (None, None, None) if changes.compared else ()
        self.rows: list[Row] = []

    def section(self, name: str, lines: Iterable[StatementLine], total: int) -> int:
        """Add a heading, the lines of a section, and their total in cents.

        Return the place of the total among the rows.
        """
        title, total_title = _SECTIONS[name]
        self.rows.append(Row((None, title, None, *self._blank), "heading"))
        first = len(self.rows)
        changes = self._changes.of(self._statement, name)
        if changes is None:
            for line in lines:
                self._line(line.account_code, line.account_name, (line.balance, *self._blank))
        else:
            for change in changes:
                if not change.total:
                    self._line(change.account_code, change.name, _compared(change))
        terms = tuple((1, place) for place in range(first, len(self.rows)))
        self.total(name, total_title, total, "subtotal", terms)
        return len(self.rows) - 1

    def total(
        self, name: str, title: str, total: int, style: Style = "total", terms: Terms = ()
    ) -> None:
        """Add the sum of a section in cents, as the packet says it."""
        changes = self._changes.of(self._statement, name)
        # The sum of a section is the last of its changes.
        amounts = _compared(changes[-1]) if changes else (total, *self._blank)
        self.rows.append(Row((None, title, *amounts), style, terms))

    def sum(self, title: str, now: int, before: int | None, terms: Terms) -> None:
        """Add a sum over sections in cents."""
        more = self._blank
        if before is not None:
            more = (before, now - before, percent_of_change(before, now))
        self.rows.append(Row((None, title, now, *more), "total", terms))

    def before(self, *sections: str) -> int | None:
        """Return the prior totals of sections together, in cents; None if one of them has none."""
        together = 0
        for name in sections:
            changes = self._changes.of(self._statement, name)
            if not changes:
                return None
            together += changes[-1].before or 0
        return together

    def _line(self, code: str | None, name: str, amounts: tuple[Value, ...]) -> None:
        self.rows.append(Row((plain(code or "") or None, plain(name), *amounts)))


def _table(section_id: str, caption: str, columns: tuple[Column, ...], rows: list[Row]) -> Table:
    return Table(f"{section_id}-table", caption, columns, rows, len(rows))


def profit_and_loss(result: ProfitAndLoss, changes: Changes, problems: tuple[str, ...]) -> Section:
    """Return the section of revenue, expenses and net income."""
    rows = _Statement(changes, "profitAndLoss")
    revenue = rows.section("revenue", result.revenue, result.total_revenue)
    expenses = rows.section("expenses", result.expenses, result.total_expenses)
    terms = ((1, revenue), (-1, expenses))
    rows.total("netIncome", _("Net income"), result.net_income, terms=terms)
    columns = _columns(changes, changes.labels.period, changes.labels.prior_period)
    table = _table("profit-and-loss", _("Profit and loss"), columns, rows.rows)
    headline = (Fact(_("Net income"), result.net_income),)
    return Section("profit-and-loss", _("Profit and loss"), "period", headline, problems, (table,))


def balance_sheet(sheet: BalanceSheet, changes: Changes, problems: tuple[str, ...]) -> Section:
    """Return the section of assets, liabilities and equity."""
    rows = _Statement(changes, "balanceSheet")
    rows.section("assets", sheet.assets.accounts, sheet.assets.total)
    owed = sheet.liabilities
    liabilities = rows.section("liabilities", owed.accounts, owed.total)
    equity = rows.section("equity", sheet.equity.accounts, sheet.equity.total)
    together = owed.total + sheet.equity.total
    terms = ((1, liabilities), (1, equity))
    before = rows.before("liabilities", "equity")
    rows.sum(_("Total liabilities and equity"), together, before, terms)
    columns = _columns(changes, changes.labels.day, changes.labels.prior_day)
    table = _table("balance-sheet", _("Balance sheet"), columns, rows.rows)
    headline = (Fact(_("Total assets"), sheet.assets.total),)
    return Section("balance-sheet", _("Balance sheet"), "end", headline, problems, (table,))


def trial_balance(trial: TrialBalance, changes: Changes, problems: tuple[str, ...]) -> Section:
    """Return the section of all accounts, each on its side.

    Compared, each has its net balance before, debits positive, and the change.
    """
    sides = (
        Column(_("Debit"), "cents", 15, quiet=True),
        Column(_("Credit"), "cents", 15, quiet=True),
    )
    columns: tuple[Column, ...] = (CODE, _NAME, Column(_("Type"), width=10), *sides)
    rows = _trial_rows(trial)
    if changes.compared:
        prior_day = changes.labels.amounts(changes.labels.prior_day)
        prior = Column(_("Prior, net"), "cents", 15, detail=prior_day)
        columns = (CODE, _NAME, *sides, prior, Column(_("Change"), "cents", 15))
        rows = _compared_trial_rows(trial, changes.of("trialBalance", "accounts"))
    table = _table("trial-balance", _("Trial balance"), columns, list(rows))
    headline = (Fact(_("Debits"), trial.total_debits), Fact(_("Credits"), trial.total_credits))
    return Section("trial-balance", _("Trial balance"), "end", headline, problems, (table,))


def _trial_rows(trial: TrialBalance) -> Iterator[Row]:
    for line in trial.accounts:
        sides = (line.debit_balance, line.credit_balance)
        yield Row(
            (plain(line.code), plain(line.name), _TYPES.get(line.type) or plain(line.type), *sides)
        )
    terms = tuple((1, place) for place in range(len(trial.accounts)))
    yield Row((None, _("Total"), None, trial.total_debits, trial.total_credits), "total", terms)


def _compared_trial_rows(trial: TrialBalance, changes: list[Change] | None) -> Iterator[Row]:
    if changes is None:
        for line in trial.accounts:
            both = (line.debit_balance, line.credit_balance)
            yield Row((plain(line.code), plain(line.name), *both, None, None))
    else:
        # Changes keep the order of the lines. Not from the difference: an account may carry both
        # sides.
        lines = iter(trial.accounts)
        for change in changes:
            both = (0, 0)
            if change.after is not None:
                line = next(lines)
                both = (line.debit_balance, line.credit_balance)
            name = plain(change.name)
            yield Row((plain(change.account_code or ""), name, *both, change.before, change.change))
    yield Row((None, _("Total"), trial.total_debits, trial.total_credits, None, None), "total")
