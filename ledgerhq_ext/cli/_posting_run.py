"""One run of ``post``: transactions of a file go through the outbox into the books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, TypeGuard, TypeVar

from attrs import define, field, frozen

from ledgerhq_ext import InputError, LedgerHQ, Posting
from ledgerhq_ext.cli._reasons import different_posting, reason_of_error, reason_within_file
from ledgerhq_ext.cli._requests import Company, Memory, posting_of
from ledgerhq_ext.cli.files.mapping import Mapping
from ledgerhq_ext.cli.files.transactions import Item, Problem, SourceTransaction

if TYPE_CHECKING:
    from ledgerhq_ext.store import Outbox, StoredPosting

    Standing = StoredPosting | InputError | None
    """What an outbox has of a transaction: its posting, what differs from it, or nothing."""

T = TypeVar("T")
_TOGETHER = 500
"""How many transactions are looked up, checked and written down together."""


@frozen
class Candidate:
    """A transaction that can be posted as far as the file and the lookups tell."""

    transaction: SourceTransaction
    company: Company
    posting: Posting
    source: tuple[str, str]


@define
class Intake:
    """Takes transactions into an outbox, and checks each of them first.

    ``outbox`` knows what was posted before. ``target`` is where new ones go: the outbox itself, or
    another one that is thrown away, in a dry run. ``report`` is told of every problem at once, and
    ``warn`` of what is unusual about a transaction that can be posted.
    """

    hq: LedgerHQ
    outbox: Outbox
    target: Outbox
    mapping: Mapping
    system: str
    report: Callable[[Problem], None]
    warn: Callable[[Problem], None]
    counts: Counter[str] = field(factory=Counter)
    """How many are ``to send``, and ``known``: posted before, or twice in the file."""
    item_count: int = field(default=0, init=False)
    """How many transactions and problems of the file were taken."""
    companies: Memory[Company] = field(factory=Memory)
    """The companies of the file, by the text that it has for them."""
    _problems: list[Problem] = field(factory=list, init=False)
    _first_new: int | None = field(default=None, init=False)
    """The number of the first posting that this run has added; later ones have higher numbers."""
    _waiting: set[int] = field(factory=set, init=False)
    """The numbers of those that wait in the outbox since an earlier run, and are in the file."""

    def take(self, items: Iterable[Item], stop: Callable[[], bool]) -> None:
        """Take the transactions of a file, until they end or somebody asks to stop."""
        for chunk in _chunks(items, _TOGETHER):
            if stop():
                return
            for group in _by_company(self._candidates(chunk)):
                self._take_group(group)
            self._report_problems()
            self.item_count += len(chunk)

    @property
    def company_ids(self) -> list[str]:
        """The ids of the companies of the file."""
        return [company.record.id for company in self.companies.values.values()]

    def unsettled(self, items: Iterable[Item]) -> Iterator[tuple[SourceTransaction, StoredPosting]]:
        """Yield the transactions of a file that are in the outbox and not in the books, each once,
        with their postings.
        """
        numbers: set[int] = set()
        for chunk in _chunks(items, _TOGETHER):
            for transaction, row in self._unsettled(chunk):
                is_first = row.id not in numbers
                numbers.add(row.id)
                if is_first:
                    yield transaction, row

    def _unsettled(
        self, chunk: Iterable[Item]
    ) -> Iterator[tuple[SourceTransaction, StoredPosting]]:
        for group in _by_company(self._candidates(chunk)):
            rows = _rows_of(self.outbox, group)
            for candidate, row in zip(group, rows, strict=True):
                if _is_unsettled(row):
                    yield candidate.transaction, row
        # They were reported when the file was read.
        self._problems.clear()

    # --- what the file says

    def _candidates(self, items: Iterable[Item]) -> list[Candidate]:
        """Return what can be posted; the rest is a problem each."""
        candidates: list[Candidate] = []
        for item in items:
            candidate = self._candidate(item)
            if candidate is not None:
                candidates.append(candidate)
        return candidates

    def _candidate(self, item: Item) -> Candidate | None:
        """Return what can be posted; None for a problem, which is noted."""
        if isinstance(item, Problem):
            self._problems.append(item)
            return None
        try:
            company = self._company(item.values.get("company", ""))
            posting = posting_of(item, company, self.mapping)
        except InputError as error:
            if error._lacks_token:
                # No fault of the file: no other row could be looked up either.
                raise
            self._problems.append(Problem(item.number, item.id, reason_of_error(error)))
            return None
        return Candidate(item, company, posting, (self.system, item.id))

    def _company(self, text: str) -> Company:
        if not text:
            raise InputError("its company is not given; add --company.")
        return self.companies.value(text, self._find_company)

    def _find_company(self, text: str) -> Company:
        record = self.hq.company(text)
        stated = self.mapping.company
        if stated and text != stated and self.hq.company(stated).id != record.id:
            # Money would go into the books of one, and the command names the other.
            raise InputError(
                f"its company is {record.name}, and --company, or the mapping file, says "
                f"{stated!r}. Correct one, or leave it out."
            )
        return Company(record, self.hq.organization(record))

    # --- what the outbox and the service say

    def _take_group(self, group: Sequence[Candidate]) -> None:
        """Take transactions of one company."""
        new = self._new_to(self.outbox, group)
        if self.target is not self.outbox:
            new = self._new_to(self.target, new)
        if new:
            self._add(self._preflight(new))

    def _new_to(self, outbox: Outbox, group: Sequence[Candidate]) -> list[Candidate]:
        """Return those that an outbox does not have yet; other figures are a problem."""
        new: list[Candidate] = []
        for candidate, row in zip(group, _rows_of(outbox, group), strict=True):
            if row is None:
                new.append(candidate)
            elif isinstance(row, InputError):
                self._refuse(candidate, self._reason(outbox, row))
            elif outbox is self.outbox and self._is_of_earlier_run(row):
                # It is sent by this one.
                self._waiting.add(row.id)
                self.counts["to send"] += 1
            else:
                self.counts["known"] += 1
        return new

    def _reason(self, outbox: Outbox, error: InputError) -> str:
        """Return why a transaction cannot be added to an outbox that has its source."""
        number = different_posting(error)
        first_new = self._first_new
        is_of_this_run = number is not None and first_new is not None and number >= first_new
        if outbox is not self.outbox or is_of_this_run:
            return reason_within_file(error)
        return reason_of_error(error)

    def _is_of_earlier_run(self, row: StoredPosting) -> bool:
        """Return whether a posting waits since an earlier run, and was not met in this file yet."""
        if row.state == "posted" or row.id in self._waiting:
            return False
        return self._first_new is None or row.id < self._first_new

    def _preflight(self, group: Sequence[Candidate]) -> list[Candidate]:
        """Return those that the service would take."""
        report = group[0].company.books.check(*(one.posting for one in group))
        reasons: dict[int, list[str]] = {}
        for finding in report.problems:
            reasons.setdefault(finding.position, []).append(f"{finding.field}: {finding.message}")
        for finding in report.warnings:
            if finding.position not in reasons:
                unusual = group[finding.position].transaction
                message = f"{finding.field}: {finding.message}"
                self.warn(Problem(unusual.number, unusual.id, message))

        good: list[Candidate] = []
        for position, candidate in enumerate(group):
            if position in reasons:
                self._refuse(candidate, "; ".join(reasons[position]))
            else:
                good.append(candidate)
        return good

    def _add(self, group: Sequence[Candidate]) -> None:
        """Write transactions of one company down that were not there a moment ago."""
        firsts: dict[tuple[str, tuple[str, str]], Candidate] = {}
        repeats: list[Candidate] = []
        for candidate in group:
            first = firsts.setdefault((candidate.posting.resource, candidate.source), candidate)
            if first is not candidate:
                repeats.append(candidate)

        self._write(list(firsts.values()))
        # They are known by now, or differ from what was written down.
        self._new_to(self.target, repeats)

    def _write(self, group: Sequence[Candidate]) -> None:
        if not group:
            return
        from ledgerhq_ext.store import StoreError

        try:
            self.target.add_all(group[0].company.books, _pairs(group))
        except StoreError:
            # No fault of the file: the next row would wait for the database as long.
            raise
        except InputError:
            # Another process has just added one of them, with other figures.
            self._write_one_by_one(group)
            return
        # Also those that another process has added since they were looked up: they wait there.
        self.counts["to send"] += len(group)
        if self._first_new is None and self.target is self.outbox:
            self._first_new = _first_number(_rows_of(self.outbox, group))

    def _write_one_by_one(self, group: Sequence[Candidate]) -> None:
        from ledgerhq_ext.store import StoreError

        for candidate in group:
            try:
                row = self.target.add(
                    candidate.company.books, candidate.posting, source=candidate.source
                )
            except StoreError:
                raise
            except InputError as error:
                self._refuse(candidate, reason_of_error(error))
                continue
            self.counts["known" if row.state == "posted" else "to send"] += 1

    def _refuse(self, candidate: Candidate, reason: str) -> None:
        transaction = candidate.transaction
        self._problems.append(Problem(transaction.number, transaction.id, reason))

    def _report_problems(self) -> None:
        """Report the problems of a chunk in the order of the file."""
        for problem in sorted(self._problems, key=attrgetter("number")):
            self.report(problem)
        self._problems.clear()


def _by_company(candidates: Iterable[Candidate]) -> list[list[Candidate]]:
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(candidate.company.record.id, []).append(candidate)
    return list(groups.values())


def _first_number(rows: Iterable[Standing]) -> int | None:
    """Return the lowest number of some postings."""
    return min((row.id for row in rows if _is_posting(row)), default=None)


def _is_posting(row: Standing) -> TypeGuard[StoredPosting]:
    """Return whether there is a posting, with the same content."""
    return row is not None and not isinstance(row, InputError)


def _is_unsettled(row: Standing) -> TypeGuard[StoredPosting]:
    """Return whether there is a posting that is not in the books."""
    return _is_posting(row) and row.state != "posted"


def _pairs(group: Iterable[Candidate]) -> list[tuple[Posting, tuple[str, str]]]:
    return [(candidate.posting, candidate.source) for candidate in group]


def _rows_of(outbox: Outbox, group: Sequence[Candidate]) -> Sequence[Standing]:
    """Return what an outbox has of transactions of one company."""
    if not group:
        return ()
    return outbox.find_all(group[0].company.books, _pairs(group))


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
