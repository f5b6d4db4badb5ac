"""Calls that return their response too: the classes behind ``with_raw_response``.

Written by ``python -m scripts.write_surface``; do not edit.
Edit ``client``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Unpack, overload

import ledgerhq_ext
import ledgerhq_ext.models as models
from ledgerhq_ext._filters import AccountType, ContactType, Other, ReportName
from ledgerhq_ext._http.options import CallOptions
from ledgerhq_ext._references import Identified
from ledgerhq_ext._resources.keyed import Accounts, BankAccounts, TaxRates
from ledgerhq_ext._resources.open_door import RawResponse
from ledgerhq_ext._resources.recording import with_response
from ledgerhq_ext.reports.periods import Period

if TYPE_CHECKING:
    from ledgerhq_ext.client import AsyncLedgerHQ, AsyncOrganization


class AsyncOrganizationWithRawResponse:
    """The calls of an organization; each returns its response too, as a ``RawResponse``."""

    def __init__(self, handle: AsyncOrganization) -> None:
        self._handle = handle

    async def post(
        self,
        posting: ledgerhq_ext.Posting,
        *,
        source: tuple[str, str] | None = None,
        key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.Receipt]:
        """Post a purchase, deposit, transfer, bill payment or journal entry; return its receipt.

        ``source`` is the (source system, source id) of the original transaction. The idempotency
        key is derived from it, so posting the same source transaction again, from any process,
        returns the first receipt (``replayed``). ``key`` overrides it.

        Raises ``InputError`` before anything is sent; ``IdempotencyConflictError`` if the key was
        already used for a different payload; ``PeriodLockedError``, ``ValidationError`` and other
        ``APIError``; ``TransportError``, ``ContractError``. Check the error's ``outcome``: after
        ``unknown``, post again with the same source within 20 hours of the first send
        (``repeat_until``). After that, look for the entry in LedgerHQ first, because it is not
        known how long LedgerHQ remembers a key.

        Routes: ``POST /api/v1/purchases``, ``/deposits``, ``/transfers``, ``/bill-payments`` and
        ``/journal-entries``.
        """
        return await with_response(
            self._handle, lambda handle: handle.post(posting, source=source, key=key, **options)
        )

    async def entry(
        self, entry: str | Identified, **options: Unpack[CallOptions]
    ) -> RawResponse[models.Entry]:
        """Return the current state of one journal entry, in cents (``GET
        /api/v1/entries/{id}``).
        """
        return await with_response(self._handle, lambda handle: handle.entry(entry, **options))

    async def create_entry(
        self, draft: ledgerhq_ext.DraftEntry, **options: Unpack[CallOptions]
    ) -> RawResponse[models.Entry]:
        """Create a draft entry (``POST /api/v1/entries``).

        Not idempotent: the request is sent once, and the outcome is ``unknown`` if there is no
        response.
        """
        return await with_response(
            self._handle, lambda handle: handle.create_entry(draft, **options)
        )

    async def post_entry(
        self, entry: str | Identified, **options: Unpack[CallOptions]
    ) -> RawResponse[models.Entry]:
        """Post a draft entry. One that is already posted is returned unchanged.

        Raises ``ConflictError`` for a void entry. Route: ``POST /api/v1/entries/{id}/post``.
        """
        return await with_response(self._handle, lambda handle: handle.post_entry(entry, **options))

    async def void_entry(
        self, entry: str | Identified, *, reason: str | None = None, **options: Unpack[CallOptions]
    ) -> RawResponse[models.Entry]:
        """Void a posted entry. One that is already void is returned unchanged.

        Raises ``ConflictError`` for a draft. Route: ``POST /api/v1/entries/{id}/void``.
        """
        return await with_response(
            self._handle, lambda handle: handle.void_entry(entry, reason=reason, **options)
        )

    async def bank_feeds(
        self, **options: Unpack[CallOptions]
    ) -> RawResponse[tuple[models.BankFeed, ...]]:
        """Return the bank feeds (``GET /api/v1/bank-feeds``)."""
        return await with_response(self._handle, lambda handle: handle.bank_feeds(**options))

    async def bank_feed_health(
        self, **options: Unpack[CallOptions]
    ) -> RawResponse[tuple[models.BankFeedHealth, ...]]:
        """Return the health of every feed connection and its accounts.

        Route: ``GET /api/v1/bank-feeds/health``.
        """
        return await with_response(self._handle, lambda handle: handle.bank_feed_health(**options))

    async def bank_connections(
        self, **options: Unpack[CallOptions]
    ) -> RawResponse[tuple[models.BankConnection, ...]]:
        """Return every bank account with its feed, health and last sync.

        Use it to answer "is the bank connected?". Routes: ``GET /api/v1/bank-accounts``,
        ``/bank-feeds`` and ``/bank-feeds/health``.
        """
        return await with_response(self._handle, lambda handle: handle.bank_connections(**options))

    async def bank_transaction(
        self, transaction: str | Identified, **options: Unpack[CallOptions]
    ) -> RawResponse[models.BankTransaction]:
        """Return the current state of one row, in cents (``GET
        /api/v1/bank-transactions/{id}``).
        """
        return await with_response(
            self._handle, lambda handle: handle.bank_transaction(transaction, **options)
        )

    async def accounts(self, **options: Unpack[CallOptions]) -> RawResponse[Accounts]:
        """Return the chart of accounts: a tuple with ``by_code`` and ``by_name``; ``["1010"]``.

        Route: ``GET /api/v1/accounts``.
        """
        return await with_response(self._handle, lambda handle: handle.accounts(**options))

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
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.Account]:
        """Create an account in the chart of accounts, and return it.

        ``parent`` is the parent account; ``currency_code`` defaults to the company's. Raises
        ``ConflictError`` if an account already has this code. Not idempotent: the request is sent
        once, and the outcome is ``unknown`` if there is no response; look for the code in
        ``accounts`` then. Route: ``POST /api/v1/accounts``.
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
                **options,
            ),
        )

    async def bank_accounts(self, **options: Unpack[CallOptions]) -> RawResponse[BankAccounts]:
        """Return the bank accounts: a tuple with ``by_name``; balances in cents.

        Route: ``GET /api/v1/bank-accounts``.
        """
        return await with_response(self._handle, lambda handle: handle.bank_accounts(**options))

    async def tax_rates(self, **options: Unpack[CallOptions]) -> RawResponse[TaxRates]:
        """Return the tax rates: a tuple with ``by_name`` (``GET /api/v1/tax-rates``)."""
        return await with_response(self._handle, lambda handle: handle.tax_rates(**options))

    async def contact(
        self,
        *,
        name: str | None = None,
        email: str | None = None,
        tax_number: str | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.Contact]:
        """Return the contact with this name, email or tax number. Pass exactly one of the three.

        Raises ``RecordLookupError`` unless exactly one contact matches. Route: ``GET
        /api/v1/contacts``.
        """
        return await with_response(
            self._handle,
            lambda handle: handle.contact(name=name, email=email, tax_number=tax_number, **options),
        )

    async def create_contact(
        self,
        *,
        name: str,
        type: ContactType | Other,
        email: str | None = None,
        phone: str | None = None,
        tax_number: str | None = None,
        payment_terms_days: int | None = None,
        currency_code: str | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.Contact]:
        """Create a customer or a supplier, and return it.

        ``payment_terms_days`` is the number of days until a bill or an invoice is due; that and
        ``currency_code`` default to what the service chooses. Raises ``InputError`` for an invalid
        field, and where the contract has no such operation; nothing is sent then. Not idempotent:
        the request is sent once, and the outcome is ``unknown`` if there is no response. Several
        contacts may have the same name, so a second request would create a second contact: look
        for the name in ``contacts(search=name)`` first. Route: ``POST /api/v1/contacts``.
        """
        return await with_response(
            self._handle,
            lambda handle: handle.create_contact(
                name=name,
                type=type,
                email=email,
                phone=phone,
                tax_number=tax_number,
                payment_terms_days=payment_terms_days,
                currency_code=currency_code,
                **options,
            ),
        )

    async def bill(self, number: str, **options: Unpack[CallOptions]) -> RawResponse[models.Bill]:
        """Return the bill with this number. Raises ``RecordLookupError`` if there is not exactly
        one.

        Route: ``GET /api/v1/bills``.
        """
        return await with_response(self._handle, lambda handle: handle.bill(number, **options))

    async def reclassify(
        self,
        transaction: str | Identified,
        account: str | Identified,
        *,
        journal_line_id: str | Identified | None = None,
        contact: str | Identified | None = None,
        tax_rate: str | Identified | None = None,
        reason: str | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.Reclassification]:
        """Move a row, and the non-bank line of its linked entry if there is one, to another
        account.

        ``journal_line_id`` is required if the linked entry has several such lines (otherwise
        ``ValidationError``). Raises ``PeriodLockedError`` in a locked period. Nothing is read
        first, because the same classification a second time changes nothing. The request is sent
        once. If there is no response, the row and its entry are read, and the call succeeds if they
        show the change within five seconds.

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
                **options,
            ),
        )

    async def exclude(
        self, transaction: str | Identified, **options: Unpack[CallOptions]
    ) -> RawResponse[models.BankTransaction]:
        """Exclude a row from the books. A row that is already excluded is returned unchanged.

        The route toggles, so the row is read first and at most one request is sent. Raises
        ``ConflictError`` for a reconciled row. Route: ``POST
        /api/v1/bank-transactions/{id}/exclude``.
        """
        return await with_response(
            self._handle, lambda handle: handle.exclude(transaction, **options)
        )

    async def include(
        self, transaction: str | Identified, **options: Unpack[CallOptions]
    ) -> RawResponse[models.BankTransaction]:
        """Include an excluded row again. A row that is already unreconciled is returned unchanged.

        Works like ``exclude`` otherwise. Route: ``POST /api/v1/bank-transactions/{id}/exclude``.
        """
        return await with_response(
            self._handle, lambda handle: handle.include(transaction, **options)
        )

    async def reconcile(
        self,
        transaction: str | Identified,
        *,
        journal_entry: str | Identified | None = None,
        reconciliation_id: str | Identified | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.BankTransaction]:
        """Mark a row as reconciled with an entry: ``journal_entry``, or the linked one by default.

        A row with neither is reconciled without an entry, so the ledger lacks its amount: use
        ``split`` or ``match`` for it instead. A row that is already reconciled with the same entry
        is returned unchanged. Raises ``ConflictError`` if it is reconciled with another one. Route:
        ``POST /api/v1/bank-transactions/{id}/reconcile``.
        """
        return await with_response(
            self._handle,
            lambda handle: handle.reconcile(
                transaction,
                journal_entry=journal_entry,
                reconciliation_id=reconciliation_id,
                **options,
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
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.Match]:
        """Match a row with exactly one entry, payment, bill or invoice.

        ``amount`` (cents), ``date`` and ``method`` (how it was paid, as text) apply to the new
        payment of a bill or an invoice. A row that is already reconciled with the same entry counts
        as success. Raises ``ConflictError`` if it was matched with anything else.

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
                **options,
            ),
        )

    @overload
    async def split(
        self,
        transaction: str | Identified,
        allocations: Sequence[ledgerhq_ext.AccountAllocation],
        *,
        date: dt.date | str | None = None,
        method: str | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.AccountSplit]: ...

    @overload
    async def split(
        self,
        transaction: str | Identified,
        allocations: Sequence[ledgerhq_ext.DocumentAllocation],
        *,
        date: dt.date | str | None = None,
        method: str | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.DocumentSplit]: ...

    async def split(
        self,
        transaction: str | Identified,
        allocations: Sequence[ledgerhq_ext.AccountAllocation]
        | Sequence[ledgerhq_ext.DocumentAllocation],
        *,
        date: dt.date | str | None = None,
        method: str | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.AccountSplit | models.DocumentSplit]:
        """Split a row across accounts (``AccountAllocation``) or documents
        (``DocumentAllocation``).

        Allocations to accounts must add up to the row's absolute amount, in cents. ``date`` (by
        default the row's own) and ``method`` (how it was paid, as text) apply to payments of
        documents. A row that was already split across the same accounts and amounts counts as
        success. Raises ``ConflictError`` if it was split across documents, which cannot be read
        back.

        Routes: ``POST /api/v1/bank-transactions/{id}/split-account`` and ``/split``.
        """
        return await with_response(
            self._handle,
            lambda handle: handle.split(
                transaction, allocations, date=date, method=method, **options
            ),
        )

    async def financial_packet(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        *,
        include: Iterable[ReportName | Other] | ReportName | Other | None = None,
        general_ledger_limit: int | None = None,
        complete_ledger: bool = False,
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.FinancialPacket]:
        """Return the financial packet of a period, in cents: ``financial_packet("last quarter")``.

        ``start`` and ``end`` are the first and the last day; or ``start`` is the period in words,
        relative to today in UTC (use ``books.period("last quarter", tz=…)`` for another time zone).
        ``include`` takes the contract's report names (default: all), ``general_ledger_limit`` the
        maximum number of ledger lines. With ``complete_ledger``, a truncated ledger is fetched
        month by month (``GET /api/v1/reports/general-ledger``); raises ``ContractError`` if the
        months do not add up to the whole. Check ``packet.problems()`` before you rely on a packet.
        Raises ``ContractError`` for a packet of another company or period, or without a statement
        that ``include`` names. Route: ``GET /api/v1/reports/financial-packet``.
        """
        return await with_response(
            self._handle,
            lambda handle: handle.financial_packet(
                start,
                end,
                include=include,
                general_ledger_limit=general_ledger_limit,
                complete_ledger=complete_ledger,
                **options,
            ),
        )

    async def trial_balance(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.TrialBalance]:
        """Return the trial balance of a period, in cents.

        Route: ``GET /api/v1/reports/trial-balance``, whose amounts are decimals.
        """
        return await with_response(
            self._handle, lambda handle: handle.trial_balance(start, end, **options)
        )

    async def balance_sheet(
        self, at: dt.date | str, **options: Unpack[CallOptions]
    ) -> RawResponse[models.BalanceSheet]:
        """Return the balance sheet at the end of a day, in cents.

        Route: ``GET /api/v1/reports/balance-sheet``, whose amounts are decimals.
        """
        return await with_response(self._handle, lambda handle: handle.balance_sheet(at, **options))

    async def profit_and_loss(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.ProfitAndLoss]:
        """Return the profit and loss statement of a period, in cents.

        Route: ``GET /api/v1/reports/profit-and-loss``.
        """
        return await with_response(
            self._handle, lambda handle: handle.profit_and_loss(start, end, **options)
        )

    async def general_ledger(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        *,
        limit: int | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.GeneralLedger]:
        """Return the general ledger of a period, in cents. ``limit`` is the maximum number of
        lines.

        Route: ``GET /api/v1/reports/general-ledger``.
        """
        return await with_response(
            self._handle, lambda handle: handle.general_ledger(start, end, limit=limit, **options)
        )

    async def bank_reconciliation_status(
        self, **options: Unpack[CallOptions]
    ) -> RawResponse[models.BankReconciliationStatus]:
        """Return the unreconciled bank rows by bank account, in cents.

        Route: ``GET /api/v1/reports/bank-reconciliation-status``.
        """
        return await with_response(
            self._handle, lambda handle: handle.bank_reconciliation_status(**options)
        )


class AsyncLedgerHQWithRawResponse:
    """The calls of a firm; each returns its response too, as a ``RawResponse``."""

    def __init__(self, handle: AsyncLedgerHQ) -> None:
        self._handle = handle

    async def health(self, **options: Unpack[CallOptions]) -> RawResponse[models.Health]:
        """Return the health of the service (``GET /api/health``). No credentials are needed."""
        return await with_response(self._handle, lambda handle: handle.health(**options))

    async def company(
        self, name_or_id: str, **options: Unpack[CallOptions]
    ) -> RawResponse[models.OrganizationRecord]:
        """Return the client company with this name or id, as a person would type it.

        Raises ``RecordLookupError``, which lists candidates, unless exactly one matches. Routes:
        those of ``organizations(type="client")``.
        """
        return await with_response(
            self._handle, lambda handle: handle.company(name_or_id, **options)
        )
