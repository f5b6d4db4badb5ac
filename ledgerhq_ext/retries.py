"""What is safe to repeat, and how long to wait: values and rules, no sending."""

from __future__ import annotations

import email.utils
import random
from typing import Literal

from attrs import field, frozen

from ledgerhq_ext.checks import number
from ledgerhq_ext.errors import IN_PROGRESS, APIError, ContractError, LedgerHQError, TransportError
from ledgerhq_ext.flow import UnreadableAnswer

Kind = Literal["read", "keyed", "mutation"]
"""A call that changes nothing, a post that carries an idempotency key, any other call that changes something."""

_UNSETTLED = frozenset({408, 500, 502, 503, 504})


@frozen(kw_only=True)
class RetryPolicy:
    """How often and how patiently a call is repeated where that is safe.

    ``attempts`` counts the first one too; ``RetryPolicy(attempts=1)`` never repeats. Pauses grow from
    ``first_pause`` by ``factor`` up to ``longest_pause`` seconds, with jitter. ``Retry-After`` is a floor.
    The deadline of a call bounds everything (see ``Options.deadline``).
    """

    attempts: int = field(default=5, validator=number(1, 1_000, int))
    first_pause: float = field(default=0.25, validator=number(0, 3_600))
    factor: float = field(default=2.0, validator=number(1, 100))
    longest_pause: float = field(default=8.0, validator=number(0, 3_600))

    def pause(self, attempt: int, retry_after: float | None = None) -> float:
        """Seconds to wait after the ``attempt``-th try, never less than ``retry_after``."""
        pause = min(self.longest_pause, self.first_pause * self.factor ** min(attempt - 1, 64))
        return max(random.uniform(pause / 2, pause), retry_after or 0.0)  # noqa: S311 - jitter


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds a ``Retry-After`` header asks for: a number, or an HTTP date (``now`` in epoch seconds)."""
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
    """Whether a change may have been carried out although this came back."""
    if isinstance(error, TransportError | ContractError):
        return error.outcome == "unknown"
    if isinstance(error, APIError):
        status = error.status or 0
        # A redirected POST may have been carried out first; 501 says that nothing is there to carry it out.
        return _repeatable_status(error) or 200 <= status < 400 or (status >= 500 and status != 501)
    return False


def may_repeat(error: LedgerHQError, kind: Kind) -> bool:
    """Whether sending the same bytes again cannot do harm and may help: the table of docs and README."""
    if isinstance(error, TransportError):
        return error.outcome == "not_sent" or kind != "mutation"
    if isinstance(error, UnreadableAnswer):
        return kind != "mutation"
    if not isinstance(error, APIError) or error.retryable is False:
        return False
    return error.status == 429 or (kind != "mutation" and _repeatable_status(error))
