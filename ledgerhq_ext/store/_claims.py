"""Claims: a posting is leased to one worker, or given up because it cannot be sent as it is."""

from __future__ import annotations

import math
import time
import uuid
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from attrs import frozen
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Double,
    Integer,
    String,
    Update,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    update,
)

from ledgerhq_ext._http.messages import Carrier
from ledgerhq_ext._resources.posting import header_route_of, routes_of
from ledgerhq_ext.store._cursors import run
from ledgerhq_ext.store._each import own_values, parameters_of, with_own_id
from ledgerhq_ext.store._holders import Holder, this_process
from ledgerhq_ext.store._owner import Owner
from ledgerhq_ext.store._pauses import CLOCK_TOLERANCE
from ledgerhq_ext.store._reading import flaw
from ledgerhq_ext.store._rows import Failure
from ledgerhq_ext.store._schema import connection_or_nobody, now, postings
from ledgerhq_ext.store._statements import belongs_to, given_up
from ledgerhq_ext.store._verdict import LONGEST_PAUSE

_P = postings.c
CLAIMED = (
    _P.id,
    _P.organization_id,
    _P.resource,
    _P.source_system,
    _P.source_id,
    _P.key,
    _P.request,
    _P.digest,
    _P.attempts,
    _P.unknown,
    _P.first_sent_at,
    _P.error,
    _P.changed_at,
    _P.sent_origin,
    _P.sent_route,
)
"""What ``examine`` reads of a row."""
_BEFORE = postings.alias()
_BLOCKED = exists().where(
    _BEFORE.c.organization_id == _P.organization_id,
    # Two services may know the same id; what is not bound may go to any of them.
    or_(_BEFORE.c.origin.is_(None), _P.origin.is_(None), _BEFORE.c.origin == _P.origin),
    _BEFORE.c.in_order,
    _BEFORE.c.due_at.is_not(None),
    _BEFORE.c.id < _P.id,
)
_EXPIRED = Failure(
    type="KeyExpired",
    message="its outcome is unknown, and the service may have forgotten its key by now",
    outcome="unknown",
)
_CLOCK_WENT_BACK = Failure(
    type="ClockWentBack",
    message="it may have been posted, and it was written by a clock that was ahead of this "
    "one, so the age of its key is unknown; set the clock, look for its entry among "
    "the candidates, and resolve the posting",
    outcome="unknown",
)
_CLOCKS_APART = 300.0
"""Seconds between this machine's clock and the service's from which on neither tells a key's age.
"""


@frozen(kw_only=True)
class Claim:
    """A posting in the hands of one worker. ``ends``: when the lease does, by ``time.monotonic``.

    ``route`` is where it is sent: that of its first send, if it may stand.
    """

    id: int
    lease: str
    ends: float
    organization_id: str
    resource: str
    source: tuple[str, str]
    key: str
    request: bytes
    route: str
    attempts: int
    unknown_before: bool
    owner: Owner


@frozen(kw_only=True)
class Terms:
    """The terms of a claim: for whom, seconds of a lease, seconds for which a key is trusted.

    ``carrier`` is the one that what was never sent goes by.
    """

    owner: Owner
    lease: float
    key_lifetime: float
    carrier: Carrier = "header"


@frozen(kw_only=True)
class Choice:
    """The postings of an owner that may be claimed: of no organization that is ``skipped``, and
    ``only`` of some, if any are named.

    ``service_now``: the time by the service's clock, in epoch seconds, as far as an answer said it.
    """

    terms: Terms
    service_now: float | None = None
    skipped: Collection[str] = ()
    only: Collection[str] | None = None


def is_left(choice: Choice) -> list[ColumnElement[bool]]:
    """Return the conditions on what is the owner's, of the organizations that are chosen, and not
    settled.
    """
    owner = choice.terms.owner
    conditions = [
        _P.due_at.is_not(None),
        # Says no more than the next one, as an index does that holds nothing settled: SQLite would
        # read every row that was ever added.
        connection_or_nobody.in_(("", owner.connection)),
        belongs_to(owner),
    ]
    if choice.only is not None:
        conditions.append(_P.organization_id.in_(choice.only))
    return conditions


def can_be_sent(choice: Choice) -> ColumnElement[bool]:
    """Return the condition that a row waits for none before it, where order was asked for, and that
    the age of its key is known.
    """
    return ~(_P.in_order & _BLOCKED) & ~is_of_unknown_age(choice)


def is_of_unknown_age(choice: Choice) -> ColumnElement[bool]:
    """Return the condition that a row may stand already, and the clock that says for how long is
    not the service's.
    """
    if choice.service_now is None:
        return false()
    return _P.unknown & (func.abs(now() - choice.service_now) > _CLOCKS_APART)


def wake(db: Connection, terms: Terms) -> None:
    """Make rows due that would wait for longer than anything waits, and those of processes that are
    gone.
    """
    # Nothing waits longer than this: a row that says so was written by another clock.
    longest_wait = max(terms.lease, LONGEST_PAUSE) + CLOCK_TOLERANCE
    # Another worker's terms may be longer than ours, though not longer than a key is trusted.
    was_claimed = (_P.state == "leased") & (_P.changed_at <= now() + CLOCK_TOLERANCE)
    is_lease = was_claimed & (_P.due_at <= now() + terms.key_lifetime)
    asleep = update(postings).where(_P.due_at > now() + longest_wait, ~is_lease)
    db.execute(asleep.values(due_at=now()))

    for text in gone_holders(db):
        orphans = update(postings).where(_P.holder == text, _P.lease.is_not(None))
        db.execute(orphans.values(due_at=now()))


def gone_holders(db: Connection) -> list[str]:
    """Return the holders of leases that are provably gone, as they stand in the rows."""
    holders = select(_P.holder).where(_P.lease.is_not(None), _P.holder.is_not(None)).distinct()
    gone = []
    for text in db.execute(holders).scalars().all():
        holder = Holder.from_json(text)
        if holder is not None and holder.is_gone():
            gone.append(text)
    return gone


def examine(db: Connection, row: Any, terms: Terms) -> Claim | None:
    """Return the claim on a row, which ``lease`` writes down; or give the row up, and return None,
    when it cannot be sent as it is, or may stand and is not safe to send again.
    """
    routes = routes_of(row.resource, terms.carrier)
    problem = _damage(row) or _doubt(db, row, terms, routes)
    if problem is not None:
        db.execute(update(postings).where(_P.id == row.id).values(given_up(problem)))
        return None

    route = _first_route(row) or routes[0]
    # Before the row is written: the worker's lease must not last longer than the database's.
    ends = time.monotonic() + terms.lease
    return Claim(
        id=row.id,
        lease=uuid.uuid4().hex,
        ends=ends,
        organization_id=row.organization_id,
        resource=row.resource,
        source=(row.source_system, row.source_id),
        key=row.key,
        request=bytes(row.request),
        route=route,
        attempts=row.attempts + 1,
        unknown_before=row.unknown,
        owner=terms.owner,
    )


def lease(db: Connection, claims: Sequence[Claim], terms: Terms) -> None:
    """Write claims down; their rows are locked."""
    leases: list[dict[str, Any]] = []
    for claim in claims:
        leases.append(
            {
                "row": claim.id,
                "new_lease": claim.lease,
                "attempt": claim.attempts,
                "route": claim.route,
            }
        )
    if not leases:
        return
    parameters = parameters_of(
        db,
        leases,
        new_holder=this_process().to_json(),
        seconds=terms.lease,
        place=terms.owner.origin,
    )
    run(db, _lease_statement(db.dialect.name), parameters)


@cache
def _lease_statement(dialect: str) -> Update:
    types = {"row": BigInteger, "new_lease": String, "attempt": Integer, "route": String}
    own = own_values(dialect, types)
    values = {
        "state": "leased",
        "lease": own.new_lease,
        "holder": bindparam("new_holder"),
        "due_at": now() + bindparam("seconds", type_=Double),
        "attempts": own.attempt,
        # Committed before the send: whoever finds the row after a crash knows that it may stand.
        "unknown": True,
        "first_sent_at": func.coalesce(_P.first_sent_at, now()),
        "sent_origin": func.coalesce(_P.sent_origin, bindparam("place", type_=String)),
        "sent_route": own.route,
        "changed_at": now(),
    }
    return with_own_id(update(postings), dialect, own).values(values)


def _damage(row: Any) -> Failure | None:
    """Return why a row cannot be sent as it stands in the database, or None."""
    problem = flaw(row)
    return None if problem is None else damaged(problem, may_stand=row.unknown)


def damaged(problem: str, *, may_stand: bool) -> Failure:
    """Return the failure of a row with a problem that only a person can solve."""
    if may_stand:
        remedy = "it may have been posted; look for its entry, and resolve the posting"
        return Failure(type="DamagedRow", message=f"{problem}; {remedy}", outcome="unknown")
    remedy = "it was not sent; correct or discard the posting"
    return Failure(type="DamagedRow", message=f"{problem}; {remedy}", outcome="not_sent")


def _first_route(row: Any) -> str | None:
    """Return the route of the first send of a row that may stand; None for any other."""
    if not row.unknown:
        return None
    # A release that did not write it down knew no other route than the one with the header.
    return row.sent_route or header_route_of(row.resource)


def _doubt(db: Connection, row: Any, terms: Terms, routes: Collection[str]) -> Failure | str | None:
    """Return why a row that may stand already cannot be sent again, or None.

    It is safe only where its key is still known: at the place of its first send, and not for long.
    """
    if not row.unknown:
        return None
    if row.sent_origin not in (None, terms.owner.origin):
        return _elsewhere(row.sent_origin, "store.move_host recorded a new host for the service")
    route = _first_route(row)
    if route is not None and route not in routes:
        return _elsewhere(route, "this release posts to another route")

    time_now = float(db.execute(select(now())).scalar_one())
    if max(row.first_sent_at or 0.0, row.changed_at) > time_now + CLOCK_TOLERANCE:
        return _CLOCK_WENT_BACK
    # Of a row that was changed by hand, nobody can tell when its key was new.
    age = math.inf if row.first_sent_at is None else time_now - row.first_sent_at
    # The service must know the key until the end of the lease, not only at its beginning.
    if age >= terms.key_lifetime - terms.lease:
        return row.error or _EXPIRED
    return None


def _elsewhere(place: str, reason: str) -> Failure:
    return Failure(
        type="SentElsewhere",
        message=f"it may have been posted: it was sent to {place}, and its key may not be known "
        f"elsewhere ({reason}); look for its entry among the candidates, and resolve the "
        "posting",
        outcome="unknown",
    )
