"""Which organization is which of the partner's clients, and which account is which of theirs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from attrs import asdict, field, frozen
from sqlalchemy import Connection, delete, insert, select

from ledgerhq_ext._checks import check_id
from ledgerhq_ext._http.io import Work, in_thread
from ledgerhq_ext._idempotency import check_text
from ledgerhq_ext.client import AsyncLedgerHQ
from ledgerhq_ext.errors import InputError, RecordLookupError
from ledgerhq_ext.models import Account, BankAccount, OrganizationRecord
from ledgerhq_ext.store._database import Database
from ledgerhq_ext.store._moving import check_host
from ledgerhq_ext.store._owner import AnyOrganization, Owner, owner_of, owner_of_organization
from ledgerhq_ext.store._schema import account_links, clients, now

Kind = Literal["account", "bank_account"]
_C, _A = clients.c, account_links.c


@frozen(kw_only=True)
class ClientLink:
    """A partner's client and its organization. ``connection`` and ``origin`` are as in
    ``StoredPosting``.
    """

    partner_id: str
    organization_id: str
    connection: str | None = None
    origin: str | None = None

    def belongs_to(self, owner: Owner) -> bool:
        """Return whether it is the owner's, or nobody's in particular."""
        is_of_connection = self.connection in (None, owner.connection)
        return is_of_connection and self.origin in (None, owner.origin)


@frozen(kw_only=True)
class AccountLink:
    """A partner's account and its account here. ``kind``: account (chart of accounts),
    bank_account.
    """

    partner_id: str
    account_id: str
    kind: Kind
    organization_id: str = field(repr=False)


class AsyncClients:
    """The partner's clients and their organizations, awaited; ``Store.async_clients``."""

    def __init__(self, database: Database, work: Work = in_thread) -> None:
        self._database = database
        self._work = work

    async def link(
        self, partner_id: str, organization: AnyOrganization, *, shared: bool = False
    ) -> ClientLink:
        """Remember which organization a client of yours is. The same again is a no-op.

        Raises ``InputError`` when the client is linked to another organization, or the organization
        to another client (unless ``shared``): postings would go to the wrong books. The handle of
        an organization binds the link to its connection and service.
        """
        check_text(partner_id, "partner id")
        id = organization if isinstance(organization, str) else organization.id
        check_id(id, "organization id")
        owner = owner_of_organization(organization)
        link = ClientLink(
            partner_id=partner_id,
            organization_id=id,
            connection=owner.connection if owner else None,
            origin=owner.origin if owner else None,
        )
        return await self._work(self._keep, link, owner, shared)

    async def unlink(self, partner_id: str) -> bool:
        """Forget the link of a client; return False when there was none. Postings stay."""
        return await self._work(self._drop, partner_id)

    async def organization_of(self, partner_id: str) -> str:
        """Return the organization's id; ``RecordLookupError`` for a client that is not linked."""
        return await self._work(self._organization_of, partner_id)

    async def links(self) -> tuple[ClientLink, ...]:
        """Return all links, by partner id."""
        return await self._work(self._all)

    async def unlinked(self, hq: AsyncLedgerHQ) -> tuple[OrganizationRecord, ...]:
        """Return the client companies of the firm that no client of yours is linked to.

        Reads ``GET /api/v1/organizations``.
        """
        linked = {link.organization_id for link in await self._links_of(hq)}
        organizations = await hq.organizations(type="client")._all()
        return tuple(record for record in organizations if record.id not in linked)

    async def vanished(self, hq: AsyncLedgerHQ) -> tuple[ClientLink, ...]:
        """Return the links of this client whose organization the firm does not have any more.

        Reads ``GET /api/v1/organizations``.
        """
        links = await self._links_of(hq)
        present = {record.id for record in await hq.organizations()._all()}
        return tuple(link for link in links if link.organization_id not in present)

    async def _links_of(self, hq: AsyncLedgerHQ) -> tuple[ClientLink, ...]:
        owner = owner_of(hq._session)
        return tuple(link for link in await self.links() if link.belongs_to(owner))

    def _keep(self, link: ClientLink, owner: Owner | None, shared: bool) -> ClientLink:
        def write(db: Connection) -> ClientLink:
            check_host(db, owner)
            same_client = _C.partner_id == link.partner_id
            same_company = _C.organization_id == link.organization_id
            known = {
                row.partner_id: _link_of(row)
                for row in db.execute(select(clients).where(same_client | same_company))
            }
            own = known.get(link.partner_id)
            if own is not None and own.organization_id != link.organization_id:
                raise InputError(
                    f"{link.partner_id!r} is linked to {own.organization_id}; unlink it first."
                )
            if own is not None:
                return own
            if known and not shared:
                others = ", ".join(map(repr, known))
                raise InputError(
                    f"{link.organization_id} is linked to {others}; to link several, say "
                    "shared=True."
                )
            db.execute(insert(clients).values(**asdict(link), linked_at=now()))
            return link

        return self._database.write("link", write)

    def _drop(self, partner_id: str) -> bool:
        gone = delete(clients).where(_C.partner_id == partner_id)
        return self._database.write("unlink", lambda db: db.execute(gone).rowcount == 1)

    def _all(self) -> tuple[ClientLink, ...]:
        rows = self._database.read(
            lambda db: db.execute(select(clients).order_by(_C.partner_id)).all()
        )
        return tuple(_link_of(row) for row in rows)

    def _organization_of(self, partner_id: str) -> str:
        query = select(_C.organization_id).where(_C.partner_id == partner_id)
        found = self._database.read(lambda db: db.execute(query).scalar_one_or_none())
        if found is None:
            raise RecordLookupError(f"the client {partner_id!r} is not linked to an organization.")
        return str(found)


def _link_of(row: Any) -> ClientLink:
    return ClientLink(
        partner_id=row.partner_id,
        organization_id=row.organization_id,
        connection=row.connection,
        origin=row.origin,
    )


class AsyncAccountLinks:
    """The partner's accounts in one organization, awaited; ``Store.async_accounts``."""

    organization_id: str
    """The organization whose accounts these are."""

    def __init__(self, database: Database, organization_id: str, work: Work = in_thread) -> None:
        self._database = database
        self._work = work
        self.organization_id = check_id(organization_id, "organization id")

    async def link(self, partner_id: str, account: Account | BankAccount) -> AccountLink:
        """Remember which account, of the chart or a bank account, an account of yours is.

        The same again is a no-op. Raises ``InputError`` for another account, or one of another
        organization.
        """
        check_text(partner_id, "partner id")
        is_account = isinstance(account, Account | BankAccount)
        if not is_account or account.organization_id != self.organization_id:
            raise InputError(
                f"link takes an account or bank account read from {self.organization_id}."
            )
        kind: Kind = "account" if isinstance(account, Account) else "bank_account"
        link = AccountLink(
            partner_id=partner_id,
            account_id=account.id,
            kind=kind,
            organization_id=self.organization_id,
        )
        return await self._work(self._keep, link)

    async def unlink(self, partner_id: str) -> bool:
        """Forget a link; return False when there was none."""
        return await self._work(self._drop, partner_id)

    async def of(self, partner_id: str) -> AccountLink:
        """Return what an account of yours is linked to; ``RecordLookupError`` when it is not."""
        links = await self.links()
        for link in links:
            if link.partner_id == partner_id:
                return link
        raise RecordLookupError(
            f"the account {partner_id!r} is not linked in {self.organization_id}.",
            candidates=[link.partner_id for link in links],
        )

    async def links(self) -> tuple[AccountLink, ...]:
        """Return all links of the organization, by partner id."""
        return await self._work(self._all)

    async def unlinked(
        self, accounts: Iterable[Account | BankAccount]
    ) -> tuple[Account | BankAccount, ...]:
        """Return those of these accounts that nothing is linked to.

        Pass ``books.accounts()`` or ``books.bank_accounts()``.
        """
        linked = {link.account_id for link in await self.links()}
        return tuple(account for account in accounts if account.id not in linked)

    async def vanished(self, accounts: Iterable[Account | BankAccount]) -> tuple[AccountLink, ...]:
        """Return the links whose account is not among these: pass all accounts and bank accounts."""
        present = {account.id for account in accounts}
        return tuple(link for link in await self.links() if link.account_id not in present)

    def _keep(self, link: AccountLink) -> AccountLink:
        def write(db: Connection) -> AccountLink:
            row = db.execute(select(account_links).where(*self._is(link.partner_id))).one_or_none()
            if row is None:
                db.execute(
                    insert(account_links).values(
                        organization_id=link.organization_id,
                        partner_id=link.partner_id,
                        kind=link.kind,
                        account_id=link.account_id,
                        linked_at=now(),
                    )
                )
            elif (row.account_id, row.kind) != (link.account_id, link.kind):
                raise InputError(
                    f"{link.partner_id!r} is linked to {row.kind} {row.account_id}; unlink it "
                    "first."
                )
            return link

        return self._database.write("link account", write)

    def _drop(self, partner_id: str) -> bool:
        statement = delete(account_links).where(*self._is(partner_id))
        return self._database.write(
            "unlink account", lambda db: db.execute(statement).rowcount == 1
        )

    def _all(self) -> tuple[AccountLink, ...]:
        query = select(account_links).where(_A.organization_id == self.organization_id)
        rows = self._database.read(lambda db: db.execute(query.order_by(_A.partner_id)).all())
        return tuple(
            AccountLink(
                partner_id=row.partner_id,
                account_id=row.account_id,
                kind=row.kind,
                organization_id=row.organization_id,
            )
            for row in rows
        )

    def _is(self, partner_id: str) -> tuple[Any, ...]:
        return _A.organization_id == self.organization_id, _A.partner_id == partner_id
