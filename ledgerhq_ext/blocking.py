"""The blocking clients: every method runs its asynchronous twin to its end.

Written by ``python -m scripts.write_surface``; do not edit.
Edit ``_raw_responses``, ``client``.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from decimal import Decimal
from types import ModuleType, TracebackType
from typing import Any, Literal, Self, Unpack, overload

import httpx

import ledgerhq_ext
import ledgerhq_ext.models as models
from ledgerhq_ext._auth.credentials import Credentials
from ledgerhq_ext._auth.sections import TokenStore
from ledgerhq_ext._encoding import FileValue
from ledgerhq_ext._filters import (
    AccountType,
    BankTransactionStatus,
    BillStatus,
    ContactType,
    EntryStatus,
    OrganizationType,
    Other,
    ReportName,
)
from ledgerhq_ext._handle import Handle
from ledgerhq_ext._http.hooks import Hook
from ledgerhq_ext._http.io import BlockingIO, run
from ledgerhq_ext._http.messages import Response
from ledgerhq_ext._http.options import CallOptions, Clock
from ledgerhq_ext._http.retries import RetryPolicy
from ledgerhq_ext._query import QueryValue
from ledgerhq_ext._raw_responses import (
    AsyncLedgerHQWithRawResponse,
    AsyncOrganizationWithRawResponse,
)
from ledgerhq_ext._references import Identified
from ledgerhq_ext._resources.keyed import Accounts, BankAccounts, TaxRates
from ledgerhq_ext._resources.listing import ORGANIZATIONS_PAGE_SIZE, PAGE_SIZE
from ledgerhq_ext._resources.open_door import RawResponse
from ledgerhq_ext._resources.pages import Pages
from ledgerhq_ext._seam import DEFAULT_BASE_URL
from ledgerhq_ext._settings import new_session, settings_from_env
from ledgerhq_ext.client import AsyncLedgerHQ, AsyncOrganization
from ledgerhq_ext.reports.periods import Period


class Organization(Handle[AsyncOrganization]):
    """One client company, and all that belongs to it. Made by ``LedgerHQ.organization``.

    Every method that sends takes the options of this one call, too (``CallOptions``):
    ``books.accounts(deadline=10)``. The routes that methods name are those with the header
    ``x-organization-id``; with ``carrier="path"``, a call goes below ``/api/v1/companies`` where
    the contract has its route there."""

    @property
    def with_raw_response(self) -> OrganizationWithRawResponse:
        """The calls that send and have one result, each returning status, headers and request id of
        its response too.

        ``books.with_raw_response.post(…)`` returns a ``RawResponse`` whose ``value`` is the
        receipt. A list takes several responses; a hook of the client is told of each.
        """
        return OrganizationWithRawResponse._of(self._core.with_raw_response)

    def cents(self, amount: str | Decimal, **options: Unpack[CallOptions]) -> int:
        """Return the cents of an amount in major units of the organization's own currency.

        ``books.cents("12.50")`` is 1250 if the books are in dollars, and raises ``InputError`` if
        they are in yen. The organization's record, which names the currency, is read once (see
        ``record``). Raises the same errors as ``to_cents``.
        """
        return run(self._core.cents(amount, **options))

    def check(
        self, *postings: ledgerhq_ext.Posting, **options: Unpack[CallOptions]
    ) -> ledgerhq_ext.PreflightReport:
        """Check postings without sending them. Return what would be refused, and what is unusual.

        Accounts, contacts, tax rates and bills must exist; accounts must be active, of a type that
        their role allows, and in the company's currency; payments together must not exceed the
        amount due on a bill. Each list is read once for all postings, so check many in one call:
        ``books.check(*postings)``.

        Check before the first ``post``, because posting changes what is checked (a bill is then
        paid). A report without problems is not a guarantee: the books may change, and no route says
        which periods are locked (see ``unchecked``). Raises ``InputError`` if an argument is not a
        posting that ``post`` would send, ``APIError``, ``TransportError`` and ``ContractError``.

        Routes: ``GET /api/v1/accounts``, and as needed ``/bank-accounts``, ``/contacts``,
        ``/tax-rates``, ``/bills`` and ``/organizations``.
        """
        return run(self._core.check(*postings, **options))

    def post(
        self,
        posting: ledgerhq_ext.Posting,
        *,
        source: tuple[str, str] | None = None,
        key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.Receipt:
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
        return run(self._core.post(posting, source=source, key=key, **options))

    def entries(
        self,
        *,
        status: EntryStatus | Other | None = None,
        start: dt.date | str | None = None,
        end: dt.date | str | None = None,
        page_size: int = PAGE_SIZE,
        **options: Unpack[CallOptions],
    ) -> Pages[models.Entry]:
        """List journal entries, newest first. Amounts are in cents.

        ``start`` and ``end`` are days (``YYYY-MM-DD``), both included. Raises ``InputError``.
        Route: ``GET /api/v1/entries``.
        """
        return Pages._of(
            self._core.entries(status=status, start=start, end=end, page_size=page_size, **options)
        )

    def entry(self, entry: str | Identified, **options: Unpack[CallOptions]) -> models.Entry:
        """Return the current state of one journal entry, in cents (``GET
        /api/v1/entries/{id}``).
        """
        return run(self._core.entry(entry, **options))

    def create_entry(
        self, draft: ledgerhq_ext.DraftEntry, **options: Unpack[CallOptions]
    ) -> models.Entry:
        """Create a draft entry (``POST /api/v1/entries``).

        Not idempotent: the request is sent once, and the outcome is ``unknown`` if there is no
        response.
        """
        return run(self._core.create_entry(draft, **options))

    def post_entry(self, entry: str | Identified, **options: Unpack[CallOptions]) -> models.Entry:
        """Post a draft entry. One that is already posted is returned unchanged.

        Raises ``ConflictError`` for a void entry. Route: ``POST /api/v1/entries/{id}/post``.
        """
        return run(self._core.post_entry(entry, **options))

    def void_entry(
        self, entry: str | Identified, *, reason: str | None = None, **options: Unpack[CallOptions]
    ) -> models.Entry:
        """Void a posted entry. One that is already void is returned unchanged.

        Raises ``ConflictError`` for a draft. Route: ``POST /api/v1/entries/{id}/void``.
        """
        return run(self._core.void_entry(entry, reason=reason, **options))

    def bank_feeds(self, **options: Unpack[CallOptions]) -> tuple[models.BankFeed, ...]:
        """Return the bank feeds (``GET /api/v1/bank-feeds``)."""
        return run(self._core.bank_feeds(**options))

    def bank_feed_health(self, **options: Unpack[CallOptions]) -> tuple[models.BankFeedHealth, ...]:
        """Return the health of every feed connection and its accounts.

        Route: ``GET /api/v1/bank-feeds/health``.
        """
        return run(self._core.bank_feed_health(**options))

    def bank_connections(self, **options: Unpack[CallOptions]) -> tuple[models.BankConnection, ...]:
        """Return every bank account with its feed, health and last sync.

        Use it to answer "is the bank connected?". Routes: ``GET /api/v1/bank-accounts``,
        ``/bank-feeds`` and ``/bank-feeds/health``.
        """
        return run(self._core.bank_connections(**options))

    def bank_transactions(
        self,
        *,
        status: BankTransactionStatus | Other | None = None,
        bank_account: str | Identified | None = None,
        start: dt.date | str | None = None,
        end: dt.date | str | None = None,
        source_type: str | None = None,
        page_size: int = PAGE_SIZE,
        **options: Unpack[CallOptions],
    ) -> Pages[models.BankTransaction]:
        """List the rows of the bank register, newest first. Amounts are in cents.

        ``start`` and ``end`` are days (``YYYY-MM-DD``), both included. ``source_type`` is where the
        rows come from, such as ``plaid_bank_feed``. It is safe to change rows while iterating over
        them. Raises ``InputError`` for an invalid filter. Route: ``GET /api/v1/bank-transactions``.
        """
        return Pages._of(
            self._core.bank_transactions(
                status=status,
                bank_account=bank_account,
                start=start,
                end=end,
                source_type=source_type,
                page_size=page_size,
                **options,
            )
        )

    def bank_account_transactions(
        self,
        bank_account: str | Identified,
        *,
        status: BankTransactionStatus | Other | None = None,
        page_size: int = PAGE_SIZE,
        **options: Unpack[CallOptions],
    ) -> Pages[models.BankTransaction]:
        """List the register of one bank account, newest first. Amounts are in cents.

        Route: ``GET /api/v1/bank-accounts/{id}/transactions``.
        """
        return Pages._of(
            self._core.bank_account_transactions(
                bank_account, status=status, page_size=page_size, **options
            )
        )

    def bank_transaction(
        self, transaction: str | Identified, **options: Unpack[CallOptions]
    ) -> models.BankTransaction:
        """Return the current state of one row, in cents (``GET
        /api/v1/bank-transactions/{id}``).
        """
        return run(self._core.bank_transaction(transaction, **options))

    def accounts(self, **options: Unpack[CallOptions]) -> Accounts:
        """Return the chart of accounts: a tuple with ``by_code`` and ``by_name``; ``["1010"]``.

        Route: ``GET /api/v1/accounts``.
        """
        return run(self._core.accounts(**options))

    def create_account(
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
    ) -> models.Account:
        """Create an account in the chart of accounts, and return it.

        ``parent`` is the parent account; ``currency_code`` defaults to the company's. Raises
        ``ConflictError`` if an account already has this code. Not idempotent: the request is sent
        once, and the outcome is ``unknown`` if there is no response; look for the code in
        ``accounts`` then. Route: ``POST /api/v1/accounts``.
        """
        return run(
            self._core.create_account(
                code=code,
                name=name,
                type=type,
                sub_type=sub_type,
                parent=parent,
                currency_code=currency_code,
                description=description,
                **options,
            )
        )

    def bank_accounts(self, **options: Unpack[CallOptions]) -> BankAccounts:
        """Return the bank accounts: a tuple with ``by_name``; balances in cents.

        Route: ``GET /api/v1/bank-accounts``.
        """
        return run(self._core.bank_accounts(**options))

    def tax_rates(self, **options: Unpack[CallOptions]) -> TaxRates:
        """Return the tax rates: a tuple with ``by_name`` (``GET /api/v1/tax-rates``)."""
        return run(self._core.tax_rates(**options))

    def contacts(
        self,
        *,
        search: str | None = None,
        type: ContactType | Other | None = None,
        page_size: int = PAGE_SIZE,
        **options: Unpack[CallOptions],
    ) -> Pages[models.Contact]:
        """List customers and suppliers (``GET /api/v1/contacts``). Raises ``InputError`` for an
        invalid filter.
        """
        return Pages._of(
            self._core.contacts(search=search, type=type, page_size=page_size, **options)
        )

    def contact(
        self,
        *,
        name: str | None = None,
        email: str | None = None,
        tax_number: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.Contact:
        """Return the contact with this name, email or tax number. Pass exactly one of the three.

        Raises ``RecordLookupError`` unless exactly one contact matches. Route: ``GET
        /api/v1/contacts``.
        """
        return run(self._core.contact(name=name, email=email, tax_number=tax_number, **options))

    def create_contact(
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
    ) -> models.Contact:
        """Create a customer or a supplier, and return it.

        ``payment_terms_days`` is the number of days until a bill or an invoice is due; that and
        ``currency_code`` default to what the service chooses. Raises ``InputError`` for an invalid
        field, and where the contract has no such operation; nothing is sent then. Not idempotent:
        the request is sent once, and the outcome is ``unknown`` if there is no response. Several
        contacts may have the same name, so a second request would create a second contact: look
        for the name in ``contacts(search=name)`` first. Route: ``POST /api/v1/contacts``.
        """
        return run(
            self._core.create_contact(
                name=name,
                type=type,
                email=email,
                phone=phone,
                tax_number=tax_number,
                payment_terms_days=payment_terms_days,
                currency_code=currency_code,
                **options,
            )
        )

    def bills(
        self,
        *,
        status: BillStatus | Other | None = None,
        page_size: int = PAGE_SIZE,
        **options: Unpack[CallOptions],
    ) -> Pages[models.Bill]:
        """List bills from suppliers. Amounts are in cents (``GET /api/v1/bills``).

        Raises ``InputError``.
        """
        return Pages._of(self._core.bills(status=status, page_size=page_size, **options))

    def bill(self, number: str, **options: Unpack[CallOptions]) -> models.Bill:
        """Return the bill with this number. Raises ``RecordLookupError`` if there is not exactly
        one.

        Route: ``GET /api/v1/bills``.
        """
        return run(self._core.bill(number, **options))

    def reclassify(
        self,
        transaction: str | Identified,
        account: str | Identified,
        *,
        journal_line_id: str | Identified | None = None,
        contact: str | Identified | None = None,
        tax_rate: str | Identified | None = None,
        reason: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.Reclassification:
        """Move a row, and the non-bank line of its linked entry if there is one, to another
        account.

        ``journal_line_id`` is required if the linked entry has several such lines (otherwise
        ``ValidationError``). Raises ``PeriodLockedError`` in a locked period. Nothing is read
        first, because the same classification a second time changes nothing. The request is sent
        once. If there is no response, the row and its entry are read, and the call succeeds if they
        show the change within five seconds.

        Route: ``POST /api/v1/bank-transactions/{id}/reclassify``.
        """
        return run(
            self._core.reclassify(
                transaction,
                account,
                journal_line_id=journal_line_id,
                contact=contact,
                tax_rate=tax_rate,
                reason=reason,
                **options,
            )
        )

    def exclude(
        self, transaction: str | Identified, **options: Unpack[CallOptions]
    ) -> models.BankTransaction:
        """Exclude a row from the books. A row that is already excluded is returned unchanged.

        The route toggles, so the row is read first and at most one request is sent. Raises
        ``ConflictError`` for a reconciled row. Route: ``POST
        /api/v1/bank-transactions/{id}/exclude``.
        """
        return run(self._core.exclude(transaction, **options))

    def include(
        self, transaction: str | Identified, **options: Unpack[CallOptions]
    ) -> models.BankTransaction:
        """Include an excluded row again. A row that is already unreconciled is returned unchanged.

        Works like ``exclude`` otherwise. Route: ``POST /api/v1/bank-transactions/{id}/exclude``.
        """
        return run(self._core.include(transaction, **options))

    def reconcile(
        self,
        transaction: str | Identified,
        *,
        journal_entry: str | Identified | None = None,
        reconciliation_id: str | Identified | None = None,
        **options: Unpack[CallOptions],
    ) -> models.BankTransaction:
        """Mark a row as reconciled with an entry: ``journal_entry``, or the linked one by default.

        A row with neither is reconciled without an entry, so the ledger lacks its amount: use
        ``split`` or ``match`` for it instead. A row that is already reconciled with the same entry
        is returned unchanged. Raises ``ConflictError`` if it is reconciled with another one. Route:
        ``POST /api/v1/bank-transactions/{id}/reconcile``.
        """
        return run(
            self._core.reconcile(
                transaction,
                journal_entry=journal_entry,
                reconciliation_id=reconciliation_id,
                **options,
            )
        )

    def match(
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
    ) -> models.Match:
        """Match a row with exactly one entry, payment, bill or invoice.

        ``amount`` (cents), ``date`` and ``method`` (how it was paid, as text) apply to the new
        payment of a bill or an invoice. A row that is already reconciled with the same entry counts
        as success. Raises ``ConflictError`` if it was matched with anything else.

        Route: ``POST /api/v1/bank-transactions/{id}/match``.
        """
        return run(
            self._core.match(
                transaction,
                journal_entry=journal_entry,
                payment=payment,
                bill=bill,
                invoice=invoice,
                amount=amount,
                date=date,
                method=method,
                **options,
            )
        )

    @overload
    def split(
        self,
        transaction: str | Identified,
        allocations: Sequence[ledgerhq_ext.AccountAllocation],
        *,
        date: dt.date | str | None = None,
        method: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.AccountSplit: ...

    @overload
    def split(
        self,
        transaction: str | Identified,
        allocations: Sequence[ledgerhq_ext.DocumentAllocation],
        *,
        date: dt.date | str | None = None,
        method: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.DocumentSplit: ...

    def split(
        self,
        transaction: str | Identified,
        allocations: Sequence[ledgerhq_ext.AccountAllocation]
        | Sequence[ledgerhq_ext.DocumentAllocation],
        *,
        date: dt.date | str | None = None,
        method: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.AccountSplit | models.DocumentSplit:
        """Split a row across accounts (``AccountAllocation``) or documents
        (``DocumentAllocation``).

        Allocations to accounts must add up to the row's absolute amount, in cents. ``date`` (by
        default the row's own) and ``method`` (how it was paid, as text) apply to payments of
        documents. A row that was already split across the same accounts and amounts counts as
        success. Raises ``ConflictError`` if it was split across documents, which cannot be read
        back.

        Routes: ``POST /api/v1/bank-transactions/{id}/split-account`` and ``/split``.
        """
        call: Coroutine[Any, Any, models.AccountSplit | models.DocumentSplit] = self._core.split(
            transaction, allocations, date=date, method=method, **options
        )
        return run(call)

    def period(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        *,
        tz: str | dt.tzinfo | None = None,
        today: dt.date | str | None = None,
        **options: Unpack[CallOptions],
    ) -> Period:
        """Return a period from two dates, or from words interpreted by the organization's fiscal
        year.

        Words are, for example, ``last quarter``, ``year to date`` or ``FY2026-Q2``. They are
        relative to ``today``, or to the current date in ``tz`` (an IANA name such as
        ``America/Los_Angeles``, or a ``tzinfo``), or else to the current date in UTC. Raises
        ``InputError``, which lists the known words or says what is wrong with the time zone.
        """
        return run(self._core.period(start, end, tz=tz, today=today, **options))

    def financial_packet(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        *,
        include: Iterable[ReportName | Other] | ReportName | Other | None = None,
        general_ledger_limit: int | None = None,
        complete_ledger: bool = False,
        **options: Unpack[CallOptions],
    ) -> models.FinancialPacket:
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
        return run(
            self._core.financial_packet(
                start,
                end,
                include=include,
                general_ledger_limit=general_ledger_limit,
                complete_ledger=complete_ledger,
                **options,
            )
        )

    def trial_balance(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.TrialBalance:
        """Return the trial balance of a period, in cents.

        Route: ``GET /api/v1/reports/trial-balance``, whose amounts are decimals.
        """
        return run(self._core.trial_balance(start, end, **options))

    def balance_sheet(
        self, at: dt.date | str, **options: Unpack[CallOptions]
    ) -> models.BalanceSheet:
        """Return the balance sheet at the end of a day, in cents.

        Route: ``GET /api/v1/reports/balance-sheet``, whose amounts are decimals.
        """
        return run(self._core.balance_sheet(at, **options))

    def profit_and_loss(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.ProfitAndLoss:
        """Return the profit and loss statement of a period, in cents.

        Route: ``GET /api/v1/reports/profit-and-loss``.
        """
        return run(self._core.profit_and_loss(start, end, **options))

    def general_ledger(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        *,
        limit: int | None = None,
        **options: Unpack[CallOptions],
    ) -> models.GeneralLedger:
        """Return the general ledger of a period, in cents. ``limit`` is the maximum number of
        lines.

        Route: ``GET /api/v1/reports/general-ledger``.
        """
        return run(self._core.general_ledger(start, end, limit=limit, **options))

    def bank_reconciliation_status(
        self, **options: Unpack[CallOptions]
    ) -> models.BankReconciliationStatus:
        """Return the unreconciled bank rows by bank account, in cents.

        Route: ``GET /api/v1/reports/bank-reconciliation-status``.
        """
        return run(self._core.bank_reconciliation_status(**options))

    @property
    def id(self) -> str:
        """The id of the organization."""
        return self._core.id

    def record(self, **options: Unpack[CallOptions]) -> models.OrganizationRecord:
        """Return the organization's record: name, currency, start of the fiscal year.

        It is read once and cached (``GET /api/v1/organizations``). Raises ``InputError`` if the
        firm has no such organization.
        """
        return run(self._core.record(**options))

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, QueryValue] | None = None,
        json: Mapping[str, Any] | Sequence[Any] | None = None,
        form: Mapping[str, QueryValue] | None = None,
        files: Mapping[str, FileValue | Sequence[FileValue]] | None = None,
        content: bytes | None = None,
        content_type: str | None = None,
        cookies: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> Response:
        """Send a request to any path of the service; return status, headers and body (``json()``).

        On an organization, the request is for that organization: it carries a header, or a path
        such as ``/api/v1/companies/{companyId}/journal-lines``, in which ``{companyId}`` is filled
        in and another company's id is refused. In ``query`` and ``form``, None omits a parameter, a
        list repeats it, and a mapping becomes ``filter[a]=1``; booleans are sent as ``true`` and
        ``false``, dates in ISO 8601, an ``Enum`` as its value. The body is ``json``, a ``form``,
        ``files`` (bytes, an open file, or (name, bytes, media type); with or without a ``form``),
        or ``content``, bytes of any ``content_type``. The request is retried as the table of safe
        repeats allows: a POST only with an ``idempotency_key``. Raises ``InputError`` for a path or
        value that cannot be sent, and the errors of any other call.
        """
        return run(
            self._core.request(
                method,
                path,
                query=query,
                json=json,
                form=form,
                files=files,
                content=content,
                content_type=content_type,
                cookies=cookies,
                idempotency_key=idempotency_key,
                **options,
            )
        )

    def call(self, operation: ModuleType, /, **arguments: Any) -> RawResponse[Any]:
        """Call any operation of the generated client: ``books.call(get_accounts_by_id, id="…")``.

        ``operation`` is a module of ``ledgerhq_api.api``, and the arguments are those of the
        operation (values as in ``request``'s ``query``), so set the options of the call by
        ``with_options``; the organization is filled in. The ``value`` is what the generated client
        reads from the response. Raises the errors of any other call, ``InputError`` for an argument
        that cannot be sent, and ``ContractError`` if the generated client cannot read the response.
        """
        return run(self._core.call(operation, **arguments))

    def with_options(
        self,
        *,
        timeout: float | None = None,
        deadline: float | None = None,
        retries: int | RetryPolicy | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Return a copy that shares the connections but has different options for its calls.

        ``books.with_options(deadline=10).post(…)``: ``timeout`` (seconds for each wait for the
        network), ``deadline`` (seconds for a call with its retries), ``retries`` (a number, or a
        ``RetryPolicy``), ``headers`` (added to those set before). The original is unchanged. Raises
        ``InputError`` for an invalid option.
        """
        return self._of(
            self._core.with_options(
                timeout=timeout, deadline=deadline, retries=retries, headers=headers
            )
        )


class LedgerHQ(Handle[AsyncLedgerHQ]):
    """A connection to LedgerHQ as a firm; use it as a context manager.

    Every method that sends takes the options of this one call, too (``CallOptions``).

    Safe to share between threads.
    After a fork the child makes its own connections; share a client between processes by a token
    store, not by the object."""

    def __init__(
        self,
        credentials: Credentials | str | os.PathLike[str] | None = None,
        *,
        api_key: str | None = None,
        access_token: str | None = None,
        token_store: TokenStore | str | os.PathLike[str] | None = None,
        base_url: str = DEFAULT_BASE_URL,
        timeout: float = 30.0,
        deadline: float = 90.0,
        retries: int | RetryPolicy = 4,
        headers: Mapping[str, str] | None = None,
        app_name: str | None = None,
        carrier: Literal["header", "path"] = "header",
        http_client: httpx.Client | None = None,
        transport: httpx.BaseTransport | None = None,
        proxy: str | httpx.URL | httpx.Proxy | None = None,
        verify: Any = None,
        clock: Clock | None = None,
        sleep: Callable[[float], object] | None = None,
        hooks: Iterable[Hook] = (),
    ) -> None:
        """Create a client. Nothing is sent or opened until the first call.

        ``credentials`` is ``OAuth(store)``, ``ApiKey(key)`` or ``AccessToken(token)``; a path means
        ``OAuth``, a string that begins with ``dk_`` an ``ApiKey``, any other string an
        ``AccessToken``. You can also pass ``token_store=``, ``api_key=`` or ``access_token=``.

        ``timeout`` limits each wait for the network and ``deadline`` a whole call with its retries,
        in seconds. ``retries`` is how often a call is retried when that is safe, or a
        ``RetryPolicy``. ``headers`` are sent with every request. ``app_name`` is added to the
        User-Agent.

        ``carrier`` is how a request names the client company where the contract offers both ways:
        ``"header"`` (``x-organization-id``), or ``"path"`` (``/api/v1/companies/{companyId}/…``),
        which LedgerHQ recommends to new apps. An operation that the contract has on only one of
        them is sent there. Results, errors and idempotency keys are the same. LedgerHQ does not
        promise that a key sent on one route is known on the other, so switch only when the outcome
        of every posting is known (the outbox takes care of this itself).

        ``http_client``, ``transport``, ``proxy`` and ``verify`` (an ``ssl.SSLContext``) are
        httpx's; an ``http_client`` that you pass is not closed. With an ``http_client`` or
        ``transport`` of your own, the deadline limits each wait for the network, not all of them
        together. ``clock`` and ``sleep`` are for tests. ``hooks`` are functions that are called
        with an ``Event`` for every response, failure and retry, and objects with ``start`` and
        ``end`` (``CallHook``) that are called around every call.

        Raises ``InputError`` for an invalid argument.
        """
        self._core = AsyncLedgerHQ._of(
            new_session(
                BlockingIO,
                credentials,
                api_key=api_key,
                access_token=access_token,
                token_store=token_store,
                base_url=base_url,
                timeout=timeout,
                deadline=deadline,
                retries=retries,
                headers=headers,
                app_name=app_name,
                carrier=carrier,
                http_client=http_client,
                transport=transport,
                proxy=proxy,
                verify=verify,
                clock=clock,
                sleep=sleep,
                hooks=hooks,
            )
        )

    @classmethod
    def from_env(
        cls, credentials: Credentials | str | os.PathLike[str] | None = None, **overrides: Any
    ) -> Self:
        """Return a client configured from the environment. Arguments passed here take precedence.

        They are those of ``LedgerHQ(…)``. The variables are ``LEDGERHQ_BASE_URL``,
        ``LEDGERHQ_TOKEN_FILE`` (OAuth) or ``LEDGERHQ_API_KEY``, ``LEDGERHQ_CLIENT_ID`` (for OAuth,
        and for a token store passed here), ``LEDGERHQ_ORGANIZATION_ID`` (the organization
        of the API key) and ``LEDGERHQ_APP_NAME``. Raises ``InputError``.
        """
        return cls(**settings_from_env(credentials, overrides))

    @property
    def with_raw_response(self) -> LedgerHQWithRawResponse:
        """The calls that send and have one result, each returning status, headers and request id of
        its response too.
        """
        return LedgerHQWithRawResponse._of(self._core.with_raw_response)

    def organization(self, organization: str | models.OrganizationRecord) -> Organization:
        """Return a client company by its id or record. Sends no request."""
        return Organization._of(self._core.organization(organization))

    def close(self) -> None:
        """Close the connections."""
        run(self._core.close())

    def health(self, **options: Unpack[CallOptions]) -> models.Health:
        """Return the health of the service (``GET /api/health``). No credentials are needed."""
        return run(self._core.health(**options))

    def organizations(
        self,
        *,
        type: OrganizationType | Other | None = None,
        cursor: str | None = None,
        page_size: int = ORGANIZATIONS_PAGE_SIZE,
        **options: Unpack[CallOptions],
    ) -> Pages[models.OrganizationRecord]:
        """List the organizations of the firm.

        Pass the ``cursor`` of an earlier iteration to continue it, with the same ``type`` and on a
        client with the same ``carrier``. Raises ``InputError`` for an invalid filter. Routes: ``GET
        /api/v1/organizations``; for clients, where ``carrier`` is ``path``, ``GET
        /api/v1/companies``.
        """
        return Pages._of(
            self._core.organizations(type=type, cursor=cursor, page_size=page_size, **options)
        )

    def company(self, name_or_id: str, **options: Unpack[CallOptions]) -> models.OrganizationRecord:
        """Return the client company with this name or id, as a person would type it.

        Raises ``RecordLookupError``, which lists candidates, unless exactly one matches. Routes:
        those of ``organizations(type="client")``.
        """
        return run(self._core.company(name_or_id, **options))

    def register_client(
        self,
        redirect_uris: list[str],
        client_name: str | None = None,
        **options: Unpack[CallOptions],
    ) -> models.ClientRegistration:
        """Register an OAuth client (``POST /api/oauth/register``).

        ``authorization_request`` does this automatically when needed. Raises ``OAuthError``,
        ``InputError``, ``TransportError``.
        """
        return run(self._core.register_client(redirect_uris, client_name, **options))

    def authorization_request(
        self, redirect_uri: str, *, scope: str | None = "mcp", **options: Unpack[CallOptions]
    ) -> ledgerhq_ext.AuthorizationRequest:
        """Start connecting a firm. Send its owner or admin to the ``url`` of the request this
        returns.

        Keep the request (``to_json``) until the browser returns to ``redirect_uri``, then call
        ``connect``. Registers the app if the store has no client for this ``redirect_uri`` yet.
        Raises ``OAuthError``, ``InputError``, ``TransportError``. Route: ``GET
        /api/oauth/authorize``.
        """
        return run(self._core.authorization_request(redirect_uri, scope=scope, **options))

    def connect(
        self,
        callback_url: str,
        request: ledgerhq_ext.AuthorizationRequest,
        *,
        replace: bool = False,
        **options: Unpack[CallOptions],
    ) -> None:
        """Finish connecting a firm: check the state, exchange the code, and store the tokens with
        the firm's id.

        ``callback_url`` is the full URL the browser returned to. A token store holds one firm: if
        it already holds another one, this raises an ``InputError`` that names both, and the first
        stays connected; pass ``replace=True`` to replace it. Raises ``OAuthError`` if the user
        denied access, the state is not ours or was already used, or the code is not accepted; start
        again then. After a ``TransportError`` with ``not_sent``, or an ``OAuthError`` with
        ``temporarily_unavailable`` (which says how long the service asks to wait), the code is
        unused: call ``connect`` again. Routes: ``POST /api/oauth/token``, ``GET
        /api/v1/organizations``.
        """
        run(self._core.connect(callback_url, request, replace=replace, **options))

    def disconnect(self) -> None:
        """Delete the stored connection. This is local only, because the service has no route to
        revoke a grant.
        """
        run(self._core.disconnect())

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, QueryValue] | None = None,
        json: Mapping[str, Any] | Sequence[Any] | None = None,
        form: Mapping[str, QueryValue] | None = None,
        files: Mapping[str, FileValue | Sequence[FileValue]] | None = None,
        content: bytes | None = None,
        content_type: str | None = None,
        cookies: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> Response:
        """Send a request to any path of the service; return status, headers and body (``json()``).

        On an organization, the request is for that organization: it carries a header, or a path
        such as ``/api/v1/companies/{companyId}/journal-lines``, in which ``{companyId}`` is filled
        in and another company's id is refused. In ``query`` and ``form``, None omits a parameter, a
        list repeats it, and a mapping becomes ``filter[a]=1``; booleans are sent as ``true`` and
        ``false``, dates in ISO 8601, an ``Enum`` as its value. The body is ``json``, a ``form``,
        ``files`` (bytes, an open file, or (name, bytes, media type); with or without a ``form``),
        or ``content``, bytes of any ``content_type``. The request is retried as the table of safe
        repeats allows: a POST only with an ``idempotency_key``. Raises ``InputError`` for a path or
        value that cannot be sent, and the errors of any other call.
        """
        return run(
            self._core.request(
                method,
                path,
                query=query,
                json=json,
                form=form,
                files=files,
                content=content,
                content_type=content_type,
                cookies=cookies,
                idempotency_key=idempotency_key,
                **options,
            )
        )

    def call(self, operation: ModuleType, /, **arguments: Any) -> RawResponse[Any]:
        """Call any operation of the generated client: ``books.call(get_accounts_by_id, id="…")``.

        ``operation`` is a module of ``ledgerhq_api.api``, and the arguments are those of the
        operation (values as in ``request``'s ``query``), so set the options of the call by
        ``with_options``; the organization is filled in. The ``value`` is what the generated client
        reads from the response. Raises the errors of any other call, ``InputError`` for an argument
        that cannot be sent, and ``ContractError`` if the generated client cannot read the response.
        """
        return run(self._core.call(operation, **arguments))

    def with_options(
        self,
        *,
        timeout: float | None = None,
        deadline: float | None = None,
        retries: int | RetryPolicy | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Return a copy that shares the connections but has different options for its calls.

        ``books.with_options(deadline=10).post(…)``: ``timeout`` (seconds for each wait for the
        network), ``deadline`` (seconds for a call with its retries), ``retries`` (a number, or a
        ``RetryPolicy``), ``headers`` (added to those set before). The original is unchanged. Raises
        ``InputError`` for an invalid option.
        """
        return self._of(
            self._core.with_options(
                timeout=timeout, deadline=deadline, retries=retries, headers=headers
            )
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class OrganizationWithRawResponse(Handle[AsyncOrganizationWithRawResponse]):
    """The calls of an organization; each returns its response too, as a ``RawResponse``."""

    def post(
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
        return run(self._core.post(posting, source=source, key=key, **options))

    def entry(
        self, entry: str | Identified, **options: Unpack[CallOptions]
    ) -> RawResponse[models.Entry]:
        """Return the current state of one journal entry, in cents (``GET
        /api/v1/entries/{id}``).
        """
        return run(self._core.entry(entry, **options))

    def create_entry(
        self, draft: ledgerhq_ext.DraftEntry, **options: Unpack[CallOptions]
    ) -> RawResponse[models.Entry]:
        """Create a draft entry (``POST /api/v1/entries``).

        Not idempotent: the request is sent once, and the outcome is ``unknown`` if there is no
        response.
        """
        return run(self._core.create_entry(draft, **options))

    def post_entry(
        self, entry: str | Identified, **options: Unpack[CallOptions]
    ) -> RawResponse[models.Entry]:
        """Post a draft entry. One that is already posted is returned unchanged.

        Raises ``ConflictError`` for a void entry. Route: ``POST /api/v1/entries/{id}/post``.
        """
        return run(self._core.post_entry(entry, **options))

    def void_entry(
        self, entry: str | Identified, *, reason: str | None = None, **options: Unpack[CallOptions]
    ) -> RawResponse[models.Entry]:
        """Void a posted entry. One that is already void is returned unchanged.

        Raises ``ConflictError`` for a draft. Route: ``POST /api/v1/entries/{id}/void``.
        """
        return run(self._core.void_entry(entry, reason=reason, **options))

    def bank_feeds(
        self, **options: Unpack[CallOptions]
    ) -> RawResponse[tuple[models.BankFeed, ...]]:
        """Return the bank feeds (``GET /api/v1/bank-feeds``)."""
        return run(self._core.bank_feeds(**options))

    def bank_feed_health(
        self, **options: Unpack[CallOptions]
    ) -> RawResponse[tuple[models.BankFeedHealth, ...]]:
        """Return the health of every feed connection and its accounts.

        Route: ``GET /api/v1/bank-feeds/health``.
        """
        return run(self._core.bank_feed_health(**options))

    def bank_connections(
        self, **options: Unpack[CallOptions]
    ) -> RawResponse[tuple[models.BankConnection, ...]]:
        """Return every bank account with its feed, health and last sync.

        Use it to answer "is the bank connected?". Routes: ``GET /api/v1/bank-accounts``,
        ``/bank-feeds`` and ``/bank-feeds/health``.
        """
        return run(self._core.bank_connections(**options))

    def bank_transaction(
        self, transaction: str | Identified, **options: Unpack[CallOptions]
    ) -> RawResponse[models.BankTransaction]:
        """Return the current state of one row, in cents (``GET
        /api/v1/bank-transactions/{id}``).
        """
        return run(self._core.bank_transaction(transaction, **options))

    def accounts(self, **options: Unpack[CallOptions]) -> RawResponse[Accounts]:
        """Return the chart of accounts: a tuple with ``by_code`` and ``by_name``; ``["1010"]``.

        Route: ``GET /api/v1/accounts``.
        """
        return run(self._core.accounts(**options))

    def create_account(
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
        return run(
            self._core.create_account(
                code=code,
                name=name,
                type=type,
                sub_type=sub_type,
                parent=parent,
                currency_code=currency_code,
                description=description,
                **options,
            )
        )

    def bank_accounts(self, **options: Unpack[CallOptions]) -> RawResponse[BankAccounts]:
        """Return the bank accounts: a tuple with ``by_name``; balances in cents.

        Route: ``GET /api/v1/bank-accounts``.
        """
        return run(self._core.bank_accounts(**options))

    def tax_rates(self, **options: Unpack[CallOptions]) -> RawResponse[TaxRates]:
        """Return the tax rates: a tuple with ``by_name`` (``GET /api/v1/tax-rates``)."""
        return run(self._core.tax_rates(**options))

    def contact(
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
        return run(self._core.contact(name=name, email=email, tax_number=tax_number, **options))

    def create_contact(
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
        return run(
            self._core.create_contact(
                name=name,
                type=type,
                email=email,
                phone=phone,
                tax_number=tax_number,
                payment_terms_days=payment_terms_days,
                currency_code=currency_code,
                **options,
            )
        )

    def bill(self, number: str, **options: Unpack[CallOptions]) -> RawResponse[models.Bill]:
        """Return the bill with this number. Raises ``RecordLookupError`` if there is not exactly
        one.

        Route: ``GET /api/v1/bills``.
        """
        return run(self._core.bill(number, **options))

    def reclassify(
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
        return run(
            self._core.reclassify(
                transaction,
                account,
                journal_line_id=journal_line_id,
                contact=contact,
                tax_rate=tax_rate,
                reason=reason,
                **options,
            )
        )

    def exclude(
        self, transaction: str | Identified, **options: Unpack[CallOptions]
    ) -> RawResponse[models.BankTransaction]:
        """Exclude a row from the books. A row that is already excluded is returned unchanged.

        The route toggles, so the row is read first and at most one request is sent. Raises
        ``ConflictError`` for a reconciled row. Route: ``POST
        /api/v1/bank-transactions/{id}/exclude``.
        """
        return run(self._core.exclude(transaction, **options))

    def include(
        self, transaction: str | Identified, **options: Unpack[CallOptions]
    ) -> RawResponse[models.BankTransaction]:
        """Include an excluded row again. A row that is already unreconciled is returned unchanged.

        Works like ``exclude`` otherwise. Route: ``POST /api/v1/bank-transactions/{id}/exclude``.
        """
        return run(self._core.include(transaction, **options))

    def reconcile(
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
        return run(
            self._core.reconcile(
                transaction,
                journal_entry=journal_entry,
                reconciliation_id=reconciliation_id,
                **options,
            )
        )

    def match(
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
        return run(
            self._core.match(
                transaction,
                journal_entry=journal_entry,
                payment=payment,
                bill=bill,
                invoice=invoice,
                amount=amount,
                date=date,
                method=method,
                **options,
            )
        )

    @overload
    def split(
        self,
        transaction: str | Identified,
        allocations: Sequence[ledgerhq_ext.AccountAllocation],
        *,
        date: dt.date | str | None = None,
        method: str | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.AccountSplit]: ...

    @overload
    def split(
        self,
        transaction: str | Identified,
        allocations: Sequence[ledgerhq_ext.DocumentAllocation],
        *,
        date: dt.date | str | None = None,
        method: str | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.DocumentSplit]: ...

    def split(
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
        call: Coroutine[Any, Any, RawResponse[models.AccountSplit | models.DocumentSplit]] = (
            self._core.split(transaction, allocations, date=date, method=method, **options)
        )
        return run(call)

    def financial_packet(
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
        return run(
            self._core.financial_packet(
                start,
                end,
                include=include,
                general_ledger_limit=general_ledger_limit,
                complete_ledger=complete_ledger,
                **options,
            )
        )

    def trial_balance(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.TrialBalance]:
        """Return the trial balance of a period, in cents.

        Route: ``GET /api/v1/reports/trial-balance``, whose amounts are decimals.
        """
        return run(self._core.trial_balance(start, end, **options))

    def balance_sheet(
        self, at: dt.date | str, **options: Unpack[CallOptions]
    ) -> RawResponse[models.BalanceSheet]:
        """Return the balance sheet at the end of a day, in cents.

        Route: ``GET /api/v1/reports/balance-sheet``, whose amounts are decimals.
        """
        return run(self._core.balance_sheet(at, **options))

    def profit_and_loss(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[models.ProfitAndLoss]:
        """Return the profit and loss statement of a period, in cents.

        Route: ``GET /api/v1/reports/profit-and-loss``.
        """
        return run(self._core.profit_and_loss(start, end, **options))

    def general_ledger(
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
        return run(self._core.general_ledger(start, end, limit=limit, **options))

    def bank_reconciliation_status(
        self, **options: Unpack[CallOptions]
    ) -> RawResponse[models.BankReconciliationStatus]:
        """Return the unreconciled bank rows by bank account, in cents.

        Route: ``GET /api/v1/reports/bank-reconciliation-status``.
        """
        return run(self._core.bank_reconciliation_status(**options))


class LedgerHQWithRawResponse(Handle[AsyncLedgerHQWithRawResponse]):
    """The calls of a firm; each returns its response too, as a ``RawResponse``."""

    def health(self, **options: Unpack[CallOptions]) -> RawResponse[models.Health]:
        """Return the health of the service (``GET /api/health``). No credentials are needed."""
        return run(self._core.health(**options))

    def company(
        self, name_or_id: str, **options: Unpack[CallOptions]
    ) -> RawResponse[models.OrganizationRecord]:
        """Return the client company with this name or id, as a person would type it.

        Raises ``RecordLookupError``, which lists candidates, unless exactly one matches. Routes:
        those of ``organizations(type="client")``.
        """
        return run(self._core.company(name_or_id, **options))
