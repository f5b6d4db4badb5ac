"""Charts as inline SVG: coloured by the page's style sheet, told in words to those who do not see
them.
"""

from __future__ import annotations

from html import escape

from ledgerhq_ext._plain import brief
from ledgerhq_ext.render._document import Bar, Chart
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._html_tables import language_mark

WIDTH, STEP, THICKNESS, TOP = 360, 40, 12, 4
_LABEL = 32


def _short(label: str) -> str:
    return brief(label, _LABEL)


def scale(chart: Chart) -> tuple[int, int]:
    """How far the bars reach to the left and to the right of zero."""
    values = [bar.total for bar in chart.bars]
    return min(0, *values), max(0, *values)


def figure_of(chart: Chart, value: int, figures: Figures) -> str:
    """A bar's figure in words."""
    return figures.cents(value) if chart.kind == "cents" else figures.count(value)


def described(chart: Chart, figures: Figures) -> str:
    """The chart in words."""
    said = []
    for bar in chart.bars:
        parts = ", ".join(f"{s.label} {figure_of(chart, s.value, figures)}" for s in bar.segments)
        told = figure_of(chart, bar.total, figures)
        said.append(f"{bar.label}: {told}" + (f" ({parts})" if len(bar.segments) > 1 else ""))
    return "; ".join(said) + "."


def svg(chart: Chart, figures: Figures) -> str:
    """The chart as one ``svg`` element."""
    height = TOP + STEP * len(chart.bars)
    drawn = "".join(_bar(chart, bar, number, figures) for number, bar in enumerate(chart.bars))
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{chart.id}-title {chart.id}-words">'
        f'<title id="{chart.id}-title">{escape(chart.heading)}</title>'
        f'<desc id="{chart.id}-words">{escape(described(chart, figures))}</desc>{drawn}</svg>'
    )


def _bar(chart: Chart, bar: Bar, number: int, figures: Figures) -> str:
    low, high = scale(chart)
    reach = (high - low) or 1
    top = TOP + STEP * number
    y, x = top + 18, WIDTH * -low / reach
    rects = ""
    for segment in bar.segments:
        width = WIDTH * abs(segment.value) / reach
        left = x if segment.value >= 0 else x - width
        rects += f'<rect class="{segment.tone}" x="{left:.1f}" y="{y}" width="{width:.1f}" height="{THICKNESS}"/>'
        x += width if segment.value >= 0 else -width
    names = " · ".join(
        f"{_short(s.label)} {figure_of(chart, s.value, figures)}" for s in bar.segments
    )
    label = _short(bar.label) if len(bar.segments) == 1 else names
    value = f'<text class="value" x="{WIDTH}" y="{top + 12}">{escape(figure_of(chart, bar.total, figures))}</text>'
    language = language_mark(label, figures)
    return f'<text x="0" y="{top + 12}"{language}>{escape(label)}</text>{value}{rects}'
