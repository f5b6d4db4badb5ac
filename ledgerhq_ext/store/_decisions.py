"""What people decide, written down: each decision in one transaction, and only where the row still
allows it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, text, true, update

from ledgerhq_ext.errors import InputError
from ledgerhq_ext.store._cursors import AnyConnection
from ledgerhq_ext.store._database import Database
from ledgerhq_ext.store._outcomes import settled_by, update_unless_settled
from ledgerhq_ext.store._reading import stored
from ledgerhq_ext.store._rows import Failure, StoredPosting, moment
from ledgerhq_ext.store._schema import distrusts, now, postings
from ledgerhq_ext.store._statements import FREE, NEVER_SENT, given_up, in_state
from ledgerhq_ext.store._versions import wait_for_transactions

_P = postings.c
_LEGIBLE = 200
"""How much of a key stays legible in the key of its correction."""


def settle(database: Database, posting: StoredPosting, values: dict[str, Any]) -> None:
    """Decide a posting that needs attention; ``InputError`` for any other, and for an entry that
    settles another.
    """
    entry = values.get("journal_entry_id")

    def work(db: Connection) -> None:
        if entry is not None:
            _check_free(db, posting, entry)
        row = _row(db, posting.id)
        if row is None or not _needs_attention(db, posting.id):
            raise InputError(
                f"posting {posting.id} is {_state(row)}; only one that needs attention can be "
                "decided."
            )

        decided = (
            update(postings).where(_P.id == posting.id).values({**values, "changed_at": now()})
        )
        if update_unless_settled(db, decided) is None:
            raise _taken(entry, None)

    database.write("settle", work)


def correct(database: Database, posting: StoredPosting, request: bytes, digest: str) -> None:
    """Give a posting that certainly does not stand another payload; ``InputError`` for any other."""

    def work(db: Connection) -> None:
        row = _row(db, posting.id)
        _check_correctable(row, posting)
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
            values |= {"key": key_of_correction(row.key), "added_key": row.added_key or row.key}
        db.execute(update(postings).where(_P.id == posting.id).values(values))

    database.write("correct", work)


def key_of_correction(key: str) -> str:
    """Return the key of the payload that takes the place of one that was refused under a key.

    Nobody knows whether a key of a refused request still serves, so the correction has one of its
    own. It depends on nothing but that key: whoever corrects the same posting again, in a restored
    store perhaps, uses the same one, and the service makes no second entry.
    """
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[:_LEGIBLE]}-c{digest[:16]}"


def discard(database: Database, posting: StoredPosting, reason: str) -> None:
    """Lay a posting to rest; ``InputError`` for one that is posted, or may be sent or answered at
    any moment.
    """

    def work(db: Connection) -> None:
        row = _row(db, posting.id)
        state = _state(row)
        is_over = state in ("conflict", "rejected", "needs_attention")
        if not is_over and not (state == "pending" and not row.unknown):
            raise InputError(
                f"posting {posting.id} is {state}{' and may stand' if row.unknown else ''}; only "
                "one that is in conflict, rejected, never sent, or needs attention can be "
                "discarded."
            )
        values: dict[str, Any] = {
            **FREE,
            "state": "discarded",
            "due_at": None,
            "discard_reason": reason,
        }
        db.execute(
            update(postings).where(_P.id == posting.id).values({**values, "changed_at": now()})
        )

    database.write("discard", work)


def acknowledge(database: Database, posting: StoredPosting, reason: str) -> None:
    """Close the alarm of a posting; ``InputError`` when it has none that is open, or another than
    was read.
    """

    def work(db: Connection) -> None:
        row = _row(db, posting.id)
        if row is None or row.alarm is None or row.acknowledgement is not None:
            raise InputError(
                f"posting {posting.id} has no open alarm that a person could acknowledge; damage "
                "in the database stays one until it is mended."
            )
        if stored(row).alarm != posting.alarm:
            raise InputError(
                f"posting {posting.id} has another alarm since it was read; read it again."
            )
        db.execute(update(postings).where(_P.id == posting.id).values(acknowledgement=reason))

    database.write("acknowledge", work)


def distrust(database: Database, since: float) -> int:
    """Leave to people what is not settled, and what will be added; gives how many postings need
    attention by it.
    """

    def work(db: Connection) -> int:
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

    return database.write("distrust", work)


def trust(database: Database) -> bool:
    """Let what is added be sent again; gives whether it was not."""
    return database.write("trust", lambda db: db.execute(delete(distrusts)).rowcount > 0)


def distrusted_since(db: Connection) -> Any:
    """Return the moment since which the store is distrusted, or None."""
    return moment(_distrusted_since(db))


def hold_back_if_distrusted(db: AnyConnection, conditions: Sequence[ColumnElement[bool]]) -> None:
    """Leave a row that was just added to a person, where the store may have sent and forgotten it."""
    since = _distrusted_since(db)
    if since is not None:
        _hold_back(db, since, conditions)


def _hold_back(db: AnyConnection, since: float, conditions: Sequence[ColumnElement[bool]]) -> int:
    failure = Failure(
        type="RestoredStore",
        message=f"the store was restored as it was at {moment(since):%Y-%m-%d %H:%M:%S} UTC: it may have been posted "
        "since; look for its entry with candidates(), and call resolve()",
        outcome="unknown",
    )
    held = update(postings).where(*conditions)
    return db.execute(held.values({**given_up(failure), "unknown": true()})).rowcount


def _distrusted_since(db: AnyConnection) -> float | None:
    return db.execute(select(func.min(distrusts.c.since))).scalar()


def _row(db: Connection, id: int) -> Any:
    return db.execute(select(postings).where(_P.id == id).with_for_update()).one_or_none()


def _needs_attention(db: Connection, id: int) -> bool:
    return (
        db.execute(select(_P.id).where(_P.id == id, in_state("needs_attention"))).first()
        is not None
    )


def _state(row: Any) -> str:
    return "not in the store" if row is None else str(row.state)


def _check_free(db: Connection, posting: StoredPosting, entry: str) -> None:
    """Raise ``InputError`` when an entry settles another posting of the same organization."""
    other = settled_by(db, posting.organization_id, entry)
    if other not in (None, posting.id):
        raise _taken(entry, other)


def _taken(entry: str | None, other: int | None) -> InputError:
    whose = "another posting" if other is None else f"posting {other}"
    return InputError(
        f"the entry {entry} is the receipt of {whose} already; an entry settles one posting."
    )


def _check_correctable(row: Any, posting: StoredPosting) -> None:
    state = _state(row)
    if row is not None and row.unknown:
        raise InputError(
            f"posting {posting.id} is {state} and may stand in the books; look for its entry with "
            "candidates(), and call resolve(). One that certainly does not stand can be corrected "
            "then."
        )
    if state not in ("pending", "rejected", "needs_attention"):
        raise InputError(
            f"posting {posting.id} is {state}; only one that does not stand can be corrected."
        )
    if (row.digest, row.key) != (posting.digest, posting.key):
        raise InputError(f"posting {posting.id} was corrected since it was read; read it again.")
