"""Where a claim looks: a step for every company that has something left, however much that is.

A lane is what is left of one company, of an owner or of nobody in particular: what goes in order,
or what does not. Only its head is read. So the rows of a company that is paused, those of another
firm, and those behind one that has to be settled first cost a claim nothing.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from attrs import evolve, frozen
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Double,
    String,
    Subquery,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from ledgerhq_ext.store._owner import Owner
from ledgerhq_ext.store._pauses import last_end
from ledgerhq_ext.store._schema import connection_or_nobody, now, origin_or_nobody, postings
from ledgerhq_ext.store._statements import (
    Choice,
    Claim,
    Terms,
    belongs_to,
    can_be_sent,
    is_of_unknown_age,
    take,
)

_P = postings.c
Shape = tuple[bool, bool]
"""Whether the service's clock is known, and whether only some organizations are asked for."""


def take_next(db: Connection, choice: Choice) -> tuple[Claim | None, int]:
    """Lease the next one that is due; rows that cannot be sent any more are given up, and counted."""
    count = 0
    while (lane := _next_lane(db, choice)) is not None:
        row = _next_row(db, choice, lane)
        if row is None:
            # Other workers have what is due of this company: they are at it.
            if lane.organization_id in choice.skipped:
                return None, count
            choice = evolve(choice, skipped=(*choice.skipped, lane.organization_id))
            continue
        claim = take(db, row, choice.terms)
        if claim is not None:
            return claim, count
        count += 1
    return None, count


@frozen(kw_only=True)
class Lane:
    """What is left of one company, of an owner or (empty) of nobody in particular, in order or not.

    ``head``: the id of its first posting.
    """

    connection: str
    origin: str
    organization_id: str
    in_order: bool
    head: int


def _next_lane(db: Connection, choice: Choice) -> Lane | None:
    """Return the lane whose head has been due for longest, of those that no pause holds up."""
    row = db.execute(_lane_query(_shape(choice)), _parameters(choice)).one_or_none()
    if row is None:
        return None
    return Lane(
        connection=row.connection,
        origin=row.origin,
        organization_id=row.organization_id,
        in_order=row.in_order,
        head=row.head,
    )


@cache
def _lane_query(shape: Shape) -> Any:
    choice = _placeholders(shape)
    heads = _heads(choice)
    due = select(heads).where(heads.c.due_at <= now(), heads.c.paused_until.is_(None))
    lane = due.order_by(heads.c.due_at).limit(1).subquery()
    first_unordered = _first_unordered(choice, lane).with_only_columns(_P.id).scalar_subquery()
    first = (
        _first_in_order(choice.terms.owner, lane.c.organization_id)
        .with_only_columns(_P.id)
        .scalar_subquery()
    )
    return select(lane, case((lane.c.in_order, first), else_=first_unordered).label("head"))


def _next_row(db: Connection, choice: Choice, lane: Lane) -> Any:
    """Return the next row of a lane that is due, locked; None when others have taken it meanwhile."""
    shape = _shape(choice)
    values = {
        **_parameters(choice),
        "head": lane.head,
        "lane_connection": lane.connection,
        "lane_origin": lane.origin,
        "lane_organization_id": lane.organization_id,
    }
    row = db.execute(_head_query(shape), values).one_or_none()
    if row is not None or lane.in_order:
        return row
    # Another worker has the head, and the next one is free.
    return db.execute(_next_unordered_query(shape), values).one_or_none()


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
    return due.order_by(_P.due_at, _P.id).limit(1).with_for_update(skip_locked=True)


def _is_due(shape: Shape) -> tuple[ColumnElement[bool], ...]:
    choice = _placeholders(shape)
    return _P.due_at <= now(), belongs_to(choice.terms.owner), can_be_sent(choice)


def waits(db: Connection, choice: Choice) -> dict[str, float]:
    """Return for every company whose first posting may be sent once, in how many seconds (less than
    zero: now).
    """
    rows = db.execute(_waits_query(_shape(choice)), _parameters(choice))
    return {row.organization_id: row.seconds for row in rows}


@cache
def _waits_query(shape: Shape) -> Any:
    heads = _heads(_placeholders(shape))
    is_held_up = heads.c.paused_until > heads.c.due_at
    may_be_sent_at = case((is_held_up, heads.c.paused_until), else_=heads.c.due_at)
    seconds = (func.min(may_be_sent_at) - now()).label("seconds")
    known = select(heads.c.organization_id, seconds).where(heads.c.due_at.is_not(None))
    return known.group_by(heads.c.organization_id)


def due_connections(db: Connection, longest: float) -> list[str]:
    """Return the connections that have something due, or due later than anything waits; empty for
    nobody in particular.

    Each is one step of an index.
    """
    connections = select(_next_connection(true())).cte("connections", recursive=True)
    further = select(_next_connection(connection_or_nobody > connections.c.connection))
    connections = connections.union_all(further.where(connections.c.connection.is_not(None)))

    of_connection = (connection_or_nobody == connections.c.connection, _P.due_at.is_not(None))
    is_due = exists().where(*of_connection, _P.due_at <= now())
    is_asleep = exists().where(*of_connection, _P.due_at > now() + longest)
    due = select(connections.c.connection).where(
        connections.c.connection.is_not(None), or_(is_due, is_asleep)
    )
    return list(db.execute(due.order_by(connections.c.connection)).scalars())


def _next_connection(condition: ColumnElement[bool]) -> Any:
    left = select(connection_or_nobody).where(_P.due_at.is_not(None), condition)
    return left.order_by(connection_or_nobody).limit(1).scalar_subquery().label("connection")


def _shape(choice: Choice) -> Shape:
    return choice.service_now is not None, choice.only is not None


def _placeholders(shape: Shape) -> Any:
    """A choice of parameters: the queries are long, and made once for each shape instead of for
    each claim.
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
    """The values of ``_placeholders``."""
    return {
        "connection": choice.terms.owner.connection,
        "origin": choice.terms.owner.origin,
        "service_now": choice.service_now,
        "skipped": list(choice.skipped),
        "only": list(choice.only or ()),
    }


def _heads(choice: Choice) -> Subquery:
    """The lanes of an owner with the time of each head, and the end of what holds it up."""
    owner = choice.terms.owner
    companies = _companies(owner)
    organization_id = companies.c.organization_id
    conditions = [organization_id.is_not(None), organization_id.not_in(choice.skipped)]
    if choice.only is not None:
        conditions.append(organization_id.in_(choice.only))
    paused_until = last_end(owner, organization_id).label("paused_until")

    first_unordered = (
        _first_unordered(choice, companies).with_only_columns(_P.due_at).scalar_subquery()
    )

    is_its_own = _P.id.is_not(None) & belongs_to(owner) & can_be_sent(choice)
    for condition in _is_in(companies):
        is_its_own = is_its_own & condition
    first = _first_in_order(owner, organization_id).with_only_columns(case((is_its_own, _P.due_at)))

    lanes = (
        select(companies, false().label("in_order"), first_unordered.label("due_at"), paused_until),
        select(
            companies,
            true().label("in_order"),
            first.scalar_subquery().label("due_at"),
            paused_until,
        ),
    )
    return union_all(*(lane.where(*conditions) for lane in lanes)).subquery()


def _is_in(lane: Any) -> tuple[ColumnElement[bool], ...]:
    """Whether a row is of a lane's owner and company."""
    return (
        connection_or_nobody == lane.c.connection,
        origin_or_nobody == lane.c.origin,
        _P.organization_id == lane.c.organization_id,
    )


def _first_unordered(choice: Choice, lane: Any) -> Any:
    """What is left of a lane without order, only the first that may be sent."""
    may_be_sent = (belongs_to(choice.terms.owner), ~is_of_unknown_age(choice))
    left = select(postings).where(*_is_in(lane), ~_P.in_order, _P.due_at.is_not(None), *may_be_sent)
    return left.order_by(_P.due_at, _P.id).limit(1)


def _companies(owner: Any) -> Any:
    """The companies with something left, of the owner and of nobody in particular: one step of an
    index for each.
    """
    whose = [
        select(connection.label("connection"), origin.label("origin"))
        for connection in (owner.connection, literal(""))
        for origin in (owner.origin, literal(""))
    ]
    owners = union_all(*whose).subquery()
    companies = select(owners, _next_company(owners, true())).cte("companies", recursive=True)
    is_further = _P.organization_id > companies.c.organization_id
    further = select(
        companies.c.connection, companies.c.origin, _next_company(companies, is_further)
    )
    return companies.union_all(further.where(companies.c.organization_id.is_not(None)))


def _next_company(of: Any, condition: ColumnElement[bool]) -> Any:
    left = select(_P.organization_id).where(
        connection_or_nobody == of.c.connection,
        origin_or_nobody == of.c.origin,
        _P.due_at.is_not(None),
        condition,
    )
    return left.order_by(_P.organization_id).limit(1).scalar_subquery().label("organization_id")


def _first_in_order(owner: Owner, organization_id: Any) -> Any:
    """What is left in order of a company, only the first: what the owner sends comes behind none of
    another service.
    """
    is_of_service = _P.origin.is_(None) | (_P.origin == owner.origin)
    left = select(postings).where(
        _P.organization_id == organization_id, _P.in_order, _P.due_at.is_not(None), is_of_service
    )
    return left.order_by(_P.id).limit(1)
