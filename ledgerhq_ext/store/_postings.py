"""The table of postings: every read and write of it, each one short transaction.

A claim is a lease: the row is due again when it ends. Every later write asks for the lease it took,
so a worker that comes back too late changes nothing. "May have been sent" is committed with the
claim, before the send.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select, update

from ledgerhq_ext._http.session import DEFAULT_NAME
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.store._adding import add_row, has_row
from ledgerhq_ext.store._database import Database
from ledgerhq_ext.store._errors import StoreError
from ledgerhq_ext.store._figures import status
from ledgerhq_ext.store._lanes import due_connections, take_next, waits
from ledgerhq_ext.store._moving import check_host, new_origin_of
from ledgerhq_ext.store._outcomes import write_down
from ledgerhq_ext.store._owner import Owner
from ledgerhq_ext.store._pauses import lift, pauses_in_force
from ledgerhq_ext.store._queues import Queue, queues
from ledgerhq_ext.store._reading import stored
from ledgerhq_ext.store._rows import Pause, Status, StoredPosting
from ledgerhq_ext.store._schema import now, postings
from ledgerhq_ext.store._statements import (
    Choice,
    Claim,
    Intent,
    Terms,
    belongs_to,
    in_state,
    take,
    wake,
)
from ledgerhq_ext.store._verdict import Verdict

_P = postings.c
_WAKE_EVERY = 5.0


class Postings:
    """The table, in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._woken_at = 0.0

    # --- before anything is sent

    def has(self, intent: Intent) -> bool:
        """Whether a source transaction was added before."""
        return self._database.read(lambda db: has_row(db, intent))

    def add(self, intent: Intent) -> StoredPosting:
        """Write a source transaction down; the same again is a no-op, on other terms an
        ``InputError``.
        """
        return self._database.write("add", lambda db: add_row(db, intent))

    # --- leases

    def claim(self, choice: Choice) -> tuple[Claim | None, int]:
        """The next posting that is due, leased, if any; and how many were given up on the way."""

        def work(db: Connection) -> tuple[Claim | None, int]:
            check_host(db, choice.terms.owner)
            self._wake(db, choice.terms)
            return take_next(db, choice)

        return self._database.write("claim", work)

    def claim_one(self, id: int, terms: Terms) -> Claim | None:
        """That posting, leased, unless it is settled or in somebody else's hands. A pause does not
        count.
        """

        def work(db: Connection) -> Claim | None:
            check_host(db, terms.owner)
            self._wake(db, terms)
            free = _P.state.in_(("pending", "rejected")) | (
                (_P.state == "leased") & (_P.due_at <= now())
            )
            row = db.execute(
                select(postings).where(_P.id == id, free).with_for_update()
            ).one_or_none()
            return None if row is None else take(db, row, terms)

        return self._database.write("claim", work)

    def finish(self, claim: Claim, verdict: Verdict) -> bool:
        """Write down how the attempt ended; False when the lease was lost, and nothing was written."""
        with _after_sending(verdict):
            return self._database.write("finish", lambda db: write_down(db, claim, verdict))

    def finish_and_claim(
        self, claim: Claim, verdict: Verdict, choice: Choice
    ) -> tuple[bool, Claim | None, int]:
        """``finish`` and ``claim`` in one transaction: half the waiting for the disk."""

        def work(db: Connection) -> tuple[bool, Claim | None, int]:
            is_finished = write_down(db, claim, verdict)
            if new_origin_of(db, choice.terms.owner) is not None:
                # What came of this one is written down first; the next ``claim`` says that the host
                # has moved.
                return is_finished, None, 0
            # A worker that is never idle never comes by ``claim``: the rows of the dead would wait.
            if time.monotonic() - self._woken_at > _WAKE_EVERY:
                self._wake(db, choice.terms)
            return is_finished, *take_next(db, choice)

        with _after_sending(verdict):
            return self._database.write("finish", work)

    def _wake(self, db: Connection, terms: Terms) -> None:
        wake(db, terms)
        self._woken_at = time.monotonic()

    def waits(self, choice: Choice) -> dict[str, float]:
        """In how many seconds each company's first posting may be sent (less than zero: now)."""
        return self._database.read(lambda db: waits(db, choice))

    def queues(self, choice: Choice) -> list[Queue]:
        """What is left, by organization."""
        return self._database.read(lambda db: queues(db, choice))

    def due_connections(self, longest: float) -> list[str]:
        """The names of the connections that have something due, or something due later than
        anything waits.

        What is nobody's in particular is the default connection's.
        """
        names = self._database.read(lambda db: due_connections(db, longest))
        return sorted({name or DEFAULT_NAME for name in names})

    # --- pauses

    def pauses(self, owner: Owner | None) -> tuple[Pause, ...]:
        """The pauses of an owner, or all."""
        return self._database.read(lambda db: pauses_in_force(db, owner))

    def resume(self, organization_id: str | None) -> int:
        """Lift the pauses of an organization, or all; gives how many."""
        return self._database.write("resume", lambda db: lift(db, organization_id))

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

    def listed(
        self, state: str | None, organization_id: str | None, owner: Owner | None = None
    ) -> tuple[StoredPosting, ...]:
        """The postings of a state, of an organization, of an owner, or all."""
        conditions = _of(owner)
        if state is not None:
            conditions.append(in_state(state))
        if organization_id is not None:
            conditions.append(_P.organization_id == organization_id)
        if owner is not None:
            self._database.read(lambda db: check_host(db, owner))
        return self.find(*conditions)

    def status(self, owner: Owner | None) -> Status:
        """How the outbox stands, of an owner or in all."""

        def work(db: Connection) -> Status:
            check_host(db, owner)
            return status(db, owner)

        return self._database.read(work)

    def retry_rejected(self, organization_id: str | None, code: str | None) -> int:
        """Make rejected postings pending again; gives how many."""
        chosen = [
            row.id for row in self.listed("rejected", organization_id) if code in (None, _code(row))
        ]

        def work(db: Connection) -> int:
            count = 0
            for id in chosen:
                again = update(postings).where(_P.id == id, _P.state == "rejected")
                values = {"state": "pending", "due_at": now(), "changed_at": now()}
                count += db.execute(again.values(values)).rowcount
            return count

        return self._database.write("retry", work)

    def organizations(self, owner: Owner) -> tuple[str, ...]:
        """The organizations that an owner has postings of."""
        query = (
            select(_P.organization_id)
            .where(belongs_to(owner))
            .distinct()
            .order_by(_P.organization_id)
        )
        return tuple(self._database.read(lambda db: db.execute(query).scalars().all()))

    def settled_entries(self, organization_id: str) -> dict[str, int]:
        """The entries of an organization that settle a posting, each with that posting."""
        settled = (_P.organization_id == organization_id, _P.journal_entry_id.is_not(None))
        query = select(_P.journal_entry_id, _P.id).where(*settled)
        return {
            row.journal_entry_id: row.id
            for row in self._database.read(lambda db: db.execute(query).all())
        }


@contextmanager
def _after_sending(verdict: Verdict) -> Iterator[None]:
    """Let an error of the store say what is known of the posting: its request may have left, and
    been answered.
    """
    try:
        yield
    except StoreError as error:
        error.outcome = verdict.outcome
        raise


def _of(owner: Owner | None) -> list[ColumnElement[bool]]:
    return [] if owner is None else [belongs_to(owner)]


def _code(row: StoredPosting) -> str | None:
    return row.failure.code if row.failure else None
