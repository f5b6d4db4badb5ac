"""A line chart as inline SVG: lines differ by color, dashes and the shapes of their points."""

from __future__ import annotations

from html import escape

from ledgerhq_ext.render._document import Line, LineChart
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._plots import Plot, described, latest, plot

WIDTH = 600
_LEGEND = 24
"""The height of a line of the legend."""
_HEIGHT = 190
_GAP = 22
"""The room above the grid, for the figure of its highest line."""
_EDGE = 8
"""The room for a point at either end."""
_BELOW = 26
_POINT = 4


def line_svg(chart: LineChart, figures: Figures) -> str:
    """Return the chart as one ``svg`` element."""
    geometry = plot(chart, figures)
    top = _LEGEND * len(chart.lines) + _GAP
    height = top + _HEIGHT + _BELOW
    title = f"{chart.id}-title"
    words = f"{chart.id}-words"
    legend = "".join(
        _legend(chart, line, number, figures) for number, line in enumerate(chart.lines)
    )
    lines = "".join(
        _line(line, geometry.xs, ys, top) for line, ys in zip(chart.lines, geometry.ys, strict=True)
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{title} {words}">'
        f'<title id="{title}">{escape(chart.heading)}</title>'
        f'<desc id="{words}">{escape(described(chart, figures))}</desc>'
        f"{legend}{_grid(geometry, top)}{lines}{_labels(geometry, top)}"
        f"{_months(chart, geometry, height)}</svg>"
    )


def _legend(chart: LineChart, line: Line, number: int, figures: Figures) -> str:
    middle = _LEGEND * number + _LEGEND / 2
    baseline = middle + 5
    sample = (
        f'<line class="line {line.tone}" x1="0" y1="{middle}" x2="34" y2="{middle}"/>'
        f"{_point(line, 17, middle)}"
    )
    value = escape(latest(chart, line.values, figures))
    return (
        f'{sample}<text x="44" y="{baseline}">{escape(line.label)}</text>'
        f'<text class="value" x="{WIDTH}" y="{baseline}">{value}</text>'
    )


def _x(share: float) -> float:
    return _EDGE + share * (WIDTH - 2 * _EDGE)


def _grid(geometry: Plot, top: int) -> str:
    lines = ""
    for tick in geometry.ticks:
        y = top + tick.y * _HEIGHT
        name = "grid zero" if tick.is_zero else "grid"
        lines += f'<line class="{name}" x1="0" y1="{y:.1f}" x2="{WIDTH}" y2="{y:.1f}"/>'
    return lines


def _labels(geometry: Plot, top: int) -> str:
    """Return the figures of the grid: above its lines, where long ones have room."""
    texts = ""
    for tick in geometry.ticks:
        y = top + tick.y * _HEIGHT - 4
        texts += f'<text class="tick" x="0" y="{y:.1f}">{escape(tick.label)}</text>'
    return texts


def _line(line: Line, xs: tuple[float, ...], ys: tuple[float, ...], top: int) -> str:
    points = [(_x(x), top + y * _HEIGHT) for x, y in zip(xs, ys, strict=True)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(_point(line, x, y) for x, y in points)
    return f'<polyline class="line {line.tone}" points="{path}"/>{dots}'


def _point(line: Line, x: float, y: float) -> str:
    """Return a point in the shape of its line: a circle, a square or a diamond."""
    name = f'class="point {line.tone}"'
    if line.tone == "main":
        return f'<circle {name} cx="{x:.1f}" cy="{y:.1f}" r="{_POINT}"/>'
    if line.tone == "second":
        size = 2 * _POINT - 1
        left = x - size / 2
        above = y - size / 2
        return f'<rect {name} x="{left:.1f}" y="{above:.1f}" width="{size}" height="{size}"/>'
    reach = _POINT + 1.5
    corners = ((x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y))
    path = " ".join(f"{left:.1f},{above:.1f}" for left, above in corners)
    return f'<polygon {name} points="{path}"/>'


def _months(chart: LineChart, geometry: Plot, height: int) -> str:
    """Return the names of some months; those at the ends stay within the chart."""
    texts = ""
    last = len(chart.months) - 1
    for place in geometry.named:
        share = geometry.xs[place]
        anchor = "middle"
        if place == 0 and last:
            anchor = "start"
        elif place == last and last:
            anchor = "end"
        x = _x(share) if anchor == "middle" else share * WIDTH
        texts += (
            f'<text class="month" x="{x:.1f}" y="{height - 6}" text-anchor="{anchor}">'
            f"{escape(chart.months[place])}</text>"
        )
    return texts
