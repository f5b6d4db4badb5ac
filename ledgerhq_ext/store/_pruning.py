"""Pruning: payloads that nobody needs any more leave the store, and what keeps a source from being
posted twice stays.

A row is never deleted. A pruned one keeps source, key, digest and receipt, and of its payload what
the audit compares: day, accounts and amounts. So its source stays known, and so does its entry.
What leaves are the words (payee, memo, descriptions), and the contacts, bills and tax rates that it
refers to.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from ledgerhq_ext._paths import shown
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.store._archive import Payload, payload_of, payloads_in, write_archive
from ledgerhq_ext.store._database import Database
from ledgerhq_ext.store._decisions import distrusted_since
from ledgerhq_ext.store._faultpoints import reach
from ledgerhq_ext.store._matching import outline
from ledgerhq_ext.store._reading import flaw, stored
from ledgerhq_ext.store._schema import now, postings
from ledgerhq_ext.store._statements import has_open_alarm

MARGIN = dt.timedelta(days=1)
"""How much longer than its key a posting stays whole: a worker that was stopped may still come with
an answer.
"""
_P = postings.c
_BATCH = 200


def prune(database: Database, before: dt.datetime, archive: Path | None) -> int:
    """Prune what was settled before a moment; return how many postings.

    With an archive, what it holds on the disk is pruned and nothing else. So what was broken off
    can be finished by it.
    """
    database.read(_check_trust)
    if archive is None:
        return _remove(database, map(payload_of, _rows(database, before)))

    # Not by Path.exists, which raises where this user may not look into the folder.
    is_new = not os.path.exists(archive)  # noqa: PTH110
    if is_new and not _write(database, before, archive):
        return 0
    reach("prune: the archive is written")
    count = _remove(database, payloads_in(archive))
    if count == 0 and not is_new:
        raise InputError(
            f"Everything in the archive {shown(archive)} is already pruned. Choose another file "
            "name for a new archive."
        )
    return count


def _check_trust(db: Connection) -> None:
    if distrusted_since(db) is not None:
        raise InputError(
            "Nothing can be pruned while the store is distrusted. Compare it with the books, "
            "and call trust() first."
        )


def _is_over() -> list[ColumnElement[bool]]:
    """Return the conditions that a row is settled for good, and nobody has to look at it."""
    is_posted = (_P.state == "posted") & _P.receipt.is_not(None)
    is_discarded = (_P.state == "discarded") & ~_P.unknown
    return [is_posted | is_discarded, _P.pruned_at.is_(None), ~has_open_alarm()]


def _write(database: Database, before: dt.datetime, archive: Path) -> bool:
    """Write the archive; return False, and write none, when there is nothing for it."""
    rows = _rows(database, before)
    first = next(rows, None)
    if first is None:
        return False
    write_archive(archive, itertools.chain([first], rows), before)
    return True


def _rows(database: Database, before: dt.datetime) -> Iterator[Any]:
    """Yield the rows that can be pruned, in the order of adding; a batch of them is in memory."""
    rows = _batch_after(database, before, 0)
    while rows:
        yield from filter(_is_whole, rows)
        rows = _batch_after(database, before, rows[-1].id)


def _batch_after(database: Database, before: dt.datetime, id: int) -> Sequence[Any]:
    query = select(postings).where(*_is_over(), _P.changed_at < before.timestamp(), _P.id > id)
    return database.rows(query.order_by(_P.id).limit(_BATCH))


def _is_whole(row: Any) -> bool:
    """Return whether a row can be read, and is what it was.

    A damaged one stays as it is, for people.
    """
    return flaw(row) is None and stored(row).alarm == row.alarm


def _remove(database: Database, payloads: Iterable[Payload]) -> int:
    """Remove payloads from their rows, where they are still what they were; return how many."""
    left = iter(payloads)
    count = 0
    # A batch is a transaction: a drain waits no longer for the disk than a batch takes.
    while batch := list(itertools.islice(left, _BATCH)):
        count += database.write("prune", _remove_batch, batch)
    return count


def _remove_batch(db: Connection, batch: list[Payload]) -> int:
    return sum(_remove_one(db, payload) for payload in batch)


def _remove_one(db: Connection, payload: Payload) -> int:
    request = json.dumps(outline(json.loads(payload.request))).encode()
    # Asked again of the row itself: it may have changed since it was read, or archived.
    is_the_same = (_P.id == payload.id, _P.key == payload.key, _P.digest == payload.digest)
    row = update(postings).where(*is_the_same, *_is_over())
    return db.execute(row.values(request=request, error=None, pruned_at=now())).rowcount
