"""Where a claim looks: a step for every company that has something left, however much that is.

Only the head of each lane is read (``_heads``). So the rows of a company that is paused, those of
another firm, and those behind one that has to be settled first cost a claim nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from attrs import define, evolve, field
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    true,
    update,
)

from ledgerhq_ext.store._claims import Choice, Claim, damaged, examine, gone_holders, lease
from ledgerhq_ext.store._heads import first_in_order, first_unordered, heads
from ledgerhq_ext.store._lane_rows import (
    Lane,
    Shape,
    more_rows,
    next_rows,
    parameters,
    placeholders,
    shape_of,
)
from ledgerhq_ext.store._schema import connection_or_nobody, now, postings
from ledgerhq_ext.store._statements import given_up

_P = postings.c
_RUN = 50
"""Postings that are taken from one lane between two looks at all of them: those of others that have
been due for longer wait for no more than these.
"""


@define
class Catch:
    """The postings that were leased, up to ``count``; and how many were given up on the way,
    because they cannot be sent any more.
    """

    count: int
    claims: list[Claim] = field(factory=list)
    given_up: int = 0

    @property
    def left(self) -> int:
        """How many more are wanted."""
        return self.count - len(self.claims)


@define
class LastLane:
    """The lane without order that a drain took its last postings from, and how many more it takes
    there before it looks at all lanes again. None: it has to look.
    """

    lane: Lane | None = None
    left: int = 0

    def note(self, lane: Lane, count: int) -> None:
        """Remember the lane that so many postings came from, after a look at all of them."""
        self.lane = None if lane.in_order else lane
        self.left = _RUN - count


def take_more(db: Connection, choice: Choice, catch: Catch, last: LastLane) -> None:
    """Lease what is due of the lane that the last postings came from.

    The look at all lanes is by far the longest statement of a claim. A server plans it anew each
    time: there may be a pooler in between, so nothing is prepared.
    """
    lane = last.lane
    if lane is None or lane.organization_id in choice.skipped:
        return
    if not 0 < catch.left <= last.left:
        return
    rows = more_rows(db, choice, lane, catch.left)
    last.left -= len(rows)
    if len(rows) < catch.left:
        last.lane = None
    _lease_rows(db, choice, rows, catch)


def take_next(db: Connection, choice: Choice, catch: Catch, last: LastLane) -> None:
    """Lease the next postings that are due, of whatever lanes."""
    while catch.left > 0:
        lanes = _next_lanes(db, choice, catch.left)
        if not lanes:
            break
        empty = _take_from(db, choice, lanes, catch, last)
        if empty and set(empty) <= set(choice.skipped):
            # They come again although they are skipped, and would come for ever.
            break
        # Other workers have what is due of these companies: they are at it.
        choice = evolve(choice, skipped=(*choice.skipped, *empty))


def give_up_those_in_no_lane(db: Connection) -> int:
    """Give up rows of which nobody can tell whether they go in order; return how many.

    SQLite keeps anything in that column. All of what is left is read for it.
    """
    if db.dialect.name != "sqlite":
        return 0
    in_no_lane = (_P.due_at.is_not(None), _P.in_order.not_in((True, False)))
    rows = db.execute(select(_P.id, _P.unknown).where(*in_no_lane)).all()
    for row in rows:
        problem = "its in_order was changed in the database, and is true from now on"
        values = given_up(damaged(problem, may_stand=row.unknown))
        db.execute(update(postings).where(_P.id == row.id).values({**values, "in_order": True}))
    return len(rows)


def _take_from(
    db: Connection, choice: Choice, lanes: Sequence[Lane], catch: Catch, last: LastLane
) -> list[str]:
    """Lease what is due of some lanes, one after the other; return the companies of those where
    nothing is.
    """
    rows: list[Any] = []
    empty: list[str] = []
    for lane in lanes:
        left = catch.left - len(rows)
        if left == 0:
            break
        rows_of_lane = next_rows(db, choice, lane, left)
        if rows_of_lane:
            last.note(lane, len(rows_of_lane))
        else:
            empty.append(lane.organization_id)
        rows += rows_of_lane
    _lease_rows(db, choice, rows, catch)
    return empty


def _lease_rows(db: Connection, choice: Choice, rows: Sequence[Any], catch: Catch) -> None:
    """Lease rows that are locked, but for those that have to be given up."""
    claims: list[Claim] = []
    for row in rows:
        claim = examine(db, row, choice.terms)
        if claim is None:
            catch.given_up += 1
        else:
            claims.append(claim)
    lease(db, claims, choice.terms)
    catch.claims += claims


def _next_lanes(db: Connection, choice: Choice, count: int) -> list[Lane]:
    """Return the lanes whose heads have been due for longest, of those that no pause holds up."""
    values = {**parameters(choice), "count": count}
    lanes: list[Lane] = []
    for row in db.execute(_lane_query(shape_of(choice)), values):
        lane = Lane(
            connection=row.connection,
            origin=row.origin,
            organization_id=row.organization_id,
            in_order=row.in_order,
            head=row.head,
        )
        lanes.append(lane)
    return lanes


@cache
def _lane_query(shape: Shape) -> Any:
    choice = placeholders(shape)
    lanes = heads(choice)
    is_due = (lanes.c.due_at <= now(), lanes.c.paused_until.is_(None))
    count: Any = bindparam("count", type_=BigInteger)
    lane = select(lanes).where(*is_due).order_by(lanes.c.due_at).limit(count).subquery()

    # The id of the head is looked up of these lanes only.
    first = first_in_order(choice.terms.owner, lane.c.organization_id).with_only_columns(_P.id)
    other_first = first_unordered(choice, lane).with_only_columns(_P.id)
    head = case((lane.c.in_order, first.scalar_subquery()), else_=other_first.scalar_subquery())
    return select(lane, head.label("head")).order_by(lane.c.due_at)


def waits(db: Connection, choice: Choice) -> dict[str, float]:
    """Return in how many seconds the first posting of each company may be sent (less than zero:
    now); a company that waits for something else is left out.
    """
    rows = db.execute(_waits_query(shape_of(choice)), parameters(choice))
    return {row.organization_id: row.seconds for row in rows}


@cache
def _waits_query(shape: Shape) -> Any:
    lanes = heads(placeholders(shape))
    is_held_up = lanes.c.paused_until > lanes.c.due_at
    may_be_sent_at = case((is_held_up, lanes.c.paused_until), else_=lanes.c.due_at)
    seconds = (func.min(may_be_sent_at) - now()).label("seconds")
    sendable = select(lanes.c.organization_id, seconds).where(lanes.c.due_at.is_not(None))
    return sendable.group_by(lanes.c.organization_id)


def due_connections(db: Connection, longest: float) -> list[str]:
    """Return the connections that have something due, due in more than ``longest`` seconds, when
    nothing waits so long, or leased by a process that is gone; empty for nobody in particular.

    Each is one step of an index.
    """
    connections = select(_next_connection(true())).cte("connections", recursive=True)
    further = select(_next_connection(connection_or_nobody > connections.c.connection))
    connections = connections.union_all(further.where(connections.c.connection.is_not(None)))

    of_connection = (connection_or_nobody == connections.c.connection, _P.due_at.is_not(None))
    is_due = exists().where(*of_connection, _P.due_at <= now())
    is_asleep = exists().where(*of_connection, _P.due_at > now() + longest)
    # A drain makes them due: without this, nobody would begin one before their lease ends.
    is_orphan = exists().where(
        *of_connection, _P.lease.is_not(None), _P.holder.in_(gone_holders(db))
    )
    due = select(connections.c.connection).where(
        connections.c.connection.is_not(None), or_(is_due, is_asleep, is_orphan)
    )
    return list(db.execute(due.order_by(connections.c.connection)).scalars())


def _next_connection(condition: ColumnElement[bool]) -> Any:
    left = select(connection_or_nobody).where(_P.due_at.is_not(None), condition)
    return left.order_by(connection_or_nobody).limit(1).scalar_subquery().label("connection")
