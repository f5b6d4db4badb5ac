"""Rows that stay on one page: a heading with the row below it, a sum with the row above it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledgerhq_ext.render._document import Row


def groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield the rows in their order, as groups that no page may cut; most are of one row."""
    group: list[Row] = []
    for row in rows:
        # A heading stays with what follows it, a sum with what stands before it.
        is_sum = row.style in ("subtotal", "total")
        is_after_heading = bool(group) and group[-1].style == "heading"
        if group and not is_sum and not is_after_heading:
            yield group
            group = []
        group.append(row)

    if group:
        yield group
