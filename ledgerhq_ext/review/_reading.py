"""The review table of a company, with all that its rows may belong to: every list is read once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from attrs import evolve

from ledgerhq_ext._filters import OPEN_BILLS
from ledgerhq_ext._handle import check_handle
from ledgerhq_ext.client import AsyncOrganization
from ledgerhq_ext.errors import NotFoundError, PermissionDeniedError
from ledgerhq_ext.models import BankAccount, BankTransaction, Bill, Contact, Entry
from ledgerhq_ext.reports.periods import moved
from ledgerhq_ext.review._candidates import ENTRY_DAYS
from ledgerhq_ext.review._tables import ReviewTable, table

T = TypeVar("T")


async def async_read_table(
    organization: AsyncOrganization,
    *,
    as_of: dt.date | None = None,
    currency: str | None = None,
) -> ReviewTable:
    """Return the unreconciled rows of a company, each with its bank account, entry and candidates.

    Works like ``table``, and reads everything that is needed for it, each list once no matter how
    many rows there are: ``GET /api/v1/bank-transactions`` and ``/bank-accounts``, and as needed
    ``/entries`` (around the dates of the rows), ``/bills``, ``/contacts`` and the company's record
    for its currency. ``unread`` names what these credentials may not read.
    """
    check_handle(organization, AsyncOrganization, "organization")
    rows = await organization.bank_transactions()._all()
    waiting = [row for row in rows if row.status == "unreconciled"]
    if currency is None and not all(row.currency_code for row in waiting):
        currency = (await organization.record()).default_currency

    # What no row can use is not read.
    reader = _Reader()
    bank_accounts: Sequence[BankAccount] = ()
    entries: Sequence[Entry] = ()
    if waiting:
        bank_accounts = await reader.read("bank accounts", organization.bank_accounts())
        entries = await reader.read("entries", _entries(organization, waiting))
    bills: Sequence[Bill] = ()
    if any(_may_pay_a_bill(row) for row in waiting):
        bills = await reader.read("bills", organization.bills()._all())
    contacts: Sequence[Contact] = ()
    if any(bill.status in OPEN_BILLS for bill in bills):
        contacts = await reader.read("contacts", organization.contacts()._all())

    complete = table(
        rows,
        bank_accounts=bank_accounts,
        bills=bills,
        contacts=contacts,
        entries=entries,
        as_of=as_of or organization._today(),
        currency=currency or "",
    )
    return evolve(complete, unread=tuple(reader.unread))


class _Reader:
    """Reads lists, and notes which of them these credentials may not read."""

    def __init__(self) -> None:
        self.unread: list[str] = []

    async def read(self, name: str, listing: Coroutine[Any, Any, Sequence[T]]) -> Sequence[T]:
        """Return a list; empty, and ``name`` among the unread, when it may not be read."""
        try:
            return await listing
        except (PermissionDeniedError, NotFoundError):
            self.unread.append(name)
            return ()


def _may_pay_a_bill(row: BankTransaction) -> bool:
    return row.amount < 0 and not row.journal_entry_id


async def _entries(organization: AsyncOrganization, waiting: list[BankTransaction]) -> list[Entry]:
    """Return the posted entries about the dates of the rows."""
    days = [row.date for row in waiting]
    start = moved(min(days), -ENTRY_DAYS)
    end = moved(max(days), ENTRY_DAYS)
    return await organization.entries(status="posted", start=start, end=end)._all()
