"""The two surfaces. Every method is a flow of the modules below, run by blocking or by awaiting."""

from __future__ import annotations

import ssl
from functools import cache
from types import TracebackType
from typing import Any, Self

import httpx

from ledgerhq_ext import bank, books, firm, raw, records, reports, scope
from ledgerhq_ext.firm import Configurable, Firm
from ledgerhq_ext.models import OrganizationInfo
from ledgerhq_ext.scope import Scope
from ledgerhq_ext.session import Session
from ledgerhq_ext.surface import async_pages, awaiting, blocking, pages
from ledgerhq_ext.transport import AwaitingDriver, BlockingDriver


@cache
def _trusted() -> ssl.SSLContext:
    # Reading the certificates takes 50 ms: once for a process, not once for a client.
    return httpx.create_ssl_context()


def _settings(base_url: str, given: dict[str, Any]) -> dict[str, Any]:
    settings = {name: value for name, value in given.items() if value is not None}
    # Plain http (loopback only) needs no certificates; an empty context trusts nobody.
    plain = base_url.lower().startswith("http:")
    settings.setdefault("verify", ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if plain else _trusted())
    # Nor may a proxy of the environment stand between us and this machine: it would see the token in the clear.
    settings.setdefault("trust_env", not plain)
    return settings


class Organization(Scope, Configurable):
    """One client company: the scope of everything that belongs to it. Made by ``LedgerHQ.organization``."""

    def __init__(self, session: Session, organization: str | OrganizationInfo, driver: BlockingDriver) -> None:
        super().__init__(session, organization)
        self._driver = driver

    info = blocking(scope.info)
    accounts = blocking(records.accounts)
    bank_accounts = blocking(records.bank_accounts)
    tax_rates = blocking(records.tax_rates)
    contacts = pages(records.contacts)
    contact = blocking(records.contact)
    bills = pages(records.bills)
    bill = blocking(records.bill)
    bank_feeds = blocking(records.bank_feeds)
    bank_feed_health = blocking(records.bank_feed_health)
    bank_connections = blocking(records.bank_connections)
    post = blocking(books.post)
    entries = pages(books.entries)
    entry = blocking(books.entry)
    create_entry = blocking(books.create_entry)
    post_entry = blocking(books.post_entry)
    void_entry = blocking(books.void_entry)
    bank_transactions = pages(bank.bank_transactions)
    bank_account_transactions = pages(bank.bank_account_transactions)
    bank_transaction = blocking(bank.bank_transaction)
    reclassify = blocking(bank.reclassify)
    match = blocking(bank.match)
    split = blocking(bank.split)
    reconcile = blocking(bank.reconcile)
    exclude = blocking(bank.exclude)
    include = blocking(bank.include)
    period = blocking(reports.period)
    financial_packet = blocking(reports.financial_packet)
    trial_balance = blocking(reports.trial_balance)
    balance_sheet = blocking(reports.balance_sheet)
    profit_and_loss = blocking(reports.profit_and_loss)
    general_ledger = blocking(reports.general_ledger)
    bank_reconciliation_status = blocking(reports.bank_reconciliation_status)
    request = blocking(raw.request)
    call = blocking(raw.call)


class AsyncOrganization(Scope, Configurable):
    """One client company: the scope of everything that belongs to it. Made by ``AsyncLedgerHQ.organization``."""

    def __init__(self, session: Session, organization: str | OrganizationInfo, driver: AwaitingDriver) -> None:
        super().__init__(session, organization)
        self._driver = driver

    info = awaiting(scope.info)
    accounts = awaiting(records.accounts)
    bank_accounts = awaiting(records.bank_accounts)
    tax_rates = awaiting(records.tax_rates)
    contacts = async_pages(records.contacts)
    contact = awaiting(records.contact)
    bills = async_pages(records.bills)
    bill = awaiting(records.bill)
    bank_feeds = awaiting(records.bank_feeds)
    bank_feed_health = awaiting(records.bank_feed_health)
    bank_connections = awaiting(records.bank_connections)
    post = awaiting(books.post)
    entries = async_pages(books.entries)
    entry = awaiting(books.entry)
    create_entry = awaiting(books.create_entry)
    post_entry = awaiting(books.post_entry)
    void_entry = awaiting(books.void_entry)
    bank_transactions = async_pages(bank.bank_transactions)
    bank_account_transactions = async_pages(bank.bank_account_transactions)
    bank_transaction = awaiting(bank.bank_transaction)
    reclassify = awaiting(bank.reclassify)
    match = awaiting(bank.match)
    split = awaiting(bank.split)
    reconcile = awaiting(bank.reconcile)
    exclude = awaiting(bank.exclude)
    include = awaiting(bank.include)
    period = awaiting(reports.period)
    financial_packet = awaiting(reports.financial_packet)
    trial_balance = awaiting(reports.trial_balance)
    balance_sheet = awaiting(reports.balance_sheet)
    profit_and_loss = awaiting(reports.profit_and_loss)
    general_ledger = awaiting(reports.general_ledger)
    bank_reconciliation_status = awaiting(reports.bank_reconciliation_status)
    request = awaiting(raw.request)
    call = awaiting(raw.call)


class LedgerHQ(Firm[httpx.Client]):
    """A connection to LedgerHQ as a firm. Safe to share between threads; use as a context manager.

    After a fork the child makes its own connections; share a client between processes by a token store, not by
    the object. See ``Firm.__init__`` for the arguments and ``from_env`` for the environment.
    """

    def _drive(self, http_client: httpx.Client | None, settings: dict[str, Any], sleep: Any) -> None:
        base_url = self._session.base_url
        self._driver = BlockingDriver(
            base_url,
            lambda: http_client or httpx.Client(**_settings(base_url, settings)),
            owns_client=http_client is None,
            **({"sleep": sleep} if sleep else {}),
        )

    health = blocking(firm.health)
    organizations = pages(firm.organizations)
    register_client = blocking(firm.register_client)
    authorization_request = blocking(firm.authorization_request)
    connect = blocking(firm.connect)
    disconnect = blocking(firm.disconnect)
    request = blocking(raw.request)
    call = blocking(raw.call)

    def organization(self, organization: str | OrganizationInfo) -> Organization:
        """The scope of one client company, by its id or its record. Sends nothing."""
        return Organization(self._session, organization, self._driver)

    def close(self) -> None:
        """Close the connections."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncLedgerHQ(Firm[httpx.AsyncClient]):
    """``LedgerHQ`` for asyncio and trio: the same methods, awaited; lists by ``async for``.

    One client belongs to one event loop. See ``Firm.__init__`` and ``from_env``.
    """

    def _drive(self, http_client: httpx.AsyncClient | None, settings: dict[str, Any], sleep: Any) -> None:
        base_url = self._session.base_url
        self._driver = AwaitingDriver(
            base_url,
            lambda: http_client or httpx.AsyncClient(**_settings(base_url, settings)),
            owns_client=http_client is None,
            sleep=sleep,
        )

    health = awaiting(firm.health)
    organizations = async_pages(firm.organizations)
    register_client = awaiting(firm.register_client)
    authorization_request = awaiting(firm.authorization_request)
    connect = awaiting(firm.connect)
    disconnect = awaiting(firm.disconnect)
    request = awaiting(raw.request)
    call = awaiting(raw.call)

    def organization(self, organization: str | OrganizationInfo) -> AsyncOrganization:
        """The scope of one client company, by its id or its record. Sends nothing."""
        return AsyncOrganization(self._session, organization, self._driver)

    async def close(self) -> None:
        """Close the connections."""
        await self._driver.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
