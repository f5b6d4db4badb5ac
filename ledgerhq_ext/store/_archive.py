"""An archive of postings: a JSON Lines file with a header and one posting per line, written
completely or not at all.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from ledgerhq_ext._files import read_lines, write_new_file
from ledgerhq_ext._idempotency import fingerprint
from ledgerhq_ext._paths import shown
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.store._rows import moment

_NAME = "ledgerhq_archive"
_VERSION = 1
_UNREADABLE = (ValueError, TypeError, KeyError)


@frozen(kw_only=True)
class Payload:
    """The payload of a posting that is pruned, and the values by which its row is recognized."""

    id: int
    key: str
    digest: str
    request: bytes


def payload_of(row: Any) -> Payload:
    """Return the payload of a row."""
    return Payload(id=row.id, key=row.key, digest=row.digest, request=row.request)


def write_archive(path: Path, rows: Iterable[Any], before: dt.datetime) -> None:
    """Write an archive; on return it is on the disk.

    ``InputError`` where there is a file already.
    """
    write_new_file(path, _lines(rows, before))


def payloads_in(path: Path) -> Iterator[Payload]:
    """Yield what stands in an archive; ``InputError`` for a file that is none, or is damaged."""
    lines = read_lines(path)
    if not _is_header(next(lines, b"")):
        raise InputError(
            f"{shown(path)} already exists and is not an archive from this release. Choose "
            "another file name."
        )
    for number, line in enumerate(lines, 2):
        payload = _payload(line)
        if payload is None:
            raise InputError(
                f"Line {number} of the archive {shown(path)} is damaged. Nothing from that line "
                "on was pruned. Choose another file name; postings that were not pruned will "
                "be archived again."
            )
        yield payload


def _lines(rows: Iterable[Any], before: dt.datetime) -> Iterator[bytes]:
    yield _line({_NAME: _VERSION, "before": before.isoformat()})
    for row in rows:
        yield _line(_document(row))


def _line(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode() + b"\n"


def _document(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "organization_id": row.organization_id,
        "resource": row.resource,
        "source": [row.source_system, row.source_id],
        "key": row.key,
        "added_key": row.added_key,
        # As text and not as an object: its digest is that of these bytes.
        "request": row.request.decode(),
        "digest": row.digest,
        "in_order": row.in_order,
        "state": row.state,
        "attempts": row.attempts,
        "connection": row.connection,
        "origin": row.origin,
        "sent_origin": row.sent_origin,
        "sent_route": row.sent_route,
        "added_at": _time(row.added_at),
        "first_sent_at": _time(row.first_sent_at),
        "changed_at": _time(row.changed_at),
        "receipt": None if row.receipt is None else json.loads(row.receipt),
        "journal_entry_id": row.journal_entry_id,
        "error": None if row.error is None else json.loads(row.error),
        "alarm": row.alarm,
        "acknowledgement": row.acknowledgement,
        "discard_reason": row.discard_reason,
    }


def _time(seconds: float | None) -> str | None:
    time = moment(seconds)
    return None if time is None else time.isoformat()


def _is_header(line: bytes) -> bool:
    try:
        return bool(json.loads(line)[_NAME] == _VERSION)
    except _UNREADABLE:
        return False


def _payload(line: bytes) -> Payload | None:
    """Return the payload on a line; None when the line is damaged."""
    try:
        document = json.loads(line)
        payload = Payload(
            id=document["id"],
            key=document["key"],
            digest=document["digest"],
            request=document["request"].encode(),
        )
    except (*_UNREADABLE, AttributeError):
        return None
    # A line that was cut, and joined to another, is no JSON; a payload that changed has another
    # digest.
    return payload if fingerprint(payload.request) == payload.digest else None
