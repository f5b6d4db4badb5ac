"""The line chart of a workbook: its own, so that it follows the cells that it shows."""

from __future__ import annotations

from typing import Any

from ledgerhq_ext.render._document import Table

_ROWS = 20
"""The rows that a chart covers."""
_HEIGHT = 380
_PIXELS = 7
"""Of a character; a chart is no wider than its table, which is printed beside nothing else."""
_LOOKS = (("solid", "circle"), ("dash", "square"), ("round_dot", "diamond"))
"""The dashes and the points of the lines, which also differ where colors do not."""
_COLORS = ("#5b6470", "#000000")
"""Those behind the first one, which is the brand's."""


def insert_chart(book: Any, sheet: Any, table: Table, top: int, *, tone: str) -> int:
    """Insert the chart of a table below it, and return how many rows it covers.

    ``top`` is the row of the table's heading. The totals below the lines are not drawn.
    """
    count = sum(row.style == "line" for row in table.rows)
    first = top + 1
    last = top + count
    chart = book.add_chart({"type": "line"})
    looks = zip(table.lines, _LOOKS, (tone, *_COLORS), strict=True)
    for place, (dash, marker), color in looks:
        fill = {"color": color}
        chart.add_series(
            {
                "name": [sheet.get_name(), top, place],
                "categories": [sheet.get_name(), first, 0, last, 0],
                "values": [sheet.get_name(), first, place, last, place],
                "line": {"color": color, "width": 2, "dash_type": dash},
                "marker": {"type": marker, "size": 6, "fill": fill, "border": fill},
            }
        )
    chart.set_title({"none": True})
    chart.set_legend({"position": "top"})
    # Below the lines, where months of a loss do not cross them.
    chart.set_x_axis({"label_position": "low"})
    chart.set_y_axis(
        {
            "num_format": "#,##0",
            "major_gridlines": {"visible": True, "line": {"color": "#d9dde3"}},
        }
    )
    width = sum(column.width * _PIXELS for column in table.columns)
    chart.set_size({"width": width, "height": _HEIGHT})
    description = ", ".join(table.columns[place].title for place in table.lines)
    sheet.insert_chart(top + table.size + 2, 0, chart, {"description": description})
    return _ROWS
