"""The time by the service's clock: the age of a key is no matter of this machine's clock alone."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from email.utils import parsedate_to_datetime

from ledgerhq_ext._http.messages import Response


class ServiceClock:
    """The clock of the service, by its last answer. Shared by the workers of a drain."""

    def __init__(self) -> None:
        self._ahead: float | None = None

    def listen(self, responses: Sequence[Response]) -> None:
        """Set the clock by the last response that has a ``Date``."""
        for response in responses:
            seconds = _seconds_of(response.headers.get("date"))

            if seconds is not None:
                # By the monotonic clock: somebody may set this machine's other one meanwhile.
                self._ahead = seconds - time.monotonic()

    def now(self) -> float | None:
        """Return the time in epoch seconds, or None when no answer has told it yet."""
        return None if self._ahead is None else time.monotonic() + self._ahead


def _seconds_of(header: str | None) -> float | None:
    """Return a ``Date`` in epoch seconds; None where there is none, or it is not a date."""
    if header is None:
        return None
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    # A date without a zone is one of UTC.
    return moment.replace(tzinfo=moment.tzinfo or dt.UTC).timestamp()
