"""A clock that moves only when somebody sleeps, or when a test says so."""

from __future__ import annotations

NOON = 1_782_820_800.0
"""Noon of 30 June 2026, in UTC: the day on which the sandbox starts."""


class FakeClock:
    """Both clocks of a client and its two ways to sleep; nobody ever waits."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.sleeps: list[float] = []

    def now(self) -> float:
        """Return seconds since the epoch."""
        return NOON + self.elapsed

    def monotonic(self) -> float:
        """Return seconds since the clock was made."""
        return self.elapsed

    def advance(self, seconds: float) -> None:
        """Let time pass in which nobody sleeps."""
        self.elapsed += seconds

    def sleep(self, seconds: float) -> None:
        """Note the pause, and let its time pass."""
        self.sleeps.append(seconds)
        self.advance(seconds)

    async def asleep(self, seconds: float) -> None:
        """Do the same for the awaiting surface."""
        self.sleep(seconds)
