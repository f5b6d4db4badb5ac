"""One run of ``post``: transactions of a file go through the outbox into the books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, product
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

from attrs import define, field, frozen

from ledgerhq_ext import InputError, LedgerHQ, Posting, RecordLookupError
from ledgerhq_ext.cli._requests import Company, posting_of
from ledgerhq_ext.cli.files.mapping import Mapping
from ledgerhq_ext.cli.files.transactions import Item, Problem, SourceTransaction

if TYPE_CHECKING:
    from ledgerhq_ext.cli._postings import State
    from ledgerhq_ext.store import Outbox, StoredPosting

T = TypeVar("T")
Identity = tuple[str, str, str]
"""Company, resource and source id, which together name one transaction of a source system."""

_UNSETTLED: tuple[State, ...] = (
    "pending",
    "rejected",
    "conflict",
    "needs_attention",
    "discarded",
)
_NEAR = 3
_TOGETHER = 500
"""How many postings are checked by the same reads."""


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
    another one that is thrown away, in a dry run. ``report`` is told of every problem at once.
    """

    hq: LedgerHQ
    outbox: Outbox
    target: Outbox
    mapping: Mapping
    system: str
    report: Callable[[Problem], None]
    _problems: list[Problem] = field(factory=list, init=False)
    counts: Counter[str] = field(factory=Counter)
    """How many are ``to send``, and ``known``: posted before, or twice in the file."""
    companies: dict[str, Company] = field(factory=dict)
    """The companies of the file, by the text that it has for them."""

    def take(self, items: Iterable[Item], stop: Callable[[], bool]) -> None:
        """Take the transactions of a file, until they end or somebody asks to stop."""
        for chunk in _chunks(items, _TOGETHER):
            if stop():
                return

            candidates: list[Candidate] = []
            for item in chunk:
                candidate = self._candidate(item)
                if candidate is not None:
                    candidates.append(candidate)
            self._add(self._checked(candidates))
            self._report_problems()

    def _candidate(self, item: Item) -> Candidate | None:
        """Return what can be posted; None for a problem, which is reported."""
        if isinstance(item, Problem):
            self._refuse(item)
            return None
        try:
            company = self._company(item.values.get("company", ""))
            posting = posting_of(item, company, self.mapping)
        except InputError as error:
            self._refuse(Problem(item.number, item.id, _reason(error)))
            return None
        return Candidate(item, company, posting, (self.system, item.id))

    def _company(self, text: str) -> Company:
        if not text:
            raise InputError("its company is not given; add --company.")
        if text not in self.companies:
            record = self.hq.company(text)
            self.companies[text] = Company(record, self.hq.organization(record))
        return self.companies[text]

    def identity(self, transaction: SourceTransaction) -> Identity:
        """Return what names a transaction in the outbox, where none is of an unknown company."""
        company = self.companies.get(transaction.values.get("company", ""))
        company_id = "" if company is None else company.record.id
        return company_id, transaction.kind, transaction.id

    def _checked(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Return those that are not in the outbox yet, and that the service would take."""
        by_company: dict[str, list[Candidate]] = {}
        for candidate in candidates:
            if self._is_new(candidate):
                by_company.setdefault(candidate.company.record.id, []).append(candidate)

        good: list[Candidate] = []
        for group in by_company.values():
            good += self._preflight(group)
        return good

    def _is_new(self, candidate: Candidate) -> bool:
        """Return whether a transaction is new to the outbox; other figures are a problem."""
        try:
            row = self.outbox.find(
                candidate.company.books, candidate.posting, source=candidate.source
            )
        except InputError as error:
            self._refuse(_problem(candidate, _reason(error)))
            return False
        if row is None:
            return True
        # What waits there since an earlier run is sent by this one.
        self.counts["known" if row.state == "posted" else "to send"] += 1
        return False

    def _preflight(self, group: Sequence[Candidate]) -> list[Candidate]:
        report = group[0].company.books.check(*(one.posting for one in group))
        reasons: dict[int, list[str]] = {}
        for finding in report.problems:
            reasons.setdefault(finding.position, []).append(f"{finding.field}: {finding.message}")

        good: list[Candidate] = []
        for position, candidate in enumerate(group):
            if position in reasons:
                self._refuse(_problem(candidate, "; ".join(reasons[position])))
            else:
                good.append(candidate)
        return good

    def _add(self, candidates: Iterable[Candidate]) -> None:
        for candidate in candidates:
            books = candidate.company.books
            try:
                # It may stand in the file twice, perhaps with two amounts.
                row = self.target.find(books, candidate.posting, source=candidate.source)
                if row is None:
                    self.target.add(books, candidate.posting, source=candidate.source)
            except InputError as error:
                self._refuse(_problem(candidate, _reason(error)))
                continue
            self.counts["to send" if row is None else "known"] += 1

    def _refuse(self, problem: Problem) -> None:
        self._problems.append(problem)

    def _report_problems(self) -> None:
        """Report the problems of a chunk in the order of the file."""
        for problem in sorted(self._problems, key=attrgetter("number")):
            self.report(problem)
        self._problems.clear()


def _reason(error: InputError) -> str:
    """Return an error on one line; of the records that come near, no more than a few."""
    if not isinstance(error, RecordLookupError):
        return " ".join(str(error).split())

    text = str(error).partition(" Candidates:")[0]
    # A name that fits half the chart is a typo that no list of accounts helps with.
    are_few = not error.more and len(error.candidates) <= _NEAR
    if error.candidates and are_few:
        return f"{text} Candidates: {', and '.join(error.candidates)}."
    return text


def _problem(candidate: Candidate, reason: str) -> Problem:
    return Problem(candidate.transaction.number, candidate.transaction.id, reason)


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def unsettled(
    outbox: Outbox, companies: Iterable[Company], system: str
) -> dict[Identity, StoredPosting]:
    """Return the postings of a source system that are not in the books."""
    rows: dict[Identity, StoredPosting] = {}
    for company, state in product(companies, _UNSETTLED):
        for row in outbox.postings(state, organization=company.record.id):
            row_system, row_id = row.source
            if row_system == system:
                rows[(row.organization_id, row.resource, row_id)] = row
    return rows


def reason_of(row: StoredPosting) -> str:
    """Return why a posting of the outbox is not in the books, and what to do."""
    state = row.state.replace("_", " ")
    message = (
        row.failure.message if row.failure else row.discard_reason or "it has not been sent yet."
    )
    return f"{state}: {message} For details, run ledgerhq outbox show {row.id}."
