"""Moving rows, links and connections to a new owner: those without an owner, and those of an old
host.
"""

from __future__ import annotations

from collections.abc import Collection

from attrs import frozen
from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    Table,
    Update,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from ledgerhq_ext._http.urls import OriginMove
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.store._cursors import AnyConnection
from ledgerhq_ext.store._database import Database
from ledgerhq_ext.store._owner import Owner
from ledgerhq_ext.store._rows import Failure
from ledgerhq_ext.store._schema import (
    PROBE,
    clients,
    moved_hosts,
    now,
    pauses,
    postings,
    tokens,
)
from ledgerhq_ext.store._statements import given_up
from ledgerhq_ext.store._versions import wait_for_transactions

_P = postings.c
_MOVED = moved_hosts.c
_NEW_ORIGIN = select(_MOVED.new_origin).where(
    _MOVED.old_origin == bindparam("origin", type_=String)
)
_SHOWN = 5


@frozen(kw_only=True)
class Adoption:
    """The numbers of postings and of client links that were bound to a connection."""

    postings: int
    links: int


def adopt(database: Database, owner: Owner, organizations: Collection[str] | None) -> Adoption:
    """Bind to the owner what is not bound yet, and may not have been sent to another service."""
    return database.write("adopt", _adopt, owner, organizations)


def _adopt(db: Connection, owner: Owner, organizations: Collection[str] | None) -> Adoption:
    sent_nowhere_else = or_(_P.sent_origin.is_(None), _P.sent_origin == owner.origin)
    free_postings = _unbound(postings, organizations).where(sent_nowhere_else)
    free_links = _unbound(clients, organizations)
    values = {"connection": owner.connection, "origin": owner.origin}
    return Adoption(
        postings=db.execute(free_postings.values(values)).rowcount,
        links=db.execute(free_links.values(values)).rowcount,
    )


def _unbound(table: Table, organizations: Collection[str] | None) -> Update:
    """Return an update of the rows that are nobody's, of some organizations or all."""
    unbound = update(table).where(table.c.connection.is_(None), table.c.origin.is_(None))
    if organizations is not None:
        unbound = unbound.where(table.c.organization_id.in_(organizations))
    return unbound


@frozen(kw_only=True)
class HostMove:
    """The numbers of postings, client links and connections that moved to the new host, and of
    postings that need attention as a result.

    ``older_connections`` is the number written by an older release. Only their ciphertext says
    which host they belong to: those of the old host have moved too, the others have not.
    """

    old: str
    new: str
    postings: int
    links: int
    connections: int
    older_connections: int
    needs_attention: int


def move_host(database: Database, move: OriginMove, keys_moved: bool) -> HostMove:
    """Let the new host own what was the old one's, in one transaction."""
    return database.write("move", _move_host, move, keys_moved)


def _move_host(db: Connection, move: OriginMove, keys_moved: bool) -> HostMove:
    wait_for_transactions(db)
    is_older = (tokens.c.origin.is_(None), tokens.c.name.not_like(f"%{PROBE}"))
    older = _count(db, tokens, *is_older)
    if older == 0:
        # Else any host may be that of an older connection: only its ciphertext says.
        _check_known(db, move.old)

    _write_move(db, move)
    # Before the rows are bound to the new host: it asks for those of the old one.
    in_doubt = 0 if keys_moved else _give_up(db, move)
    rows = _bind(db, postings, _is_of(move.old), move)
    links = _bind(db, clients, clients.c.origin == move.old, move)
    connections = _bind(db, tokens, tokens.c.origin == move.old, move)
    if keys_moved:
        may_stand = (_P.origin == move.new, _P.sent_origin == move.old, _P.unknown)
        db.execute(update(postings).where(*may_stand).values(sent_origin=move.new))
    db.execute(delete(pauses).where(pauses.c.origin == move.old))
    return HostMove(
        old=move.old,
        new=move.new,
        postings=rows,
        links=links,
        connections=connections,
        older_connections=older,
        needs_attention=in_doubt,
    )


def _bind(db: Connection, table: Table, is_of_old: ColumnElement[bool], move: OriginMove) -> int:
    """Bind the rows of the old host to the new one; return how many."""
    return db.execute(update(table).where(is_of_old).values(origin=move.new)).rowcount


def moves(db: Connection) -> dict[str, str]:
    """Return the new origin of every origin that moved."""
    return {row.old_origin: row.new_origin for row in db.execute(select(moved_hosts))}


def new_origin_of(db: AnyConnection, owner: Owner) -> str | None:
    """Return where the host of an owner has moved to, or None."""
    return db.execute(_NEW_ORIGIN, {"origin": owner.origin}).scalar()


def has_moved(owner: Owner) -> ColumnElement[bool]:
    """Return the condition that the host of an owner has moved."""
    return exists().where(_MOVED.old_origin == owner.origin)


def check_host(db: AnyConnection, owner: Owner | None) -> None:
    """Raise ``InputError`` for an owner whose host has moved: what it adds or sends would stay with
    the old host.
    """
    if owner is None:
        return
    new_origin = new_origin_of(db, owner)
    if new_origin is not None:
        raise InputError(
            f"Everything in this store was moved from {owner.origin} to {new_origin} by "
            f"store.move_host. Use a client whose base_url is {new_origin}. Nothing was changed."
        )


def _is_of(origin: str) -> ColumnElement[bool]:
    """Return the condition that a posting is bound to a service, or by its first send only."""
    return or_(_P.origin == origin, _P.origin.is_(None) & (_P.sent_origin == origin))


def _check_known(db: Connection, origin: str) -> None:
    """Raise ``InputError`` when nothing in the store belongs to a service."""
    columns = (func.coalesce(_P.origin, _P.sent_origin), clients.c.origin, tokens.c.origin)
    origins: set[str] = set()
    for column in columns:
        origins.update(db.execute(select(column).where(column.is_not(None)).distinct()).scalars())
    if origin in origins:
        return
    message = f"Nothing in this store belongs to {origin}. Nothing was changed."
    if origins:
        message = f"{message} It has data for {', '.join(sorted(origins)[:_SHOWN])}."
    raise InputError(message)


def _count(db: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return db.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()


def _write_move(db: Connection, move: OriginMove) -> None:
    # Always whole: what moved to the old host before is at the new one now, and may come back to
    # where it was.
    db.execute(update(moved_hosts).where(_MOVED.new_origin == move.old).values(new_origin=move.new))
    db.execute(delete(moved_hosts).where(_MOVED.old_origin.in_((move.old, move.new))))
    db.execute(insert(moved_hosts).values(old_origin=move.old, new_origin=move.new, moved_at=now()))


def _give_up(db: Connection, move: OriginMove) -> int:
    """Leave it to people what may stand at the old host: nobody said that the new one knows its
    keys.
    """
    failure = Failure(
        type="HostMoved",
        message=f"it may have been posted: it was sent to {move.old}, and {move.new} may not know "
        "its key; look for its entry among the candidates, and resolve the posting",
        outcome="unknown",
    )
    may_stand = update(postings).where(
        _is_of(move.old),
        _P.unknown,
        _P.state.in_(("pending", "leased")),
        or_(_P.sent_origin == move.old, _P.sent_origin.is_(None)),
    )
    first_host = func.coalesce(_P.sent_origin, move.old)
    return db.execute(may_stand.values(**given_up(failure), sent_origin=first_host)).rowcount
