"""The links of a partner's clients and accounts, as they stand in the database.

A link is written on any connection: one of the store's, or one of an app that has a transaction
open.
"""

from __future__ import annotations

from typing import Any, Literal

from attrs import asdict, field, frozen
from sqlalchemy import Table, delete, func, select

from ledgerhq_ext.errors import InputError
from ledgerhq_ext.store._cursors import AnyConnection
from ledgerhq_ext.store._moving import check_host
from ledgerhq_ext.store._owner import Owner
from ledgerhq_ext.store._schema import account_links, clients, insert_into, now

Kind = Literal["account", "bank_account"]

_C = clients.c
_A = account_links.c


@frozen(kw_only=True)
class ClientLink:
    """A partner's client and its organization. ``connection`` and ``origin`` have the same meaning
    as in ``StoredPosting``.
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
    """A partner's account and the LedgerHQ account it is linked to. ``kind`` is ``account`` (chart
    of accounts) or ``bank_account``.

    Postings take the ``account_id`` of an ``account``. That of a ``bank_account`` is for bank rows:
    ``bank_transactions(bank_account=link.account_id)``.
    """

    partner_id: str
    account_id: str
    kind: Kind
    organization_id: str = field(repr=False)


def link_client(
    db: AnyConnection, link: ClientLink, owner: Owner | None, shared: bool
) -> ClientLink:
    """Write the link of a client, unless it is there; ``InputError`` for another one, or for a
    company that is another client's and not ``shared``. Nothing was written then.
    """
    check_host(db, owner)
    _take_turns(db, link.organization_id)
    same_client = _C.partner_id == link.partner_id
    same_company = _C.organization_id == link.organization_id
    rows = db.execute(select(clients).where(same_client | same_company)).all()
    links = {row.partner_id: client_link_of(row) for row in rows}
    if link.partner_id not in links and links and not shared:
        others = ", ".join(map(repr, links))
        raise InputError(
            f"{link.organization_id} is already linked to {others}. Pass shared=True to link "
            "several clients to it."
        )

    _insert_unless_there(db, clients, {**asdict(link), "linked_at": now()})
    stored_link = client_link_of(db.execute(select(clients).where(same_client)).first())
    if stored_link.organization_id != link.organization_id:
        raise InputError(
            f"{link.partner_id!r} is already linked to {stored_link.organization_id}. Unlink it "
            "first."
        )
    return stored_link


def unlink_client(db: AnyConnection, partner_id: str) -> bool:
    """Remove the link of a client; return False when there was none."""
    return db.execute(delete(clients).where(_C.partner_id == partner_id)).rowcount == 1


def client_link_of(row: Any) -> ClientLink:
    """Return a row of the table of clients."""
    return ClientLink(
        partner_id=row.partner_id,
        organization_id=row.organization_id,
        connection=row.connection,
        origin=row.origin,
    )


def link_account(db: AnyConnection, link: AccountLink) -> AccountLink:
    """Write the link of an account, unless it is there; ``InputError`` for another one. Nothing was
    written then.
    """
    values = {
        "organization_id": link.organization_id,
        "partner_id": link.partner_id,
        "kind": link.kind,
        "account_id": link.account_id,
        "linked_at": now(),
    }
    _insert_unless_there(db, account_links, values)
    is_same = _is_account(link.organization_id, link.partner_id)
    stored_link = account_link_of(db.execute(select(account_links).where(*is_same)).first())
    if stored_link != link:
        raise InputError(
            f"{link.partner_id!r} is already linked to {stored_link.kind} "
            f"{stored_link.account_id}. Unlink it first."
        )
    return link


def unlink_account(db: AnyConnection, organization_id: str, partner_id: str) -> bool:
    """Remove the link of an account; return False when there was none."""
    is_same = _is_account(organization_id, partner_id)
    return db.execute(delete(account_links).where(*is_same)).rowcount == 1


def account_link_of(row: Any) -> AccountLink:
    """Return a row of the table of accounts."""
    return AccountLink(
        partner_id=row.partner_id,
        account_id=row.account_id,
        kind=row.kind,
        organization_id=row.organization_id,
    )


def _take_turns(db: AnyConnection, organization_id: str) -> None:
    """Wait until nobody else is linking a company, and let others wait until this transaction ends.

    No constraint forbids two clients of one company: it may be shared. Without a turn, two
    transactions that link it at the same time would not see each other. SQLite has one writer
    anyway.
    """
    if db.dialect.name == "postgresql":
        name = func.hashtextextended(f"ledgerhq_clients/{organization_id}", 0)
        db.execute(select(func.pg_advisory_xact_lock(name)))


def _insert_unless_there(db: AnyConnection, table: Table, values: dict[str, Any]) -> None:
    """Insert a row, or leave the one that has its primary key as it is.

    No statement fails for what is there already: PostgreSQL would give up the transaction, which
    may be an app's. The update that changes nothing lets those wait who would remove the row before
    it is read.
    """
    key = list(table.primary_key.columns)
    unchanged = {column.name: column for column in key}

    row = insert_into(table, db.dialect.name).values(values).inline()
    db.execute(row.on_conflict_do_update(index_elements=key, set_=unchanged))


def _is_account(organization_id: str, partner_id: str) -> tuple[Any, ...]:
    return _A.organization_id == organization_id, _A.partner_id == partner_id
