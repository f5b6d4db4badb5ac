"""The checks of what a management pack adds to its packet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ledgerhq_ext._message import joined
from ledgerhq_ext._message import message as _
from ledgerhq_ext.pack._cash_flow import other_earnings_of
from ledgerhq_ext.reports.accounts import ledger_gap
from ledgerhq_ext.reports.check import Check, Subject, Tally
from ledgerhq_ext.reports.statement_checks import entries

if TYPE_CHECKING:
    from ledgerhq_ext.models import FinancialPacket
    from ledgerhq_ext.pack._pack import ManagementPack

GROUPS_NET = _("groups of profit and loss = net income")
OTHERS = _("totals of the other statements = their lines")
CASH = _("cash flow = change in cash")
EARNINGS = _("change in retained and current earnings = net income")
MONTHS = _("months of the year = year to date")
PAYABLES = _("unpaid bills = accounts payable")
BANK_BOOKS = _("bank balance with outstanding items = books")
BANK_SERVICE = _("bank balance less books = discrepancy that the service reports")


def pack_checks(pack: ManagementPack) -> Iterator[Check]:
    """Yield the checks of a pack."""
    yield from _groups(pack)
    yield from _compared(pack)
    yield from _cash(pack)
    yield from _earnings(pack)
    yield from _months(pack)
    yield from _payables(pack)
    yield from _bank(pack)


def _groups(pack: ManagementPack) -> list[Check]:
    """Compare the net income by groups with the service's, for every period."""
    tally = Tally(GROUPS_NET, "profitAndLoss")
    for packet in (pack.packet, *_others(pack)):
        tally.compare(
            pack.result_of(packet).net_income,
            packet.profit_and_loss.net_income,
            Subject(account=_span(packet)),
        )
    return tally.checks()


def _others(pack: ManagementPack) -> tuple[FinancialPacket, ...]:
    """Return the packets of the compared periods."""
    return (
        pack.prior,
        pack.prior_year,
        pack.year_to_date,
        pack.prior_year_to_date,
        *pack.months,
    )


def _compared(pack: ManagementPack) -> list[Check]:
    """Compare the totals of every other statement that a pack reads with their lines."""
    tally = Tally(OTHERS, "profitAndLoss")
    for packet in _others(pack):
        checks = packet.profit_and_loss.checks()
        if sheet := packet.statement("balanceSheet"):
            checks += sheet.checks()
        _compare_again(tally, checks, _span(packet))
    _compare_again(tally, pack.trial_balance.checks(), str(pack.day))
    return tally.checks()


def _compare_again(tally: Tally, checks: tuple[Check, ...], days: str) -> None:
    """Add checks of amounts to those of one rule; ``days`` are what their statement is of."""
    for check in checks:
        # Within these statements only amounts are compared.
        assert check.figure is not None
        assert check.counterpart is not None
        subject = Subject(account=joined([check.rule, days], ", "))
        tally.compare(check.figure, check.counterpart, subject)


def _span(packet: FinancialPacket) -> str:
    start = packet.period.start_date
    return _("{start} to {end}", start=start, end=packet.period.end_date)


def _cash(pack: ManagementPack) -> list[Check]:
    tally = Tally(CASH, "cashFlow")
    flow = pack.cash_flow()
    change = flow.closing - flow.opening
    if pack.groups.has("cash"):
        tally.compare(flow.change, change)
    else:
        tally.leave(_("the chart of accounts marks no account as cash"), flow.change, change)
    return tally.checks()


def _earnings(pack: ManagementPack) -> list[Check]:
    """Compare what earnings changed with net income, and with what was booked to them directly."""
    tally = Tally(EARNINGS, "cashFlow")
    net_income = pack.packet.profit_and_loss.net_income
    other = other_earnings_of(pack.movements, net_income)
    change = net_income + other
    if not other:
        tally.compare(change, net_income)
    elif gap := ledger_gap(pack.packet):
        reason = _("something was booked to earnings directly, and {gap}", gap=gap)
        tally.leave(reason, change, net_income)
    else:
        tally.compare(change, net_income + _booked_to_earnings(pack))
    return tally.checks()


def _booked_to_earnings(pack: ManagementPack) -> int:
    """Return what entries without revenue or expenses added to retained earnings, in cents.

    Those with them are closing entries: they move earnings, and add none.
    """
    kinds = {account.id: account.type for account in pack.accounts}
    booked = 0
    for _number, lines in entries(pack.packet.general_ledger.lines):
        if any(kinds.get(line.account_id) in ("revenue", "expense") for line in lines):
            continue
        for line in lines:
            kind = kinds.get(line.account_id, "")
            if pack.groups.of(line.account_id, kind) == "retained_earnings":
                booked += line.credit - line.debit
    return booked


def _months(pack: ManagementPack) -> list[Check]:
    """Compare the months since the fiscal year began with the year to date."""
    tally = Tally(MONTHS, "profitAndLoss")
    # Twelve months reach back beyond the beginning of the year, unless it is the last one.
    start = pack.year_to_date.period.start_date
    months = [month for month in pack.months if month.period.start_date >= start]
    year = pack.year_to_date.profit_and_loss
    statements = [month.profit_and_loss for month in months]
    revenue = sum(statement.total_revenue for statement in statements)
    expenses = sum(statement.total_expenses for statement in statements)
    tally.compare(revenue, year.total_revenue, Subject(account=_("revenue")))
    tally.compare(expenses, year.total_expenses, Subject(account=_("expenses")))
    return tally.checks()


def _payables(pack: ManagementPack) -> list[Check]:
    tally = Tally(PAYABLES, "payables")
    ageing = pack.ageing()
    payable = 0
    for line in pack.trial_balance.accounts:
        if line.type == "liability" and pack.groups.of(line.account_id, "liability") == "payable":
            payable += line.credit_balance - line.debit_balance
    if ageing.foreign:
        currencies = ", ".join(sorted({bill.currency_code for bill in ageing.foreign}))
        reason = _("there are bills in {currencies}", currencies=currencies)
        tally.leave(reason, ageing.total, payable)
    elif not pack.groups.has("payable"):
        reason = _("the chart of accounts marks no account as accounts payable")
        tally.leave(reason, ageing.total, payable)
    else:
        tally.compare(ageing.total, payable)
    return tally.checks()


def _bank(pack: ManagementPack) -> list[Check]:
    books = Tally(BANK_BOOKS, "bankReconciliationStatus")
    service = Tally(BANK_SERVICE, "bankReconciliationStatus")
    for account in pack.bank_reconciliations():
        subject = Subject(account.bank_account_id, account.name)
        if account.books is None:
            books.leave(account.gap, subject=subject)
            service.leave(account.gap, subject=subject)
            continue
        books.compare(account.expected, account.books, subject)
        service.compare(account.balance - account.books, account.discrepancy, subject)
    return [*books.checks(), *service.checks()]
