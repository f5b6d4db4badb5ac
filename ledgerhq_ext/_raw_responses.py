"""Calls that return their response too: the classes behind ``with_raw_response``.

Written by ``python -m scripts.write_surface``; do not edit.
Edit ``client``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import ledgerhq_ext.models as models
from ledgerhq_ext._filters import AccountType, Other, ReportName
from ledgerhq_ext._references import Identified
from ledgerhq_ext._resources.lookups import Accounts, BankAccounts, TaxRates
from ledgerhq_ext._resources.open_door import RawResponse
from ledgerhq_ext._resources.recording import with_response
from ledgerhq_ext.postings import AccountAllocation, DocumentAllocation, DraftEntry, Posting
from ledgerhq_ext.reports.periods import Period

if TYPE_CHECKING:
    from ledgerhq_ext.client import AsyncLedgerHQ, AsyncOrganization


class AsyncOrganizationWithRawResponse:
    """The calls of an organization; each returns its response too, as a ``RawResponse``."""

    def __init__(self, handle: AsyncOrganization) -> None:
        self._handle = handle

    async def post(
        self, posting: Posting, *, source: tuple[str, str] | None = None, key: str | None = None
    ) -> RawResponse[models.Receipt]:
        """Post a purchase, deposit, transfer, bill payment or journal entry; return its receipt.

        ``source`` is (source system, source id) of the transaction this comes from: the idempotency
        key is made of it, so posting the same source transaction again, from any process, gives the
        first receipt (``replayed``). ``key`` overrides it.

        Raises ``InputError`` before anything is sent; ``IdempotencyConflictError`` when the key
        stands for another payload; ``PeriodLockedError``, ``ValidationError`` and other
        ``APIError``; ``TransportError``, ``ContractError``. Look at ``outcome``: after ``unknown``,
        post again with the same source, within 20 hours of the first send (``repeat_until``); after
        that look for the entry in LedgerHQ first, since nobody knows how long it remembers a key.

        Routes: ``POST /api/v1/purchases``, ``/deposits``, ``/transfers``, ``/bill-payments`` and
        ``/journal-entries``, or the same below the company.
        """
        return await with_response(
            self._handle, lambda handle: handle.post(posting, source=source, key=key)
        )

    async def entry(self, entry: str | Identified) -> RawResponse[models.Entry]:
        """Return one journal entry as it is now, in cents (``GET /api/v1/entries/{id}``)."""
        return await with_response(self._handle, lambda handle: handle.entry(entry))

    async def create_entry(self, draft: DraftEntry) -> RawResponse[models.Entry]:
        """Create a draft entry (``POST /api/v1/entries``).

        Not idempotent: sent once, and its outcome is ``unknown`` when no response comes.
        """
        return await with_response(self._handle, lambda handle: handle.create_entry(draft))

    async def post_entry(self, entry: str | Identified) -> RawResponse[models.Entry]:
        """Post a draft entry; one that is posted already is returned as it is.

        Raises ``ConflictError`` for a void one. Route: ``POST /api/v1/entries/{id}/post``.
        """
        return await with_response(self._handle, lambda handle: handle.post_entry(entry))

    async def void_entry(
        self, entry: str | Identified, *, reason: str | None = None
    ) -> RawResponse[models.Entry]:
        """Void a posted entry; one that is void already is returned as it is.

        Raises ``ConflictError`` for a draft. Route: ``POST /api/v1/entries/{id}/void``.
        """
        return await with_response(
            self._handle, lambda handle: handle.void_entry(entry, reason=reason)
        )

    async def bank_feeds(self) -> RawResponse[tuple[models.BankFeed, ...]]:
        """Return the bank feeds (``GET /api/v1/bank-feeds``)."""
        return await with_response(self._handle, lambda handle: handle.bank_feeds())

    async def bank_feed_health(self) -> RawResponse[tuple[models.BankFeedHealth, ...]]:
        """Return the health of every connection and its accounts.

        Route: ``GET /api/v1/bank-feeds/health``.
        """
        return await with_response(self._handle, lambda handle: handle.bank_feed_health())

    async def bank_connections(self) -> RawResponse[tuple[models.BankConnection, ...]]:
        """Return every bank account with its feed, health and last sync.

        This answers "is the bank connected?" in one view. Routes: ``GET /api/v1/bank-accounts``,
        ``/bank-feeds`` and ``/bank-feeds/health``.
        """
        return await with_response(self._handle, lambda handle: handle.bank_connections())

    async def bank_transaction(
        self, transaction: str | Identified
    ) -> RawResponse[models.BankTransaction]:
        """Return one row as it is now (``GET /api/v1/bank-transactions/{id}``)."""
        return await with_response(
            self._handle, lambda handle: handle.bank_transaction(transaction)
        )

    async def accounts(self) -> RawResponse[Accounts]:
        """Return the chart of accounts: a tuple with ``by_code`` and ``by_name``.

        Route: ``GET /api/v1/accounts``.
        """
        return await with_response(self._handle, lambda handle: handle.accounts())

    async def create_account(
        self,
        *,
        code: str,
        name: str,
        type: AccountType | Other,
        sub_type: str | None = None,
        parent: str | Identified | None = None,
        currency_code: str | None = None,
        description: str | None = None,
    ) -> RawResponse[models.Account]:
        """Create an account of the chart, and return it.

        ``parent`` is the account above it; ``currency_code`` is the company's unless given. Raises
        ``ConflictError`` when an account has this code. Not idempotent: sent once, and its outcome
        is ``unknown`` when no response comes; look for its code among ``accounts`` then. Route:
        ``POST /api/v1/accounts``.
        """
        return await with_response(
            self._handle,
            lambda handle: handle.create_account(
                code=code,
                name=name,
                type=type,
                sub_type=sub_type,
                parent=parent,
                currency_code=currency_code,
                description=description,
            ),
        )

    async def bank_accounts(self) -> RawResponse[BankAccounts]:
        """Return the bank accounts: a tuple with ``by_name``; balances in cents.

        Route: ``GET /api/v1/bank-accounts``.
        """
        return await with_response(self._handle, lambda handle: handle.bank_accounts())

    async def tax_rates(self) -> RawResponse[TaxRates]:
        """Return the tax rates: a tuple with ``by_name`` (``GET /api/v1/tax-rates``)."""
        return await with_response(self._handle, lambda handle: handle.tax_rates())

    async def contact(
        self, *, name: str | None = None, email: str | None = None, tax_number: str | None = None
    ) -> RawResponse[models.Contact]:
        """Return one contact by exactly one of name, email and tax number.

        Raises ``RecordLookupError`` for none or several. Route: ``GET /api/v1/contacts``.
        """
        return await with_response(
            self._handle,
            lambda handle: handle.contact(name=name, email=email, tax_number=tax_number),
        )

    async def bill(self, number: str) -> RawResponse[models.Bill]:
        """Return one bill by its number; ``RecordLookupError`` for none or several.

        Route: ``GET /api/v1/bills``.
        """
        return await with_response(self._handle, lambda handle: handle.bill(number))

    async def reclassify(
        self,
        transaction: str | Identified,
        account: str | Identified,
        *,
        journal_line_id: str | Identified | None = None,
        contact: str | Identified | None = None,
        tax_rate: str | Identified | None = None,
        reason: str | None = None,
    ) -> RawResponse[models.Reclassification]:
        """Move a row, and the non-bank line of its entry where one is linked, to another account.

        ``journal_line_id`` is needed when the linked entry has several such lines
        (``ValidationError`` without it). Raises ``PeriodLockedError`` in a locked period. Sent
        once; when no response comes the row and its entry are read, and count when they show what
        was asked for within five seconds.

        Route: ``POST /api/v1/bank-transactions/{id}/reclassify``.
        """
        return await with_response(
            self._handle,
            lambda handle: handle.reclassify(
                transaction,
                account,
                journal_line_id=journal_line_id,
                contact=contact,
                tax_rate=tax_rate,
                reason=reason,
            ),
        )

    async def exclude(self, transaction: str | Identified) -> RawResponse[models.BankTransaction]:
        """Exclude a row; an excluded one is returned as it is.

        The service toggles, so the row is read first and at most one request is sent. Raises
        ``ConflictError`` for a reconciled row. Route: ``POST
        /api/v1/bank-transactions/{id}/exclude``.
        """
        return await with_response(self._handle, lambda handle: handle.exclude(transaction))

    async def include(self, transaction: str | Identified) -> RawResponse[models.BankTransaction]:
        """Take an excluded row back in; an unreconciled one is returned as it is.

        Otherwise as ``exclude``. Route: ``POST /api/v1/bank-transactions/{id}/exclude``.
        """
        return await with_response(self._handle, lambda handle: handle.include(transaction))

    async def reconcile(
        self,
        transaction: str | Identified,
        *,
        journal_entry: str | Identified | None = None,
        reconciliation_id: str | Identified | None = None,
    ) -> RawResponse[models.BankTransaction]:
        """Mark a row reconciled, with its entry: ``journal_entry``, or the linked one.

        A row that is already reconciled with the same entry is returned as it is; with another one:
        ``ConflictError``. Route: ``POST /api/v1/bank-transactions/{id}/reconcile``.
        """
        return await with_response(
            self._handle,
            lambda handle: handle.reconcile(
                transaction, journal_entry=journal_entry, reconciliation_id=reconciliation_id
            ),
        )

    async def match(
        self,
        transaction: str | Identified,
        *,
        journal_entry: str | Identified | None = None,
        payment: str | Identified | None = None,
        bill: str | Identified | None = None,
        invoice: str | Identified | None = None,
        amount: int | None = None,
        date: dt.date | str | None = None,
        method: str | None = None,
    ) -> RawResponse[models.Match]:
        """Match a row with exactly one entry, payment, bill or invoice.

        ``amount`` (cents) and ``date`` are for a new payment. A row that is reconciled with the
        same entry counts as done; anything else that was matched before is a ``ConflictError``.

        Route: ``POST /api/v1/bank-transactions/{id}/match``.
        """
        return await with_response(
            self._handle,
            lambda handle: handle.match(
                transaction,
                journal_entry=journal_entry,
                payment=payment,
                bill=bill,
                invoice=invoice,
                amount=amount,
                date=date,
                method=method,
            ),
        )

    async def split(
        self,
        transaction: str | Identified,
        allocations: Sequence[AccountAllocation] | Sequence[DocumentAllocation],
        *,
        date: dt.date | str | None = None,
        method: str | None = None,
    ) -> RawResponse[models.AccountSplit | models.DocumentSplit]:
        """Split a row over accounts (``AccountAllocation``) or documents (``DocumentAllocation``).

        Allocations to accounts together are the row's magnitude in cents. ``date`` (the row's own
        by default) and ``method`` are for payments of documents. A row that was already split
        over the same accounts and amounts counts as done; one split over documents cannot be read
        back: ``ConflictError``.

        Routes: ``POST /api/v1/bank-transactions/{id}/split-account`` and ``/split``.
        """
        return await with_response(
            self._handle,
            lambda handle: handle.split(transaction, allocations, date=date, method=method),
        )

    async def financial_packet(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        *,
        include: Iterable[ReportName | Other] | ReportName | Other | None = None,
        general_ledger_limit: int | None = None,
        complete_ledger: bool = False,
    ) -> RawResponse[models.FinancialPacket]:
        """Return the packet of a period, in cents: ``financial_packet("last quarter")``.

        ``start`` and ``end`` are the first and the last day, or ``start`` is the period in words,
        seen from today in UTC (``books.period("last quarter", tz=…)`` for another zone).
        ``include`` takes the contract's names of reports (all when left out),
        ``general_ledger_limit`` the most ledger lines. With ``complete_ledger`` a ledger that is
        cut short is fetched month by month (``GET /api/v1/reports/general-ledger``); if the months
        do not make up the whole, that is a ``ContractError``. Look at ``packet.problems()`` before
        you rely on it. A packet of another company or period, or without a statement that
        ``include`` names, is a ``ContractError``. Route: ``GET /api/v1/reports/financial-packet``.
        """
        return await with_response(
            self._handle,
            lambda handle: handle.financial_packet(
                start,
                end,
                include=include,
                general_ledger_limit=general_ledger_limit,
                complete_ledger=complete_ledger,
            ),
        )

    async def trial_balance(
        self, start: dt.date | str | Period, end: dt.date | str | None = None
    ) -> RawResponse[models.TrialBalance]:
        """Return the trial balance of a period, in cents.

        Route: ``GET /api/v1/reports/trial-balance``, which spells decimals.
        """
        return await with_response(self._handle, lambda handle: handle.trial_balance(start, end))

    async def balance_sheet(self, at: dt.date | str) -> RawResponse[models.BalanceSheet]:
        """Return the balance sheet at the end of a day, in cents.

        Route: ``GET /api/v1/reports/balance-sheet``, which spells decimals.
        """
        return await with_response(self._handle, lambda handle: handle.balance_sheet(at))

    async def profit_and_loss(
        self, start: dt.date | str | Period, end: dt.date | str | None = None
    ) -> RawResponse[models.ProfitAndLoss]:
        """Return profit and loss of a period, in cents.

        Route: ``GET /api/v1/reports/profit-and-loss``.
        """
        return await with_response(self._handle, lambda handle: handle.profit_and_loss(start, end))

    async def general_ledger(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        *,
        limit: int | None = None,
    ) -> RawResponse[models.GeneralLedger]:
        """Return the general ledger of a period, in cents; ``limit`` is the most lines.

        Route: ``GET /api/v1/reports/general-ledger``.
        """
        return await with_response(
            self._handle, lambda handle: handle.general_ledger(start, end, limit=limit)
        )

    async def bank_reconciliation_status(self) -> RawResponse[models.BankReconciliationStatus]:
        """Return the unreconciled rows by bank account, in cents.

        Route: ``GET /api/v1/reports/bank-reconciliation-status``.
        """
        return await with_response(self._handle, lambda handle: handle.bank_reconciliation_status())


class AsyncLedgerHQWithRawResponse:
    """The calls of a firm; each returns its response too, as a ``RawResponse``."""

    def __init__(self, handle: AsyncLedgerHQ) -> None:
        self._handle = handle

    async def health(self) -> RawResponse[models.Health]:
        """Return the health of the service (``GET /api/health``); needs no credentials."""
        return await with_response(self._handle, lambda handle: handle.health())

    async def company(self, name_or_id: str) -> RawResponse[models.OrganizationRecord]:
        """Return the client company with this name or this id, for what people type.

        Raises ``RecordLookupError`` for none or several, with those that come near. Route: ``GET
        /api/v1/organizations``.
        """
        return await with_response(self._handle, lambda handle: handle.company(name_or_id))
