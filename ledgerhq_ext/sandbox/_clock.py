"""The sandbox's clock: starts at a fixed moment, ticks or stands still, and can be moved on."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

START = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)


def iso(moment: datetime) -> str:
    """A timestamp as the API spells it: UTC, with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Clock:
    """Time in the sandbox: from `start` on, ticking unless `frozen`."""

    def __init__(self, start: datetime = START, *, frozen: bool = False) -> None:
        if start.tzinfo is None:
            raise ValueError("the clock's start needs a time zone")
        self.frozen = frozen
        self._base = start
        self._origin = time.monotonic()

    @classmethod
    def real(cls) -> Clock:
        """A clock that shows the time of the day."""
        return cls(datetime.now(UTC))

    def now(self) -> datetime:
        """The moment it is in the sandbox."""
        if self.frozen:
            return self._base
        return self._base + timedelta(seconds=time.monotonic() - self._origin)

    def advance(self, seconds: float) -> None:
        """Move on by so many seconds."""
        self._base += timedelta(seconds=seconds)

    def at_least(self, moment: datetime) -> None:
        """Never show a time before `moment`: a reopened state does not go back in time."""
        if self.now() < moment:
            self.advance((moment - self.now()).total_seconds())
