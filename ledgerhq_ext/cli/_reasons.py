"""Why a transaction of a file is not posted: on one line, with the command that helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledgerhq_ext import InputError, RecordLookupError

if TYPE_CHECKING:
    from ledgerhq_ext.store import Failure, StoredPosting

_NEAR = 3
"""How many records that come near are named."""


def reason_of_error(error: InputError) -> str:
    """Return an error on one line; of the records that come near, the nearest."""
    if isinstance(error, RecordLookupError):
        return _lookup_reason(error)

    number = different_posting(error)
    if number is None:
        return _line(str(error))
    return (
        f"{_difference(error)} Nothing was changed. If it was rejected or never sent, "
        f"change it with ledgerhq outbox correct {number} FILE; if this is a different "
        "transaction, give it its own source id."
    )


def reason_within_file(error: InputError) -> str:
    """Return an error about a transaction that an earlier row of the file contradicts."""
    if different_posting(error) is None:
        return _line(str(error))
    return (
        f"{_difference(error)} That is an earlier row of this file. If they are different "
        "transactions, give each its own source id; otherwise remove one."
    )


def different_posting(error: InputError) -> int | None:
    """Return the number of the posting that has the source, with another payload."""
    # Of the store's own error for it, whose class is not public.
    return getattr(error, "posting_id", None)


def _difference(error: InputError) -> str:
    return _line(getattr(error, "difference", error.message))


def _lookup_reason(error: RecordLookupError) -> str:
    text = _line(str(error).partition(" Candidates:")[0])
    # The first ones of a list that nothing of comes near help nobody.
    if not error.candidates or not error.are_near:
        return text
    near = ", and ".join(error.candidates[:_NEAR])
    return f"{text} Candidates: {near}."


def _line(text: str) -> str:
    return " ".join(text.split())


def reason_of(row: StoredPosting, last_failure: Failure | None) -> str:
    """Return why a posting of the outbox is not in the books, and what to do.

    ``last_failure`` is that of the drain, for which the others wait.
    """
    state = row.state.replace("_", " ")
    if row.failure is not None:
        message = row.failure.message
    elif row.state == "leased":
        message = "another process sends it, or ended while it did."
    elif row.discard_reason:
        message = row.discard_reason
    elif last_failure is not None:
        message = f"it has not been sent, since another one failed: {last_failure.message}"
    else:
        message = "it has not been sent yet."
    return f"{state}: {message} For details, run ledgerhq outbox show {row.id}."
