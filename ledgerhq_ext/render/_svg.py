"""Charts as inline SVG: colored by the page's style sheet, and described in words."""

from __future__ import annotations

from html import escape

from ledgerhq_ext._plain import brief
from ledgerhq_ext.render._document import Bar, Chart
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._html_tables import language_mark

WIDTH = 360
STEP = 40
"""The height of one bar with its label."""
THICKNESS = 12
TOP = 4
_LABEL = 32
_BESIDE = 60
"""So many characters of a label and of its figure fit beside each other."""


def _short(label: str) -> str:
    return brief(label, _LABEL)


def scale(chart: Chart) -> tuple[int, int]:
    """Return how far the bars reach to the left and to the right of zero."""
    values = [bar.total for bar in chart.bars]
    return min(0, *values), max(0, *values)


def figure_of(chart: Chart, value: int, figures: Figures) -> str:
    """Return a bar's figure as text."""
    return figures.cents(value) if chart.kind == "cents" else figures.count(value)


def described(chart: Chart, figures: Figures) -> str:
    """Return the chart in words: every bar with its figure, and with its segments if several."""
    bars = [_described(chart, bar, figures) for bar in chart.bars]
    return f"{'; '.join(bars)}."


def _described(chart: Chart, bar: Bar, figures: Figures) -> str:
    text = f"{bar.label}: {figure_of(chart, bar.total, figures)}"
    if len(bar.segments) == 1:
        return text
    segments = [
        f"{segment.label} {figure_of(chart, segment.value, figures)}" for segment in bar.segments
    ]
    return f"{text} ({', '.join(segments)})"


def svg(chart: Chart, figures: Figures) -> str:
    """Return the chart as one ``svg`` element."""
    height = TOP + STEP * len(chart.bars)
    title = f"{chart.id}-title"
    words = f"{chart.id}-words"
    bars = "".join(_bar(chart, bar, number, figures) for number, bar in enumerate(chart.bars))
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{title} {words}">'
        f'<title id="{title}">{escape(chart.heading)}</title>'
        f'<desc id="{words}">{escape(described(chart, figures))}</desc>{bars}</svg>'
    )


def _bar(chart: Chart, bar: Bar, number: int, figures: Figures) -> str:
    top = TOP + STEP * number
    baseline = top + 12
    value = figure_of(chart, bar.total, figures)
    label = _label(chart, bar, figures, _BESIDE - len(value))
    language = language_mark(label, figures)
    return (
        f'<text x="0" y="{baseline}"{language}>{escape(label)}</text>'
        f'<text class="value" x="{WIDTH}" y="{baseline}">{escape(value)}</text>'
        f"{_rectangles(chart, bar, top + 18)}"
    )


def _label(chart: Chart, bar: Bar, figures: Figures, room: int) -> str:
    """Return the label of a bar; one of several segments names them instead.

    ``room`` is the number of characters that it may have.
    """
    if len(bar.segments) == 1:
        return _short(bar.label)
    names = [_short(segment.label) for segment in bar.segments]
    values = [figure_of(chart, segment.value, figures) for segment in bar.segments]
    pairs = zip(names, values, strict=True)
    text = " · ".join(f"{name} {value}" for name, value in pairs)
    # Their figures stand above the charts as well.
    return text if len(text) <= room else " · ".join(names)


def _rectangles(chart: Chart, bar: Bar, y: int) -> str:
    low, high = scale(chart)
    # All bars may be of nothing.
    reach = (high - low) or 1
    # Segments stand one after the other, from zero.
    x = WIDTH * -low / reach
    rectangles = ""
    for segment in bar.segments:
        width = WIDTH * abs(segment.value) / reach
        left = x if segment.value >= 0 else x - width
        rectangles += (
            f'<rect class="{segment.tone}" x="{left:.1f}" y="{y}" width="{width:.1f}" '
            f'height="{THICKNESS}"/>'
        )
        x += width if segment.value >= 0 else -width
    return rectangles
