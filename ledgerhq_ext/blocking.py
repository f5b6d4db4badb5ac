"""The blocking clients: every method runs its asynchronous twin to its end.

Written by ``python -m scripts.write_surface``; do not edit.
Edit ``_raw_responses``, ``client``.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from types import ModuleType, TracebackType
from typing import Any, Literal, Self

import httpx

import ledgerhq_ext.models as models
from ledgerhq_ext._auth.credentials import Credentials
from ledgerhq_ext._auth.oauth import AuthorizationRequest
from ledgerhq_ext._auth.stores import TokenStore
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
from ledgerhq_ext._http.options import Clock
from ledgerhq_ext._http.retries import RetryPolicy
from ledgerhq_ext._query import QueryValue
from ledgerhq_ext._raw_responses import (
    AsyncLedgerHQWithRawResponse,
    AsyncOrganizationWithRawResponse,
)
from ledgerhq_ext._references import Identified
from ledgerhq_ext._resources.listing import ORGANIZATIONS_PAGE_SIZE, PAGE_SIZE
from ledgerhq_ext._resources.lookups import Accounts, BankAccounts, TaxRates
from ledgerhq_ext._resources.open_door import RawResponse
from ledgerhq_ext._resources.pages import Pages
from ledgerhq_ext._resources.preflight import PreflightReport
from ledgerhq_ext._seam import DEFAULT_BASE_URL
from ledgerhq_ext._settings import new_session, settings_from_env
from ledgerhq_ext.client import AsyncLedgerHQ, AsyncOrganization
from ledgerhq_ext.postings import AccountAllocation, DocumentAllocation, DraftEntry, Posting
from ledgerhq_ext.reports.periods import Period


class Organization(Handle[AsyncOrganization]):
    """One client company, and all that belongs to it. Made by ``LedgerHQ.organization``."""

    @property
    def with_raw_response(self) -> OrganizationWithRawResponse:
        """The same calls, each with status, headers and request id of its response.

        ``books.with_raw_response.post(…)`` returns a ``RawResponse`` whose ``value`` is the
        receipt.
        """
        return OrganizationWithRawResponse._of(self._core.with_raw_response)

    def cents(self, amount: str | Decimal) -> int:
        """Return the cents of an amount in major units of the organization's own currency.

        ``books.cents("12.50")`` is 1250 where the books are in dollars, and an ``InputError`` where
        they are in yen. The record, which names the currency, is read once (as ``record`` says).
        Raises what ``to_cents`` does.
        """
        return run(self._core.cents(amount))

    def check(self, *postings: Posting) -> PreflightReport:
        """Return what would be refused of postings, and what is odd about them. Posts nothing.

        Accounts, contacts, tax rates and bills have to exist; accounts have to be active, of a kind
        that their place allows and in the company's currency; payments, added up, must not exceed
        what is due on a bill. Each list is read once for all postings together, so check many in
        one call: ``books.check(*postings)``.

        Check before the first ``post``: a bill that was paid by it is paid. A report without
        problems is no promise: the books may change meanwhile, and no route says which periods are
        locked (see ``unchecked``). Raises ``InputError`` for what is no posting, ``APIError``,
        ``TransportError`` and ``ContractError``.

        Routes: ``GET /api/v1/accounts``, and where a posting needs them ``/bank-accounts``,
        ``/contacts``, ``/tax-rates``, ``/bills`` and ``/organizations``.
        """
        return run(self._core.check(*postings))

    def post(
        self, posting: Posting, *, source: tuple[str, str] | None = None, key: str | None = None
    ) -> models.Receipt:
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
        return run(self._core.post(posting, source=source, key=key))

    def entries(
        self,
        *,
        status: EntryStatus | Other | None = None,
        start: dt.date | str | None = None,
        end: dt.date | str | None = None,
        page_size: int = PAGE_SIZE,
    ) -> Pages[models.Entry]:
        """List journal entries, newest first, in cents.

        ``start`` and ``end`` are days (``YYYY-MM-DD``), both included. Raises ``InputError``.
        Route: ``GET /api/v1/entries``.
        """
        return Pages._of(
            self._core.entries(status=status, start=start, end=end, page_size=page_size)
        )

    def entry(self, entry: str | Identified) -> models.Entry:
        """Return one journal entry as it is now, in cents (``GET /api/v1/entries/{id}``)."""
        return run(self._core.entry(entry))

    def create_entry(self, draft: DraftEntry) -> models.Entry:
        """Create a draft entry (``POST /api/v1/entries``).

        Not idempotent: sent once, and its outcome is ``unknown`` when no response comes.
        """
        return run(self._core.create_entry(draft))

    def post_entry(self, entry: str | Identified) -> models.Entry:
        """Post a draft entry; one that is posted already is returned as it is.

        Raises ``ConflictError`` for a void one. Route: ``POST /api/v1/entries/{id}/post``.
        """
        return run(self._core.post_entry(entry))

    def void_entry(self, entry: str | Identified, *, reason: str | None = None) -> models.Entry:
        """Void a posted entry; one that is void already is returned as it is.

        Raises ``ConflictError`` for a draft. Route: ``POST /api/v1/entries/{id}/void``.
        """
        return run(self._core.void_entry(entry, reason=reason))

    def bank_feeds(self) -> tuple[models.BankFeed, ...]:
        """Return the bank feeds (``GET /api/v1/bank-feeds``)."""
        return run(self._core.bank_feeds())

    def bank_feed_health(self) -> tuple[models.BankFeedHealth, ...]:
        """Return the health of every connection and its accounts.

        Route: ``GET /api/v1/bank-feeds/health``.
        """
        return run(self._core.bank_feed_health())

    def bank_connections(self) -> tuple[models.BankConnection, ...]:
        """Return every bank account with its feed, health and last sync.

        This answers "is the bank connected?" in one view. Routes: ``GET /api/v1/bank-accounts``,
        ``/bank-feeds`` and ``/bank-feeds/health``.
        """
        return run(self._core.bank_connections())

    def bank_transactions(
        self,
        *,
        status: BankTransactionStatus | Other | None = None,
        bank_account: str | Identified | None = None,
        start: dt.date | str | None = None,
        end: dt.date | str | None = None,
        source_type: str | None = None,
        page_size: int = PAGE_SIZE,
    ) -> Pages[models.BankTransaction]:
        """List rows of the bank register, newest first; amounts in cents.

        Safe to change rows while walking over them. Raises ``InputError``.
        Route: ``GET /api/v1/bank-transactions``.
        """
        return Pages._of(
            self._core.bank_transactions(
                status=status,
                bank_account=bank_account,
                start=start,
                end=end,
                source_type=source_type,
                page_size=page_size,
            )
        )

    def bank_account_transactions(
        self,
        bank_account: str | Identified,
        *,
        status: BankTransactionStatus | Other | None = None,
        page_size: int = PAGE_SIZE,
    ) -> Pages[models.BankTransaction]:
        """List the register of one bank account, newest first; amounts in cents.

        Route: ``GET /api/v1/bank-accounts/{id}/transactions``.
        """
        return Pages._of(
            self._core.bank_account_transactions(bank_account, status=status, page_size=page_size)
        )

    def bank_transaction(self, transaction: str | Identified) -> models.BankTransaction:
        """Return one row as it is now (``GET /api/v1/bank-transactions/{id}``)."""
        return run(self._core.bank_transaction(transaction))

    def accounts(self) -> Accounts:
        """Return the chart of accounts: a tuple with ``by_code`` and ``by_name``.

        Route: ``GET /api/v1/accounts``.
        """
        return run(self._core.accounts())

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
    ) -> models.Account:
        """Create an account of the chart, and return it.

        ``parent`` is the account above it; ``currency_code`` is the company's unless given. Raises
        ``ConflictError`` when an account has this code. Not idempotent: sent once, and its outcome
        is ``unknown`` when no response comes; look for its code among ``accounts`` then. Route:
        ``POST /api/v1/accounts``.
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
            )
        )

    def bank_accounts(self) -> BankAccounts:
        """Return the bank accounts: a tuple with ``by_name``; balances in cents.

        Route: ``GET /api/v1/bank-accounts``.
        """
        return run(self._core.bank_accounts())

    def tax_rates(self) -> TaxRates:
        """Return the tax rates: a tuple with ``by_name`` (``GET /api/v1/tax-rates``)."""
        return run(self._core.tax_rates())

    def contacts(
        self,
        *,
        search: str | None = None,
        type: ContactType | Other | None = None,
        page_size: int = PAGE_SIZE,
    ) -> Pages[models.Contact]:
        """List customers and suppliers (``GET /api/v1/contacts``). Raises ``InputError``."""
        return Pages._of(self._core.contacts(search=search, type=type, page_size=page_size))

    def contact(
        self, *, name: str | None = None, email: str | None = None, tax_number: str | None = None
    ) -> models.Contact:
        """Return one contact by exactly one of name, email and tax number.

        Raises ``RecordLookupError`` for none or several. Route: ``GET /api/v1/contacts``.
        """
        return run(self._core.contact(name=name, email=email, tax_number=tax_number))

    def bills(
        self, *, status: BillStatus | Other | None = None, page_size: int = PAGE_SIZE
    ) -> Pages[models.Bill]:
        """List bills of suppliers, amounts in cents (``GET /api/v1/bills``).

        Raises ``InputError``.
        """
        return Pages._of(self._core.bills(status=status, page_size=page_size))

    def bill(self, number: str) -> models.Bill:
        """Return one bill by its number; ``RecordLookupError`` for none or several.

        Route: ``GET /api/v1/bills``.
        """
        return run(self._core.bill(number))

    def reclassify(
        self,
        transaction: str | Identified,
        account: str | Identified,
        *,
        journal_line_id: str | Identified | None = None,
        contact: str | Identified | None = None,
        tax_rate: str | Identified | None = None,
        reason: str | None = None,
    ) -> models.Reclassification:
        """Move a row, and the non-bank line of its entry where one is linked, to another account.

        ``journal_line_id`` is needed when the linked entry has several such lines
        (``ValidationError`` without it). Raises ``PeriodLockedError`` in a locked period. Sent
        once; when no response comes the row and its entry are read, and count when they show what
        was asked for within five seconds.

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
            )
        )

    def exclude(self, transaction: str | Identified) -> models.BankTransaction:
        """Exclude a row; an excluded one is returned as it is.

        The service toggles, so the row is read first and at most one request is sent. Raises
        ``ConflictError`` for a reconciled row. Route: ``POST
        /api/v1/bank-transactions/{id}/exclude``.
        """
        return run(self._core.exclude(transaction))

    def include(self, transaction: str | Identified) -> models.BankTransaction:
        """Take an excluded row back in; an unreconciled one is returned as it is.

        Otherwise as ``exclude``. Route: ``POST /api/v1/bank-transactions/{id}/exclude``.
        """
        return run(self._core.include(transaction))

    def reconcile(
        self,
        transaction: str | Identified,
        *,
        journal_entry: str | Identified | None = None,
        reconciliation_id: str | Identified | None = None,
    ) -> models.BankTransaction:
        """Mark a row reconciled, with its entry: ``journal_entry``, or the linked one.

        A row that is already reconciled with the same entry is returned as it is; with another one:
        ``ConflictError``. Route: ``POST /api/v1/bank-transactions/{id}/reconcile``.
        """
        return run(
            self._core.reconcile(
                transaction, journal_entry=journal_entry, reconciliation_id=reconciliation_id
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
    ) -> models.Match:
        """Match a row with exactly one entry, payment, bill or invoice.

        ``amount`` (cents) and ``date`` are for a new payment. A row that is reconciled with the
        same entry counts as done; anything else that was matched before is a ``ConflictError``.

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
            )
        )

    def split(
        self,
        transaction: str | Identified,
        allocations: Sequence[AccountAllocation] | Sequence[DocumentAllocation],
        *,
        date: dt.date | str | None = None,
        method: str | None = None,
    ) -> models.AccountSplit | models.DocumentSplit:
        """Split a row over accounts (``AccountAllocation``) or documents (``DocumentAllocation``).

        Allocations to accounts together are the row's magnitude in cents. ``date`` (the row's own
        by default) and ``method`` are for payments of documents. A row that was already split
        over the same accounts and amounts counts as done; one split over documents cannot be read
        back: ``ConflictError``.

        Routes: ``POST /api/v1/bank-transactions/{id}/split-account`` and ``/split``.
        """
        return run(self._core.split(transaction, allocations, date=date, method=method))

    def period(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        *,
        tz: str | dt.tzinfo | None = None,
        today: dt.date | str | None = None,
    ) -> Period:
        """Return the period from two days, or from words by the organization's fiscal year.

        Words are such as ``last quarter``, ``year to date`` or ``FY2026-Q2``. They are seen from
        ``today``, or else from the day that it is now in ``tz``, an IANA name such as
        ``America/Los_Angeles`` or a ``tzinfo``; without either from the day in UTC. Raises
        ``InputError``, which lists the known words, or says what is wrong with the zone.
        """
        return run(self._core.period(start, end, tz=tz, today=today))

    def financial_packet(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        *,
        include: Iterable[ReportName | Other] | ReportName | Other | None = None,
        general_ledger_limit: int | None = None,
        complete_ledger: bool = False,
    ) -> models.FinancialPacket:
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
        return run(
            self._core.financial_packet(
                start,
                end,
                include=include,
                general_ledger_limit=general_ledger_limit,
                complete_ledger=complete_ledger,
            )
        )

    def trial_balance(
        self, start: dt.date | str | Period, end: dt.date | str | None = None
    ) -> models.TrialBalance:
        """Return the trial balance of a period, in cents.

        Route: ``GET /api/v1/reports/trial-balance``, which spells decimals.
        """
        return run(self._core.trial_balance(start, end))

    def balance_sheet(self, at: dt.date | str) -> models.BalanceSheet:
        """Return the balance sheet at the end of a day, in cents.

        Route: ``GET /api/v1/reports/balance-sheet``, which spells decimals.
        """
        return run(self._core.balance_sheet(at))

    def profit_and_loss(
        self, start: dt.date | str | Period, end: dt.date | str | None = None
    ) -> models.ProfitAndLoss:
        """Return profit and loss of a period, in cents.

        Route: ``GET /api/v1/reports/profit-and-loss``.
        """
        return run(self._core.profit_and_loss(start, end))

    def general_ledger(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        *,
        limit: int | None = None,
    ) -> models.GeneralLedger:
        """Return the general ledger of a period, in cents; ``limit`` is the most lines.

        Route: ``GET /api/v1/reports/general-ledger``.
        """
        return run(self._core.general_ledger(start, end, limit=limit))

    def bank_reconciliation_status(self) -> models.BankReconciliationStatus:
        """Return the unreconciled rows by bank account, in cents.

        Route: ``GET /api/v1/reports/bank-reconciliation-status``.
        """
        return run(self._core.bank_reconciliation_status())

    @property
    def id(self) -> str:
        """The id of the organization."""
        return self._core.id

    def record(self) -> models.OrganizationRecord:
        """Return the organization's own record: name, currency, start of the fiscal year.

        It is read once (``GET /api/v1/organizations``). Raises ``InputError`` when the firm has no
        such organization.
        """
        return run(self._core.record())

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
    ) -> Response:
        """Send a request to any path of the service; return status, headers and body (``json()``).

        From an organization it carries that organization: as a header, or in a path that goes
        through a company, such as ``/api/v1/companies/{companyId}/journal-lines``, where
        ``{companyId}`` is filled in and another company's id is refused. In ``query`` and ``form``
        None leaves a parameter out, a list repeats it, a mapping is ``filter[a]=1``; booleans are
        ``true`` and ``false``, dates ISO 8601, an ``Enum`` its value. The body is ``json``, a
        ``form``, ``files`` (bytes, an open file, or (name, bytes, media type); with or without a
        ``form``), or ``content``, bytes of any ``content_type``. Repeated as the table of safe
        repeats says: a POST only with an ``idempotency_key``. Raises ``InputError`` for a path or
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
            )
        )

    def call(self, operation: ModuleType, /, **arguments: Any) -> RawResponse[Any]:
        """Call any operation of the generated client: ``books.call(get_accounts_by_id, id="…")``.

        ``operation`` is a module of ``ledgerhq_api.api``, the arguments are its own (values as
        those of ``request``'s query); the organization is filled in. The ``value`` is what its own
        reader makes of the response. Raises the errors of any other call; ``InputError`` for an
        argument that cannot be sent, ``ContractError`` where the generated reader breaks.
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
        """Return the same over the same connections, with other options for its calls.

        ``books.with_options(deadline=10).post(…)``: ``timeout`` (seconds for each wait),
        ``deadline`` (seconds for a call with its retries), ``retries`` (a number, or a
        ``RetryPolicy``), ``headers`` (added to those set before). The original is not changed.
        Raises ``InputError``.
        """
        return self._of(
            self._core.with_options(
                timeout=timeout, deadline=deadline, retries=retries, headers=headers
            )
        )


class LedgerHQ(Handle[AsyncLedgerHQ]):
    """A connection to LedgerHQ as a firm; use it as a context manager.

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
        """Nothing is sent or opened until the first call.

        ``credentials`` are ``OAuth(store)``, ``ApiKey(key)`` or ``AccessToken(token)``; a path
        means ``OAuth``, a text that begins with ``dk_`` an ``ApiKey``, another text an
        ``AccessToken``. ``token_store=``, ``api_key=`` and ``access_token=`` say the same by name.

        ``timeout`` bounds each wait for the network and ``deadline`` a whole call with its retries,
        in seconds; ``retries`` is how often a call is repeated where that is safe, or a
        ``RetryPolicy``; ``headers`` are sent in addition; ``app_name`` stands in the User-Agent.

        ``carrier`` says what names the client company where the contract leaves a choice:
        ``"header"`` (``x-organization-id``), or ``"path"`` (``/api/v1/companies/{companyId}/…``),
        which LedgerHQ recommends to new apps. What the contract has on one of them only is sent
        there. Answers, errors and keys are the same; nobody promised that a key is known on the
        other route, so change it when the outcome of every posting is known (the outbox minds this
        itself).

        ``http_client``, ``transport``, ``proxy`` and ``verify`` (an ``ssl.SSLContext``) are
        httpx's; an ``http_client`` that is handed in is not closed. What is handed in bounds each
        wait for the network, not all of them together. ``clock`` and ``sleep`` are for tests.
        ``hooks`` are functions that are called with an ``Event`` for every response, failure and
        retry, and objects with ``start`` and ``end`` (``CallHook``) around every call.

        Raises ``InputError`` for anything of a wrong kind.
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
    def from_env(cls, **overrides: Any) -> Self:
        """Return a client from the environment; arguments given here go first.

        ``LEDGERHQ_BASE_URL``, ``LEDGERHQ_TOKEN_FILE`` (OAuth) or ``LEDGERHQ_API_KEY``,
        ``LEDGERHQ_CLIENT_ID`` (for OAuth), ``LEDGERHQ_ORGANIZATION_ID`` (whose API key it is),
        ``LEDGERHQ_APP_NAME``. Raises ``InputError``.
        """
        return cls(**settings_from_env(overrides))

    @property
    def with_raw_response(self) -> LedgerHQWithRawResponse:
        """The same calls, each with status, headers and request id of its response."""
        return LedgerHQWithRawResponse._of(self._core.with_raw_response)

    def organization(self, organization: str | models.OrganizationRecord) -> Organization:
        """Return one client company, by its id or its record. Sends nothing."""
        return Organization._of(self._core.organization(organization))

    def close(self) -> None:
        """Close the connections."""
        run(self._core.close())

    def health(self) -> models.Health:
        """Return the health of the service (``GET /api/health``); needs no credentials."""
        return run(self._core.health())

    def organizations(
        self,
        *,
        type: OrganizationType | Other | None = None,
        cursor: str | None = None,
        page_size: int = ORGANIZATIONS_PAGE_SIZE,
    ) -> Pages[models.OrganizationRecord]:
        """List the organizations of the firm.

        ``cursor`` goes on where an earlier iteration over the same list stood (its ``cursor``),
        with the same ``type`` and on a client of the same ``carrier``. Raises ``InputError``.
        Routes: ``GET /api/v1/organizations``; for clients, where ``carrier`` is ``path``, ``GET
        /api/v1/companies``.
        """
        return Pages._of(self._core.organizations(type=type, cursor=cursor, page_size=page_size))

    def company(self, name_or_id: str) -> models.OrganizationRecord:
        """Return the client company with this name or this id, for what people type.

        Raises ``RecordLookupError`` for none or several, with those that come near. Route: ``GET
        /api/v1/organizations``.
        """
        return run(self._core.company(name_or_id))

    def register_client(
        self, redirect_uris: list[str], client_name: str | None = None
    ) -> models.ClientRegistration:
        """Register an OAuth client (``POST /api/oauth/register``).

        ``authorization_request`` does so by itself where it is needed. Raises ``OAuthError``,
        ``InputError``, ``TransportError``.
        """
        return run(self._core.register_client(redirect_uris, client_name))

    def authorization_request(
        self, redirect_uri: str, *, scope: str | None = "mcp"
    ) -> AuthorizationRequest:
        """Begin to connect: send the firm's owner or admin to the ``url`` of what this returns.

        Keep the rest (``to_json``) until the browser comes back to ``redirect_uri``; then call
        ``connect``. Registers the app when the store knows no client for this ``redirect_uri`` yet.
        Raises ``OAuthError``, ``InputError``, ``TransportError``. Route: ``GET
        /api/oauth/authorize``.
        """
        return run(self._core.authorization_request(redirect_uri, scope=scope))

    def connect(
        self, callback_url: str, request: AuthorizationRequest, *, replace: bool = False
    ) -> None:
        """Finish connecting: check the state, exchange the code, store the tokens with their firm.

        ``callback_url`` is the whole address the browser came back to. A store is one firm's: where
        another one is stored already, this is an ``InputError`` that names both, and the first
        stays connected; ``replace=True`` puts the new one in its place. Raises ``OAuthError`` when
        the user refused, the state is not ours or was used, or the code is not accepted: then start
        again. ``TransportError`` (``not_sent``), and ``temporarily_unavailable``, which says how
        long the service asks to wait: the code is not spent, call it again. Routes: ``POST
        /api/oauth/token``, ``GET /api/v1/organizations``.
        """
        run(self._core.connect(callback_url, request, replace=replace))

    def disconnect(self) -> None:
        """Forget the stored connection. Local only: the service has no route to revoke a grant."""
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
    ) -> Response:
        """Send a request to any path of the service; return status, headers and body (``json()``).

        From an organization it carries that organization: as a header, or in a path that goes
        through a company, such as ``/api/v1/companies/{companyId}/journal-lines``, where
        ``{companyId}`` is filled in and another company's id is refused. In ``query`` and ``form``
        None leaves a parameter out, a list repeats it, a mapping is ``filter[a]=1``; booleans are
        ``true`` and ``false``, dates ISO 8601, an ``Enum`` its value. The body is ``json``, a
        ``form``, ``files`` (bytes, an open file, or (name, bytes, media type); with or without a
        ``form``), or ``content``, bytes of any ``content_type``. Repeated as the table of safe
        repeats says: a POST only with an ``idempotency_key``. Raises ``InputError`` for a path or
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
            )
        )

    def call(self, operation: ModuleType, /, **arguments: Any) -> RawResponse[Any]:
        """Call any operation of the generated client: ``books.call(get_accounts_by_id, id="…")``.

        ``operation`` is a module of ``ledgerhq_api.api``, the arguments are its own (values as
        those of ``request``'s query); the organization is filled in. The ``value`` is what its own
        reader makes of the response. Raises the errors of any other call; ``InputError`` for an
        argument that cannot be sent, ``ContractError`` where the generated reader breaks.
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
        """Return the same over the same connections, with other options for its calls.

        ``books.with_options(deadline=10).post(…)``: ``timeout`` (seconds for each wait),
        ``deadline`` (seconds for a call with its retries), ``retries`` (a number, or a
        ``RetryPolicy``), ``headers`` (added to those set before). The original is not changed.
        Raises ``InputError``.
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
        return run(self._core.post(posting, source=source, key=key))

    def entry(self, entry: str | Identified) -> RawResponse[models.Entry]:
        """Return one journal entry as it is now, in cents (``GET /api/v1/entries/{id}``)."""
        return run(self._core.entry(entry))

    def create_entry(self, draft: DraftEntry) -> RawResponse[models.Entry]:
        """Create a draft entry (``POST /api/v1/entries``).

        Not idempotent: sent once, and its outcome is ``unknown`` when no response comes.
        """
        return run(self._core.create_entry(draft))

    def post_entry(self, entry: str | Identified) -> RawResponse[models.Entry]:
        """Post a draft entry; one that is posted already is returned as it is.

        Raises ``ConflictError`` for a void one. Route: ``POST /api/v1/entries/{id}/post``.
        """
        return run(self._core.post_entry(entry))

    def void_entry(
        self, entry: str | Identified, *, reason: str | None = None
    ) -> RawResponse[models.Entry]:
        """Void a posted entry; one that is void already is returned as it is.

        Raises ``ConflictError`` for a draft. Route: ``POST /api/v1/entries/{id}/void``.
        """
        return run(self._core.void_entry(entry, reason=reason))

    def bank_feeds(self) -> RawResponse[tuple[models.BankFeed, ...]]:
        """Return the bank feeds (``GET /api/v1/bank-feeds``)."""
        return run(self._core.bank_feeds())

    def bank_feed_health(self) -> RawResponse[tuple[models.BankFeedHealth, ...]]:
        """Return the health of every connection and its accounts.

        Route: ``GET /api/v1/bank-feeds/health``.
        """
        return run(self._core.bank_feed_health())

    def bank_connections(self) -> RawResponse[tuple[models.BankConnection, ...]]:
        """Return every bank account with its feed, health and last sync.

        This answers "is the bank connected?" in one view. Routes: ``GET /api/v1/bank-accounts``,
        ``/bank-feeds`` and ``/bank-feeds/health``.
        """
        return run(self._core.bank_connections())

    def bank_transaction(
        self, transaction: str | Identified
    ) -> RawResponse[models.BankTransaction]:
        """Return one row as it is now (``GET /api/v1/bank-transactions/{id}``)."""
        return run(self._core.bank_transaction(transaction))

    def accounts(self) -> RawResponse[Accounts]:
        """Return the chart of accounts: a tuple with ``by_code`` and ``by_name``.

        Route: ``GET /api/v1/accounts``.
        """
        return run(self._core.accounts())

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
    ) -> RawResponse[models.Account]:
        """Create an account of the chart, and return it.

        ``parent`` is the account above it; ``currency_code`` is the company's unless given. Raises
        ``ConflictError`` when an account has this code. Not idempotent: sent once, and its outcome
        is ``unknown`` when no response comes; look for its code among ``accounts`` then. Route:
        ``POST /api/v1/accounts``.
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
            )
        )

    def bank_accounts(self) -> RawResponse[BankAccounts]:
        """Return the bank accounts: a tuple with ``by_name``; balances in cents.

        Route: ``GET /api/v1/bank-accounts``.
        """
        return run(self._core.bank_accounts())

    def tax_rates(self) -> RawResponse[TaxRates]:
        """Return the tax rates: a tuple with ``by_name`` (``GET /api/v1/tax-rates``)."""
        return run(self._core.tax_rates())

    def contact(
        self, *, name: str | None = None, email: str | None = None, tax_number: str | None = None
    ) -> RawResponse[models.Contact]:
        """Return one contact by exactly one of name, email and tax number.

        Raises ``RecordLookupError`` for none or several. Route: ``GET /api/v1/contacts``.
        """
        return run(self._core.contact(name=name, email=email, tax_number=tax_number))

    def bill(self, number: str) -> RawResponse[models.Bill]:
        """Return one bill by its number; ``RecordLookupError`` for none or several.

        Route: ``GET /api/v1/bills``.
        """
        return run(self._core.bill(number))

    def reclassify(
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
        return run(
            self._core.reclassify(
                transaction,
                account,
                journal_line_id=journal_line_id,
                contact=contact,
                tax_rate=tax_rate,
                reason=reason,
            )
        )

    def exclude(self, transaction: str | Identified) -> RawResponse[models.BankTransaction]:
        """Exclude a row; an excluded one is returned as it is.

        The service toggles, so the row is read first and at most one request is sent. Raises
        ``ConflictError`` for a reconciled row. Route: ``POST
        /api/v1/bank-transactions/{id}/exclude``.
        """
        return run(self._core.exclude(transaction))

    def include(self, transaction: str | Identified) -> RawResponse[models.BankTransaction]:
        """Take an excluded row back in; an unreconciled one is returned as it is.

        Otherwise as ``exclude``. Route: ``POST /api/v1/bank-transactions/{id}/exclude``.
        """
        return run(self._core.include(transaction))

    def reconcile(
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
        return run(
            self._core.reconcile(
                transaction, journal_entry=journal_entry, reconciliation_id=reconciliation_id
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
    ) -> RawResponse[models.Match]:
        """Match a row with exactly one entry, payment, bill or invoice.

        ``amount`` (cents) and ``date`` are for a new payment. A row that is reconciled with the
        same entry counts as done; anything else that was matched before is a ``ConflictError``.

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
            )
        )

    def split(
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
        return run(self._core.split(transaction, allocations, date=date, method=method))

    def financial_packet(
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
        return run(
            self._core.financial_packet(
                start,
                end,
                include=include,
                general_ledger_limit=general_ledger_limit,
                complete_ledger=complete_ledger,
            )
        )

    def trial_balance(
        self, start: dt.date | str | Period, end: dt.date | str | None = None
    ) -> RawResponse[models.TrialBalance]:
        """Return the trial balance of a period, in cents.

        Route: ``GET /api/v1/reports/trial-balance``, which spells decimals.
        """
        return run(self._core.trial_balance(start, end))

    def balance_sheet(self, at: dt.date | str) -> RawResponse[models.BalanceSheet]:
        """Return the balance sheet at the end of a day, in cents.

        Route: ``GET /api/v1/reports/balance-sheet``, which spells decimals.
        """
        return run(self._core.balance_sheet(at))

    def profit_and_loss(
        self, start: dt.date | str | Period, end: dt.date | str | None = None
    ) -> RawResponse[models.ProfitAndLoss]:
        """Return profit and loss of a period, in cents.

        Route: ``GET /api/v1/reports/profit-and-loss``.
        """
        return run(self._core.profit_and_loss(start, end))

    def general_ledger(
        self,
        start: dt.date | str | Period,
        end: dt.date | str | None = None,
        *,
        limit: int | None = None,
    ) -> RawResponse[models.GeneralLedger]:
        """Return the general ledger of a period, in cents; ``limit`` is the most lines.

        Route: ``GET /api/v1/reports/general-ledger``.
        """
        return run(self._core.general_ledger(start, end, limit=limit))

    def bank_reconciliation_status(self) -> RawResponse[models.BankReconciliationStatus]:
        """Return the unreconciled rows by bank account, in cents.

        Route: ``GET /api/v1/reports/bank-reconciliation-status``.
        """
        return run(self._core.bank_reconciliation_status())


class LedgerHQWithRawResponse(Handle[AsyncLedgerHQWithRawResponse]):
    """The calls of a firm; each returns its response too, as a ``RawResponse``."""

    def health(self) -> RawResponse[models.Health]:
        """Return the health of the service (``GET /api/health``); needs no credentials."""
        return run(self._core.health())

    def company(self, name_or_id: str) -> RawResponse[models.OrganizationRecord]:
        """Return the client company with this name or this id, for what people type.

        Raises ``RecordLookupError`` for none or several, with those that come near. Route: ``GET
        /api/v1/organizations``.
        """
        return run(self._core.company(name_or_id))
