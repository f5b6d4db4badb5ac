"""The bank reconciliation status as a section of a document."""

from __future__ import annotations

import datetime as dt

from ledgerhq_ext._message import message as _
from ledgerhq_ext._plain import plain
from ledgerhq_ext.render._document import Column, Fact, Row, Section, Table
from ledgerhq_ext.reports.statements import BankReconciliationAccount, BankReconciliationStatus

_BALANCE_COLUMNS = (
    Column(_("Bank account"), width=24, header=True),
    Column(_("Read on"), "date", 12),
    Column(_("Balance"), "cents", 14),
    Column(_("Discrepancy"), "cents", 14),
    Column(_("Reconciled to"), "date", 14),
)
_AGING_COLUMNS = (
    Column(_("Bank account"), width=24, header=True),
    Column(_("Sum"), "cents", 15),
    Column(_("Week"), "count", 8),
    Column(_("Month"), "count", 8),
    Column(_("2 months"), "count", 8),
    Column(_("Older"), "count", 8),
    Column(_("Rows"), "count", 8),
)


def bank_reconciliation(
    status: BankReconciliationStatus, read: dt.date, problems: tuple[str, ...]
) -> Section:
    """Return the section of bank accounts: their balances, and unreconciled rows by age.

    The service tells it as it is on the day it is ``read``, whatever the period: there is nothing
    prior to compare with.
    """
    balances = [_balance(account, read) for account in status.accounts]
    aging = [_aging(account) for account in status.accounts]
    count = sum(account.unreconciled.count for account in status.accounts)
    tables = (
        Table("bank-balances", _("Balances"), _BALANCE_COLUMNS, balances, len(balances)),
        Table("bank-aging", _("Unreconciled rows"), _AGING_COLUMNS, aging, len(aging)),
    )
    headline = (Fact(_("Unreconciled rows"), count, "count"),)
    return Section(
        "bank-reconciliation", _("Bank reconciliation"), "read", headline, problems, tables
    )


def _balance(account: BankReconciliationAccount, read: dt.date) -> Row:
    last = account.last_reconciliation
    name = plain(account.account_name)
    reconciled_to = last.end_date if last else None
    return Row((name, read, account.balance, account.balance_discrepancy, reconciled_to))


def _aging(account: BankReconciliationAccount) -> Row:
    rows = account.unreconciled
    ages = (rows.aging.week, rows.aging.month, rows.aging.two_months, rows.aging.older)
    return Row((plain(account.account_name), rows.total, *ages, rows.count))
