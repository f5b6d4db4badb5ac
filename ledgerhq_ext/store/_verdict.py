"""What becomes of a posting after an attempt. Rules only: no database, no sending.

Outcome belongs to the posting, not to its last attempt: once it may have been carried out, only a receipt (or
another payload under its key) settles it; a later refusal leaves it pending, to be sent again with its key.
"""

from __future__ import annotations

import random

from attrs import frozen

from ledgerhq_ext._http.retries import retry_after
from ledgerhq_ext.errors import (
    APIError,
    AuthenticationError,
    IdempotencyConflictError,
    InputError,
    LedgerHQError,
    PermissionDeniedError,
    RateLimitError,
    ReconnectRequired,
)
from ledgerhq_ext.models import Receipt
from ledgerhq_ext.store._rows import Failure, State, receipt_to_json

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 900.0
_LONGEST_RETRY_AFTER = 86_400.0


@frozen(kw_only=True)
class Verdict:
    """What is written into the row, and what the drain heeds.

    ``pause`` seconds until it may be sent again; ``pause_all`` seconds in which nobody sends;
    ``stop`` says why this organization is left alone for the rest of the drain.
    """

    state: State
    unknown: bool
    failure: Failure | None = None
    receipt: str | None = None
    journal_entry_id: str | None = None
    pause: float = 0.0
    pause_all: float = 0.0
    stop: str | None = None


def accept(receipt: Receipt) -> Verdict:
    """A receipt settles everything."""
    return Verdict(
        state="posted", unknown=False, receipt=receipt_to_json(receipt), journal_entry_id=receipt.journal_entry_id
    )


def judge(error: LedgerHQError, *, attempts: int, unknown: bool, now: float) -> Verdict:
    """What an attempt that failed means. ``unknown``: whether an earlier one may have been carried out."""
    failure = Failure.of(error)
    unknown = unknown or error.outcome == "unknown"
    if isinstance(error, IdempotencyConflictError):
        return Verdict(state="conflict", unknown=unknown, failure=failure)
    pause = pause_after(attempts)
    if isinstance(error, ReconnectRequired | AuthenticationError | PermissionDeniedError | InputError):
        return Verdict(state="pending", unknown=unknown, failure=failure, stop=f"{failure.type}: {error.message}")
    asked = _asked(error, now)
    if isinstance(error, RateLimitError) or asked:
        pause_all = asked or pause
        return Verdict(
            state="pending", unknown=unknown, failure=failure, pause=max(pause, pause_all), pause_all=pause_all
        )
    if error.outcome == "rejected" and isinstance(error, APIError) and not unknown:
        return Verdict(state="rejected", unknown=False, failure=failure)
    return Verdict(state="pending", unknown=unknown, failure=failure, pause=pause)


def pause_after(attempts: int) -> float:
    """Seconds after the n-th attempt: they double from half a second to a quarter of an hour, with jitter."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempts - 1, 30))
    return random.uniform(longest / 2, longest)  # noqa: S311 - jitter


def _asked(error: LedgerHQError, now: float) -> float:
    if not isinstance(error, APIError):
        return 0.0
    return min(retry_after(error.headers.get("retry-after"), now) or 0.0, _LONGEST_RETRY_AFTER)
