"""What is safe to repeat, and how long to wait: values and rules, no sending."""

from __future__ import annotations

import email.utils
import random
from typing import Literal

from attrs import field, frozen

from ledgerhq_ext._checks import number
from ledgerhq_ext._http.messages import UnreadableResponse
from ledgerhq_ext.errors import (
    IN_PROGRESS,
    APIError,
    ContractError,
    InputError,
    LedgerHQError,
    TransportError,
)

Kind = Literal["read", "keyed", "mutation"]
"""A read changes nothing; a keyed post carries an idempotency key; a mutation is any other change."""

_MOST_ATTEMPTS = 1_000
_UNSETTLED = frozenset({408, 500, 502, 503, 504})


@frozen(kw_only=True)
class RetryPolicy:
    """How often and how patiently a call is repeated where that is safe.

    ``attempts`` counts the first one too; ``RetryPolicy(attempts=1)`` never repeats. Pauses grow
    from ``first_pause`` by ``factor`` up to ``longest_pause`` seconds, with jitter. ``Retry-After``
    is a floor. The ``deadline`` of the call bounds everything.
    """

    attempts: int = field(default=5, validator=number(1, _MOST_ATTEMPTS, int))
    first_pause: float = field(default=0.25, validator=number(0, 3_600))
    factor: float = field(default=2.0, validator=number(1, 100))
    longest_pause: float = field(default=8.0, validator=number(0, 3_600))

    def pause(self, attempt: int, retry_after: float | None = None) -> float:
        """Return the seconds to wait after an attempt (1 is the first), at least ``retry_after``."""
        pause = min(self.longest_pause, self.first_pause * self.factor ** min(attempt - 1, 64))
        return max(random.uniform(pause / 2, pause), retry_after or 0.0)  # noqa: S311 - jitter


def retry_policy(retries: int | RetryPolicy) -> RetryPolicy:
    """Return the policy of a number of repetitions (0 never repeats), or the policy itself."""
    if isinstance(retries, RetryPolicy):
        return retries
    if isinstance(retries, bool) or not isinstance(retries, int) or not 0 <= retries < _MOST_ATTEMPTS:
        raise InputError(
            f"retries must be a number of repetitions between 0 and {_MOST_ATTEMPTS - 1}, "
            f"or a RetryPolicy, not {retries!r}."
        )
    return RetryPolicy(attempts=retries + 1)


def retry_after(value: str | None, now: float) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for, or None when it asks for nothing.

    The header holds a number or an HTTP date; ``now`` is in epoch seconds.
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(value).timestamp() - now
        except (ValueError, OverflowError):
            return None
    return max(seconds, 0.0) if seconds < float("inf") else None


def _repeatable_status(error: APIError) -> bool:
    status = error.status or 0
    in_flight = status == 409 and error.code == IN_PROGRESS
    return in_flight or status in _UNSETTLED or 520 <= status <= 599


def leaves_unknown(error: LedgerHQError) -> bool:
    """Return whether a change may have been carried out although this error came back."""
    if isinstance(error, TransportError | ContractError):
        return error.outcome == "unknown"
    if isinstance(error, APIError):
        status = error.status or 0
        # A redirected POST may have been carried out first; 501 says that nothing is there to carry it out.
        return _repeatable_status(error) or 200 <= status < 400 or (status >= 500 and status != 501)
    return False


def may_repeat(error: LedgerHQError, kind: Kind) -> bool:
    """Return whether sending the same bytes again cannot do harm and may help.

    These are the rules of the table "What is safe to repeat" in the README.
    """
    if isinstance(error, TransportError):
        return error.outcome == "not_sent" or kind != "mutation"
    if isinstance(error, UnreadableResponse):
        return kind != "mutation"
    if not isinstance(error, APIError) or error.retryable is False:
        return False
    return error.status == 429 or (kind != "mutation" and _repeatable_status(error))
