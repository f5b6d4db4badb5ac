"""Statements and conditions on the table of postings."""

from __future__ import annotations

from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, or_

from ledgerhq_ext.store._cursors import AnyConnection
from ledgerhq_ext.store._owner import Owner
from ledgerhq_ext.store._rows import STATES, Failure
from ledgerhq_ext.store._schema import insert_into, now, postings

_P = postings.c
FREE: dict[str, Any] = {"lease": None, "holder": None}
"""The values of a row's lease while it is in nobody's hands."""
NEVER_SENT: dict[str, Any] = {"first_sent_at": None, "sent_origin": None, "sent_route": None}
"""The values of a row's first send while nothing of it can stand."""


@frozen(kw_only=True)
class Intent:
    """A source transaction as it is written down before anything is sent."""

    organization_id: str
    resource: str
    source: tuple[str, str]
    key: str
    request: bytes
    digest: str
    key_is_explicit: bool = False
    in_order: bool = False
    owner: Owner | None = None


def insert_row(db: AnyConnection, intent: Intent) -> Any:
    """Return the statement that inserts a source transaction, and does nothing where it, or its
    key, is there already.
    """
    return insert_rows(db).values(row_values(intent))


def insert_rows(db: AnyConnection) -> Any:
    """Return the same for any number of them, without their ``row_values``."""
    times = {"due_at": now(), "added_at": now(), "changed_at": now()}
    insert = insert_into(postings, db.dialect.name).values(times)
    new = insert.on_conflict_do_nothing().inline()
    return new.execution_options(preserve_rowcount=True)


def row_values(intent: Intent) -> dict[str, Any]:
    """Return the values of the row of a source transaction."""
    return {
        "organization_id": intent.organization_id,
        "resource": intent.resource,
        "source_system": intent.source[0],
        "source_id": intent.source[1],
        "key": intent.key,
        "request": intent.request,
        "digest": intent.digest,
        "in_order": intent.in_order,
        "state": "pending",
        "attempts": 0,
        "unknown": False,
        "connection": intent.owner.connection if intent.owner else None,
        "origin": intent.owner.origin if intent.owner else None,
    }


def same_source(intent: Intent) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on the row of a source transaction."""
    return (
        _P.organization_id == intent.organization_id,
        _P.resource == intent.resource,
        _P.source_system == intent.source[0],
        _P.source_id == intent.source[1],
    )


def in_state(state: str) -> ColumnElement[bool]:
    """Return the condition that a row is in a state.

    One that is in none of ours needs attention.
    """
    if state == "needs_attention":
        return or_(_P.state == state, _P.state.not_in(STATES))
    return _P.state == state


def has_open_alarm() -> ColumnElement[bool]:
    """Return the condition that a row has an alarm, and no person has acknowledged it."""
    return _P.alarm.is_not(None) & _P.acknowledgement.is_(None)


def belongs_to(owner: Owner, row: Any = _P) -> ColumnElement[bool]:
    """Return the condition that a row is the owner's; or nobody's in particular, and not sent to
    another service.
    """
    sent_nowhere_else = or_(row.sent_origin.is_(None), row.sent_origin == owner.origin)
    is_of_origin = or_(row.origin == owner.origin, row.origin.is_(None) & sent_nowhere_else)
    return or_(row.connection.is_(None), row.connection == owner.connection) & is_of_origin


def given_up(failure: Failure | str) -> dict[str, Any]:
    """Return the values of a row that only a person can decide."""
    error = failure if isinstance(failure, str) else failure.to_json()
    return {**FREE, "due_at": None, "state": "needs_attention", "error": error, "changed_at": now()}
