"""Ratios of two things that are measured in pairs, since the machine is never quiet."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from attrs import evolve, frozen

_WARM_UPS = 3

Run: TypeAlias = Callable[[], object]
Measure: TypeAlias = Callable[[], float]


@frozen
class Ratio:
    """The quartiles of some ratios, and what they should be; ``aim`` is None for a limit."""

    name: str
    aim: float | None
    low: float
    median: float
    high: float
    most: bool = True
    """Whether the aim is the most that it may be, or the least."""

    @property
    def holds(self) -> bool:
        """True when the median is within the aim."""
        if self.aim is None:
            return True
        return self.median <= self.aim if self.most else self.median >= self.aim

    def __str__(self) -> str:
        figures = f"{self.name:34} {self.median:5.2f}  ({self.low:.2f} to {self.high:.2f})"
        if self.aim is None:
            return figures
        word = "<=" if self.most else ">="
        verdict = "kept" if self.holds else "MISSED"
        return f"{figures}  aim {word} {self.aim}: {verdict}"


def ratio(name: str, aim: float | None, own: Run, other: Run, *, pairs: int = 60) -> Ratio:
    """Return how our time relates to the other's, in pairs that take turns in going first."""
    for _ in range(_WARM_UPS):
        own()
        other()
    return ratio_of(name, aim, partial(_seconds, own), partial(_seconds, other), pairs=pairs)


def ratio_of(name: str, aim: float | None, own: Measure, other: Measure, *, pairs: int) -> Ratio:
    """Return how what one function measures relates to what another does, pair by pair."""
    ratios: list[float] = []
    for number in range(pairs):
        if number % 2:
            first = own()
            second = other()
        else:
            second = other()
            first = own()
        ratios.append(first / second)
    low, median, high = statistics.quantiles(ratios, n=4)
    return Ratio(name, aim, low, median, high)


def _seconds(run: Run) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def times(function: Run, calls: int = 25) -> Run:
    """Return what calls a function so often."""

    def run() -> None:
        """Call the function so often."""
        for _ in range(calls):
            function()

    return run


def faster(slower: Ratio) -> Ratio:
    """Return the same as how many times faster we are."""
    return evolve(
        slower,
        low=1 / slower.high,
        median=1 / slower.median,
        high=1 / slower.low,
        most=False,
    )
