"""The table of pauses: organizations, or whole connections, that are left alone for minutes, and
why.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from ledgerhq_ext._plain import plain
from ledgerhq_ext.store._owner import Owner
from ledgerhq_ext.store._rows import Pause, moment
from ledgerhq_ext.store._schema import insert_into, now, pauses, postings
from ledgerhq_ext.store._verdict import LONGEST_PAUSE, Hold

CLOCK_TOLERANCE = 60.0
"""By how many seconds a clock may be wrong before it is no clock."""
_WHOLE_CONNECTION = ""
"""Stands where a pause names no organization."""
_PAUSE = pauses.c


def write_pause(db: Connection, owner: Owner, organization_id: str, hold: Hold) -> None:
    """Write a pause down, unless there is a longer one."""
    key = {
        "origin": owner.origin,
        "connection": owner.connection,
        "organization_id": _WHOLE_CONNECTION if hold.whole_connection else organization_id,
    }
    end = now() + hold.seconds
    # The reason may be the service's own words, and no database holds every character.
    values: dict[str, Any] = {"ends_at": end, "reason": plain(hold.reason)}
    pause = insert_into(pauses, db.dialect.name).values(**key, **values)
    is_shorter = or_(_PAUSE.ends_at < end, ~_is_plausible())
    db.execute(pause.on_conflict_do_update(index_elements=list(key), set_=values, where=is_shorter))


def _in_force(owner: Owner | None) -> ColumnElement[bool]:
    """Return the condition that a pause, of the owner or of anybody, is not over yet."""
    condition = (_PAUSE.ends_at > now()) & _is_plausible()
    if owner is None:
        return condition
    return condition & (_PAUSE.origin == owner.origin) & (_PAUSE.connection == owner.connection)


def _is_plausible() -> ColumnElement[bool]:
    # No pause is written for longer: one that ends later was written by another clock.
    return _PAUSE.ends_at <= now() + LONGEST_PAUSE + CLOCK_TOLERANCE


def _holds_up(organization_id: Any) -> ColumnElement[bool]:
    """Return the condition that a pause is the organization's, or its whole connection's."""
    return _PAUSE.organization_id.in_((_WHOLE_CONNECTION, organization_id))


def last_end(owner: Owner, organization_id: Any) -> ScalarSelect[Any]:
    """Return the end of the last pause that holds an organization up, in epoch seconds; NULL where
    none does.
    """
    ends = select(func.max(_PAUSE.ends_at)).where(_in_force(owner), _holds_up(organization_id))
    return ends.scalar_subquery()


def is_paused(owner: Owner, organization_id: Any) -> ColumnElement[bool]:
    """Return the condition that a pause holds an organization up."""
    return exists().where(_in_force(owner), _holds_up(organization_id))


def pauses_in_force(db: Connection, owner: Owner | None) -> tuple[Pause, ...]:
    """Return the pauses that are not over yet, those that end first in front."""
    rows = db.execute(select(pauses).where(_in_force(owner)).order_by(_PAUSE.ends_at)).all()
    return tuple(_pause(row) for row in rows)


def _pause(row: Any) -> Pause:
    end = moment(row.ends_at)
    assert end is not None
    return Pause(
        connection=row.connection,
        origin=row.origin,
        organization_id=row.organization_id or None,
        until=end,
        reason=row.reason,
    )


def lift(db: Connection, organization_id: str | None) -> int:
    """Lift the pauses of an organization, or all, and make the rows due that back off; return how
    many pauses.
    """
    lifted = delete(pauses)
    waiting = update(postings).where(postings.c.state == "pending", postings.c.due_at > now())
    if organization_id is not None:
        lifted = lifted.where(_PAUSE.organization_id == organization_id)
        waiting = waiting.where(postings.c.organization_id == organization_id)
    db.execute(waiting.values(due_at=now()))
    return db.execute(lifted).rowcount
