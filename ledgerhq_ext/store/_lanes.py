"""Where a claim looks: a step for every company that has something left, however much that is.

Only the head of each lane is read (``_heads``). So the rows of a company that is paused, those of
another firm, and those behind one that has to be settled first cost a claim nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from attrs import define, evolve, field, frozen
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Double,
    String,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    true,
)

from ledgerhq_ext.store._claims import (
    Choice,
    Claim,
    Terms,
    can_be_sent,
    examine,
    gone_holders,
    lease,
)
from ledgerhq_ext.store._heads import first_in_order, first_unordered, heads
from ledgerhq_ext.store._owner import Owner
from ledgerhq_ext.store._schema import connection_or_nobody, now, origin_or_nobody, postings
from ledgerhq_ext.store._statements import belongs_to

_P = postings.c
Shape = tuple[bool, bool]
"""Whether the service's clock is known, and whether only some organizations are asked for."""


@define
class Catch:
    """The postings that a look at the lanes leased, and how many it gave up, because they cannot be
    sent any more.
    """

    claims: list[Claim] = field(factory=list)
    given_up: int = 0


def take_next(db: Connection, choice: Choice, count: int) -> Catch:
    """Lease the next postings that are due, up to so many."""
    catch = Catch()
    while count > len(catch.claims):
        lanes = _next_lanes(db, choice, count - len(catch.claims))
        if not lanes:
            break
        empty = _take_from(db, choice, lanes, catch, count)
        if empty and set(empty) <= set(choice.skipped):
            # They come again although they are skipped, and would come for ever.
            break
        # Other workers have what is due of these companies: they are at it.
        choice = evolve(choice, skipped=(*choice.skipped, *empty))
    return catch


def _take_from(
    db: Connection, choice: Choice, lanes: Sequence[Lane], catch: Catch, count: int
) -> list[str]:
    """Lease what is due of some lanes, one after the other; return the companies of those where
    nothing is.
    """
    claims: list[Claim] = []
    empty: list[str] = []
    for lane in lanes:
        left = count - len(catch.claims) - len(claims)
        if left == 0:
            break
        rows = _next_rows(db, choice, lane, left)
        if not rows:
            empty.append(lane.organization_id)
        for row in rows:
            claim = examine(db, row, choice.terms)
            if claim is None:
                catch.given_up += 1
            else:
                claims.append(claim)
    lease(db, claims, choice.terms)
    catch.claims += claims
    return empty


@frozen(kw_only=True)
class Lane:
    """One company's postings of an owner or (empty) of nobody in particular, in order or not.

    ``head``: the id of its first posting.
    """

    connection: str
    origin: str
    organization_id: str
    in_order: bool
    head: int


def _next_lanes(db: Connection, choice: Choice, count: int) -> list[Lane]:
    """Return the lanes whose heads have been due for longest, of those that no pause holds up."""
    values = {**_parameters(choice), "count": count}
    lanes: list[Lane] = []
    for row in db.execute(_lane_query(_shape(choice)), values):
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
    choice = _placeholders(shape)
    lanes = heads(choice)
    is_due = (lanes.c.due_at <= now(), lanes.c.paused_until.is_(None))
    count: Any = bindparam("count", type_=BigInteger)
    lane = select(lanes).where(*is_due).order_by(lanes.c.due_at).limit(count).subquery()

    # The id of the head is looked up of these lanes only.
    first = first_in_order(choice.terms.owner, lane.c.organization_id).with_only_columns(_P.id)
    other_first = first_unordered(choice, lane).with_only_columns(_P.id)
    head = case((lane.c.in_order, first.scalar_subquery()), else_=other_first.scalar_subquery())
    return select(lane, head.label("head")).order_by(lane.c.due_at)


def _next_rows(db: Connection, choice: Choice, lane: Lane, count: int) -> Sequence[Any]:
    """Return the next rows of a lane that are due, up to so many, locked; of a lane in order its
    head at the most. What others have taken is left out.
    """
    shape = _shape(choice)
    values = _parameters(choice)
    if not lane.in_order:
        place = {
            "count": count,
            "lane_connection": lane.connection,
            "lane_origin": lane.origin,
            "lane_organization_id": lane.organization_id,
        }
        rows = db.execute(_next_unordered_query(shape), {**values, **place}).all()
        if rows:
            return rows
    # By its id the head is found also where the company's id is no text, and equal to nothing.
    return db.execute(_head_query(shape), {**values, "head": lane.head}).all()


@cache
def _head_query(shape: Shape) -> Any:
    is_head = _P.id == bindparam("head", type_=BigInteger)
    return select(postings).where(is_head, *_is_due(shape)).with_for_update(skip_locked=True)


@cache
def _next_unordered_query(shape: Shape) -> Any:
    due = select(postings).where(
        connection_or_nobody == bindparam("lane_connection", type_=String),
        origin_or_nobody == bindparam("lane_origin", type_=String),
        _P.organization_id == bindparam("lane_organization_id", type_=String),
        ~_P.in_order,
        *_is_due(shape),
    )
    count: Any = bindparam("count", type_=BigInteger)
    # What another worker has locked is skipped, not waited for: it will not be due then.
    return due.order_by(_P.due_at, _P.id).limit(count).with_for_update(skip_locked=True)


def _is_due(shape: Shape) -> tuple[ColumnElement[bool], ...]:
    choice = _placeholders(shape)
    return _P.due_at <= now(), belongs_to(choice.terms.owner), can_be_sent(choice)


def waits(db: Connection, choice: Choice) -> dict[str, float]:
    """Return in how many seconds the first posting of each company may be sent (less than zero:
    now); a company that waits for something else is left out.
    """
    rows = db.execute(_waits_query(_shape(choice)), _parameters(choice))
    return {row.organization_id: row.seconds for row in rows}


@cache
def _waits_query(shape: Shape) -> Any:
    lanes = heads(_placeholders(shape))
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


def _shape(choice: Choice) -> Shape:
    return choice.service_now is not None, choice.only is not None


def _placeholders(shape: Shape) -> Any:
    """Return a choice of parameters.

    The queries are long: they are made once for each shape, not for each claim.
    """
    has_clock, is_limited = shape
    # Parameters stand for values: the conditions on rows are built from either.
    connection: Any = bindparam("connection", type_=String)
    origin: Any = bindparam("origin", type_=String)
    service_now: Any = bindparam("service_now", type_=Double)
    skipped: Any = bindparam("skipped", type_=String, expanding=True)
    only: Any = bindparam("only", type_=String, expanding=True)
    return Choice(
        terms=Terms(owner=Owner(connection, origin), lease=0.0, key_lifetime=0.0),
        service_now=service_now if has_clock else None,
        skipped=skipped,
        only=only if is_limited else None,
    )


def _parameters(choice: Choice) -> dict[str, Any]:
    """Return the values of ``_placeholders``."""
    return {
        "connection": choice.terms.owner.connection,
        "origin": choice.terms.owner.origin,
        "service_now": choice.service_now,
        "skipped": list(choice.skipped),
        "only": list(choice.only or ()),
    }
