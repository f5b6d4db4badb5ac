"""Rows and links that get an owner: those that were nobody's in particular."""

from __future__ import annotations

from collections.abc import Collection

from attrs import frozen
from sqlalchemy import Connection, or_, update

from ledgerhq_ext.store._database import Database
from ledgerhq_ext.store._owner import Owner
from ledgerhq_ext.store._schema import clients, postings


@frozen(kw_only=True)
class Adoption:
    """How many postings and links of clients were bound to a client."""

    postings: int
    links: int


def adopt(database: Database, owner: Owner, organizations: Collection[str] | None) -> Adoption:
    """Bind to the owner what is not bound yet, and may not have been sent to another service."""

    def work(db: Connection) -> Adoption:
        counts: list[int] = []
        for table in (postings, clients):
            free = update(table).where(table.c.connection.is_(None), table.c.origin.is_(None))
            if table is postings:
                free = free.where(or_(table.c.sent_origin.is_(None), table.c.sent_origin == owner.origin))
            if organizations is not None:
                free = free.where(table.c.organization_id.in_(organizations))
            bound = free.values(connection=owner.connection, origin=owner.origin)
            counts.append(db.execute(bound).rowcount)
        return Adoption(postings=counts[0], links=counts[1])

    return database.write("adopt", work)
