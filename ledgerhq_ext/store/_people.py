"""The decisions of people: review, resolve, correct, discard, and declare that a store was
restored.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from typing import Any

from ledgerhq_ext._http.io import Work
from ledgerhq_ext._idempotency import fingerprint
from ledgerhq_ext._paths import to_path
from ledgerhq_ext._plain import plain
from ledgerhq_ext._resources.posting import content_of
from ledgerhq_ext.client import AsyncLedgerHQ
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.models import Entry, Receipt
from ledgerhq_ext.postings import Posting
from ledgerhq_ext.store import _decisions as decisions
from ledgerhq_ext.store._candidates import Search
from ledgerhq_ext.store._database import Database
from ledgerhq_ext.store._matching import mismatches
from ledgerhq_ext.store._owner import Owner, owner_of, session_of
from ledgerhq_ext.store._postings import Postings
from ledgerhq_ext.store._pruning import MARGIN, prune
from ledgerhq_ext.store._rows import Doubt, StoredPosting, receipt_to_json
from ledgerhq_ext.store._settings import OutboxSettings
from ledgerhq_ext.store._statements import NEVER_SENT
from ledgerhq_ext.store._verdict import is_storable

_LONGEST_REASON = 2000
"""Characters."""
_CLOCK_TOLERANCE = dt.timedelta(minutes=1)


class Decisions:
    """The decisions of people on the postings of a store."""

    _database: Database
    _rows: Postings
    _work: Work
    settings: OutboxSettings
    """The patience and the care of the outbox."""

    async def candidates(
        self, hq: AsyncLedgerHQ, postings: Iterable[StoredPosting] | None = None
    ) -> list[Doubt]:
        """Return this client's postings, each with the posted entries that could match it.

        Without ``postings``, covers all postings that need attention. Entries match by date,
        accounts and amount; those that settle other postings are left out. A person reviews them
        and calls ``resolve``. If a company, or the posting itself, cannot be read, the posting has
        no candidates, and ``problem`` says why. Reads ``GET /api/v1/entries``. Raises
        ``InputError`` for postings of another client.
        """
        owner = owner_of(session_of(hq))
        if postings is None:
            postings = await self._work(self._rows.listed, "needs_attention", None, owner)
        doubtful = tuple(postings)
        # All are checked before anything is read.
        for posting in doubtful:
            _check_posting(posting)
            _check_owner(posting, owner)
        search = Search(self._rows, session_of(hq), self._work)
        return [await search.doubt(posting) for posting in doubtful]

    async def resolve(
        self, posting: StoredPosting, *, stands_as: Entry | None, force: bool = False
    ) -> StoredPosting:
        """Record a person's decision about a posting that needs attention, and return the posting.

        With ``stands_as=entry``, the posting is recorded as posted, with a receipt made from the
        entry (without bank transactions). An entry settles only one posting; if its date, amount or
        accounts differ from the posting, pass ``force=True``. With ``stands_as=None``, the posting
        is certainly not in the books, and is sent again with its original key. Raises
        ``InputError`` if the posting does not need attention, or was tried again or corrected after
        it was read.
        """
        _check_posting(posting)
        values: dict[str, Any] = {"unknown": False, "error": None}
        if stands_as is None:
            values |= {"state": "pending", "due_at": 0.0, **NEVER_SENT}
        else:
            receipt = _receipt_of(posting, stands_as)
            _check_match(posting, stands_as, force=force)
            values |= {
                "state": "posted",
                "receipt": receipt_to_json(receipt),
                "journal_entry_id": stands_as.id,
            }
        return await self._work(self._decided, posting, decisions.settle, values)

    async def correct(self, posting: StoredPosting, correction: Posting) -> StoredPosting:
        """Replace the payload of a posting that is certainly not in the books, and return the
        posting, pending.

        This applies to a posting that was rejected, never sent, or changed in the database before
        it was sent. It keeps its source. If a request may have used its key, it gets a new key,
        which is the same every time this posting is corrected. Raises ``InputError`` for a posting
        that may be in the books, and for a correction of a different kind.
        """
        _check_posting(posting)
        content = content_of(correction, posting.organization_id)
        if correction.resource != posting.resource:
            raise InputError(
                f"Posting {posting.id} is a {posting.resource} and cannot become a "
                f"{correction.resource}. Discard it, and add a new posting."
            )
        digest = fingerprint(content)
        return await self._work(self._decided, posting, decisions.correct, content, digest)

    async def discard(self, posting: StoredPosting, *, reason: str) -> StoredPosting:
        """Discard a posting and return it. It is never sent again, but stays in the store for the
        audit.

        This applies to a posting that is in conflict, is rejected, was never sent, or needs
        attention. ``reason`` is the note that someone will read a year from now. Raises
        ``InputError`` in any other state, and for a posting that was corrected or tried after it
        was read.
        """
        _check_posting(posting)
        words = _check_reason(reason)
        return await self._work(self._decided, posting, decisions.discard, words)

    async def acknowledge(self, posting: StoredPosting, *, reason: str) -> StoredPosting:
        """Close the alarm of a posting, and return the posting.

        ``reason`` says why the posting is acceptable as it is. The alarm and the ``reason`` stay on
        the posting, which is no longer counted in ``Status.alarms``; a new alarm is appended and
        reopens it. Raises ``InputError`` if the posting has no open alarm, or if the alarm changed
        after the posting was read.
        """
        _check_posting(posting)
        words = _check_reason(reason)
        return await self._work(self._decided, posting, decisions.acknowledge, words)

    async def prune(self, *, before: dt.datetime, archive: str | os.PathLike[str] | None) -> int:
        """Remove the payloads of postings settled ``before`` a moment, and return the number of
        postings.

        The payloads are first written to ``archive``, a new JSON Lines file that only its owner can
        read; with None, they are lost. A pruned posting keeps its source, key, digest and receipt,
        and its date, accounts and amounts: adding its source again is a no-op, ``post`` returns its
        receipt, and the audit still compares it. Postings that may still be needed are never
        pruned: those that are not settled, are in conflict, were discarded although they may be in
        the books, have an open alarm, or are damaged. If the archive already exists, an interrupted
        prune is completed, and nothing newer is pruned.

        Raises ``InputError`` if ``before`` is more recent than ``key_lifetime`` (see
        ``OutboxSettings``) plus one day, while the store is distrusted, and if the file is not an
        archive, is damaged, or is already pruned.
        """
        moment = _check_before(before, self.settings.key_lifetime)
        place = None if archive is None else to_path(archive, "archive")
        return await self._work(prune, self._database, moment, place)

    async def distrust(self, *, since: dt.datetime) -> int:
        """Declare that the store was restored from a backup, and has no record of what it sent
        ``since`` then.

        Call this before anything is drained or added. Every unsettled posting then needs attention,
        and so does every posting added until ``trust`` is called, because it may have been added
        and posted before. ``candidates`` lists the entries that could match, and ``resolve``
        records the decision. Return the number of postings that need attention as a result. Raises
        ``InputError`` for a datetime without a time zone, or in the future.
        """
        moment = _check_moment(since)
        return await self._work(decisions.distrust, self._database, moment)

    async def trust(self) -> bool:
        """End what ``distrust`` began: everything from before the restore has been added again, and
        later postings are new.

        Postings that need attention still do. Return False if the store was not distrusted.
        """
        return await self._work(decisions.trust, self._database)

    def _decided(self, posting: StoredPosting, decision: Any, *values: Any) -> StoredPosting:
        decision(self._database, posting, *values)
        return self._rows.get(posting.id)


def _check_posting(posting: object) -> None:
    if not isinstance(posting, StoredPosting):
        raise InputError(
            f"posting must be a StoredPosting, not {posting!r}; outbox.posting(id) returns one."
        )


def _check_owner(posting: StoredPosting, owner: Owner) -> None:
    """Raise ``InputError`` for a posting that is another client's, or went to another host."""
    # A row that was added without a client, and never sent, is anybody's.
    connection = posting.connection or owner.connection
    origin = posting.origin or posting.sent_origin or owner.origin
    its_owner = Owner(connection, origin)
    if its_owner == owner:
        return
    raise InputError(f"Posting {posting.id} belongs to {its_owner}, but this client uses {owner}.")


def _receipt_of(posting: StoredPosting, entry: Entry) -> Receipt:
    """Return the receipt that the service would have given for an entry, without its bank rows."""
    if not isinstance(entry, Entry):
        raise InputError(
            f"stands_as must be an Entry or None, not {entry!r}; books.entry(id) returns one."
        )
    if entry.organization_id != posting.organization_id or entry.posted_at is None:
        raise InputError(f"Entry {entry.id} is not posted, or belongs to another organization.")
    if not is_storable(entry.id):
        raise InputError(
            f"The store cannot hold the entry id {entry.id!r}. Call discard(posting, reason=…), "
            "and name the entry in the reason."
        )
    return Receipt(
        id=entry.source_id or "",
        resource_type=posting.resource,
        journal_entry_id=entry.id,
        bank_transaction_ids=(),
        status="posted",
        posted_at=entry.posted_at,
        idempotency_key=posting.key,
        replayed=True,
        organization_id=posting.organization_id,
    )


def _check_match(posting: StoredPosting, entry: Entry, *, force: bool) -> None:
    if force:
        return
    differences = mismatches(entry, posting)
    if differences:
        raise InputError(
            f"Entry {entry.id} does not look like posting {posting.id}: "
            f"{'; '.join(differences)}. If it is the right entry nevertheless, pass force=True."
        )


def _check_reason(reason: str) -> str:
    is_text = isinstance(reason, str) and reason.strip() != ""
    if not is_text or len(reason) > _LONGEST_REASON:
        raise InputError(
            f"reason must be a string of 1 to {_LONGEST_REASON} characters, not {reason!r}."
        )

    return plain(reason)


def _check_aware(value: dt.datetime, name: str) -> None:
    """Raise ``InputError`` unless a value is a moment: a time without a zone is none."""
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        raise InputError(f"{name} must be a datetime with a time zone, not {value!r}.")


def _check_before(before: dt.datetime, key_lifetime: float) -> dt.datetime:
    _check_aware(before, "before")
    latest = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=key_lifetime) - MARGIN
    if before > latest:
        raise InputError(
            f"before must be {latest:%Y-%m-%d %H:%M:%S} UTC or earlier, not {before}, because a "
            "later posting may still receive a response."
        )
    return before


def _check_moment(since: dt.datetime) -> float:
    """Return the moment of a backup in epoch seconds."""
    _check_aware(since, "since")
    if since > dt.datetime.now(dt.UTC) + _CLOCK_TOLERANCE:
        raise InputError(f"since must be the time of the backup, but {since} is in the future.")
    return since.timestamp()
