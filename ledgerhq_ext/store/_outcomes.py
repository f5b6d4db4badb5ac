"""The end of an attempt, written down; and what of it is an alarm.

A receipt is never lost: it settles its row, also where the lease was lost meanwhile; and where
something else has settled it, both entries stand in its ``alarm``.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import nullcontext
from functools import cache
from typing import Any

from attrs import frozen
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    String,
    Text,
    Update,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from ledgerhq_ext._plain import plain
from ledgerhq_ext.store._claims import Claim
from ledgerhq_ext.store._cursors import run
from ledgerhq_ext.store._each import own_values, parameters_of, with_own_id
from ledgerhq_ext.store._pauses import write_pause
from ledgerhq_ext.store._reading import entry_of
from ledgerhq_ext.store._schema import now, postings
from ledgerhq_ext.store._statements import FREE, NEVER_SENT
from ledgerhq_ext.store._verdict import Verdict

_P = postings.c
_log = logging.getLogger("ledgerhq_ext.store")


@frozen(kw_only=True)
class End:
    """The end of an attempt: the claim that was sent, and the verdict on it."""

    claim: Claim
    verdict: Verdict


def write_all_down(db: Connection, ends: Sequence[End]) -> list[bool]:
    """Write down the ends of some attempts; return of each whether its lease held, or it settled
    something all the same.

    Receipts under leases that hold are written first, by statements that are built once. Where an
    entry settles another posting already the whole transaction fails, as for what else the database
    refuses: then each end has to be written down by itself.
    """
    written = _write_receipts(db, _receipts(ends))
    results: list[bool] = []
    for end in ends:
        is_written = end.claim.lease in written
        results.append(is_written or write_down(db, end.claim, end.verdict))
    return results


def _receipts(ends: Sequence[End]) -> list[dict[str, Any]]:
    """Return the values of the ends that are a receipt, each for another entry."""
    receipts: dict[str, dict[str, Any]] = {}
    for end in ends:
        entry = end.verdict.journal_entry_id
        if end.verdict.state == "posted" and entry is not None:
            values = {
                "row": end.claim.id,
                "old_lease": end.claim.lease,
                "new_receipt": end.verdict.receipt,
                "entry": entry,
            }
            receipts.setdefault(entry, values)
    return list(receipts.values())


def _write_receipts(db: Connection, receipts: Sequence[dict[str, Any]]) -> set[str]:
    """Write receipts down where the lease holds; return those leases.

    Not the ids of their rows: an attempt that lost its lease may come in together with the one that
    has the row now, and its receipt may be for another entry.
    """
    if not receipts:
        return set()
    if db.dialect.name == "postgresql":
        rows = db.execute(_receipts_returning_leases(), parameters_of(db, receipts))
        return set(rows.scalars())

    # SQLite may be too old for RETURNING.
    leases: set[str] = set()
    for receipt in receipts:
        if run(db, _receipt_of_row(), receipt).rowcount == 1:
            leases.add(receipt["old_lease"])
    return leases


@cache
def _receipts_returning_leases() -> Any:
    own = _receipt_values("postgresql")
    # The row itself holds none any more.
    return _receipt_statement("postgresql", own).returning(own.old_lease)


@cache
def _receipt_of_row() -> Any:
    return _receipt_statement("sqlite", _receipt_values("sqlite"))


def _receipt_values(dialect: str) -> Any:
    types = {"row": BigInteger, "old_lease": String, "new_receipt": Text, "entry": String}
    return own_values(dialect, types)


def _receipt_statement(dialect: str, own: Any) -> Update:
    values = {
        **FREE,
        "state": "posted",
        "unknown": False,
        "due_at": None,
        "error": None,
        "receipt": own.new_receipt,
        "journal_entry_id": own.entry,
        "changed_at": now(),
    }
    is_leased = (_P.state == "leased", _P.lease == own.old_lease)
    return with_own_id(update(postings), dialect, own).where(*is_leased).values(values)


def write_down(db: Connection, claim: Claim, verdict: Verdict) -> bool:
    """Write down the end of an attempt; return False when its lease was lost, and it settled
    nothing.
    """
    if verdict.hold is not None:
        write_pause(db, claim.owner, claim.organization_id, verdict.hold)

    is_leased = (_P.id == claim.id, _P.state == "leased", _P.lease == claim.lease)
    if _write(db, claim, verdict, is_leased):
        return True
    if verdict.receipt is None:
        return False
    return _write_late(db, claim, verdict)


def update_unless_settled(db: Connection, statement: Update) -> int | None:
    """Return how many rows an update changed; None when its entry settles another posting: nothing
    was changed.
    """
    # PostgreSQL gives the whole transaction up otherwise. SQLite does not, and a full disk takes
    # its savepoint away.
    savepoint = db.begin_nested() if db.dialect.name == "postgresql" else nullcontext()
    try:
        with savepoint:
            return db.execute(statement).rowcount
    except IntegrityError:
        return None


def settled_by(db: Connection, organization_id: Any, journal_entry_id: str) -> int | None:
    """Return the posting that an entry of an organization settles, or None."""
    same_entry = (_P.organization_id == organization_id, _P.journal_entry_id == journal_entry_id)
    return db.execute(select(_P.id).where(*same_entry)).scalar()


def _write(
    db: Connection, claim: Claim, verdict: Verdict, conditions: Sequence[ColumnElement[bool]]
) -> bool:
    """Write a verdict into the row where the conditions hold; return whether they did."""
    statement = update(postings).where(*conditions)
    values = _values(verdict)
    entry = verdict.journal_entry_id
    if entry is None:
        return db.execute(statement.values(values)).rowcount == 1

    count = update_unless_settled(db, statement.values(values))
    if count is not None:
        return count == 1

    # The receipt is kept; the entry stays with the posting that it settled first.
    other = settled_by(db, claim.organization_id, entry)
    sentence = f"Its receipt names the same entry as the receipt of posting {other}: {entry}."
    values["journal_entry_id"] = None
    values |= _alarm(claim, sentence)
    return db.execute(statement.values(values)).rowcount == 1


def _write_late(db: Connection, claim: Claim, verdict: Verdict) -> bool:
    """Keep a receipt whose worker had lost its lease."""
    row = db.execute(select(postings).where(_P.id == claim.id).with_for_update()).one_or_none()
    if row is None:
        return False
    if row.state not in ("posted", "discarded") and row.key == claim.key:
        return _write(db, claim, verdict, [_P.id == claim.id])

    entry = entry_of(verdict.receipt)
    stored_entry = entry_of(row.receipt)
    if entry == stored_entry:
        return False

    standing = f"it is {row.state}"
    if stored_entry:
        standing = f"its stored receipt names {stored_entry}"
    alarm = _alarm(claim, f"A second receipt arrived, for the entry {entry}; {standing}.")
    db.execute(update(postings).where(_P.id == claim.id).values(alarm))
    return False


def _alarm(claim: Claim, sentence: str) -> dict[str, Any]:
    """Warn, and return the values of an alarm that is open.

    An alarm that stands there already stays, with what a person said to it.
    """
    # What an answer holds, a database may not be able to hold.
    text = plain(sentence)
    _log.warning("Posting %d, %s in %s: %s", claim.id, claim.source, claim.organization_id, text)
    # NULL and a text are NULL together: what is not there leaves nothing.
    earlier = func.coalesce(_P.alarm.concat(" "), "")
    answer = func.coalesce(literal("(Acknowledged: ").concat(_P.acknowledgement).concat(") "), "")
    return {"alarm": earlier.concat(answer).concat(text), "acknowledgement": None}


def _values(verdict: Verdict) -> dict[str, Any]:
    is_settled = verdict.state not in ("pending", "leased")
    values: dict[str, Any] = {
        **FREE,
        "state": verdict.state,
        "unknown": verdict.unknown,
        "due_at": None if is_settled else now() + verdict.pause,
        "error": verdict.failure.to_json() if verdict.failure else None,
        "receipt": verdict.receipt,
        "journal_entry_id": verdict.journal_entry_id,
        "changed_at": now(),
    }
    if not verdict.unknown and verdict.state != "posted":
        # Nothing stands anywhere, so the next send may go to another place, under a young key.
        values |= NEVER_SENT
    return values
