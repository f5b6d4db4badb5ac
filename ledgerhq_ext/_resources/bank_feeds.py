"""Bank activity: feeds, their health, and the rows of the bank register."""

from __future__ import annotations

import datetime as dt
from typing import Unpack

from ledgerhq_ext import _references as references
from ledgerhq_ext import _seam, models
from ledgerhq_ext._filters import BankTransactionStatus, Other, filter_word
from ledgerhq_ext._http.options import CallOptions
from ledgerhq_ext._references import Identified
from ledgerhq_ext._resources.listing import PAGE_SIZE
from ledgerhq_ext._resources.lookups import LookupMethods
from ledgerhq_ext._resources.pages import AsyncPages
from ledgerhq_ext._resources.scope import days_from_to


class BankFeedMethods(LookupMethods):
    """The bank activity of an organization."""

    async def bank_feeds(self, **options: Unpack[CallOptions]) -> tuple[models.BankFeed, ...]:
        """Return the bank feeds (``GET /api/v1/bank-feeds``)."""
        return await self._with(options)._fetch_all(_seam.BANK_FEEDS)

    async def bank_feed_health(
        self, **options: Unpack[CallOptions]
    ) -> tuple[models.BankFeedHealth, ...]:
        """Return the health of every feed connection and its accounts.

        Route: ``GET /api/v1/bank-feeds/health``.
        """
        return await self._with(options)._fetch_all(_seam.BANK_FEED_HEALTH)

    async def bank_connections(
        self, **options: Unpack[CallOptions]
    ) -> tuple[models.BankConnection, ...]:
        """Return every bank account with its feed, health and last sync.

        Use it to answer "is the bank connected?". Routes: ``GET /api/v1/bank-accounts``,
        ``/bank-feeds`` and ``/bank-feeds/health``.
        """
        books = self._with(options)
        accounts = await books.bank_accounts()
        feeds = await books.bank_feeds()
        health = await books.bank_feed_health()
        return tuple(_connection(account, feeds, health) for account in accounts)

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
    ) -> AsyncPages[models.BankTransaction]:
        """List the rows of the bank register, newest first. Amounts are in cents.

        ``start`` and ``end`` are days (``YYYY-MM-DD``), both included. ``source_type`` is where the
        rows come from, such as ``plaid_bank_feed``. It is safe to change rows while iterating over
        them. Raises ``InputError`` for an invalid filter. Route: ``GET /api/v1/bank-transactions``.
        """
        books = self._with(options)
        return books._list(
            _seam.BANK_TRANSACTIONS,
            page_size,
            status=filter_word(status, BankTransactionStatus, "status"),
            bankAccountId=books._id_or_none(bank_account, references.BANK_ACCOUNT),
            **days_from_to(start, end),
            sourceType=source_type,
        )

    def bank_account_transactions(
        self,
        bank_account: str | Identified,
        *,
        status: BankTransactionStatus | Other | None = None,
        page_size: int = PAGE_SIZE,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[models.BankTransaction]:
        """List the register of one bank account, newest first. Amounts are in cents.

        Route: ``GET /api/v1/bank-accounts/{id}/transactions``.
        """
        books = self._with(options)
        return books._list(
            _seam.BANK_ACCOUNT_TRANSACTIONS,
            page_size,
            id=books._id_of(bank_account, references.BANK_ACCOUNT),
            status=filter_word(status, BankTransactionStatus, "status"),
        )

    async def bank_transaction(
        self, transaction: str | Identified, **options: Unpack[CallOptions]
    ) -> models.BankTransaction:
        """Return the current state of one row, in cents (``GET
        /api/v1/bank-transactions/{id}``).
        """
        books = self._with(options)
        transaction_id = books._id_of(transaction, references.TRANSACTION)
        return await books._fetch(_seam.BANK_TRANSACTION, id=transaction_id)


def _connection(
    account: models.BankAccount,
    feeds: tuple[models.BankFeed, ...],
    health: tuple[models.BankFeedHealth, ...],
) -> models.BankConnection:
    """Return a bank account with its feed and health; its own health says most, its feed least."""
    feed = _feed_of(account, feeds)
    connection, account_health = _health_of(account, feed, health)

    # From the one that says least to the one that says most: the last word counts.
    status = "not_connected"
    last_synced_at = None
    error = None
    for source in (feed, connection, account_health):
        if source is None:
            continue
        status = source.status
        last_synced_at = source.last_synced_at or last_synced_at
        if not isinstance(source, models.BankFeed):
            error = source.error or error
    return models.BankConnection(
        bank_account=account,
        feed=feed,
        status=status,
        last_synced_at=last_synced_at,
        error=error,
    )


def _feed_of(
    account: models.BankAccount, feeds: tuple[models.BankFeed, ...]
) -> models.BankFeed | None:
    # Of several feeds the one that the service lists last counts.
    for feed in reversed(feeds):
        if feed.bank_account_id == account.id:
            return feed
    return None


def _health_of(
    account: models.BankAccount,
    feed: models.BankFeed | None,
    health: tuple[models.BankFeedHealth, ...],
) -> tuple[models.BankFeedHealth | None, models.BankFeedAccountHealth | None]:
    """Return the health of an account's connection, and the account's own; None for none."""
    for connection in reversed(health):
        for account_health in reversed(connection.accounts):
            if account_health.bank_account_id == account.id:
                return connection, account_health
    if feed is None:
        return None, None

    # A connection that does not list the account may be that of its feed.
    for connection in reversed(health):
        if connection.id == feed.id:
            return connection, None
    return None, None
