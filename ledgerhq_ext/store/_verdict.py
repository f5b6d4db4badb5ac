"""The verdict on a posting after an attempt. Rules only: no database, no sending.

Outcome belongs to the posting, not to its last attempt: once it may have been carried out, only a
receipt (or another payload under its key) settles it; a later refusal leaves it pending, to be sent
again with its key.
"""

from __future__ import annotations

import re
from typing import Literal

from attrs import evolve, frozen

from ledgerhq_ext._checks import ID_LENGTH
from ledgerhq_ext._http.retries import backoff, requested_pause
from ledgerhq_ext._plain import brief
from ledgerhq_ext.errors import (
    APIError,
    AuthenticationError,
    IdempotencyConflictError,
    InputError,
    LedgerHQError,
    NotFoundError,
    Outcome,
    PermissionDeniedError,
    RateLimitError,
    ReconnectRequired,
)
from ledgerhq_ext.models import Receipt
from ledgerhq_ext.store._rows import Failure, State, receipt_to_json

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 900.0
"""Seconds."""
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
Access = Literal["open", "closed", "unclear"]
"""Whether the company of a posting can be read: it tells whether a 403 or 404 is about the company.
"""


@frozen(kw_only=True)
class Hold:
    """A wait of more than the posting: of its organization, or of the whole connection.

    ``seconds``: for how long. ``reason``: why, in words for people.
    """

    seconds: float
    reason: str
    whole_connection: bool = False


@frozen(kw_only=True)
class Verdict:
    """The judgment that is written into the row, and that the drain heeds.

    ``pause`` seconds until it may be sent again; ``hold``: what else waits, for every worker of the
    store; ``stop`` says why this organization is left alone for the rest of the drain.
    """

    state: State
    unknown: bool
    failure: Failure | None = None
    receipt: str | None = None
    journal_entry_id: str | None = None
    pause: float = 0.0
    hold: Hold | None = None
    stop: str | None = None

    @property
    def outcome(self) -> Outcome:
        """The outcome of the posting, as known when the verdict cannot be written down."""
        if self.failure is None or self.unknown:
            return "unknown"
        return "not_sent" if self.failure.outcome == "not_sent" else "unknown"


def accept(receipt: Receipt) -> Verdict:
    """Return the verdict on a posting whose receipt came: it is posted.

    Where the entry has an id that the database cannot hold, a person decides.
    """
    content = receipt_to_json(receipt)
    entry = receipt.journal_entry_id
    if is_storable(entry):
        return Verdict(state="posted", unknown=False, receipt=content, journal_entry_id=entry)

    failure = Failure(
        type="UnusualReceipt",
        message=f"its receipt arrived, but it names the entry {brief(repr(entry), 80)}, which "
        "is not a valid id; look for its entry, and resolve or discard the posting",
        outcome="unknown",
    )
    return Verdict(state="needs_attention", unknown=True, failure=failure, receipt=content)


def is_storable(id: str) -> bool:
    """Return whether every database can hold an id of the service."""
    return len(id) <= ID_LENGTH and not _UNSTORABLE.search(id)


def is_about_scope(error: LedgerHQError) -> bool:
    """Return whether an error may speak of the company and not of the posting."""
    return isinstance(error, PermissionDeniedError | NotFoundError)


def judge(
    error: LedgerHQError, *, attempts: int, unknown: bool, now: float, access: Access | None = None
) -> Verdict:
    """Return the verdict on an attempt that failed.

    ``attempts``: how many there were, this one counted. ``unknown``: whether an earlier one may
    have been carried out. ``now``: epoch seconds. ``access``: whether the company can be read,
    where the error may speak of the company.
    """
    failure = Failure.of(error)
    reason = f"{failure.type}: {error.message}"
    unknown = unknown or error.outcome == "unknown"
    if isinstance(error, IdempotencyConflictError):
        return Verdict(state="conflict", unknown=unknown, failure=failure)

    put_back = Verdict(
        state="pending", unknown=unknown, failure=failure, pause=pause_after(attempts)
    )
    if isinstance(error, ReconnectRequired | InputError):
        # Nobody was asked, so nobody has to be spared: the next drain may try at once.
        return evolve(put_back, pause=0.0, stop=reason)

    if isinstance(error, AuthenticationError):
        # No posting of the firm gets through. The row itself does not pause: its attempt told
        # nothing of it.
        hold = Hold(seconds=LONGEST_PAUSE, reason=reason, whole_connection=True)
        return evolve(put_back, pause=0.0, hold=hold)

    if is_about_scope(error) and access == "closed":
        hold = Hold(
            seconds=LONGEST_PAUSE, reason=f"{reason} (its bank accounts cannot be read either)"
        )
        return evolve(put_back, pause=0.0, hold=hold)
    if is_about_scope(error) and access != "open":
        return put_back

    is_refusal = isinstance(error, APIError) and not isinstance(error, RateLimitError)
    if is_refusal and error.outcome == "rejected" and not unknown:
        return Verdict(state="rejected", unknown=False, failure=failure)
    return evolve(put_back, hold=_hold_of_busy_service(error, reason, now))


def _hold_of_busy_service(error: LedgerHQError, reason: str, now: float) -> Hold | None:
    """Return for how long the organization waits because the service is busy, or None."""
    if not isinstance(error, APIError):
        return None
    is_rate_limit = isinstance(error, RateLimitError)
    if not is_rate_limit and error.outcome != "unknown":
        return None

    seconds = requested_pause(error.headers, now)
    if seconds is None and is_rate_limit:
        # Not the row's own pause: a tired row would stop its whole company for a quarter of an
        # hour.
        seconds = pause_after(1)
    if not seconds:
        # Nothing was said, or "at once".
        return None
    return Hold(seconds=min(seconds, LONGEST_PAUSE), reason=reason)


def pause_after(attempts: int) -> float:
    """Return the seconds to wait after the n-th attempt.

    They double from half a second to a quarter of an hour, with jitter.
    """
    return backoff(attempts, FIRST_PAUSE, 2.0, LONGEST_PAUSE)
