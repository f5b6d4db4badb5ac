"""The rows of one lane that are due, locked for whoever claims them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from attrs import frozen
from sqlalchemy import BigInteger, ColumnElement, Connection, Double, String, bindparam, select

from ledgerhq_ext.store._claims import CLAIMED, Choice, Terms, can_be_sent, is_of_unknown_age
from ledgerhq_ext.store._cursors import run
from ledgerhq_ext.store._moving import has_moved
from ledgerhq_ext.store._owner import Owner
from ledgerhq_ext.store._pauses import is_paused
from ledgerhq_ext.store._schema import connection_or_nobody, now, origin_or_nobody, postings
from ledgerhq_ext.store._statements import belongs_to

_P = postings.c
_LANE_ORGANIZATION: Any = bindparam("lane_organization_id", type_=String)
Shape = tuple[bool, bool]
"""Whether the service's clock is known, and whether only some organizations are asked for."""


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


def next_rows(db: Connection, choice: Choice, lane: Lane, count: int) -> Sequence[Any]:
    """Return the next rows of a lane that are due, up to so many, locked; of a lane in order its
    head at the most. What others have taken is left out.
    """
    shape = shape_of(choice)
    if not lane.in_order:
        rows = db.execute(_unordered_query(shape), _values(choice, lane, count)).all()
        if rows:
            return rows
    # By its id the head is found also where the company's id is no text, and equal to nothing.
    return db.execute(_head_query(shape), {**parameters(choice), "head": lane.head}).all()


def more_rows(db: Connection, choice: Choice, lane: Lane, count: int) -> Sequence[Any]:
    """Return the same of a lane without order that was looked for some time ago; nothing where it
    is held up meanwhile, by a pause or because the owner's host has moved.
    """
    rows: Sequence[Any] = run(db, _more_query(shape_of(choice)), _values(choice, lane, count)).all()
    return rows


def _values(choice: Choice, lane: Lane, count: int) -> dict[str, Any]:
    return {
        **parameters(choice),
        "count": count,
        "lane_connection": lane.connection,
        "lane_origin": lane.origin,
        "lane_organization_id": lane.organization_id,
    }


@cache
def _head_query(shape: Shape) -> Any:
    choice = placeholders(shape)
    is_head = _P.id == bindparam("head", type_=BigInteger)
    due = select(*CLAIMED).where(is_head, *_is_due(choice), can_be_sent(choice))
    return due.with_for_update(skip_locked=True)


@cache
def _unordered_query(shape: Shape) -> Any:
    choice = placeholders(shape)
    due = select(*CLAIMED).where(
        connection_or_nobody == bindparam("lane_connection", type_=String),
        origin_or_nobody == bindparam("lane_origin", type_=String),
        _P.organization_id == _LANE_ORGANIZATION,
        ~_P.in_order,
        *_is_due(choice),
        ~is_of_unknown_age(choice),
    )
    count: Any = bindparam("count", type_=BigInteger)
    # What another worker has locked is skipped, not waited for: it will not be due then.
    locked = due.with_for_update(skip_locked=True)
    return locked.order_by(_P.due_at, _P.id).limit(count)


@cache
def _more_query(shape: Shape) -> Any:
    owner = placeholders(shape).terms.owner
    is_held_up = is_paused(owner, _LANE_ORGANIZATION) | has_moved(owner)
    return _unordered_query(shape).where(~is_held_up)


def _is_due(choice: Choice) -> tuple[ColumnElement[bool], ...]:
    return _P.due_at <= now(), belongs_to(choice.terms.owner)


def shape_of(choice: Choice) -> Shape:
    """Return the shape of the queries for a choice."""
    return choice.service_now is not None, choice.only is not None


def placeholders(shape: Shape) -> Any:
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


def parameters(choice: Choice) -> dict[str, Any]:
    """Return the values of ``placeholders``."""
    return {
        "connection": choice.terms.owner.connection,
        "origin": choice.terms.owner.origin,
        "service_now": choice.service_now,
        "skipped": list(choice.skipped),
        "only": list(choice.only or ()),
    }
