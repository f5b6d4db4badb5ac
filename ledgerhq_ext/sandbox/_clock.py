"""The sandbox's clock: starts at a fixed time, ticks or is frozen, and can be advanced."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

START = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def iso(moment: datetime) -> str:
    """Return a timestamp as the API spells it: UTC, with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_day(value: Any) -> bool:
    """Return True for a date as the API spells it, such as "2026-06-30"."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


class Clock:
    """Time in the sandbox: from `start` on, ticking unless `frozen`.

    It can also be the clock of a client: `LedgerHQ(…, clock=box.clock)` moves with
    `box.clock.advance(…)`.
    """

    def __init__(self, start: datetime = START, *, frozen: bool = False) -> None:
        if start.tzinfo is None:
            raise ValueError("the start of the clock must have a time zone")
        self.frozen = frozen
        self._start: datetime | None = start
        self._base = start
        self._origin = time.monotonic()
        self._advanced = 0.0

    @classmethod
    def real(cls) -> Clock:
        """Return a clock that shows the real time."""
        clock = cls(datetime.now(UTC))
        clock._start = None
        return clock

    def anew(self) -> Clock:
        """Return a clock that begins where this one began, or shows the real time if it did."""
        if self._start is None:
            return Clock.real()
        return Clock(self._start, frozen=self.frozen)

    def moment(self) -> datetime:
        """Return the current time in the sandbox, with its time zone."""
        return self._base + timedelta(seconds=self._ticked())

    def now(self) -> float:
        """Return the same in seconds since the epoch."""
        return self.moment().timestamp()

    def monotonic(self) -> float:
        """Return seconds that never go back, including those that were advanced."""
        return self._advanced + self._ticked()

    def advance(self, seconds: float) -> None:
        """Advance the clock by this many seconds (0 or more)."""
        # Written this way round, it refuses NaN too.
        if not seconds >= 0:
            raise ValueError(
                f"{seconds} is not a valid number of seconds to advance by, because time does "
                "not go back"
            )
        self._base += timedelta(seconds=seconds)
        self._advanced += seconds

    def at_least(self, moment: datetime) -> None:
        """Advance the clock to `moment`, unless that is in the past: a reopened state does not go
        back in time.
        """
        behind = (moment - self.moment()).total_seconds()
        if behind > 0:
            self.advance(behind)

    def _ticked(self) -> float:
        if self.frozen:
            return 0.0
        return time.monotonic() - self._origin
