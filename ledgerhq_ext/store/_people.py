"""The decisions of people: they look, decide, correct, lay to rest, and declare a restored store
old.
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
from ledgerhq_ext.store._owner import Owner, owner_of
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
        """Return postings of this client with the posted entries that could be each of them.

        ``postings``: these; else all that need attention. Entries agree by date, accounts and
        amount; those that settle other postings are left out. A person looks, and calls
        ``resolve``. Where a company, or a posting itself, cannot be read, the posting comes without
        candidates, and with the ``problem``. Reads ``GET /api/v1/entries``. Raises ``InputError``
        for the postings of another client.
        """
        owner = owner_of(hq._session)
        if postings is None:
            postings = await self._work(self._rows.listed, "needs_attention", None, owner)
        doubtful = tuple(postings)
        # All are checked before anything is read.
        for posting in doubtful:
            _check_owner(posting, owner)
        search = Search(self._rows, hq._session, self._work)
        return [await search.doubt(posting) for posting in doubtful]

    async def resolve(
        self, posting: StoredPosting, *, stands_as: Entry | None, force: bool = False
    ) -> StoredPosting:
        """Record a person's decision on a posting that needs attention, and return the posting.

        ``stands_as`` an entry: it is posted, with a receipt made from the entry (which names no
        bank rows). An entry settles one posting; one that differs from the posting in date, amount
        or accounts needs ``force=True``. None: it certainly does not stand; it is sent again, under
        its old key. Raises ``InputError`` in any other state.
        """
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
        """Give a posting that certainly does not stand another payload, and return it, pending.

        That is one that was rejected, never sent, or changed in the database before it was sent.
        Its source stays; where a request may have used its key, it gets another one, which is the
        same whenever this posting is corrected. Raises ``InputError`` for a posting that may stand,
        and for a correction of another kind.
        """
        content = content_of(correction)
        if correction.resource != posting.resource:
            raise InputError(
                f"Posting {posting.id} is a {posting.resource} and cannot become a "
                f"{correction.resource}; discard it, and add the other one."
            )
        digest = fingerprint(content)
        return await self._work(self._decided, posting, decisions.correct, content, digest)

    async def discard(self, posting: StoredPosting, *, reason: str) -> StoredPosting:
        """Lay a posting to rest, and return it: it is never sent again, and stays for the audit.

        That is one in conflict, rejected, never sent, or in need of attention. ``reason``: what
        somebody reads who asks for it in a year. Raises ``InputError`` in any other state.
        """
        words = _check_reason(reason)
        return await self._work(self._decided, posting, decisions.discard, words)

    async def acknowledge(self, posting: StoredPosting, *, reason: str) -> StoredPosting:
        """Close the alarm of a posting, and return the posting.

        A person has looked, and says why it may be as it is. Alarm and ``reason`` stay on the
        posting, and it is counted no more; another alarm opens it again, behind both. Raises
        ``InputError`` for a posting without an open alarm, and for one whose alarm is another since
        it was read.
        """
        words = _check_reason(reason)
        return await self._work(self._decided, posting, decisions.acknowledge, words)

    async def prune(self, *, before: dt.datetime, archive: str | os.PathLike[str] | None) -> int:
        """Remove the payloads of what was settled ``before`` a moment, and return of how many
        postings.

        They are written into ``archive`` before, a new file of JSON lines for its owner only; None:
        they are lost. Of a pruned posting source, key, digest and receipt stay, and day, accounts
        and amounts: adding its source again is a no-op, ``post`` returns its receipt, and the audit
        compares it. What may still be needed is never pruned: what is not settled, is in conflict,
        was discarded although it may stand, has an open alarm or is damaged. With an archive that
        is there already, a prune that was broken off is finished, and nothing newer is pruned.

        Raises ``InputError`` for a moment that is not a day longer ago than a key lives (see
        ``OutboxSettings``), while the store is distrusted, and for a file that is no archive, is
        damaged, or is finished.
        """
        moment = _check_before(before, self.settings.key_lifetime)
        place = None if archive is None else to_path(archive, "archive")
        return await self._work(prune, self._database, moment, place)

    async def distrust(self, *, since: dt.datetime) -> int:
        """Declare that the store was restored from a backup, and does not know what it sent
        ``since``.

        Call it before anything is drained or added. Every posting that is not settled needs
        attention then, and so does every one that is added until ``trust`` is called: it may have
        been added and posted before. ``candidates`` names the entries that could be them,
        ``resolve`` decides. Return how many postings of the store need attention by it. Raises
        ``InputError`` for a moment without a time zone, or in the future.
        """
        moment = _check_moment(since)
        return await self._work(decisions.distrust, self._database, moment)

    async def trust(self) -> bool:
        """End what ``distrust`` began: everything from before is added again, what comes now is
        new.

        Postings that need attention still do. Return False when the store was not distrusted.
        """
        return await self._work(decisions.trust, self._database)

    def _decided(self, posting: StoredPosting, decision: Any, *values: Any) -> StoredPosting:
        decision(self._database, posting, *values)
        return self._rows.get(posting.id)


def _check_owner(posting: StoredPosting, owner: Owner) -> None:
    """Raise ``InputError`` for a posting that is another client's, or went to another host."""
    connection = posting.connection or owner.connection
    origin = posting.origin or posting.sent_origin or owner.origin
    its_owner = Owner(connection, origin)
    if its_owner != owner:
        raise InputError(
            f"Posting {posting.id} belongs to {its_owner}, and this client is {owner}."
        )


def _receipt_of(posting: StoredPosting, entry: Entry) -> Receipt:
    """Return the receipt that the service would have given for an entry, without its bank rows."""
    if entry.organization_id != posting.organization_id or entry.posted_at is None:
        raise InputError(f"Entry {entry.id} is not posted, or belongs to another organization.")
    if not is_storable(entry.id):
        raise InputError(
            f"The store cannot hold {entry.id!r}; call discard(posting, reason=…) with what is "
            "known."
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
            f"Entry {entry.id} does not look like posting {posting.id}: {'; '.join(differences)}. "
            "If it is this entry all the same, pass force=True."
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
            f"before must be {latest:%Y-%m-%d %H:%M:%S} UTC or earlier, not {before}: a younger "
            "posting may still be answered."
        )
    return before


def _check_moment(since: dt.datetime) -> float:
    """Return the moment of a backup in epoch seconds."""
    _check_aware(since, "since")
    if since > dt.datetime.now(dt.UTC) + _CLOCK_TOLERANCE:
        raise InputError(f"since must be the moment of the backup, and {since} is in the future.")
    return since.timestamp()
