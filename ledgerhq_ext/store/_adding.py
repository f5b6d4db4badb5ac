"""Adding a source transaction. Adding it again is a no-op, or an error that says what differs."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import select

from ledgerhq_ext._idempotency import fingerprint
from ledgerhq_ext._plain import brief
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.store._cursors import AnyConnection
from ledgerhq_ext.store._decisions import hold_back_if_distrusted
from ledgerhq_ext.store._errors import DifferentPayloadError, StoreError
from ledgerhq_ext.store._moving import check_host
from ledgerhq_ext.store._owner import Owner
from ledgerhq_ext.store._reading import stored
from ledgerhq_ext.store._rows import StoredPosting
from ledgerhq_ext.store._schema import postings
from ledgerhq_ext.store._statements import Intent, insert_row, same_source

_P = postings.c
_SHOWN = 5
"""How many differences an error names."""
_LENGTH = 80
_CAPITAL = re.compile("[A-Z]")
_ADVICE = (
    "Nothing was changed. If the posting was rejected or never sent, call "
    "outbox.correct(posting, …); if this is a different transaction, give it its own source id."
)
SEQUENCE_IS_BEHIND = (
    "The posting was not added, because the database gave it the number of another one: its "
    "sequence is behind the rows, as it is after a failover to a logical replica. Run: SELECT "
    "setval(pg_get_serial_sequence('ledgerhq_postings', 'id'), max(id)) FROM ledgerhq_postings;"
)


def has_row(db: AnyConnection, intent: Intent) -> bool:
    """Return whether a source transaction was added before."""
    return db.execute(select(_P.id).where(*same_source(intent))).first() is not None


def find_row(db: AnyConnection, intent: Intent) -> StoredPosting | None:
    """Return the row of a source transaction, or None; an ``InputError`` on other terms, or where
    its key is another one's.
    """
    row = db.execute(select(postings).where(*same_source(intent))).first()
    if row is not None:
        check_same(row, intent)
        return stored(row)
    has_key = (_P.organization_id == intent.organization_id, _P.key == intent.key)
    if db.execute(select(_P.id).where(*has_key)).first() is not None:
        raise key_is_taken(intent)
    return None


def key_is_taken(intent: Intent) -> InputError:
    """Return the error for a key that is another source transaction's."""
    return InputError(f"The key {intent.key} already belongs to another source transaction.")


def add_row(db: AnyConnection, intent: Intent) -> StoredPosting:
    """Write a source transaction down, and return its row; the same again is a no-op, on other
    terms an ``InputError``.

    No statement fails for what is there already: PostgreSQL would give up the transaction, which
    may be an app's. Whatever raises ``InputError`` has written nothing. ``StoreError`` where the
    database would give the row the number of another one.
    """
    check_host(db, intent.owner)
    is_known = has_row(db, intent)
    db.execute(insert_row(db, intent))
    if not is_known:
        # Only now: who declares a store old, and who adds to it, see each other in this order.
        hold_back_if_distrusted(db, same_source(intent))
    row = find_row(db, intent)
    if row is None:
        raise StoreError(SEQUENCE_IS_BEHIND)
    return row


def check_same(row: Any, intent: Intent) -> None:
    """Raise ``InputError`` when a source transaction was added on other terms, or with another
    payload.
    """
    _check_owner(row, intent.owner)
    if row.digest != intent.digest:
        difference = f"{_was_added(intent)} with a different payload: {_comparison(row, intent)}."
        raise DifferentPayloadError(difference, _ADVICE, posting_id=row.id)

    # The key it was added with: a correction may have given it another one since.
    key = row.added_key or row.key
    if intent.key_is_explicit and intent.key != key:
        raise InputError(
            f"{_was_added(intent)} with the key {key!r}, not {intent.key!r}. A source "
            "transaction has only one key. Nothing was changed."
        )
    if row.in_order != intent.in_order:
        raise InputError(
            f"{_was_added(intent)} with in_order={row.in_order}, not {intent.in_order}. Nothing "
            "was changed."
        )


def check_same_intent(first: Intent, intent: Intent) -> None:
    """Raise ``InputError`` when one call names a source transaction twice, with two payloads."""
    if first.digest != intent.digest:
        raise InputError(
            f"The source transaction {intent.source} stands in this call twice, with two payloads. "
            "The second was not added; if it is another transaction, give it its own source id."
        )


def _was_added(intent: Intent) -> str:
    return f"The source transaction {intent.source} was already added"


def _check_owner(row: Any, owner: Owner | None) -> None:
    """Raise ``InputError`` for a row that another owner's drain sends, never this one's."""
    if owner is None:
        return
    origin = row.origin or row.sent_origin or owner.origin
    connection = row.connection or owner.connection
    if row.state == "posted":
        # It is done, whichever connection it was posted by.
        connection = owner.connection
    first_owner = Owner(connection, origin)
    if first_owner == owner:
        return
    raise InputError(
        f"The source transaction {(row.source_system, row.source_id)} was added for "
        f"{first_owner}, but this client uses {owner}. Use a client for the original "
        "connection. If the service has a new host, call store.move_host(old, new)."
    )


def _comparison(row: Any, intent: Intent) -> str:
    """Return in words how the payload of an intent differs from the one in the store."""
    if row.pruned_at is not None:
        return "it has been pruned, so only its archive shows what differs"
    if fingerprint(row.request) != row.digest:
        return "it was changed in the database, so the differences are unknown"

    before = _fields(json.loads(row.request))
    after = _fields(json.loads(intent.request))
    differences: list[str] = []
    for name in sorted(before.keys() | after.keys()):
        old_value = before.get(name)
        new_value = after.get(name)
        if old_value != new_value:
            differences.append(f"{name} was {_brief(old_value)}, not {_brief(new_value)}")

    more = len(differences) - _SHOWN
    if more > 0:
        differences[_SHOWN:] = [f"and {more} more"]
    return "; ".join(differences)


def _fields(value: Any, name: str = "") -> dict[str, Any]:
    """Return the values of a payload by their names, as ``lines[0].account_id``."""
    fields: dict[str, Any] = {}
    if isinstance(value, dict):
        prefix = f"{name}." if name else ""
        for part, inner in value.items():
            fields |= _fields(inner, prefix + _snake_case(part))
        return fields

    if isinstance(value, list):
        for position, inner in enumerate(value):
            fields |= _fields(inner, f"{name}[{position}]")
        return fields

    return {name: value}


def _snake_case(word: str) -> str:
    return _CAPITAL.sub(_lowered, word)


def _lowered(capital: re.Match[str]) -> str:
    return f"_{capital[0].lower()}"


def _brief(value: Any) -> str:
    return brief(repr(value), _LENGTH)
