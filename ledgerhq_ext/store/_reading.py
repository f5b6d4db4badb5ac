"""Reading rows: damage by a disk or by a hand is named on its row, and never stops the others."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any, TypeVar

from ledgerhq_ext._checks import check_id
from ledgerhq_ext._idempotency import check_key, fingerprint
from ledgerhq_ext._resources.posting import routes_of
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.models import Receipt
from ledgerhq_ext.store._holders import Holder
from ledgerhq_ext.store._rows import STATES, Failure, State, StoredPosting, moment

T = TypeVar("T")

_UNREADABLE = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    OverflowError,
    OSError,
    RecursionError,
)
"""The errors of what stands in a damaged row: no number, no JSON, another shape, too deep."""
_MOST_ATTEMPTS = 2**31 - 1
"""As many as a column of PostgreSQL holds."""
_EPOCH = dt.datetime.fromtimestamp(0, dt.UTC)
CHANGED = "its payload was changed in the database: its bytes and their digest do not match"


def flaw(row: Any) -> str | None:
    """Return why a row can never be sent as it stands in the database, or None."""
    if fingerprint(row.request) != row.digest:
        return CHANGED
    try:
        _payload(row.request)
        check_id(row.organization_id, "organization id")
        check_key(row.key)
        # SQLite keeps a text in a column of numbers, and any number in each.
        for seconds in (row.first_sent_at, row.changed_at):
            moment(seconds)
        if not 0 <= row.attempts < _MOST_ATTEMPTS:
            raise ValueError
    except InputError as error:
        return error.message
    except _UNREADABLE:
        return "its data cannot be read"
    if not routes_of(row.resource, "header"):
        return f"this release cannot post a {row.resource!r}"
    return None


def stored(row: Any) -> StoredPosting:
    """Return a row of the table.

    What cannot be read of it is left out, and named by its ``alarm``.
    """
    problems: list[str] = []

    def part(name: str, read: Callable[[Any], T | None], value: Any) -> T | None:
        """Return a value of the row, read; None, and a problem, where its data cannot be read."""
        if value is None:
            return None
        try:
            return read(value)
        except _UNREADABLE:
            problems.append(f"its {name} cannot be read")
            return None

    request = part("payload", _payload, row.request)
    # A pruned payload is shorter on purpose; its digest is still that of the whole.
    is_whole = request is not None and row.pruned_at is None
    if is_whole and fingerprint(row.request) != row.digest:
        problems.append(CHANGED)
    return StoredPosting(
        id=row.id,
        organization_id=row.organization_id,
        resource=row.resource,
        source=(row.source_system, row.source_id),
        key=row.key,
        digest=row.digest,
        state=part("state", _state, row.state) or "needs_attention",
        attempts=row.attempts,
        unknown=row.unknown,
        in_order=row.in_order,
        request=request or {},
        first_sent_at=part("first send", moment, row.first_sent_at),
        due_at=part("next send", moment, row.due_at),
        added_at=part("time of adding", moment, row.added_at) or _EPOCH,
        failure=part("last error", _failure, row.error),
        receipt=part("receipt", receipt_from_json, row.receipt),
        connection=row.connection,
        origin=row.origin,
        sent_origin=row.sent_origin,
        sent_route=row.sent_route,
        alarm=_alarm(row.alarm, problems),
        # Nobody has seen what is wrong now.
        acknowledgement=None if problems else row.acknowledgement,
        holder=_name_of(row.holder),
        discard_reason=row.discard_reason,
        pruned_at=part("time of pruning", moment, row.pruned_at),
    )


def moment_or_epoch(seconds: float) -> dt.datetime:
    """Return epoch seconds as a moment, and the epoch where they cannot be read."""
    try:
        return moment(seconds) or _EPOCH
    except _UNREADABLE:
        return _EPOCH


def receipt_from_json(text: str) -> Receipt:
    """Return the receipt of a row, as it came."""
    values = json.loads(text)
    values["posted_at"] = dt.datetime.fromisoformat(values["posted_at"])
    values["bank_transaction_ids"] = tuple(values["bank_transaction_ids"])
    return Receipt(**values)


def entry_of(receipt: str | None) -> str | None:
    """Return the entry that a stored receipt names; None where none can be read."""
    if receipt is None:
        return None
    try:
        return receipt_from_json(receipt).journal_entry_id
    except _UNREADABLE:
        return None


def _payload(content: bytes) -> dict[str, Any]:
    request = json.loads(content)
    if not isinstance(request, dict):
        raise TypeError
    return request


def _state(word: str) -> State:
    return STATES[STATES.index(word)]


def _failure(text: str) -> Failure:
    return Failure(**json.loads(text))


def _alarm(alarm: str | None, problems: list[str]) -> str | None:
    if not problems:
        return alarm
    sentence = f"In the database {', and '.join(problems)}."
    return sentence if alarm is None else f"{alarm} {sentence}"


def _name_of(text: str | None) -> str | None:
    holder = Holder.from_json(text)
    return None if holder is None else str(holder)
