"""The mapping: which organization is which of the partner's clients, and which account is which of
theirs.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from ledgerhq_ext._checks import check_id
from ledgerhq_ext._http.awaiting import in_thread
from ledgerhq_ext._http.io import Work
from ledgerhq_ext._idempotency import check_text
from ledgerhq_ext.client import AsyncLedgerHQ
from ledgerhq_ext.errors import InputError, RecordLookupError
from ledgerhq_ext.models import Account, BankAccount, OrganizationRecord
from ledgerhq_ext.store._app_transaction import AppTransaction
from ledgerhq_ext.store._database import Database
from ledgerhq_ext.store._links import (
    AccountLink,
    ClientLink,
    Kind,
    account_link_of,
    client_link_of,
    link_account,
    link_client,
    unlink_account,
    unlink_client,
)
from ledgerhq_ext.store._owner import (
    AnyOrganization,
    id_of,
    owner_of,
    owner_of_organization,
    session_of,
)
from ledgerhq_ext.store._schema import account_links, clients
from ledgerhq_ext.store._transactions import AnyTransaction


class AsyncClients:
    """The partner's clients and their organizations, asynchronous; see ``Store.async_clients``."""

    def __init__(self, database: Database, work: Work = in_thread) -> None:
        self._database = database
        self._work = work

    async def link(
        self,
        partner_id: str,
        organization: AnyOrganization,
        *,
        shared: bool = False,
        transaction: AnyTransaction | None = None,
    ) -> ClientLink:
        """Link one of your clients to its organization. Linking the same pair again is a no-op.

        Raises ``InputError`` if the client is linked to another organization, or the organization
        to another client (unless ``shared``), because postings would go to the wrong books. Pass
        the handle of an organization to bind the link to its connection and service.

        ``transaction``: store the link within the app's own open transaction, as ``Outbox.add``
        does.
        """
        check_text(partner_id, "partner id")
        owner = owner_of_organization(organization)
        link = ClientLink(
            partner_id=partner_id,
            organization_id=id_of(organization),
            connection=owner.connection if owner else None,
            origin=owner.origin if owner else None,
        )
        if transaction is not None:
            app = AppTransaction(transaction, self._database, self._work)
            return await app.write(link_client, link, owner, shared)
        return await self._work(self._database.write, "link", link_client, link, owner, shared)

    async def unlink(self, partner_id: str) -> bool:
        """Remove the link of a client; return False if there was none. Its postings stay."""
        return await self._work(self._database.write, "unlink", unlink_client, partner_id)

    async def organization_of(self, partner_id: str) -> str:
        """Return the id of a client's organization. Raises ``RecordLookupError`` if the client is
        not linked.
        """
        query = select(clients.c.organization_id).where(clients.c.partner_id == partner_id)
        rows = await self._work(self._database.rows, query)
        if not rows:
            raise RecordLookupError(
                f"The client {partner_id!r} is not linked to an "
                "organization. Link it first with link()."
            )
        return str(rows[0].organization_id)

    async def links(self) -> tuple[ClientLink, ...]:
        """Return all links, sorted by partner id."""
        query = select(clients).order_by(clients.c.partner_id)
        rows = await self._work(self._database.rows, query)
        return tuple(client_link_of(row) for row in rows)

    async def unlinked(self, hq: AsyncLedgerHQ) -> tuple[OrganizationRecord, ...]:
        """Return the firm's client companies that none of your clients is linked to.

        Reads ``GET /api/v1/organizations``.
        """
        linked = {link.organization_id for link in await self._links_of(hq)}
        organizations = await hq.organizations(type="client")._all()
        return tuple(record for record in organizations if record.id not in linked)

    async def vanished(self, hq: AsyncLedgerHQ) -> tuple[ClientLink, ...]:
        """Return the links of this connection whose organization no longer belongs to the firm.

        Reads ``GET /api/v1/organizations``.
        """
        links = await self._links_of(hq)
        present = {record.id for record in await hq.organizations()._all()}
        return tuple(link for link in links if link.organization_id not in present)

    async def _links_of(self, hq: AsyncLedgerHQ) -> tuple[ClientLink, ...]:
        owner = owner_of(session_of(hq))
        return tuple(link for link in await self.links() if link.belongs_to(owner))


class AsyncAccountLinks:
    """The partner's accounts in one organization, asynchronous; see ``Store.async_accounts``."""

    organization_id: str
    """The organization whose accounts these are."""

    def __init__(self, database: Database, organization_id: str, work: Work = in_thread) -> None:
        self._database = database
        self._work = work
        self.organization_id = check_id(organization_id, "organization id")

    async def link(
        self,
        partner_id: str,
        account: Account | BankAccount,
        *,
        transaction: AnyTransaction | None = None,
    ) -> AccountLink:
        """Link one of your accounts to an account of the chart, or to a bank account.

        For postings, link an account of the chart (see ``AccountLink``). Linking the same pair
        again is a no-op. Raises ``InputError`` if your account is linked to another one, or if the
        account belongs to another organization.

        ``transaction``: store the link within the app's own open transaction, as ``Outbox.add``
        does.
        """
        check_text(partner_id, "partner id")
        is_account = isinstance(account, Account | BankAccount)
        if not is_account or account.organization_id != self.organization_id:
            raise InputError(
                f"link() takes an Account or a BankAccount read from {self.organization_id}."
            )
        kind: Kind = "account" if isinstance(account, Account) else "bank_account"
        link = AccountLink(
            partner_id=partner_id,
            account_id=account.id,
            kind=kind,
            organization_id=self.organization_id,
        )
        if transaction is not None:
            app = AppTransaction(transaction, self._database, self._work)
            return await app.write(link_account, link)
        return await self._work(self._database.write, "link account", link_account, link)

    async def unlink(self, partner_id: str) -> bool:
        """Remove a link; return False if there was none."""
        return await self._work(
            self._database.write, "unlink account", unlink_account, self.organization_id, partner_id
        )

    async def of(self, partner_id: str) -> AccountLink:
        """Return the link of one of your accounts. Raises ``RecordLookupError`` if it is not
        linked.
        """
        links = await self.links()
        for link in links:
            if link.partner_id == partner_id:
                return link
        raise RecordLookupError(
            f"The account {partner_id!r} is not linked in {self.organization_id}. Link it first "
            "with link().",
            candidates=[link.partner_id for link in links],
        )

    async def links(self) -> tuple[AccountLink, ...]:
        """Return all links of the organization, sorted by partner id."""
        columns = account_links.c
        query = select(account_links).where(columns.organization_id == self.organization_id)
        rows = await self._work(self._database.rows, query.order_by(columns.partner_id))
        return tuple(account_link_of(row) for row in rows)

    async def unlinked(
        self, accounts: Iterable[Account | BankAccount]
    ) -> tuple[Account | BankAccount, ...]:
        """Return the accounts in this list that nothing is linked to.

        Pass ``books.accounts()`` or ``books.bank_accounts()``.
        """
        linked = {link.account_id for link in await self.links()}
        return tuple(account for account in accounts if account.id not in linked)

    async def vanished(self, accounts: Iterable[Account | BankAccount]) -> tuple[AccountLink, ...]:
        """Return the links whose account is not in this list. Pass all accounts of both kinds."""
        present = {account.id for account in accounts}
        return tuple(link for link in await self.links() if link.account_id not in present)
