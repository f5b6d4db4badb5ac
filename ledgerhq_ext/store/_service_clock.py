"""The time by the service's clock: the age of a key is no matter of this machine's clock alone."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from email.utils import parsedate_to_datetime

from ledgerhq_ext._http.messages import Response


class ServiceClock:
    """What the last answer of the service said of the time, and how long ago. Shared by the workers
    of a drain.
    """

    def __init__(self) -> None:
        self._ahead: float | None = None

    def listen(self, responses: Sequence[Response]) -> None:
        """Set the clock by the last response that has a ``Date``."""
        for response in responses:
            seconds = _date(response.headers.get("date"))
            if seconds is not None:
                self._ahead = seconds - time.monotonic()

    def now(self) -> float | None:
        """Return epoch seconds, or None when no answer has told the time yet."""
        return None if self._ahead is None else time.monotonic() + self._ahead


def _date(header: str | None) -> float | None:
    if header is None:
        return None
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    # A date without a zone is one of UTC.
    return moment.replace(tzinfo=moment.tzinfo or dt.UTC).timestamp()
