"""Rows of a table, and runs of them: neighbors that are the lines of one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from ledgerhq_ext.cli.files.mapping import Mapping


@frozen
class Row:
    """The fields of one row, by their names; ``problem`` is why they cannot be trusted."""

    number: int
    fields: dict[str, str]
    problem: str = ""

    def text(self, name: str) -> str:
        """Return a field, empty where the row has none."""
        return self.fields.get(name, "")


@frozen
class Run:
    """Neighbors with one id: one transaction, as far as they alone can tell."""

    rows: list[Row]
    kind: str
    """The kind of the transaction, empty where neither file nor mapping says it."""

    @property
    def id(self) -> str:
        """The id of the source transaction, empty where it cannot be read."""
        return self.rows[0].text("id")

    @property
    def number(self) -> int:
        """The line of the file on which it begins."""
        return self.rows[0].number

    @property
    def company(self) -> str:
        """The company that the first row names."""
        return self.rows[0].text("company")

    @property
    def is_numbered(self) -> bool:
        """True if a column numbers its lines."""
        return any(row.text("line") for row in self.rows)

    @property
    def has_lines(self) -> bool:
        """True if it may have several lines: other rows may belong to it too."""
        return self.kind == "journal_entry" or self.is_numbered

    @property
    def begins(self) -> bool:
        """True if its first row is surely the first line of a transaction."""
        return self.rows[0].text("line") == "1"


def runs(rows: Iterable[Row], mapping: Mapping) -> Iterator[Run]:
    """Yield the rows that are one transaction.

    Neighbors with one id are its lines if it is a journal entry, whose sides have to balance, or if
    a column ``line`` numbers them. Otherwise each row stands alone: one that was copied by mistake
    would be posted as a second line.
    """
    neighbors: list[Row] = []
    for row in rows:
        if neighbors and not _continues(neighbors[0], row):
            yield from _runs_of(neighbors, mapping)
            neighbors = []
        neighbors.append(row)
    if neighbors:
        yield from _runs_of(neighbors, mapping)


def _continues(first: Row, row: Row) -> bool:
    """Return whether a row has the id of the one before it, and no kind of its own."""
    if not row.text("id") or row.text("id") != first.text("id"):
        return False
    return row.text("kind") in ("", first.text("kind"))


def _runs_of(neighbors: list[Row], mapping: Mapping) -> Iterator[Run]:
    kind = neighbors[0].text("kind") or mapping.kind
    run = Run(neighbors, kind)
    if run.has_lines:
        yield run
        return
    for row in neighbors:
        yield Run([row], kind)
