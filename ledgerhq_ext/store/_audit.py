"""The audit: compares the store's receipts with the entries in the ledger, company by company.
Read-only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Literal, TypeVar

from attrs import frozen

from ledgerhq_ext import _seam
from ledgerhq_ext._http.io import Work
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._resources.entries import EntryMethods
from ledgerhq_ext._resources.posting import letters
from ledgerhq_ext.errors import APIError, ContractError, InputError, NotFoundError
from ledgerhq_ext.models import Entry
from ledgerhq_ext.reports.periods import Period
from ledgerhq_ext.store._errors import is_about_no_company
from ledgerhq_ext.store._matching import mismatches
from ledgerhq_ext.store._owner import owner_of
from ledgerhq_ext.store._postings import Postings
from ledgerhq_ext.store._rows import StoredPosting

T = TypeVar("T")
FindingKind = Literal["gone", "void", "changed", "doubled", "no_receipt", "alarm", "unexplained"]


@frozen(kw_only=True)
class Finding:
    """A finding of an audit about a posting, an entry, or both.

    ``kind``: ``gone`` (the entry named by a receipt no longer exists), ``void``, ``changed`` (the
    entry is not posted, or its date, amount or accounts differ from the posting), ``doubled`` (an
    entry that no receipt names looks like a posting that already has an entry), ``no_receipt`` (a
    posting without a receipt; ``entry`` is a likely match), ``alarm`` (an open alarm; see
    ``StoredPosting.alarm``), ``unexplained`` (an entry from a source the store does not know).
    """

    kind: FindingKind
    organization_id: str
    message: str
    posting: StoredPosting | None = None
    entry: Entry | None = None


@frozen(kw_only=True)
class Unchecked:
    """A company, or one of its postings, that an audit could not check, and why."""

    organization_id: str
    reason: str
    posting: StoredPosting | None = None


@frozen(kw_only=True)
class Audit:
    """The result of an audit of a period.

    ``organizations``, ``postings`` and ``entries`` are the numbers examined.
    ``entries_without_source`` is the number of entries that no receipt names and that do not name a
    source, so it is unknown whether they come from postings.
    """

    period: Period
    findings: tuple[Finding, ...]
    unchecked: tuple[Unchecked, ...]
    organizations: int
    postings: int
    entries: int
    entries_without_source: int

    @property
    def ok(self) -> bool:
        """True if there are no findings and everything could be checked."""
        return not self.findings and not self.unchecked


async def audit(
    rows: Postings,
    session: Session,
    period: Period,
    organizations: Collection[str] | None,
    work: Work,
) -> Audit:
    """Return the audit of the companies that a client has postings of, or of those named."""
    known = await work(rows.organizations, owner_of(session))
    # One that is named is examined without postings too: the store may have lost them.
    names = known if organizations is None else dict.fromkeys(organizations)
    companies: list[_Company] = []
    for organization_id in names:
        company = _Company(organization_id, period)
        await company.check(rows, session, work)
        companies.append(company)

    findings: list[Finding] = []
    unchecked: list[Unchecked] = []
    for company in companies:
        findings += company.findings
        unchecked += company.unchecked
    return Audit(
        period=period,
        findings=tuple(findings),
        unchecked=tuple(unchecked),
        organizations=len(companies),
        postings=sum(company.postings for company in companies),
        entries=sum(company.entries for company in companies),
        entries_without_source=sum(company.entries_without_source for company in companies),
    )


class _Company:
    """The audit of one company."""

    def __init__(self, organization_id: str, period: Period) -> None:
        self._organization_id = organization_id
        self._period = period
        self.findings: list[Finding] = []
        self.unchecked: list[Unchecked] = []
        self.postings = 0
        self.entries = 0
        self.entries_without_source = 0

    async def check(self, rows: Postings, session: Session, work: Work) -> None:
        """Hold the postings of the period against the entries of the company."""
        try:
            # Which refuses an id that no request can carry.
            books = EntryMethods(session, self._organization_id)
            entries = await books.entries(start=self._period.start, end=self._period.end)._all()
        except (APIError, ContractError, InputError) as error:
            if is_about_no_company(error):
                raise
            self._leave(f"its entries cannot be read: {error.message}")
            return

        # After the entries: a drain may go on, and who made each of them is in the store by now.
        listed = await work(rows.listed, None, self._organization_id, owner_of(session))
        settled = await work(rows.settled_entries, self._organization_id)
        postings = self._of_the_period(listed)
        self.postings = len(postings)
        self.entries = len(entries)
        free = [entry for entry in entries if entry.status == "posted" and entry.id not in settled]
        by_id = {entry.id: entry for entry in entries}
        # What looks alike has one day: a month of a busy company is not compared all with all.
        free_of_day = _by_day(free, _day_of_entry)
        postings_of_day = _by_day(postings, _day_of_posting)
        for posting in postings:
            free_entries = free_of_day.get(_day_of_posting(posting), ())
            await self._check_posting(books, posting, by_id, free_entries)
        for entry in free:
            self._check_free(entry, postings_of_day.get(_day_of_entry(entry), ()))

    def _of_the_period(self, postings: Sequence[StoredPosting]) -> list[StoredPosting]:
        first = self._period.start.isoformat()
        last = self._period.end.isoformat()
        of_the_period: list[StoredPosting] = []
        for posting in postings:
            day = posting.request.get("txnDate")
            if not isinstance(day, str):
                self._leave("its payload cannot be read, so its date is unknown", posting)
            # Days in ISO form sort as texts.
            elif first <= day <= last:
                of_the_period.append(posting)
        return of_the_period

    async def _check_posting(
        self,
        books: EntryMethods,
        posting: StoredPosting,
        by_id: dict[str, Entry],
        free: Sequence[Entry],
    ) -> None:
        if posting.alarm is not None and posting.acknowledgement is None:
            self._find("alarm", posting.alarm, posting)
        if posting.state == "discarded":
            # A person has laid it to rest: no entry is missed.
            return
        if posting.state != "posted" or posting.receipt is None:
            self._find_no_receipt(posting, free)
            return

        id = posting.receipt.journal_entry_id
        entry = by_id.get(id)
        if entry is None:
            # It was made since they were read, or moved to a day that is not in the period.
            entry = await self._look_up(books, posting, id)
        if entry is not None:
            self._compare(posting, entry)

    def _find_no_receipt(self, posting: StoredPosting, free: Sequence[Entry]) -> None:
        message = f"it is {posting.state}, without a receipt"
        for entry in free:
            if not mismatches(entry, posting):
                message = f"{message}; the entry {entry.id} looks like it"
                self._find("no_receipt", message, posting, entry)
                return
        self._find("no_receipt", message, posting)

    async def _look_up(self, books: EntryMethods, posting: StoredPosting, id: str) -> Entry | None:
        """Return an entry that is not among those of the period, if it is anywhere."""
        try:
            return await books.entry(id)
        except NotFoundError:
            self._find("gone", f"the entry of its receipt, {id}, is not in the ledger", posting)
        except (APIError, ContractError, InputError) as error:
            if is_about_no_company(error):
                # Every other row would look wrong, too.
                raise
            self._leave(f"the entry of its receipt, {id}, cannot be read: {error.message}", posting)
        return None

    def _compare(self, posting: StoredPosting, entry: Entry) -> None:
        if entry.status == "void":
            reason = f" ({entry.void_reason})" if entry.void_reason else ""
            self._find("void", f"its entry {entry.id} is void{reason}", posting, entry)
            return

        differences = list(mismatches(entry, posting))
        if entry.status != "posted":
            differences.insert(0, f"it is {entry.status}, not posted")
        if differences:
            message = f"its entry {entry.id} was changed: {'; '.join(differences)}"
            self._find("changed", message, posting, entry)

    def _check_free(self, entry: Entry, postings: Sequence[StoredPosting]) -> None:
        """Look at a posted entry that settles no posting."""
        twins = [posting for posting in postings if not mismatches(entry, posting)]
        for posting in twins:
            if posting.state == "posted":
                message = (
                    f"no receipt names the entry {entry.id}, and it looks like the posting "
                    f"{posting.source}"
                )
                self._find("doubled", message, posting, entry)
                return
        if twins:
            # It is not unexplained: one of these postings may be it.
            return

        if entry.source_type is None:
            self.entries_without_source += 1
        elif letters(entry.source_type) in _POSTED:
            message = (
                f"the entry {entry.id} comes from a {entry.source_type} that the store does not "
                "know"
            )
            self._find("unexplained", message, None, entry)

    def _find(
        self,
        kind: FindingKind,
        message: str,
        posting: StoredPosting | None,
        entry: Entry | None = None,
    ) -> None:
        finding = Finding(
            kind=kind,
            organization_id=self._organization_id,
            message=message,
            posting=posting,
            entry=entry,
        )
        self.findings.append(finding)

    def _leave(self, reason: str, posting: StoredPosting | None = None) -> None:
        self.unchecked.append(
            Unchecked(organization_id=self._organization_id, reason=reason, posting=posting)
        )


def _by_day(items: Sequence[T], day_of: Callable[[T], str]) -> dict[str, list[T]]:
    days: dict[str, list[T]] = {}
    for item in items:
        days.setdefault(day_of(item), []).append(item)
    return days


def _day_of_posting(posting: StoredPosting) -> str:
    return str(posting.request["txnDate"])


def _day_of_entry(entry: Entry) -> str:
    return entry.date.isoformat()


_POSTED = frozenset(letters(resource) for resource in _seam.POSTINGS)
"""The sources that an entry of a posting names, in letters only: spellings differ."""
