"""The geometry of a line chart: shares of its width and height, for every format that draws it."""

from __future__ import annotations

from attrs import frozen

from ledgerhq_ext.render._document import LineChart
from ledgerhq_ext.render._figures import Figures

_STEPS = (1, 2, 5)
_INTERVALS = 4
"""About so many lie between the lowest and the highest line of the grid."""
_MONTHS = 4
"""So many months are named below the chart."""


@frozen
class Tick:
    """A line of the grid: its share of the height, from the top, and its figure."""

    y: float
    label: str
    is_zero: bool


@frozen
class Plot:
    """The points of a chart as shares: from the left, and from the top.

    ``named`` are the places of the months that are named: there is no room for all of them.
    """

    ticks: tuple[Tick, ...]
    xs: tuple[float, ...]
    ys: tuple[tuple[float, ...], ...]
    named: tuple[int, ...]


def plot(chart: LineChart, figures: Figures) -> Plot:
    """Return where everything of a chart is drawn. Zero is always in it."""
    values = [value for line in chart.lines for value in line.values]
    low = min(0, *values)
    high = max(0, *values)
    step = _step(high - low)
    # Whole steps, so that the lines of the grid have round figures.
    bottom = low // step * step
    top = -(-high // step) * step
    reach = (top - bottom) or 1

    def share(value: int) -> float:
        """Return how far below the top a value is drawn."""
        return (top - value) / reach

    levels = range(bottom, top + 1, step)
    return Plot(
        ticks=tuple(
            Tick(share(level), _label(level, step, figures), level == 0) for level in levels
        ),
        xs=_places(len(chart.months)),
        ys=tuple(tuple(share(value) for value in line.values) for line in chart.lines),
        named=_named(len(chart.months)),
    )


def _step(reach: int) -> int:
    """Return the distance of the lines of the grid: 1, 2 or 5, with zeros behind it."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power * _INTERVALS >= reach:
                return step * power
        power *= 10


def _label(level: int, step: int, figures: Figures) -> str:
    """Return the figure of a line of the grid, without the zeros behind a decimal point."""
    unit = 10**figures.places
    if step % unit:
        return figures.cents(level)
    whole = figures.whole(abs(level) // unit)
    return f"({whole})" if level < 0 else whole


def _places(count: int) -> tuple[float, ...]:
    """Return points from the left end to the right one; a single one is in the middle."""
    if count == 1:
        return (0.5,)
    return tuple(number / (count - 1) for number in range(count))


def _named(count: int) -> tuple[int, ...]:
    """Return the places of the first month, the last, and of some between them."""
    last = count - 1
    gaps = _MONTHS - 1
    return tuple(sorted({round(number * last / gaps) for number in range(_MONTHS)}))


def described(chart: LineChart, figures: Figures) -> str:
    """Return the chart in words: every line with the figures of all months."""
    lines: list[str] = []
    for line in chart.lines:
        pairs = zip(chart.months, line.values, strict=True)
        points = [f"{month} {figures.cents(value)}" for month, value in pairs]
        lines.append(f"{line.label}: {', '.join(points)}")
    return f"{'; '.join(lines)}."


def latest(chart: LineChart, values: tuple[int, ...], figures: Figures) -> str:
    """Return the last month of a line with its figure."""
    return f"{chart.months[-1]}: {figures.cents(values[-1])}"
