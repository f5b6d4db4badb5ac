"""The contents of a document, before anything is said about its looks.

One ``Document`` is built from a packet; HTML, PDF, XLSX and CSV all write the same one. Cells are
typed by their column: text, ``cents`` (int), ``count`` (int), ``tenths`` of a percent (int),
``date``. None is an empty cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal, NamedTuple

from attrs import frozen

from ledgerhq_ext._message import message as _
from ledgerhq_ext.render._catalogs import ENGLISH, Words

Kind = Literal["text", "cents", "count", "tenths", "date"]
Style = Literal["line", "heading", "subtotal", "total", "differs"]
Value = str | int | dt.date | None


@frozen
class Column:
    """A column of a table.

    ``width`` is its share of the row; ``header`` names the row; ``quiet`` leaves zeros out.
    ``detail`` says what its figures are, where people read: period and currency. Machines go by the
    title alone. ``difference`` are the places of two columns of which it is the first less the
    second, ``change`` those of which it is the change in percent. ``code`` marks one
    of codes, which stand before the name of the row.
    """

    title: str
    kind: Kind = "text"
    width: int = 10
    header: bool = False
    quiet: bool = False
    detail: str = ""
    difference: tuple[int, int] | None = None
    change: tuple[int, int] | None = None
    code: bool = False

    @property
    def heading(self) -> str:
        """The title and the detail in one line."""
        return f"{self.title}, {self.detail}" if self.detail else self.title

    @property
    def is_number(self) -> bool:
        """True for a column whose cells stand at the right."""
        return self.kind in ("cents", "count", "tenths")


CODE = Column(_("Code"), width=7, code=True)
"""The column of account codes."""

Terms = tuple[tuple[int, int], ...]
"""The rows of a table that one of its totals is the sum of: a sign, and the row's place."""


class Row(NamedTuple):
    """A row of a table; a total says by its ``terms`` what it is the sum of."""

    cells: tuple[Value, ...]
    style: Style = "line"
    terms: Terms = ()


@frozen
class Table:
    """A table. ``rows`` can be walked over again and again, and need not be a list.

    ``lines`` are the places of the columns that a line chart beside it shows, over its first
    column.
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    size: int
    lines: tuple[int, ...] = ()


@frozen
class Fact:
    """One labeled value; with the value before, and its period, where packets are compared."""

    label: str
    value: Value
    kind: Kind = "cents"
    before: Value = None
    before_label: str = ""


@frozen
class Part:
    """A part of a section that folds by itself: an account of the ledger.

    ``label`` is short, for lists.
    """

    id: str
    label: str
    facts: tuple[Fact, ...]
    table: Table
    note: str = ""


@frozen
class Section:
    """A statement: its headline, what does not tie in it, its tables and parts.

    ``when`` says which days it is of: the ``period``, its ``end``, or the moment it was ``read``.
    ``missing`` says what it lacks, ``note`` are paragraphs on it, the accountant's own words last.
    """

    id: str
    title: str
    when: Literal["period", "end", "read"]
    headline: tuple[Fact, ...]
    problems: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    parts: tuple[Part, ...] = ()
    missing: str = ""
    note: tuple[str, ...] = ()

    @property
    def is_ledger(self) -> bool:
        """True for the ledger, whose lines are its parts: none where nothing was posted."""
        return self.id == "general-ledger"


@frozen
class Segment:
    """A piece of a bar. ``tone`` picks its color."""

    label: str
    value: int
    tone: Literal["main", "second", "third", "before"] = "main"


@frozen
class Bar:
    """A bar: one segment, or several side by side."""

    label: str
    segments: tuple[Segment, ...]

    @property
    def total(self) -> int:
        """The sum of its segments."""
        return sum(segment.value for segment in self.segments)


@frozen
class Chart:
    """Horizontal bars over one scale. ``detail`` says what the figures are: period and currency."""

    id: str
    title: str
    kind: Literal["cents", "count"]
    bars: tuple[Bar, ...]
    detail: str = ""

    @property
    def heading(self) -> str:
        """The title and the detail in one line."""
        return f"{self.title}, {self.detail}" if self.detail else self.title


@frozen
class Line:
    """A line of a chart, in cents; ``tone`` picks its color, its dashes and the shape of its
    points.
    """

    label: str
    values: tuple[int, ...]
    tone: Literal["main", "second", "third"]


@frozen
class LineChart:
    """Lines over months, at least one. ``detail`` says what the figures are: the currency."""

    id: str
    title: str
    months: tuple[str, ...]
    lines: tuple[Line, ...]
    detail: str = ""

    @property
    def heading(self) -> str:
        """The title and the detail in one line."""
        return f"{self.title}, {self.detail}" if self.detail else self.title


@frozen
class Seal:
    """The sources of a document: digests of the canonical JSON, and the options, as JSON."""

    sha256: str
    options: str
    compared_sha256: str = ""


@frozen
class Signer:
    """Somebody who answers for a document, and their part in it."""

    role: str
    name: str


@frozen(kw_only=True)
class Document:
    """A document: everything that stands in it, in order.

    ``letter`` and ``assurance`` are paragraphs of the accountant's words, ``marks`` the words that
    every page is marked with (``Unaudited``, ``DRAFT``). ``words`` are those of its language, for
    what the formats add to it.
    """

    title: str
    organization: str
    organization_id: str
    currency: str
    start: dt.date
    end: dt.date
    generated_at: dt.datetime
    read_at: dt.datetime
    checked: str
    ties: bool
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    figures: tuple[Fact, ...]
    charts: tuple[Chart | LineChart, ...]
    sections: tuple[Section, ...]
    compared: tuple[dt.date, dt.date] | None
    seal: Seal
    notes: tuple[str, ...] = ()
    letter: tuple[str, ...] = ()
    assurance: tuple[str, ...] = ()
    signers: tuple[Signer, ...] = ()
    marks: tuple[str, ...] = ()
    words: Words = ENGLISH
