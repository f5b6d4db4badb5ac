"""The table of postings: every read and write of it, each one short transaction.

A claim is a lease: the row is due again when it ends. Every later write asks for the lease it took,
so a worker that comes back too late changes nothing. "May have been sent" is committed with the
claim, before the send.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

from sqlalchemy import Connection, Update, select, update

from ledgerhq_ext._http.session import DEFAULT_NAME
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.store._adding import add_row, find_row, has_row
from ledgerhq_ext.store._bulk import Standing, Written, add_rows, find_rows
from ledgerhq_ext.store._claims import Choice, Claim, Terms, examine, lease, wake
from ledgerhq_ext.store._database import Database
from ledgerhq_ext.store._errors import StoreError
from ledgerhq_ext.store._figures import status
from ledgerhq_ext.store._lanes import (
    Catch,
    LastLane,
    due_connections,
    give_up_those_in_no_lane,
    take_more,
    take_next,
    waits,
)
from ledgerhq_ext.store._moving import check_host, new_origin_of
from ledgerhq_ext.store._outcomes import End, write_all_down, write_down
from ledgerhq_ext.store._owner import Owner
from ledgerhq_ext.store._pauses import lift, pauses_in_force
from ledgerhq_ext.store._queues import Queue, queues
from ledgerhq_ext.store._reading import stored
from ledgerhq_ext.store._rows import Pause, Status, StoredPosting
from ledgerhq_ext.store._schema import now, postings
from ledgerhq_ext.store._statements import Intent, belongs_to, in_state
from ledgerhq_ext.store._verdict import Verdict

_P = postings.c
_WAKE_EVERY = 5.0
"""Seconds after which a busy worker looks for the rows of the dead."""
_LOOK_EVERY = 60.0
"""Seconds after which a worker looks at everything that is left."""
_LAST_ID = 2**63 - 1


class Postings:
    """The table, in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._woken_at = 0.0
        self._looked_at = -math.inf

    # --- before anything is sent

    def has(self, intent: Intent) -> bool:
        """Return whether a source transaction was added before."""
        return self._database.read(has_row, intent)

    def find(self, intent: Intent) -> StoredPosting | None:
        """Return the row of a source transaction, or None; on other terms an ``InputError``."""
        return self._database.read(find_row, intent)

    def find_rows(self, intents: Sequence[Intent]) -> list[Standing]:
        """Return what is there of each source transaction of an organization, in their order."""
        return self._database.read(find_rows, intents)

    def add(self, intent: Intent) -> StoredPosting:
        """Write a source transaction down; the same again is a no-op, on other terms an
        ``InputError``.
        """
        return self._database.write("add", add_row, intent)

    def add_rows(self, intents: Sequence[Intent]) -> Written:
        """Write some source transactions of an organization down, up to the first that does not fit
        what is there.
        """
        return self._database.write("add", add_rows, intents)

    # --- leases

    def claim(self, choice: Choice) -> tuple[Claim | None, int]:
        """Lease the next posting that is due, if any.

        Return it, and how many were given up on the way.
        """
        catch = self.claim_some(choice, 1)
        return next(iter(catch.claims), None), catch.given_up

    def claim_some(self, choice: Choice, count: int, last: LastLane | None = None) -> Catch:
        """Lease the next postings that are due, up to so many.

        ``last``: where the next ``finish_and_claim`` looks first; it is noted there.
        """
        return self._database.write("claim", self._claim, choice, count, last or LastLane())

    def _claim(self, db: Connection, choice: Choice, count: int, last: LastLane) -> Catch:
        check_host(db, choice.terms.owner)
        self._wake(db, choice.terms)
        catch = Catch(count)
        take_next(db, choice, catch, last)
        if catch.left > 0 and time.monotonic() - self._looked_at > _LOOK_EVERY:
            catch.given_up += give_up_those_in_no_lane(db)
            self._looked_at = time.monotonic()
        return catch

    def claim_one(self, id: int, terms: Terms) -> Claim | None:
        """Lease a posting, also one that waits or was rejected.

        Return None when it is settled, or in somebody else's hands.
        """
        return self._database.write("claim", self._claim_one, id, terms)

    def _claim_one(self, db: Connection, id: int, terms: Terms) -> Claim | None:
        check_host(db, terms.owner)
        self._wake(db, terms)
        is_abandoned = (_P.state == "leased") & (_P.due_at <= now())
        is_free = _P.state.in_(("pending", "rejected")) | is_abandoned
        query = select(postings).where(_P.id == id, is_free).with_for_update()
        row = db.execute(query).one_or_none()
        claim = None if row is None else examine(db, row, terms)
        if claim is not None:
            lease(db, [claim], terms)
        return claim

    def finish(self, claim: Claim, verdict: Verdict) -> bool:
        """Write down how an attempt ended; return False when its lease was lost, and it settled
        nothing.
        """
        try:
            return self._database.write("finish", write_down, claim, verdict)
        except StoreError as error:
            error.outcome = verdict.outcome
            raise

    def finish_and_claim(
        self, ends: Sequence[End], choice: Choice, count: int, last: LastLane | None = None
    ) -> tuple[list[bool], Catch]:
        """Do ``finish`` for some, and ``claim_some`` of up to so many, in one transaction: there is
        one wait for the disk.
        """
        work = self._finish_and_claim
        return self._database.write("finish", work, ends, choice, count, last or LastLane())

    def _finish_and_claim(
        self, db: Connection, ends: Sequence[End], choice: Choice, count: int, last: LastLane
    ) -> tuple[list[bool], Catch]:
        are_written = write_all_down(db, ends)
        catch = Catch(count)
        # A worker that is never idle never comes by ``claim``: the rows of the dead would wait.
        if count > 0 and time.monotonic() - self._woken_at > _WAKE_EVERY:
            self._wake(db, choice.terms)

        take_more(db, choice, catch, last)
        # An error would undo what was just written down. The next ``claim`` raises it.
        if catch.left > 0 and new_origin_of(db, choice.terms.owner) is None:
            take_next(db, choice, catch, last)
        return are_written, catch

    def _wake(self, db: Connection, terms: Terms) -> None:
        wake(db, terms)
        self._woken_at = time.monotonic()

    def waits(self, choice: Choice) -> dict[str, float]:
        """Return in how many seconds each company's first posting may be sent (less than zero:
        now).
        """
        return self._database.read(waits, choice)

    def queues(self, choice: Choice) -> list[Queue]:
        """Return what is left, by organization."""
        return self._database.read(queues, choice)

    def due_connections(self, longest: float) -> list[str]:
        """Return the names of the connections with something due, or due in more than ``longest``
        seconds.

        What is nobody's in particular is the default connection's.
        """
        names = self._database.read(due_connections, longest)
        return sorted({name or DEFAULT_NAME for name in names})

    # --- pauses

    def pauses(self, owner: Owner | None) -> tuple[Pause, ...]:
        """Return the pauses of an owner, or all."""
        return self._database.read(pauses_in_force, owner)

    def resume(self, organization_id: str | None) -> int:
        """Lift the pauses of an organization, or all; return how many."""
        return self._database.write("resume", lift, organization_id)

    # --- reading, and decisions of people

    def get(self, id: int) -> StoredPosting:
        """Return one posting; ``InputError`` when there is none with this id."""
        # Databases refuse a number that is none of theirs with an error of their own.
        is_number = 0 < id <= _LAST_ID
        rows = self._database.rows(select(postings).where(_P.id == id)) if is_number else []
        if not rows:
            raise InputError(f"There is no posting {id} in the store.")
        return stored(rows[0])

    def listed(
        self,
        state: str | None,
        organization_id: str | None,
        owner: Owner | None = None,
        source: tuple[str, str] | None = None,
    ) -> tuple[StoredPosting, ...]:
        """Return the postings of a state, of an organization, of an owner, of a source, or all, in
        the order in which they were added.
        """
        query = select(postings).order_by(_P.id)
        if state is not None:
            query = query.where(in_state(state))
        if organization_id is not None:
            query = query.where(_P.organization_id == organization_id)
        if source is not None:
            # By ids: an index holds all that is compared, though in another order; rows are long.
            same_source = (_P.source_system == source[0], _P.source_id == source[1])
            query = query.where(_P.id.in_(select(_P.id).where(*same_source)))
        if owner is not None:
            self._database.read(check_host, owner)
            query = query.where(belongs_to(owner))
        return tuple(stored(row) for row in self._database.rows(query))

    def status(self, owner: Owner | None) -> Status:
        """Return how the outbox stands, of an owner or in all."""
        return self._database.read(_status, owner)

    def retry_rejected(self, organization_id: str | None, code: str | None) -> int:
        """Make rejected postings pending again; return how many.

        ``code``: only those that the service refused with it.
        """
        if code is None:
            return self._database.write("retry", _retry_all, organization_id)

        ids: list[int] = []
        for posting in self.listed("rejected", organization_id):
            if _code_of(posting) == code:
                ids.append(posting.id)
        return self._database.write("retry", _retry, ids)

    def organizations(self, owner: Owner) -> tuple[str, ...]:
        """Return the ids of the organizations that an owner has postings of, in their order."""
        self._database.read(check_host, owner)
        companies = select(_P.organization_id).where(belongs_to(owner)).distinct()
        rows = self._database.rows(companies.order_by(_P.organization_id))
        return tuple(row.organization_id for row in rows)

    def settled_entries(self, organization_id: str) -> dict[str, int]:
        """Return the entries of an organization that settle a posting, each with that posting."""
        is_settled = (_P.organization_id == organization_id, _P.journal_entry_id.is_not(None))
        rows = self._database.rows(select(_P.journal_entry_id, _P.id).where(*is_settled))
        return {row.journal_entry_id: row.id for row in rows}


def _status(db: Connection, owner: Owner | None) -> Status:
    check_host(db, owner)
    return status(db, owner)


def _retry_all(db: Connection, organization_id: str | None) -> int:
    """Make what is rejected pending again, however much that is: in one statement, unread."""
    again = _again()
    if organization_id is not None:
        again = again.where(_P.organization_id == organization_id)
    return db.execute(again).rowcount


def _retry(db: Connection, ids: Sequence[int]) -> int:
    count = 0
    for id in ids:
        # One at a time, and only if it is rejected still: somebody may have corrected it since it
        # was read.
        count += db.execute(_again().where(_P.id == id)).rowcount
    return count


def _again() -> Update:
    """Return the statement that makes what is rejected pending again."""
    values = {"state": "pending", "due_at": now(), "changed_at": now()}
    return update(postings).where(_P.state == "rejected").values(values)


def _code_of(posting: StoredPosting) -> str | None:
    return None if posting.failure is None else posting.failure.code
