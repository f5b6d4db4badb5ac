"""What is left, by company: how much, from when on it may be sent, what it waits for."""

from __future__ import annotations

from typing import Any

from attrs import frozen
from sqlalchemy import Connection, case, exists, func, or_, select

from ledgerhq_ext._plain import brief
from ledgerhq_ext.store._claims import Choice, is_left, is_of_unknown_age
from ledgerhq_ext.store._lanes import waits
from ledgerhq_ext.store._owner import Owner
from ledgerhq_ext.store._pauses import pauses_in_force
from ledgerhq_ext.store._reading import stored
from ledgerhq_ext.store._rows import Pause
from ledgerhq_ext.store._schema import connection_or_nobody, postings
from ledgerhq_ext.store._statements import belongs_to

_P = postings.c
_LATER = postings.alias()
_L = _LATER.c
_SHOWN = 200
"""How many characters of another posting's error a sentence quotes."""


@frozen(kw_only=True)
class Queue:
    """The postings of one organization that are left, by number; and how many of them are under a
    key whose age nobody knows.

    ``paused``: why all of it waits. ``waits_for``: the posting of another connection that comes
    before it in order. ``wait``: seconds until the first may be sent (less than zero: now), None
    when something else has to be settled before.
    """

    organization_id: str
    count: int
    of_unknown_age: int
    wait: float | None
    paused: str | None
    waits_for: str | None


def queues(db: Connection, choice: Choice) -> list[Queue]:
    """Return what is left of an owner, by organization. Reads all of it."""
    owner = choice.terms.owner
    of_unknown_age = func.count(case((is_of_unknown_age(choice), 1)))
    columns = (
        _P.organization_id,
        func.count().label("left"),
        of_unknown_age.label("of_unknown_age"),
    )
    rows = db.execute(select(*columns).where(*is_left(choice)).group_by(_P.organization_id)).all()
    if not rows:
        return []

    seconds = waits(db, choice)
    pauses = pauses_in_force(db, owner)
    blocks = blocked(db, owner)
    return [
        Queue(
            organization_id=row.organization_id,
            count=row.left,
            of_unknown_age=row.of_unknown_age,
            wait=seconds.get(row.organization_id),
            paused=_reason(pauses, row.organization_id),
            waits_for=blocks.get(row.organization_id),
        )
        for row in rows
    ]


def _reason(pauses: tuple[Pause, ...], organization_id: str) -> str | None:
    """Return why all of an organization waits: the reason of the pause that ends last."""
    reason: str | None = None
    for pause in pauses:
        if pause.organization_id in (None, organization_id):
            reason = pause.reason

    return reason


def blocked(db: Connection, owner: Owner | None) -> dict[str, str]:
    """Return the organizations where postings, of an owner or any, wait in order for one of another
    connection.

    Each with a sentence on that one.
    """
    first = select(func.min(_P.id)).where(_P.in_order, _P.due_at.is_not(None))
    is_first = _P.id.in_(first.group_by(_P.organization_id, _P.origin))
    is_behind = [
        _L.organization_id == _P.organization_id,
        # Two services may know the same id; what is not bound may go to any of them.
        or_(_L.origin.is_(None), _P.origin.is_(None), _L.origin == _P.origin),
        _L.in_order,
        _L.due_at.is_not(None),
        _L.id > _P.id,
        func.coalesce(_L.connection, "") != connection_or_nobody,
    ]
    query = select(postings).where(is_first, _P.connection.is_not(None))
    if owner is not None:
        is_behind.append(belongs_to(owner, _L))
        query = query.where(~belongs_to(owner))
    # The first of a company comes last here, and so its sentence is the one that stays.
    rows = db.execute(query.where(exists().where(*is_behind)).order_by(_P.id.desc())).all()
    return {row.organization_id: _sentence(row) for row in rows}


def _sentence(row: Any) -> str:
    posting = stored(row)
    if posting.failure is not None:
        standing = f"its last attempt ended with {brief(str(posting.failure.message), _SHOWN)}"
    elif posting.state == "leased":
        standing = "it is being sent"
    else:
        standing = "it has not been tried yet"
    return (
        f"posting {posting.id}, source {'/'.join(posting.source)}, of the connection "
        f"{posting.connection!r} of {posting.origin}, comes first in the order and is not "
        f"settled: {standing}. Drain with a client of that connection, or discard it."
    )
