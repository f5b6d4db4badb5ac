"""The table of postings: every read and write of it, each one short transaction.

A claim is a lease: the row is due again when it ends. Every later write asks for the lease it took, so a worker
that comes back too late changes nothing. "May have been sent" is committed with the claim, before the send.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, update

from ledgerhq_ext.errors import InputError
from ledgerhq_ext.store._database import Database
from ledgerhq_ext.store._rows import Status, StoredPosting, moment, stored
from ledgerhq_ext.store._schema import now, pauses, postings
from ledgerhq_ext.store._statements import (
    Choice,
    Claim,
    Intent,
    Terms,
    first,
    insert_row,
    same_source,
    take,
    take_next,
    write_down,
)
from ledgerhq_ext.store._verdict import Verdict

_P = postings.c


class Postings:
    """The table, in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- before anything is sent

    def add(self, intent: Intent) -> StoredPosting:
        """Write a source transaction down; the same again is a no-op, with another payload an ``InputError``."""

        def work(db: Connection) -> StoredPosting:
            db.execute(insert_row(db, intent))
            row = db.execute(select(postings).where(*same_source(intent))).one_or_none()
            if row is None:
                raise InputError(f"the key {intent.key} stands for another source transaction already.")
            if row.digest != intent.digest:
                raise InputError(
                    f"the source transaction {intent.source} was added with another payload: its digest is "
                    f"{row.digest}, not {intent.digest}. Nothing was changed."
                )
            return stored(row)

        return self._database.write("add", work)

    # --- leases

    def claim(self, choice: Choice) -> tuple[Claim | None, int]:
        """The next posting that is due, leased, if any; and how many were given up on the way."""
        return self._database.write("claim", lambda db: take_next(db, choice))

    def claim_one(self, id: int, terms: Terms) -> Claim | None:
        """That posting, leased, unless it is settled or in somebody else's hands. A pause does not count."""

        def work(db: Connection) -> Claim | None:
            free = _P.state.in_(("pending", "rejected")) | ((_P.state == "leased") & (_P.due_at <= now()))
            row = db.execute(select(postings).where(_P.id == id, free).with_for_update()).one_or_none()
            return None if row is None else take(db, row, terms)

        return self._database.write("claim", work)

    def finish(self, claim: Claim, verdict: Verdict) -> bool:
        """Write down how the attempt ended; False when the lease was lost, and nothing was written."""
        return self._database.write("finish", lambda db: write_down(db, claim, verdict))

    def finish_and_claim(self, claim: Claim, verdict: Verdict, choice: Choice) -> tuple[bool, Claim | None, int]:
        """``finish`` and ``claim`` in one transaction: half the waiting for the disk."""
        return self._database.write("finish", lambda db: (write_down(db, claim, verdict), *take_next(db, choice)))

    def next_due(self, choice: Choice) -> float | None:
        """Seconds until something is due (zero or less: now); None when nothing is left to send."""

        def work(db: Connection) -> float | None:
            waiting = first(select(_P.due_at - now()), choice)
            row = db.execute(waiting).one_or_none()
            pause: float = db.execute(select(func.max(pauses.c.until) - now())).scalar() or 0.0
            return None if row is None else max(row[0], pause)

        return self._database.read(work)

    def open_rows(self) -> list[tuple[str, float, int]]:
        """(organization, earliest moment that one is due, count) of what is not settled."""
        query = select(_P.organization_id, func.min(_P.due_at), func.count()).where(_P.due_at.is_not(None))
        grouped = query.group_by(_P.organization_id)
        return [tuple(row) for row in self._database.read(lambda db: db.execute(grouped).all())]

    # --- reading, and decisions of people

    def get(self, id: int) -> StoredPosting:
        """One posting; ``InputError`` when there is none with this id."""
        return self._one(select(postings).where(_P.id == id), f"posting {id}")

    def _one(self, query: Select[Any], what: str) -> StoredPosting:
        row = self._database.read(lambda db: db.execute(query).one_or_none())
        if row is None:
            raise InputError(f"there is no {what} in the store.")
        return stored(row)

    def find(self, *conditions: ColumnElement[bool]) -> tuple[StoredPosting, ...]:
        """The postings that fit, in the order in which they were added."""
        query = select(postings).where(*conditions).order_by(_P.id)
        return tuple(stored(row) for row in self._database.read(lambda db: db.execute(query).all()))

    def listed(self, state: str | None, organization_id: str | None) -> tuple[StoredPosting, ...]:
        """The postings of a state, of an organization, or all."""
        given = ((_P.state, state), (_P.organization_id, organization_id))
        return self.find(*(column == value for column, value in given if value is not None))

    def status(self) -> Status:
        """Counts by state."""

        def work(db: Connection) -> Status:
            counts = db.execute(select(_P.state, func.count()).group_by(_P.state)).all()
            unknown = db.execute(select(func.count()).where(_P.unknown)).scalar_one()
            oldest = db.execute(select(func.min(_P.added_at)).where(_P.due_at.is_not(None))).scalar()
            paused = db.execute(select(func.max(pauses.c.until)).where(pauses.c.until > now())).scalar()
            told: dict[str, int] = {row[0]: row[1] for row in counts}
            return Status(**told, unknown=unknown, oldest_pending_at=moment(oldest), paused_until=moment(paused))

        return self._database.read(work)

    def retry_rejected(self, organization_id: str | None, code: str | None) -> int:
        """Make rejected postings pending again; gives how many."""
        chosen = [row.id for row in self.listed("rejected", organization_id) if code in (None, _code(row))]

        def work(db: Connection) -> int:
            count = 0
            for id in chosen:
                again = update(postings).where(_P.id == id, _P.state == "rejected")
                values = {"state": "pending", "due_at": now(), "changed_at": now()}
                count += db.execute(again.values(values)).rowcount
            return count

        return self._database.write("retry", work)

    def settle(self, id: int, values: dict[str, Any]) -> StoredPosting:
        """A person's decision on a posting that needs attention; ``InputError`` for any other."""

        def work(db: Connection) -> int:
            doubtful = update(postings).where(_P.id == id, _P.state == "needs_attention")
            return db.execute(doubtful.values({**values, "changed_at": now()})).rowcount

        if not self._database.write("settle", work):
            raise InputError(f"posting {id} is {self.get(id).state}; only one that needs attention can be decided.")
        return self.get(id)

    def known_entries(self, organization_id: str) -> set[str]:
        """The entries that belong to receipts."""
        query = select(_P.journal_entry_id).where(_P.organization_id == organization_id, _P.receipt.is_not(None))
        return set(self._database.read(lambda db: db.execute(query).scalars().all()))


def _code(row: StoredPosting) -> str | None:
    return row.failure.code if row.failure else None
