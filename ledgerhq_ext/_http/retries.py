"""Retries: what is safe to repeat, and how long to wait. Values and rules, no sending."""

from __future__ import annotations

import datetime as dt
import email.utils
import math
import random
import re
from collections.abc import Mapping, Sequence
from typing import Literal

from attrs import field, frozen

from ledgerhq_ext._checks import number
from ledgerhq_ext._http.messages import UnreadableResponse
from ledgerhq_ext.errors import (
    APIError,
    ContractError,
    IdempotencyConflictError,
    InputError,
    LedgerHQError,
    TransportError,
)

Kind = Literal["read", "keyed", "mutation"]
"""A read changes nothing.

A keyed post carries an idempotency key; a mutation is any other change.
"""

_MOST_ATTEMPTS = 1_000
_UNSETTLED = frozenset({408, 500, 502, 503, 504})
_IN_FLIGHT_TRIES = 3
_IN_FLIGHT_SECONDS = 10.0
_HTTP_DATE = r"(?a)[A-Z][a-z]{2,8},? .*\d\d:\d\d:\d\d.*"


@frozen(kw_only=True)
class RetryPolicy:
    """How often a call is retried when that is safe, and how long to wait in between.

    ``attempts`` includes the first one; ``RetryPolicy(attempts=1)`` never retries. Pauses grow from
    ``first_pause`` by ``factor`` up to ``longest_pause`` seconds, with jitter. ``Retry-After`` sets
    the minimum pause; 0 means immediately. The ``deadline`` of the call limits everything.
    """

    attempts: int = field(default=5, validator=number(1, _MOST_ATTEMPTS, int))
    first_pause: float = field(default=0.25, validator=number(0, 3_600))
    factor: float = field(default=2.0, validator=number(1, 100))
    longest_pause: float = field(default=8.0, validator=number(0, 3_600))

    def pause(self, attempt: int, retry_after: float | None = None) -> float:
        """Return the seconds to wait after an attempt (1 is the first), at least ``retry_after``.

        0 is at once.
        """
        if retry_after == 0:
            return 0.0
        pause = backoff(attempt, self.first_pause, self.factor, self.longest_pause)
        return max(pause, retry_after or 0.0)


def backoff(attempt: int, first: float, factor: float, longest: float) -> float:
    """Return the seconds to wait after an attempt (1 is the first), with jitter.

    They grow by ``factor`` from ``first`` to ``longest``; jitter takes away up to half.
    """
    # Bounded, since a power of a thousand attempts is more than a float holds.
    growth = factor ** min(attempt - 1, 64)
    pause = min(longest, first * growth)
    return random.uniform(pause / 2, pause)  # noqa: S311 - nothing to guess


def retry_policy(retries: int | RetryPolicy) -> RetryPolicy:
    """Return the policy of a number of repetitions (0 never repeats), or the policy itself."""
    if isinstance(retries, RetryPolicy):
        return retries
    is_number = isinstance(retries, int) and not isinstance(retries, bool)
    if not is_number or not 0 <= retries < _MOST_ATTEMPTS:
        raise InputError(
            f"retries must be a whole number from 0 to {_MOST_ATTEMPTS - 1}, "
            f"or a RetryPolicy, not {retries!r}."
        )
    return RetryPolicy(attempts=retries + 1)


def retry_after(value: str | None, now: float) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for, or None when it asks for nothing.

    The header holds digits or an HTTP date, which is in UTC unless it names another zone; anything
    else (``20, 20``, ``-3``, ``1e3``) asks for nothing. ``now`` is in epoch seconds.
    """
    value = (value or "").strip()
    if value.isascii() and value.isdigit():
        seconds = float(value)
        # Hundreds of digits are infinity, and no time to wait.
        return seconds if math.isfinite(seconds) else None
    moment = seconds_of_date(value)
    return None if moment is None else max(moment - now, 0.0)


def seconds_of_date(value: str) -> float | None:
    """Return an HTTP date in epoch seconds; None for what is none."""
    if not re.fullmatch(_HTTP_DATE, value):
        return None
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    # A date without a zone is one of UTC.
    return moment.replace(tzinfo=moment.tzinfo or dt.UTC).timestamp()


def requested_pause(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that a response asks to wait, or None when it asks for nothing.

    A date in ``Retry-After`` is one of the service's clock, which its ``Date`` tells; without one
    it is compared with ``now``, in epoch seconds.
    """
    service_now = seconds_of_date(headers.get("date", ""))
    return retry_after(headers.get("retry-after"), now if service_now is None else service_now)


def may_be_in_flight(error: LedgerHQError, kind: Kind) -> bool:
    """Return whether an earlier request with the key of a post may still be at work.

    Any 409 may say so, unless it surely speaks of another payload.
    """
    if kind != "keyed" or not isinstance(error, APIError):
        return False
    return error.status == 409 and not isinstance(error, IdempotencyConflictError)


def in_flight_end(moments: Sequence[float]) -> float:
    """Return until when a post may be repeated, by the moments at which it may have been in flight.

    There are three tries, within ten seconds of the first one's answer.
    """
    if len(moments) >= _IN_FLIGHT_TRIES:
        return float("-inf")
    return moments[0] + _IN_FLIGHT_SECONDS


def _is_unsettled(error: APIError) -> bool:
    """Return whether the status says nothing of whether the request was carried out."""
    status = error.status or 0
    return status in _UNSETTLED or 520 <= status <= 599


def leaves_unknown(error: LedgerHQError, kind: Kind) -> bool:
    """Return whether a change may have been carried out although this error came back."""
    if kind == "read":
        return False
    if isinstance(error, TransportError | ContractError):
        return error.outcome == "unknown"
    if may_be_in_flight(error, kind):
        return True
    if not isinstance(error, APIError):
        return False

    status = error.status or 0
    # A redirected POST may have been carried out first.
    if 200 <= status < 400:
        return True
    # 501 says that nothing is there to carry it out.
    if status == 501:
        return False
    return status >= 500 or _is_unsettled(error)


def may_repeat(error: LedgerHQError, kind: Kind) -> bool:
    """Return whether sending the same bytes again cannot do harm and may help.

    These are the rules of the table "What is safe to repeat" in the README. How long a post may be
    repeated that may be in flight, ``in_flight_end`` says.
    """
    # Not one byte was written: nothing can have happened.
    if isinstance(error, TransportError) and error.outcome == "not_sent":
        return True

    # A read changes nothing, and a key makes the second request the same posting as the first.
    is_harmless = kind != "mutation"
    if isinstance(error, TransportError | UnreadableResponse):
        return is_harmless
    if not isinstance(error, APIError):
        return False

    # The service itself may say that the same would fail again.
    if error.retryable is False:
        return False
    if error.status == 429 or may_be_in_flight(error, kind):
        return True
    return is_harmless and _is_unsettled(error)
