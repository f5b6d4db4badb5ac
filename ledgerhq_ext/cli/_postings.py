"""Postings of the outbox, for tables and for JSON."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ledgerhq_ext.cli._output import Row, column, count

if TYPE_CHECKING:
    from ledgerhq_ext.store import Progress, StoredPosting

State = Literal[
    "pending", "leased", "posted", "rejected", "conflict", "needs_attention", "discarded"
]
"""The states of a posting, for those who have not imported the store."""

PostingId = Annotated[
    int, typer.Argument(metavar="ID", help="The number of the posting, as shown by outbox list.")
]
Companies = Annotated[
    list[str] | None,
    typer.Option("--company", metavar="COMPANY", help="Only this company; can be repeated."),
]
COLUMNS = (
    count("Id", "id"),
    column("State", "state"),
    column("What", "resource"),
    column("Source", "source", flexible=True),
    column("Date", "date"),
    count("Attempts", "attempts"),
    column("Company", "company_id"),
    column("Reason", "reason", flexible=True),
)
"""How a list of postings is shown."""


_NOTHING: tuple[Any, ...] = (None, "", [], {})


def posting_row(posting: StoredPosting) -> Row:
    """Return a posting; ``request`` is as it is sent, its amounts are cents."""
    failure = posting.failure
    receipt = posting.receipt
    return {
        "id": posting.id,
        "state": posting.state,
        "resource": posting.resource,
        "source": " ".join(posting.source),
        "source_system": posting.source[0],
        "source_id": posting.source[1],
        "company_id": posting.organization_id,
        "firm": posting.connection,
        "address": posting.origin,
        "date": posting.request.get("txnDate"),
        "attempts": posting.attempts,
        "unknown": posting.unknown,
        "key": posting.key,
        "added_at": posting.added_at,
        "first_sent_at": posting.first_sent_at,
        "due_at": posting.due_at,
        "journal_entry_id": receipt and receipt.journal_entry_id,
        "reason": _reason(posting),
        "request_id": failure and failure.request_id,
        "alarm": posting.alarm,
        "acknowledgement": posting.acknowledgement,
        "request": posting.request,
    }


def settled_count(step: Progress) -> int:
    """Return how many postings a drain has settled so far, one way or the other."""
    return step.posted + step.rejected + step.conflict + step.needs_attention


def _reason(posting: StoredPosting) -> str | None:
    """Return why a posting is where it is: what a person reads first."""
    if posting.discard_reason is not None:
        return posting.discard_reason
    # An alarm that somebody has acknowledged is no news.
    if posting.alarm is not None and posting.acknowledgement is None:
        return posting.alarm

    failure = posting.failure
    return None if failure is None else failure.message


def lines_of(row: Row) -> str:
    """Return every field of a row that says something, a line each."""
    lines: list[str] = []
    for name, value in row.items():
        label = name.replace("_", " ")
        if value not in _NOTHING:
            lines.append(f"{label:<18}{_text(value)}")
    return "\n".join(lines)


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")

    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        # As ``outbox correct`` takes it.
        return json.dumps(value, ensure_ascii=False)
    return str(value)
