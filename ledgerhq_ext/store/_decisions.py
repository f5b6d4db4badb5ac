"""The decisions of people, written down: each in one transaction, and only where the row still
allows it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, text, true, update

from ledgerhq_ext._idempotency import check_key
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.store._cursors import AnyConnection
from ledgerhq_ext.store._database import Database
from ledgerhq_ext.store._outcomes import settled_by, update_unless_settled
from ledgerhq_ext.store._reading import moment_or_epoch, stored
from ledgerhq_ext.store._rows import STATES, Failure, StoredPosting
from ledgerhq_ext.store._schema import distrusts, now, postings
from ledgerhq_ext.store._statements import FREE, NEVER_SENT, given_up
from ledgerhq_ext.store._versions import wait_for_transactions

_P = postings.c
_LEGIBLE = 200
"""How much of a key stays legible in the key of its correction."""


def settle(database: Database, posting: StoredPosting, values: dict[str, Any]) -> None:
    """Decide a posting that needs attention; ``InputError`` for any other, and for an entry that
    settles another.
    """
    database.write("settle", _settle, posting, values)


def _settle(db: Connection, posting: StoredPosting, values: dict[str, Any]) -> None:
    entry = values.get("journal_entry_id")
    if entry is not None:
        _check_free(db, posting, entry)
    row = _row(db, posting.id)
    if not _needs_attention(row):
        raise InputError(
            f"Posting {posting.id} is {_state(row)}; only a posting that needs attention can be "
            "resolved."
        )
    _check_unchanged(row, posting)
    decision = update(postings).where(_P.id == posting.id)
    values = {**values, "changed_at": now()}
    if update_unless_settled(db, decision.values(values)) is None:
        # Another posting got the entry since it was looked up.
        raise _entry_is_taken(entry, None)


def correct(database: Database, posting: StoredPosting, request: bytes, digest: str) -> None:
    """Give a posting that certainly does not stand another payload; else ``InputError``."""
    database.write("correct", _correct, posting, request, digest)


def _correct(db: Connection, posting: StoredPosting, request: bytes, digest: str) -> None:
    row = _row(db, posting.id)
    _check_correctable(row, posting)
    # It stays, or begins the key of the correction.
    check_key(row.key)
    values: dict[str, Any] = {
        **NEVER_SENT,
        "request": request,
        "digest": digest,
        "state": "pending",
        "due_at": now(),
        "attempts": 0,
        "error": None,
        "changed_at": now(),
    }
    if row.attempts != 0:
        # A request may have used its key, with the other payload.
        values["key"] = key_of_correction(row.key)
        values["added_key"] = row.added_key or row.key
    db.execute(update(postings).where(_P.id == posting.id).values(values))


def key_of_correction(key: str) -> str:
    """Return the key of the payload that takes the place of one that was refused under a key.

    Nobody knows whether a key of a refused request still serves, so the correction has one of its
    own. It depends on nothing but that key: whoever corrects the same posting again, in a restored
    store perhaps, uses the same one, and the service makes no second entry.
    """
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[:_LEGIBLE]}-c{digest[:16]}"


def discard(database: Database, posting: StoredPosting, reason: str) -> None:
    """Discard a posting; ``InputError`` if it is posted, could be sent or answered at any moment,
    or was corrected or tried since it was read.
    """
    database.write("discard", _discard, posting, reason)


def _discard(db: Connection, posting: StoredPosting, reason: str) -> None:
    row = _row(db, posting.id)
    state = _state(row)
    may_stand = row is not None and row.unknown
    is_over = state in ("conflict", "rejected") or _needs_attention(row)
    was_never_sent = state == "pending" and not may_stand
    if not is_over and not was_never_sent:
        raise InputError(
            f"Posting {posting.id} is {state}{' and may have been posted' if may_stand else ''}; "
            "only a posting that is in conflict, is rejected, was never sent, or needs attention "
            "can be discarded."
        )
    _check_unchanged(row, posting)

    values: dict[str, Any] = {
        **FREE,
        "state": "discarded",
        "due_at": None,
        "discard_reason": reason,
        "changed_at": now(),
    }
    db.execute(update(postings).where(_P.id == posting.id).values(values))


def acknowledge(database: Database, posting: StoredPosting, reason: str) -> None:
    """Close the alarm of a posting; ``InputError`` when it has none that is open, or another than
    was read.
    """
    database.write("acknowledge", _acknowledge, posting, reason)


def _acknowledge(db: Connection, posting: StoredPosting, reason: str) -> None:
    row = _row(db, posting.id)
    if row is None or row.alarm is None or row.acknowledgement is not None:
        raise InputError(
            f"Posting {posting.id} has no open alarm that can be acknowledged. An alarm about "
            "damage in the database stays open until the damage is repaired."
        )
    if stored(row).alarm != posting.alarm:
        # The person did not see this one.
        raise InputError(f"Posting {posting.id} has a new alarm since it was read. Read it again.")
    db.execute(update(postings).where(_P.id == posting.id).values(acknowledgement=reason))


def distrust(database: Database, since: float) -> int:
    """Leave to people what is not settled, and what will be added; return how many postings need
    attention by it.
    """
    return database.write("distrust", _distrust, since)


def _distrust(db: Connection, since: float) -> int:
    wait_for_transactions(db)
    if db.dialect.name == "postgresql":
        # Whoever adds a row at this moment commits it before, or sees what is written here.
        db.execute(text(f"LOCK TABLE {postings.name} IN SHARE ROW EXCLUSIVE MODE"))
    earlier = _distrusted_since(db)
    first = since if earlier is None else min(since, earlier)
    db.execute(delete(distrusts))
    db.execute(insert(distrusts).values(since=first, declared_at=now()))

    in_doubt = update(postings).where(_P.state == "needs_attention")
    db.execute(in_doubt.values(unknown=true()))
    return _hold_back(db, first, [_P.state.in_(("pending", "leased", "rejected"))])


def trust(database: Database) -> bool:
    """Let what is added be sent again; return False when it was all the time."""
    return database.write("trust", _trust)


def _trust(db: Connection) -> bool:
    return db.execute(delete(distrusts)).rowcount > 0


def distrusted_since(db: Connection) -> Any:
    """Return the moment since which the store is distrusted, or None."""
    since = _distrusted_since(db)
    return None if since is None else moment_or_epoch(since)


def hold_back_if_distrusted(db: AnyConnection, conditions: Sequence[ColumnElement[bool]]) -> bool:
    """Leave a row that was just added to a person where the store is distrusted, since it may have
    sent and forgotten it; return whether it is.
    """
    since = _distrusted_since(db)
    if since is not None:
        _hold_back(db, since, conditions)
    return since is not None


def _hold_back(db: AnyConnection, since: float, conditions: Sequence[ColumnElement[bool]]) -> int:
    failure = Failure(
        type="RestoredStore",
        message="the store was restored to its state of "
        f"{moment_or_epoch(since):%Y-%m-%d %H:%M:%S} UTC, and this posting may have been "
        "posted since then; look for its entry among the candidates, and resolve the posting",
        outcome="unknown",
    )
    in_doubt = update(postings).where(*conditions)
    return db.execute(in_doubt.values({**given_up(failure), "unknown": true()})).rowcount


def _distrusted_since(db: AnyConnection) -> float | None:
    return db.execute(select(func.min(distrusts.c.since))).scalar()


def _row(db: Connection, id: int) -> Any:
    return db.execute(select(postings).where(_P.id == id).with_for_update()).one_or_none()


def _needs_attention(row: Any) -> bool:
    """Return whether a row is there and needs attention, as one in no state of ours does."""
    return row is not None and (row.state == "needs_attention" or row.state not in STATES)


def _state(row: Any) -> str:
    return "not in the store" if row is None else str(row.state)


def _check_free(db: Connection, posting: StoredPosting, entry: str) -> None:
    """Raise ``InputError`` when an entry settles another posting of the same organization."""
    other = settled_by(db, posting.organization_id, entry)
    if other not in (None, posting.id):
        raise _entry_is_taken(entry, other)


def _entry_is_taken(entry: str | None, id: int | None) -> InputError:
    other = "another posting" if id is None else f"posting {id}"
    return InputError(
        f"The entry {entry} already settles {other}. An entry can settle only one posting."
    )


def _check_correctable(row: Any, posting: StoredPosting) -> None:
    state = _state(row)
    if row is not None and row.unknown:
        raise InputError(
            f"Posting {posting.id} is {state} and may be in the books. Look for its entry among "
            "the candidates, and resolve the posting. If it is certainly not in the books, you "
            "can correct it after that."
        )
    if state not in ("pending", "rejected", "needs_attention"):
        raise InputError(
            f"Posting {posting.id} is {state}; only a posting that is not in the books can be "
            "corrected."
        )
    _check_uncorrected(row, posting)


def _check_uncorrected(row: Any, posting: StoredPosting) -> None:
    """Raise ``InputError`` for a posting that was corrected since it was read."""
    # Two people may be at it: the second one has not seen what the first one wrote.
    if (row.digest, row.key) != (posting.digest, posting.key):
        raise InputError(
            f"Posting {posting.id} has been corrected since it was read. Read it again."
        )


def _check_unchanged(row: Any, posting: StoredPosting) -> None:
    """Raise ``InputError`` for a posting that was corrected or tried since it was read."""
    _check_uncorrected(row, posting)
    if row.attempts != posting.attempts:
        # What was certain of the earlier attempts may not be so of the last one.
        # Not "sent": an attempt without a token, say, sends nothing.
        tried = "tried again" if posting.attempts else "tried"
        raise InputError(f"Posting {posting.id} has been {tried} since it was read. Read it again.")
