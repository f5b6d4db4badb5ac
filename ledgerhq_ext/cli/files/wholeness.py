"""Transactions of a table that may lack lines: part of a transaction must never be posted.

A row elsewhere in the file may be one of its lines, and so may a row beside it whose id cannot be
read. The whole file tells, so it is read once for this, before the first transaction is made.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import define, field, frozen

from ledgerhq_ext.cli.files.rows import Run


@frozen
class _Sketch:
    """What is remembered of a run that may have several lines."""

    number: int = field(eq=False)
    kind: str
    company: str
    is_rest: bool
    """True if its numbers show that it begins elsewhere."""
    content: int

    def is_apart(self, other: _Sketch) -> bool:
        """Return whether the two are lines of one transaction, or may be."""
        if self.is_rest or other.is_rest:
            return True
        if _differ(self.kind, other.kind) or _differ(self.company, other.company):
            return False
        # The same rows again are the same transaction again.
        return self.content != other.content


def _differ(one: str, other: str) -> bool:
    """Return whether both are given, and are different."""
    return one != "" and other != "" and one != other


def reasons_against(runs: Iterable[Run]) -> dict[int, str]:
    """Return why transactions may lack lines, by the number of the line on which each begins."""
    survey = _Survey()
    for run in runs:
        survey.add(run)
    return survey.close()


@define
class _Survey:
    """All runs of a file, in their order."""

    _reasons: dict[int, str] = field(factory=dict)
    _sketches: dict[str, list[_Sketch]] = field(factory=dict)
    _singles: dict[tuple[str, str], list[int]] = field(factory=dict)
    """Where the rows are that stand alone though others are numbered, by id and kind."""
    _before: Run | None = None

    def add(self, run: Run) -> None:
        """Take the next run."""
        before = self._before
        self._before = run
        if before is not None:
            self._look_at_neighbors(before, run)
        if run.id == "":
            return
        if not run.has_lines:
            # Without numbers, no row of its kind is a line of another transaction.
            if "line" in run.rows[0].fields:
                self._singles.setdefault((run.id, run.kind), []).append(run.number)
            return
        self._sketches.setdefault(run.id, []).append(_sketch(run))

    def close(self) -> dict[int, str]:
        """Return the reasons, when all runs are there."""
        for id, sketches in self._sketches.items():
            # Each kind of run once: a file may have the same one thousands of times.
            distinct = list(dict.fromkeys(sketches))
            others = {sketch: _number_apart(sketch, distinct) for sketch in distinct}
            for sketch in sketches:
                self._refuse_apart(sketch.number, others[sketch])
                for number in self._singles.get((id, sketch.kind), ()):
                    self._refuse_apart(sketch.number, number)
                    self._refuse_apart(number, sketch.number)
        return self._reasons

    def _look_at_neighbors(self, before: Run, run: Run) -> None:
        if run.id == "" and _may_hold(before, run):
            self._refuse_beside(before.number, run.number)
        if before.id == "" and not run.begins and _may_hold(run, before):
            self._refuse_beside(run.number, before.number)

    def _refuse_apart(self, number: int, other: int | None) -> None:
        if other is None:
            return
        reason = (
            f"line {other} has the same id, and may be one of its lines. Put the lines of a "
            "transaction next to each other, with one kind."
        )
        self._reasons.setdefault(number, reason)

    def _refuse_beside(self, number: int, other: int) -> None:
        reason = (
            f"line {other}, whose id cannot be read, is next to it, and may be one of its lines. "
            "Correct that line."
        )
        self._reasons.setdefault(number, reason)


def _number_apart(sketch: _Sketch, others: Iterable[_Sketch]) -> int | None:
    """Return where rows are that may belong to a run too; None where there are none."""
    for other in others:
        if other is not sketch and sketch.is_apart(other):
            return other.number
    return None


def _may_hold(run: Run, stray: Run) -> bool:
    """Return whether a row without an id may be a line of a transaction beside it."""
    if run.id == "" or not run.has_lines:
        return False
    return not _differ(run.kind, stray.rows[0].text("kind"))


def _sketch(run: Run) -> _Sketch:
    content = tuple(tuple(sorted(row.fields.items())) for row in run.rows)
    return _Sketch(
        number=run.number,
        kind=run.kind,
        company=run.company,
        is_rest=run.is_numbered and not run.begins,
        content=hash(content),
    )
