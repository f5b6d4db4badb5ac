"""The time by the service's clock: the age of a key is no matter of this machine's clock alone."""

from __future__ import annotations

import time
from collections.abc import Sequence

from ledgerhq_ext._http.messages import Response
from ledgerhq_ext._http.retries import seconds_of_date


class ServiceClock:
    """The clock of the service, by its last answer. Shared by the workers of a drain."""

    def __init__(self) -> None:
        self._ahead: float | None = None

    def listen(self, responses: Sequence[Response]) -> None:
        """Set the clock by the last response that has a ``Date``."""
        for response in responses:
            seconds = seconds_of_date(response.headers.get("date", ""))

            if seconds is not None:
                # By the monotonic clock: somebody may set this machine's other one meanwhile.
                self._ahead = seconds - time.monotonic()

    def now(self) -> float | None:
        """Return the time in epoch seconds, or None when no answer has told it yet."""
        return None if self._ahead is None else time.monotonic() + self._ahead
