"""Preflight: checks of postings before they are sent, by reads only."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from attrs import define, field

from ledgerhq_ext import models
from ledgerhq_ext._references import Identified
from ledgerhq_ext._resources.lookups import LookupMethods
from ledgerhq_ext._resources.pages import AsyncPages
from ledgerhq_ext._resources.posting import content_of
from ledgerhq_ext._resources.preflight_records import PreflightReport, Records
from ledgerhq_ext._resources.preflight_rules import Rules
from ledgerhq_ext.errors import InputError, NotFoundError, PermissionDeniedError
from ledgerhq_ext.postings import BillPayment, Deposit, Posting, Purchase

T = TypeVar("T")
R = TypeVar("R", bound=Identified)

PERIOD_LOCK = "period lock"
"""No route says which periods are locked."""


async def check_postings(books: LookupMethods, postings: Sequence[Posting]) -> PreflightReport:
    """Return the report on postings to an organization; see ``PreflightMethods.check``."""
    if not postings:
        raise InputError("check() requires at least one posting.")
    # All of them, before anything is read: what cannot be sent needs no look.
    for posting in postings:
        content_of(posting, books.id)

    reads = _Reads(books)
    rules = Rules(records=await reads.records(postings), today=books._today())
    for position, posting in enumerate(postings):
        rules.apply(position, posting)
    return PreflightReport(
        problems=tuple(rules.problems),
        warnings=tuple(rules.warnings),
        checked=tuple(reads.checked),
        unchecked=(PERIOD_LOCK, *reads.unchecked),
    )


@define
class _Reads:
    """The reads of one check, and which of them the service allowed."""

    books: LookupMethods
    checked: list[str] = field(factory=list)
    unchecked: list[str] = field(factory=list)

    async def records(self, postings: Sequence[Posting]) -> Records:
        """Return what the postings refer to, each list read once at the most."""
        accounts = await self.books.accounts()
        self.checked.append("accounts")
        return Records(
            accounts={account.id: account for account in accounts},
            currency=await self._allowed("currency", _currency_of(self.books)),
            bank_accounts=await self._bank_accounts(postings),
            contacts=await self._contacts(postings),
            tax_rates=await self._tax_rates(postings),
            bills=await self._bills(postings),
        )

    async def _bank_accounts(
        self, postings: Sequence[Posting]
    ) -> dict[str, models.BankAccount] | None:
        # Only these have a place that a bank account may stand in.
        has_place = any(isinstance(one, Purchase | Deposit | BillPayment) for one in postings)
        if not has_place:
            return None

        bank_accounts = await self._allowed("bank accounts", self.books.bank_accounts())
        if bank_accounts is None:
            return None
        return {account.id: account for account in bank_accounts}

    async def _contacts(self, postings: Sequence[Posting]) -> dict[str, models.Contact] | None:
        ids = _contact_ids(postings)
        if not ids:
            return None
        return await self._allowed("contacts", _by_id(self.books.contacts(), ids))

    async def _tax_rates(self, postings: Sequence[Posting]) -> dict[str, models.TaxRate] | None:
        if not any(_has_tax_rate(posting) for posting in postings):
            return None
        rates = await self._allowed("tax rates", self.books.tax_rates())
        return None if rates is None else {rate.id: rate for rate in rates}

    async def _bills(self, postings: Sequence[Posting]) -> dict[str, models.Bill] | None:
        ids = {posting.bill_id for posting in postings if isinstance(posting, BillPayment)}
        if not ids:
            return None
        return await self._allowed("bills", _by_id(self.books.bills(), ids))

    async def _allowed(self, name: str, read: Coroutine[Any, Any, T | None]) -> T | None:
        """Return what a read gives, or None where these credentials may not read it."""
        try:
            value = await read
        except (PermissionDeniedError, NotFoundError):
            # A role or a plan may not allow it; the other lists say something all the same.
            value = None
        if value is None:
            self.unchecked.append(name)
        else:
            self.checked.append(name)
        return value


async def _currency_of(books: LookupMethods) -> str | None:
    """Return the currency of the books; None for an API key that may not list its organization."""
    record = await books._find_record()
    return None if record is None else record.default_currency


def _contact_ids(postings: Sequence[Posting]) -> set[str]:
    """Return the contacts that postings name; only purchases and deposits have one."""
    ids: set[str] = set()
    for posting in postings:
        if not isinstance(posting, Purchase | Deposit):
            continue
        if posting.contact_id is not None:
            ids.add(posting.contact_id)
    return ids


def _has_tax_rate(posting: Posting) -> bool:
    if not isinstance(posting, Purchase | Deposit):
        return False
    return any(line.tax_rate_id for line in posting.lines)


async def _by_id(pages: AsyncPages[R], ids: set[str]) -> dict[str, R]:
    """Return the records with these ids. The list is read no further than to the last of them."""
    walk = pages._new_walk()
    records: dict[str, R] = {}
    while len(records) < len(ids):
        items = await walk.next()
        if items is None:
            break
        for item in items:
            if item.id in ids:
                records[item.id] = item
    return records
