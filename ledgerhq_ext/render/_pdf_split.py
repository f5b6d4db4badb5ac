"""Where a long document is cut, and its parts as typst reads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

Data = dict[str, Any]

ROWS = 500
"""The rows of a part."""
_PAGE = 90
"""So many rows never fit on one page."""


class Span(NamedTuple):
    """The rows of a document from one to before another, counted through all tables."""

    start: int
    end: int

    def begins(self, other: Span) -> bool:
        """Return whether another span begins in this one."""
        return self.start <= other.start < self.end

    def continues(self, other: Span) -> bool:
        """Return whether this span begins within another one."""
        return other.start < self.start < other.end


def tables_of(section: Data) -> list[Data]:
    """Return the tables of a section in the order in which they are set."""
    return [*(part["table"] for part in section["parts"]), *section["tables"]]


def rows_of(data: Data) -> int:
    """Return how many rows the tables of a document have."""
    return sum(map(_size, data["sections"]))


def _size(section: Data) -> int:
    return sum(len(table["rows"]) for table in tables_of(section))


class LongDocument:
    """The data of a document, to be had in parts."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self.rows = rows_of(data)
        self._sections = list(self._spans())

    def _spans(self) -> Iterator[Span]:
        start = 0
        for section in self._data["sections"]:
            end = start + _size(section)
            yield Span(start, end)
            start = end

    def is_last(self, span: Span) -> bool:
        """Return whether a part is the last one."""
        return span.end > self.rows

    def sections_in(self, span: Span) -> int:
        """Return how many sections begin in a part."""
        return sum(span.begins(section) for section in self._sections)

    def sections_after(self, span: Span) -> list[tuple[str, int]]:
        """Return the titles of the sections that begin after a part, and their first rows."""
        sections = zip(self._data["sections"], self._sections, strict=True)
        return [(data["title"], own.start) for data, own in sections if own.start >= span.end]

    def next_span(self, start: int) -> tuple[Span, bool]:
        """Return the rows of the part that begins with a row, and whether it ends with a section.

        The first part ends where a long section begins, if one does; it is typeset twice.
        """
        end = start + ROWS
        within = [own for own in self._sections if start < own.start <= end]
        long = [own for own in within if own.end - own.start > ROWS]
        if start == 0 and long:
            return Span(0, long[0].start), True

        if end >= self.rows:
            return Span(start, self.rows + 1), True
        # What stands before the rows of a section is not told apart from the page before: on the
        # last page there must be rows only.
        near = [own for own in within if own.start > end - _PAGE]
        if near:
            return Span(start, near[0].start), True
        return Span(start, self._after_group(end)), False

    def _after_group(self, end: int) -> int:
        """Return the first row from ``end`` on that does not stay with the one before it."""
        place = 0
        for section in self._data["sections"]:
            for table in tables_of(section):
                rows = table["rows"]
                if place + len(rows) <= end:
                    place += len(rows)
                    continue
                at = end - place
                while at < len(rows) and rows[at][1] == 0:
                    at += 1
                return place + at
        return end

    def part(self, span: Span) -> Data:
        """Return the data of a part: the document with the rows of the part only."""
        sections: list[Data] = []
        for section, own in zip(self._data["sections"], self._sections, strict=True):
            if span.begins(own) or span.continues(own):
                sections.append(_section(section, own, span))
        return {
            **self._data,
            "sections": sections,
            "head": span.start == 0,
            "tail": self.is_last(span),
        }


def _section(section: Data, own: Span, span: Span) -> Data:
    """Return a section with the rows of a part only."""
    tables: list[Data | None] = []
    start = own.start
    for table in tables_of(section):
        end = start + len(table["rows"])
        tables.append(_table(table, Span(start, end), span))
        start = end

    count = len(section["parts"])
    parts = zip(section["parts"], tables[:count], strict=True)
    return {
        **section,
        "continued": span.continues(own),
        "fits": section["fits"] and own.end <= span.end,
        "parts": [{**part, "table": table} for part, table in parts if table],
        "tables": [table for table in tables[count:] if table],
    }


def _table(table: Data, own: Span, span: Span) -> Data | None:
    """Return a table with the rows of a part only; None where it is in other parts."""
    if not span.begins(own) and not span.continues(own):
        return None
    first = max(span.start - own.start, 0)
    rows = table["rows"][first : span.end - own.start]
    return {**table, "continued": span.continues(own), "rows": rows}
