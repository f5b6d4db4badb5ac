"""The charts of a document, as typst draws them: shares of a width and a height."""

from __future__ import annotations

from typing import Any

from ledgerhq_ext._plain import breakable
from ledgerhq_ext.render import _plots as plots
from ledgerhq_ext.render._document import Bar, Chart, LineChart
from ledgerhq_ext.render._figures import Figures
from ledgerhq_ext.render._svg import described, figure_of, scale


def pdf_chart(chart: Chart | LineChart, figures: Figures) -> dict[str, Any]:
    """Return what typst reads of a chart; one of lines has no ``bars``, and the other no
    ``lines``.
    """
    if isinstance(chart, LineChart):
        return _line_chart(chart, figures)

    low, high = scale(chart)
    # All bars may be of nothing.
    reach = (high - low) or 1
    return {
        "title": chart.title,
        "detail": chart.detail,
        "zero": -low / reach,
        "bars": [_bar(chart, bar, reach, figures) for bar in chart.bars],
        "lines": [],
        "words": described(chart, figures),
    }


def _bar(chart: Chart, bar: Bar, reach: int, figures: Figures) -> dict[str, Any]:
    parts = [
        {
            "label": f"{segment.label} {figure_of(chart, segment.value, figures)}",
            "share": segment.value / reach,
            "tone": segment.tone,
        }
        for segment in bar.segments
    ]
    return {
        "label": breakable(bar.label),
        "value": figure_of(chart, bar.total, figures),
        "parts": parts,
    }


def _line_chart(chart: LineChart, figures: Figures) -> dict[str, Any]:
    geometry = plots.plot(chart, figures)
    lines: list[dict[str, Any]] = []
    for line, ys in zip(chart.lines, geometry.ys, strict=True):
        lines.append(
            {
                "label": line.label,
                "value": plots.latest(chart, line.values, figures),
                "tone": line.tone,
                "points": list(zip(geometry.xs, ys, strict=True)),
            }
        )
    return {
        "title": chart.title,
        "detail": chart.detail,
        "bars": [],
        "lines": lines,
        "ticks": [[tick.y, tick.label, tick.is_zero] for tick in geometry.ticks],
        "months": [[geometry.xs[place], chart.months[place]] for place in geometry.named],
        "words": plots.described(chart, figures),
    }
