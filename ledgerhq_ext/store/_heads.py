"""The heads of the lanes, as queries: of each lane only the first row is read.

A lane is what is left of one company, of an owner or of nobody in particular: what goes in order,
or what does not. (An owner or a company that is handed in may be a parameter of the query.)
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, false, literal, select, true, union_all

from ledgerhq_ext.store._claims import Choice, can_be_sent, is_of_unknown_age
from ledgerhq_ext.store._owner import Owner
from ledgerhq_ext.store._pauses import last_end
from ledgerhq_ext.store._schema import connection_or_nobody, origin_or_nobody, postings
from ledgerhq_ext.store._statements import belongs_to

_P = postings.c


def heads(choice: Choice) -> Subquery:
    """Return the lanes of an owner with the time of each head, and the end of what holds it up.

    Columns: ``connection``, ``origin``, ``organization_id``, ``in_order``, ``due_at`` (None for a
    lane whose head may not be sent as it is) and ``paused_until``; times in epoch seconds.
    """
    owner = choice.terms.owner
    companies = _companies(owner)
    organization_id = companies.c.organization_id
    paused_until = last_end(owner, organization_id).label("paused_until")
    conditions = [organization_id.is_not(None), organization_id.not_in(choice.skipped)]
    if choice.only is not None:
        conditions.append(organization_id.in_(choice.only))

    unordered_due_at = first_unordered(choice, companies).with_only_columns(_P.due_at)
    unordered = select(
        companies,
        false().label("in_order"),
        unordered_due_at.scalar_subquery().label("due_at"),
        paused_until,
    )

    # The first in order may be another owner's, or wait itself: then the lane has nothing to send.
    may_be_sent = _P.id.is_not(None) & belongs_to(owner) & can_be_sent(choice)
    for condition in _is_in(companies):
        may_be_sent = may_be_sent & condition
    first = first_in_order(owner, organization_id)
    ordered_due_at = first.with_only_columns(case((may_be_sent, _P.due_at)))
    ordered = select(
        companies,
        true().label("in_order"),
        ordered_due_at.scalar_subquery().label("due_at"),
        paused_until,
    )

    return union_all(unordered.where(*conditions), ordered.where(*conditions)).subquery()


def first_unordered(choice: Choice, lane: Any) -> Any:
    """Return the query of the first row that may be sent of a lane without order."""
    may_be_sent = (belongs_to(choice.terms.owner), ~is_of_unknown_age(choice))
    left = select(postings).where(*_is_in(lane), ~_P.in_order, _P.due_at.is_not(None), *may_be_sent)
    return left.order_by(_P.due_at, _P.id).limit(1)


def first_in_order(owner: Owner, organization_id: Any) -> Any:
    """Return the query of the first row that is left in order of a company, whoever owns it.

    What the owner sends comes behind none of another service: that one may know the same id.
    """
    is_of_service = _P.origin.is_(None) | (_P.origin == owner.origin)
    left = select(postings).where(
        _P.organization_id == organization_id, _P.in_order, _P.due_at.is_not(None), is_of_service
    )
    return left.order_by(_P.id).limit(1)


def _is_in(lane: Any) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a row is of a lane's owner and company."""
    return (
        connection_or_nobody == lane.c.connection,
        origin_or_nobody == lane.c.origin,
        _P.organization_id == lane.c.organization_id,
    )


def _companies(owner: Owner) -> Any:
    """Return the companies with something left, of the owner and of nobody in particular.

    Each company is one step of an index, from the one before it: SQL has no word for "the distinct
    values of an index", and ``DISTINCT`` would read every row.
    """
    owners = union_all(*_owner_columns(owner)).subquery()
    companies = select(owners, _next_company(owners, true())).cte("companies", recursive=True)
    is_further = _P.organization_id > companies.c.organization_id
    next_company = _next_company(companies, is_further)
    further = select(companies.c.connection, companies.c.origin, next_company)
    return companies.union_all(further.where(companies.c.organization_id.is_not(None)))


def _owner_columns(owner: Any) -> list[Any]:
    """Return one row for each way in which a posting can be the owner's or nobody's."""
    nobody = literal("")
    columns: list[Any] = []
    for connection in (owner.connection, nobody):
        for origin in (owner.origin, nobody):
            columns.append(select(connection.label("connection"), origin.label("origin")))
    return columns


def _next_company(of: Any, condition: ColumnElement[bool]) -> Any:
    left = select(_P.organization_id).where(
        connection_or_nobody == of.c.connection,
        origin_or_nobody == of.c.origin,
        _P.due_at.is_not(None),
        condition,
    )
    return left.order_by(_P.organization_id).limit(1).scalar_subquery().label("organization_id")
