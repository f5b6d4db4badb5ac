"""What postings refer to: accounts, bank accounts, contacts, tax rates, bills; and looking one of them up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from ledgerhq_ext import operations
from ledgerhq_ext.errors import InputError, RecordLookupError
from ledgerhq_ext.flow import Flow
from ledgerhq_ext.models import (
    Account,
    BankAccount,
    BankConnection,
    BankFeed,
    BankFeedAccountHealth,
    BankFeedHealth,
    Bill,
    Contact,
    TaxRate,
)
from ledgerhq_ext.pages import PAGE_SIZE, Listing, all_items
from ledgerhq_ext.scope import Scope, fetch_whole, listing

T = TypeVar("T")
_CANDIDATES = 20


def _fold(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()


def one(what: str, wanted: str, records: Iterable[T], value: Callable[[T], str | None], show: Callable[[T], str]) -> T:
    """The one record with that value, exactly, or else regardless of case and spacing.

    Raises ``RecordLookupError`` for none (its candidates contain what was asked for, or are all there is) and
    for several.
    """
    if not isinstance(wanted, str) or not wanted.strip():
        raise InputError(f"{what}: give a text to look for, not {wanted!r}.")
    known = list(records)
    found = [record for record in known if value(record) == wanted]
    found = found or [record for record in known if _fold(value(record)) == _fold(wanted)]
    if len(found) == 1:
        return found[0]
    near = found or [record for record in known if _fold(wanted) in _fold(value(record))] or known
    count = f"{len(found)} records match" if found else "no record matches"
    raise RecordLookupError(f"{what} {wanted!r}: {count}.", candidates=[show(record) for record in near[:_CANDIDATES]])


class Accounts(tuple[Account, ...]):
    """The chart of accounts, ordered by code."""

    __slots__ = ()

    def by_code(self, code: str) -> Account:
        """The account with this code; ``RecordLookupError`` for none or several."""
        return one("account code", code, self, lambda account: account.code, _show_account)

    def by_name(self, name: str) -> Account:
        """The account with this name; ``RecordLookupError`` for none or several."""
        return one("account name", name, self, lambda account: account.name, _show_account)


class TaxRates(tuple[TaxRate, ...]):
    """The tax rates."""

    __slots__ = ()

    def by_name(self, name: str) -> TaxRate:
        """The tax rate with this name; ``RecordLookupError`` for none or several."""
        return one("tax rate", name, self, lambda rate: rate.name, lambda rate: f"{rate.name} ({rate.id})")


class BankAccounts(tuple[BankAccount, ...]):
    """The bank accounts."""

    __slots__ = ()

    def by_name(self, name: str) -> BankAccount:
        """The bank account with this name; ``RecordLookupError`` for none or several."""
        return one("bank account", name, self, lambda a: a.account_name, lambda a: f"{a.account_name} ({a.id})")


def _show_account(account: Account) -> str:
    return f"{account.code} {account.name} ({account.type}, {account.id})"


def accounts(scope: Scope) -> Flow[Accounts]:
    """The chart of accounts (``GET /api/v1/accounts``): a tuple with ``by_code`` and ``by_name``."""
    return Accounts((yield from fetch_whole(scope, operations.ACCOUNTS)))


def bank_accounts(scope: Scope) -> Flow[BankAccounts]:
    """The bank accounts (``GET /api/v1/bank-accounts``): a tuple with ``by_name``; balances in cents."""
    return BankAccounts((yield from fetch_whole(scope, operations.BANK_ACCOUNTS)))


def tax_rates(scope: Scope) -> Flow[TaxRates]:
    """The tax rates (``GET /api/v1/tax-rates``): a tuple with ``by_name``."""
    return TaxRates((yield from fetch_whole(scope, operations.TAX_RATES)))


def bank_feeds(scope: Scope) -> Flow[tuple[BankFeed, ...]]:
    """The bank feeds (``GET /api/v1/bank-feeds``)."""
    return (yield from fetch_whole(scope, operations.BANK_FEEDS))


def bank_feed_health(scope: Scope) -> Flow[tuple[BankFeedHealth, ...]]:
    """Health of every connection and its accounts (``GET /api/v1/bank-feeds/health``)."""
    return (yield from fetch_whole(scope, operations.BANK_FEED_HEALTH))


def contacts(
    scope: Scope, *, search: str | None = None, type: str | None = None, page_size: int = PAGE_SIZE
) -> Listing[Contact]:
    """Customers and suppliers (``GET /api/v1/contacts``). ``type``: customer, supplier, both."""
    return listing(scope, operations.CONTACTS, page_size, search=search, type=type)


def bills(scope: Scope, *, status: str | None = None, page_size: int = PAGE_SIZE) -> Listing[Bill]:
    """Bills of suppliers (``GET /api/v1/bills``). ``status``: draft, received, partial, paid, overdue, void."""
    return listing(scope, operations.BILLS, page_size, status=status)


def contact(
    scope: Scope, *, name: str | None = None, email: str | None = None, tax_number: str | None = None
) -> Flow[Contact]:
    """One contact by name, email or tax number; ``RecordLookupError`` for none or several."""
    given = {"name": name, "email": email, "tax_number": tax_number}
    asked = [(what, value) for what, value in given.items() if value is not None]
    if len(asked) != 1:
        raise InputError("look a contact up by exactly one of name, email, tax_number.")
    what, wanted = asked[0]
    # The service's search narrows names; whether it looks at the rest is not promised.
    found = yield from all_items(contacts(scope, search=wanted if what == "name" else None))
    if what == "name" and not found:
        found = yield from all_items(contacts(scope))
    return one(
        f"contact {what.replace('_', ' ')}",
        wanted,
        found,
        lambda contact: getattr(contact, what),
        lambda contact: (
            f"{contact.name} <{contact.email or 'no email'}> tax {contact.tax_number or '-'} ({contact.id})"
        ),
    )


def bill(scope: Scope, number: str) -> Flow[Bill]:
    """One bill by its number; ``RecordLookupError`` for none or several."""
    found = yield from all_items(bills(scope))
    return one(
        "bill number",
        number,
        found,
        lambda bill: bill.bill_number,
        lambda bill: f"{bill.bill_number} of {bill.issue_date}, {bill.status}, {bill.amount_due} cents due ({bill.id})",
    )


def bank_connections(scope: Scope) -> Flow[tuple[BankConnection, ...]]:
    """Every bank account with its feed, health and last sync: "is the bank connected?" in one view."""
    known = yield from bank_accounts(scope)
    feeds = yield from bank_feeds(scope)
    health = yield from bank_feed_health(scope)
    by_account = {feed.bank_account_id: feed for feed in feeds if feed.bank_account_id}
    by_feed = {connection.id: connection for connection in health}
    checked = {entry.bank_account_id: (entry, of) for of in health for entry in of.accounts}
    return tuple(_joined(account, by_account, by_feed, checked) for account in known)


def _joined(
    account: BankAccount,
    by_account: dict[str, BankFeed],
    by_feed: dict[str, BankFeedHealth],
    checked: dict[str, tuple[BankFeedAccountHealth, BankFeedHealth]],
) -> BankConnection:
    own, connection = checked.get(account.id, (None, None))
    feed = by_account.get(account.id)
    if connection is None and feed is not None:
        connection = by_feed.get(feed.id)
    sources: list[Any] = [source for source in (own, connection, feed) if source is not None]
    synced = [source.last_synced_at for source in sources if source.last_synced_at]
    errors = [source.error for source in sources if getattr(source, "error", None)]
    return BankConnection(
        bank_account=account,
        feed=feed,
        status=sources[0].status if sources else "not_connected",
        last_synced_at=synced[0] if synced else None,
        error=errors[0] if errors else None,
    )
