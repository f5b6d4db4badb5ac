"""The outbox: what is to be posted, written down before anything is sent. ``Outbox`` blocks, ``AsyncOutbox`` awaits."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NoReturn

from attrs import field, frozen

from ledgerhq_ext.books import content_of
from ledgerhq_ext.checks import check_id, number
from ledgerhq_ext.client import AsyncLedgerHQ, AsyncOrganization, LedgerHQ, Organization
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.firm import Firm
from ledgerhq_ext.flow import Flow, work
from ledgerhq_ext.idempotency import check_key, fingerprint, idempotency_key
from ledgerhq_ext.models import Entry, OrganizationInfo, Receipt
from ledgerhq_ext.posting import Posting
from ledgerhq_ext.scope import Scope
from ledgerhq_ext.store import reconcile as reconciling
from ledgerhq_ext.store.database import Database
from ledgerhq_ext.store.drain import Drain, Limits, OnProgress, post_now, run_tasks, run_threads
from ledgerhq_ext.store.postings import Postings
from ledgerhq_ext.store.rows import STATES, Doubt, Drained, State, Status, StoredPosting, receipt_to_json
from ledgerhq_ext.store.statements import Intent, Terms
from ledgerhq_ext.surface import awaiting, blocking
from ledgerhq_ext.transport import AwaitingDriver, BlockingDriver

HOUR = 3600.0
Whose = str | OrganizationInfo | Scope


@frozen(kw_only=True)
class OutboxSettings:
    """How patient and how careful the outbox is. Both are seconds.

    ``key_lifetime``: for how long after the first send the service is trusted to remember a key; nobody has
    promised a time. 20 hours stay below the shortest life that is usual elsewhere, a day. ``lease_margin``: how
    much longer than a call's deadline a lease lasts.
    """

    key_lifetime: float = field(default=20 * HOUR, validator=number(60, 10**9))
    lease_margin: float = field(default=30.0, validator=number(1, 86_400))


class _Outbox:
    """What both surfaces share."""

    def __init__(self, database: Database, settings: OutboxSettings | None = None) -> None:
        self._rows = Postings(database)
        self.settings = settings or OutboxSettings()

    def _terms(self, target: Firm[Any] | Scope) -> Terms:
        lease = target._session.options.deadline + self.settings.lease_margin
        if lease * 2 > self.settings.key_lifetime:
            raise InputError(f"a lease of {lease} s (deadline and margin) is too long for this key_lifetime.")
        return Terms(lease=lease, key_lifetime=self.settings.key_lifetime)

    def _begin(
        self,
        hq: Firm[Any],
        wait: float,
        seconds: float | None,
        organizations: Collection[str] | None,
        on_progress: OnProgress | None,
        stop: Callable[[], bool] | None,
    ) -> Drain:
        only = None if organizations is None else tuple(check_id(id, "organization id") for id in organizations)
        limits = Limits(wait=wait, seconds=seconds, organizations=only, stop=stop or (lambda: False))
        return Drain(self._rows, hq, self._terms(hq), limits, on_progress)


# --- flows


def add(
    outbox: _Outbox,
    organization: Whose,
    request: Posting,
    *,
    source: tuple[str, str],
    key: str | None = None,
    in_order: bool = False,
) -> Flow[StoredPosting]:
    """Write a posting down, to be sent by ``drain``. Nothing is sent; when this returns it is on disk.

    ``source`` is (source system, source id). The same source transaction again is a no-op, with another payload
    an ``InputError`` that shows both digests. What is added ``in_order`` is sent only when everything that was
    added in order before it, for the same organization, is settled. Raises ``StoreError``.
    """
    intent = _intent(organization, request, source, key, in_order)
    return (yield from work(lambda: outbox._rows.add(intent)))


def post(outbox: _Outbox, books: Scope, request: Posting, *, source: tuple[str, str]) -> Flow[Receipt]:
    """Write a posting down, send it now, and keep its receipt; returns the receipt.

    For a source transaction that is posted already this is the stored receipt (``replayed``), without a request.
    One that was rejected is sent again. Raises what ``books.post`` does, and ``StoreError``; after an ``unknown``
    outcome ``drain`` goes on with it.
    """
    row = yield from add(outbox, books, request, source=source)
    return (yield from post_now(outbox._rows, books, row.id, outbox._terms(books)))


def status(outbox: _Outbox) -> Flow[Status]:
    """How many postings are in each state."""
    return (yield from work(outbox._rows.status))


def postings(
    outbox: _Outbox, state: State | None = None, *, organization: Whose | None = None
) -> Flow[tuple[StoredPosting, ...]]:
    """The postings of a state, of an organization, or all, in the order in which they were added."""
    if state is not None and state not in STATES:
        raise InputError(f"state is one of {', '.join(STATES)}, not {state!r}.")
    whose = None if organization is None else _id_of(organization)
    return (yield from work(lambda: outbox._rows.listed(state, whose)))


def receipts(outbox: _Outbox, *, organization: Whose | None = None) -> Flow[tuple[StoredPosting, ...]]:
    """The postings that are posted; each has its ``receipt``."""
    return (yield from postings(outbox, "posted", organization=organization))


def retry_rejected(outbox: _Outbox, *, organization: Whose | None = None, code: str | None = None) -> Flow[int]:
    """Make rejected postings pending again, all or those with a code of the service; returns how many."""
    whose = None if organization is None else _id_of(organization)
    return (yield from work(lambda: outbox._rows.retry_rejected(whose, code)))


def reconcile(outbox: _Outbox, hq: Firm[Any]) -> Flow[list[Doubt]]:
    """Every posting that needs attention, and the posted entries that could be it: by date, accounts and amount.

    Entries that other receipts name are left out. A person looks, and calls ``resolve``. Reads from LedgerHQ.
    """
    return (yield from reconciling.doubts(outbox._rows, hq))


def resolve(outbox: _Outbox, posting: StoredPosting, *, stands_as: Entry | None) -> Flow[StoredPosting]:
    """A person's decision on a posting that needs attention.

    ``stands_as`` an entry: it is posted, with a receipt made from the entry (which names no bank rows). None: it
    certainly does not stand; it is sent again, under its old key. ``InputError`` in any other state.
    """
    values: dict[str, Any] = {"unknown": False, "error": None}
    if stands_as is None:
        values |= {"state": "pending", "due_at": 0.0, "first_sent_at": None}
    else:
        receipt = _receipt_of(posting, stands_as)
        values |= {"state": "posted", "receipt": receipt_to_json(receipt), "journal_entry_id": stands_as.id}
    return (yield from work(lambda: outbox._rows.settle(posting.id, values)))


def _receipt_of(posting: StoredPosting, entry: Entry) -> Receipt:
    if entry.organization_id != posting.organization_id or entry.posted_at is None:
        raise InputError(f"entry {entry.id} is not posted, or of another organization.")
    return Receipt(
        id=entry.source_id or "",
        resource_type=posting.resource,
        journal_entry_id=entry.id,
        bank_transaction_ids=(),
        status="posted",
        posted_at=entry.posted_at,
        idempotency_key=posting.key,
        replayed=True,
        organization_id=posting.organization_id,
    )


def _id_of(organization: Whose) -> str:
    return check_id(organization if isinstance(organization, str) else organization.id, "organization id")


def _intent(organization: Whose, request: Posting, source: tuple[str, str], key: str | None, in_order: bool) -> Intent:
    content = content_of(request)
    whose = _id_of(organization)
    if not isinstance(source, tuple) or len(source) != 2:
        raise InputError("give source=(source system, source id).")
    derived = idempotency_key(whose, request.resource, *source)
    return Intent(
        organization_id=whose,
        resource=request.resource,
        source=source,
        key=derived if key is None else check_key(key),
        request=content,
        digest=fingerprint(content),
        in_order=in_order,
    )


# --- the two surfaces


def _no_client() -> NoReturn:
    raise AssertionError("the outbox itself sends nothing")


class Outbox(_Outbox):
    """The outbox of a store, blocking; made by ``Store.outbox``. Safe to share between threads and processes."""

    _driver = BlockingDriver("", _no_client)

    add = blocking(add)
    status = blocking(status)
    postings = blocking(postings)
    receipts = blocking(receipts)
    retry_rejected = blocking(retry_rejected)
    resolve = blocking(resolve)

    def post(self, books: Organization, request: Posting, *, source: tuple[str, str]) -> Receipt:
        """See ``post`` above: write down, send now, keep the receipt."""
        return books._driver.run(post(self, books, request, source=source))

    def reconcile(self, hq: LedgerHQ) -> list[Doubt]:
        """See ``reconcile`` above: postings that need attention, with the entries that could be them."""
        return hq._driver.run(reconcile(self, hq))

    def drain(
        self,
        hq: LedgerHQ,
        *,
        workers: int = 1,
        wait: float = 60.0,
        seconds: float | None = None,
        organizations: Collection[str] | None = None,
        on_progress: OnProgress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> Drained:
        """Send what is pending, by so many threads; any number of processes may do so at the same time.

        Returns when nothing is left that is due within ``wait`` seconds, or after ``seconds``, and says why.
        ``organizations``: only theirs. ``on_progress`` is called after every attempt, one call at a time; ``stop``
        is asked between attempts. A worker ends the attempt it is in, then returns.
        Raises ``StoreError`` when the database cannot be used; every posting stays what it was.
        """
        drain = self._begin(hq, wait, seconds, organizations, on_progress, stop)
        run_threads(drain, hq._driver, _workers(workers))
        return drain.result()


class AsyncOutbox(_Outbox):
    """``Outbox`` for asyncio and trio: the same methods, awaited; database work is done in threads of the loop."""

    _driver = AwaitingDriver("", _no_client)

    add = awaiting(add)
    status = awaiting(status)
    postings = awaiting(postings)
    receipts = awaiting(receipts)
    retry_rejected = awaiting(retry_rejected)
    resolve = awaiting(resolve)

    async def post(self, books: AsyncOrganization, request: Posting, *, source: tuple[str, str]) -> Receipt:
        """See ``post`` above: write down, send now, keep the receipt."""
        return await books._driver.run(post(self, books, request, source=source))

    async def reconcile(self, hq: AsyncLedgerHQ) -> list[Doubt]:
        """See ``reconcile`` above: postings that need attention, with the entries that could be them."""
        return await hq._driver.run(reconcile(self, hq))

    async def drain(
        self,
        hq: AsyncLedgerHQ,
        *,
        workers: int = 1,
        wait: float = 60.0,
        seconds: float | None = None,
        organizations: Collection[str] | None = None,
        on_progress: OnProgress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> Drained:
        """``Outbox.drain`` by so many tasks. ``on_progress`` is called from a thread, one call at a time."""
        drain = self._begin(hq, wait, seconds, organizations, on_progress, stop)
        await run_tasks(drain, hq._driver, _workers(workers))
        return await self._driver.run(drain.finished())


def _workers(count: int) -> int:
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= 100:
        raise InputError(f"workers is a number from 1 to 100, not {count!r}.")
    return count
