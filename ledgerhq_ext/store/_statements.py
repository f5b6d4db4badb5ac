"""The statements on the table of postings, and what a claim is."""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Connection, Select, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ledgerhq_ext.store._rows import Failure
from ledgerhq_ext.store._schema import now, pauses, postings
from ledgerhq_ext.store._verdict import Verdict

_P = postings.c
_EVERYBODY = ""
_BEFORE = postings.alias()
_BLOCKED = exists().where(
    _BEFORE.c.organization_id == _P.organization_id,
    _BEFORE.c.in_order,
    _BEFORE.c.due_at.is_not(None),
    _BEFORE.c.id < _P.id,
)
_NEVER: dict[str, Any] = {"due_at": None, "lease": None}
EXPIRED = Failure(
    type="KeyExpired", message="its outcome is unknown, and its key may be forgotten by now", outcome="unknown"
)


@frozen(kw_only=True)
class Intent:
    """A source transaction as it is written down before anything is sent."""

    organization_id: str
    resource: str
    source: tuple[str, str]
    key: str
    request: bytes
    digest: str
    in_order: bool = False


@frozen(kw_only=True)
class Claim:
    """A posting in the hands of one worker. ``ends``: when the lease does, by ``time.monotonic``."""

    id: int
    lease: str
    ends: float
    organization_id: str
    resource: str
    source: tuple[str, str]
    key: str
    request: bytes
    attempts: int
    unknown_before: bool


@frozen(kw_only=True)
class Terms:
    """On what terms rows are claimed: seconds of a lease, seconds a key is trusted."""

    lease: float
    key_lifetime: float


@frozen(kw_only=True)
class Choice:
    """What may be claimed: not of organizations that are ``skipped``, and ``only`` of some, if given."""

    terms: Terms
    skipped: Collection[str] = ()
    only: Collection[str] | None = None


def insert_row(db: Connection, intent: Intent) -> Any:
    values = {
        "organization_id": intent.organization_id,
        "resource": intent.resource,
        "source_system": intent.source[0],
        "source_id": intent.source[1],
        "key": intent.key,
        "request": intent.request,
        "digest": intent.digest,
        "in_order": intent.in_order,
        "state": "pending",
        "due_at": now(),
        "attempts": 0,
        "unknown": False,
        "added_at": now(),
        "changed_at": now(),
    }
    dialect = postgresql if db.dialect.name == "postgresql" else sqlite
    return dialect.insert(postings).values(values).on_conflict_do_nothing()


def same_source(intent: Intent) -> tuple[ColumnElement[bool], ...]:
    return (
        _P.organization_id == intent.organization_id,
        _P.resource == intent.resource,
        _P.source_system == intent.source[0],
        _P.source_id == intent.source[1],
    )


def first(query: Select[Any], choice: Choice) -> Select[Any]:
    """The first one that is not settled, and whose predecessors are, where order was asked for."""
    query = query.where(_P.due_at.is_not(None), ~(_P.in_order & _BLOCKED))
    if choice.skipped:
        query = query.where(_P.organization_id.not_in(choice.skipped))
    if choice.only is not None:
        query = query.where(_P.organization_id.in_(choice.only))
    return query.order_by(_P.due_at, _P.id).limit(1)


def take_next(db: Connection, choice: Choice) -> tuple[Claim | None, int]:
    """Lease the next one that is due; rows that cannot be sent any more are given up, and counted."""
    due = select(postings).where(_P.due_at <= now(), ~exists().where(pauses.c.until > now()))
    next_one = first(due, choice).with_for_update(skip_locked=True)
    given_up = 0
    while (row := db.execute(next_one).one_or_none()) is not None:
        claim = take(db, row, choice.terms)
        if claim is not None:
            return claim, given_up
        given_up += 1
    return None, given_up


def write_down(db: Connection, claim: Claim, verdict: Verdict) -> bool:
    """The end of an attempt, if its lease was not lost."""
    if verdict.pause_all:
        pause_everybody(db, verdict.pause_all)
    settled = verdict.state not in ("pending", "leased")
    changed: dict[str, Any] = {
        "state": verdict.state,
        "unknown": verdict.unknown,
        "due_at": None if settled else now() + verdict.pause,
        "lease": None,
        "error": verdict.failure.to_json() if verdict.failure else None,
        "receipt": verdict.receipt,
        "journal_entry_id": verdict.journal_entry_id,
        "changed_at": now(),
    }
    if not verdict.unknown and verdict.state != "posted":
        changed["first_sent_at"] = None
    mine = update(postings).where(_P.id == claim.id, _P.state == "leased", _P.lease == claim.lease)
    return db.execute(mine.values(changed)).rowcount == 1


def take(db: Connection, row: Any, terms: Terms) -> Claim | None:
    """Take the row, or give it up: past the life of its key nothing is sent that may stand already."""
    trusted = terms.key_lifetime - terms.lease
    if row.unknown and row.first_sent_at is not None and _age(db, row.first_sent_at) >= trusted:
        lost = {**_NEVER, "state": "needs_attention", "error": row.error or EXPIRED.to_json(), "changed_at": now()}
        db.execute(update(postings).where(_P.id == row.id).values(lost))
        return None
    ends, lease = time.monotonic() + terms.lease, uuid.uuid4().hex
    taken = {
        "state": "leased",
        "lease": lease,
        "due_at": now() + terms.lease,
        "attempts": row.attempts + 1,
        "unknown": True,
        "first_sent_at": func.coalesce(_P.first_sent_at, now()),
        "changed_at": now(),
    }
    db.execute(update(postings).where(_P.id == row.id).values(taken))
    return Claim(
        id=row.id,
        lease=lease,
        ends=ends,
        organization_id=row.organization_id,
        resource=row.resource,
        source=(row.source_system, row.source_id),
        key=row.key,
        request=bytes(row.request),
        attempts=row.attempts + 1,
        unknown_before=row.unknown,
    )


def _age(db: Connection, since: float) -> float:
    return float(db.execute(select(now())).scalar_one()) - since


def pause_everybody(db: Connection, seconds: float) -> None:
    longer = update(pauses).where(pauses.c.scope == _EVERYBODY, pauses.c.until < now() + seconds)
    if not db.execute(select(pauses).where(pauses.c.scope == _EVERYBODY)).first():
        dialect = postgresql if db.dialect.name == "postgresql" else sqlite
        first = dialect.insert(pauses).values(scope=_EVERYBODY, until=0.0)
        db.execute(first.on_conflict_do_nothing())
    db.execute(longer.values(until=now() + seconds))
