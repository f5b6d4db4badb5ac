"""Which organization is which of the partner's clients, and which account is which of theirs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from attrs import field, frozen
from sqlalchemy import Connection, delete, insert, select

from ledgerhq_ext import firm
from ledgerhq_ext.checks import check_id
from ledgerhq_ext.client import AsyncLedgerHQ, LedgerHQ
from ledgerhq_ext.errors import InputError, RecordLookupError
from ledgerhq_ext.firm import Firm
from ledgerhq_ext.flow import Flow, work
from ledgerhq_ext.idempotency import check_text
from ledgerhq_ext.models import Account, BankAccount, OrganizationInfo
from ledgerhq_ext.pages import all_items
from ledgerhq_ext.scope import Scope
from ledgerhq_ext.store.database import Database
from ledgerhq_ext.store.outbox import _no_client
from ledgerhq_ext.store.schema import account_links, clients, now
from ledgerhq_ext.surface import awaiting, blocking
from ledgerhq_ext.transport import AwaitingDriver, BlockingDriver

Kind = Literal["account", "bank_account"]
_C, _A = clients.c, account_links.c


@frozen(kw_only=True)
class ClientLink:
    """A partner's client and its organization."""

    partner_id: str
    organization_id: str


@frozen(kw_only=True)
class AccountLink:
    """A partner's account and its account here. ``kind``: account (chart of accounts), bank_account."""

    partner_id: str
    account_id: str
    kind: Kind
    organization_id: str = field(repr=False)


class _Clients:
    def __init__(self, database: Database) -> None:
        self._database = database

    def _keep(self, partner_id: str, organization_id: str, shared: bool) -> ClientLink:
        def doing(db: Connection) -> ClientLink:
            others = select(clients).where((_C.partner_id == partner_id) | (_C.organization_id == organization_id))
            known = {row.partner_id: row.organization_id for row in db.execute(others)}
            if known.get(partner_id, organization_id) != organization_id:
                raise InputError(f"{partner_id!r} is linked to {known[partner_id]}; unlink it first.")
            if partner_id not in known:
                if known and not shared:
                    taken = ", ".join(map(repr, known))
                    raise InputError(f"{organization_id} is linked to {taken}; to link several, say shared=True.")
                db.execute(
                    insert(clients).values(partner_id=partner_id, organization_id=organization_id, linked_at=now())
                )
            return ClientLink(partner_id=partner_id, organization_id=organization_id)

        return self._database.write("link", doing)

    def _drop(self, partner_id: str) -> bool:
        gone = delete(clients).where(_C.partner_id == partner_id)
        return self._database.write("unlink", lambda db: db.execute(gone).rowcount == 1)

    def _all(self) -> tuple[ClientLink, ...]:
        rows = self._database.read(lambda db: db.execute(select(clients).order_by(_C.partner_id)).all())
        return tuple(ClientLink(partner_id=row.partner_id, organization_id=row.organization_id) for row in rows)

    def _organization_of(self, partner_id: str) -> str:
        query = select(_C.organization_id).where(_C.partner_id == partner_id)
        found = self._database.read(lambda db: db.execute(query).scalar_one_or_none())
        if found is None:
            raise RecordLookupError(f"the client {partner_id!r} is not linked to an organization.")
        return str(found)


# --- flows


def link(
    mapping: _Clients, partner_id: str, organization: str | OrganizationInfo | Scope, *, shared: bool = False
) -> Flow[ClientLink]:
    """Remember which organization a client of yours is. The same again is a no-op.

    ``InputError`` when the client is linked to another organization, or the organization to another client
    (unless ``shared``): postings would go to the wrong books.
    """
    check_text(partner_id, "partner id")
    id = check_id(organization if isinstance(organization, str) else organization.id, "organization id")
    return (yield from work(lambda: mapping._keep(partner_id, id, shared)))


def unlink(mapping: _Clients, partner_id: str) -> Flow[bool]:
    """Forget the link of a client; False when there was none. Postings stay."""
    return (yield from work(lambda: mapping._drop(partner_id)))


def organization_of(mapping: _Clients, partner_id: str) -> Flow[str]:
    """The organization's id; ``RecordLookupError`` for a client that is not linked."""
    return (yield from work(lambda: mapping._organization_of(partner_id)))


def links(mapping: _Clients) -> Flow[tuple[ClientLink, ...]]:
    """All links, by partner id."""
    return (yield from work(mapping._all))


def unlinked(mapping: _Clients, hq: Firm[Any]) -> Flow[tuple[OrganizationInfo, ...]]:
    """The client companies of the firm that no client of yours is linked to. Reads from LedgerHQ."""
    known = {link.organization_id for link in (yield from links(mapping))}
    found = yield from all_items(firm.organizations(hq, type="client"))
    return tuple(organization for organization in found if organization.id not in known)


def vanished(mapping: _Clients, hq: Firm[Any]) -> Flow[tuple[ClientLink, ...]]:
    """The links whose organization the firm does not have any more. Reads from LedgerHQ."""
    kept = yield from links(mapping)
    there = {organization.id for organization in (yield from all_items(firm.organizations(hq)))}
    return tuple(link for link in kept if link.organization_id not in there)


# --- the surfaces


class Clients(_Clients):
    """The partner's clients and their organizations, blocking; ``Store.clients``."""

    _driver = BlockingDriver("", _no_client)
    link = blocking(link)
    unlink = blocking(unlink)
    organization_of = blocking(organization_of)
    links = blocking(links)

    def unlinked(self, hq: LedgerHQ) -> tuple[OrganizationInfo, ...]:
        """The client companies of the firm that no client of yours is linked to."""
        return hq._driver.run(unlinked(self, hq))

    def vanished(self, hq: LedgerHQ) -> tuple[ClientLink, ...]:
        """The links whose organization the firm does not have any more."""
        return hq._driver.run(vanished(self, hq))


class AsyncClients(_Clients):
    """``Clients``, awaited."""

    _driver = AwaitingDriver("", _no_client)
    link = awaiting(link)
    unlink = awaiting(unlink)
    organization_of = awaiting(organization_of)
    links = awaiting(links)

    async def unlinked(self, hq: AsyncLedgerHQ) -> tuple[OrganizationInfo, ...]:
        """The client companies of the firm that no client of yours is linked to."""
        return await hq._driver.run(unlinked(self, hq))

    async def vanished(self, hq: AsyncLedgerHQ) -> tuple[ClientLink, ...]:
        """The links whose organization the firm does not have any more."""
        return await hq._driver.run(vanished(self, hq))


class AccountLinks:
    """The partner's accounts in one organization: ``store.books(organization).accounts``.

    Its methods are short and local; in an event loop, call them by ``asyncio.to_thread``.
    """

    def __init__(self, database: Database, organization_id: str) -> None:
        self._database = database
        self.organization_id = check_id(organization_id, "organization id")

    def link(self, partner_id: str, account: Account | BankAccount) -> AccountLink:
        """Remember which account, of the chart or a bank account, an account of yours is.

        The same again is a no-op; ``InputError`` for another account, or one of another organization.
        """
        check_text(partner_id, "partner id")
        if not isinstance(account, Account | BankAccount) or account.organization_id != self.organization_id:
            raise InputError(f"link takes an account or bank account read from {self.organization_id}.")
        kind: Kind = "account" if isinstance(account, Account) else "bank_account"
        wanted = AccountLink(
            partner_id=partner_id, account_id=account.id, kind=kind, organization_id=self.organization_id
        )

        def doing(db: Connection) -> AccountLink:
            row = db.execute(select(account_links).where(*self._is(partner_id))).one_or_none()
            if row is not None and (row.account_id, row.kind) != (account.id, kind):
                raise InputError(f"{partner_id!r} is linked to {row.kind} {row.account_id}; unlink it first.")
            if row is None:
                values = {"organization_id": self.organization_id, "partner_id": partner_id, "kind": kind}
                db.execute(insert(account_links).values(**values, account_id=account.id, linked_at=now()))
            return wanted

        return self._database.write("link account", doing)

    def unlink(self, partner_id: str) -> bool:
        """Forget a link; False when there was none."""
        gone = delete(account_links).where(*self._is(partner_id))
        return self._database.write("unlink account", lambda db: db.execute(gone).rowcount == 1)

    def of(self, partner_id: str) -> AccountLink:
        """What an account of yours is linked to; ``RecordLookupError`` when it is not linked."""
        found = next((link for link in self.links() if link.partner_id == partner_id), None)
        if found is None:
            raise RecordLookupError(
                f"the account {partner_id!r} is not linked in {self.organization_id}.",
                candidates=[link.partner_id for link in self.links()],
            )
        return found

    def links(self) -> tuple[AccountLink, ...]:
        """All links of the organization, by partner id."""
        query = select(account_links).where(_A.organization_id == self.organization_id).order_by(_A.partner_id)
        rows = self._database.read(lambda db: db.execute(query).all())
        return tuple(
            AccountLink(
                partner_id=row.partner_id,
                account_id=row.account_id,
                kind=row.kind,
                organization_id=row.organization_id,
            )
            for row in rows
        )

    def unlinked(self, accounts: Iterable[Account | BankAccount]) -> tuple[Account | BankAccount, ...]:
        """Of these accounts (``books.accounts()``, ``books.bank_accounts()``) those that nothing is linked to."""
        linked = {link.account_id for link in self.links()}
        return tuple(account for account in accounts if account.id not in linked)

    def vanished(self, accounts: Iterable[Account | BankAccount]) -> tuple[AccountLink, ...]:
        """The links whose account is not among these: pass all accounts and all bank accounts."""
        there = {account.id for account in accounts}
        return tuple(link for link in self.links() if link.account_id not in there)

    def _is(self, partner_id: str) -> tuple[Any, ...]:
        return _A.organization_id == self.organization_id, _A.partner_id == partner_id
