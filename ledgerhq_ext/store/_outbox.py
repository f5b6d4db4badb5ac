"""The outbox: postings are stored before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Collection
from weakref import WeakKeyDictionary

from ledgerhq_ext._checks import check_number, check_whole, is_coroutine_function
from ledgerhq_ext._handle import check_handle
from ledgerhq_ext._http.awaiting import in_thread
from ledgerhq_ext._http.io import Work, in_place
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._idempotency import check_text
from ledgerhq_ext.client import AsyncLedgerHQ, AsyncOrganization
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.models import Receipt
from ledgerhq_ext.postings import Posting
from ledgerhq_ext.reports.periods import Period
from ledgerhq_ext.store._audit import Audit, audit
from ledgerhq_ext.store._claims import Terms
from ledgerhq_ext.store._database import Database
from ledgerhq_ext.store._drain import Drain, Limits, OnProgress, Share
from ledgerhq_ext.store._intake import Intake, check_source
from ledgerhq_ext.store._moving import Adoption, adopt
from ledgerhq_ext.store._owner import (
    AnyOrganization,
    Owner,
    id_of,
    optional_id,
    owner_of,
    session_of,
)
from ledgerhq_ext.store._people import Decisions
from ledgerhq_ext.store._postings import Postings
from ledgerhq_ext.store._reach import Reach
from ledgerhq_ext.store._rows import (
    STATES,
    DrainResult,
    Pause,
    State,
    Status,
    StoredPosting,
)
from ledgerhq_ext.store._sending import post_now
from ledgerhq_ext.store._settings import OutboxSettings
from ledgerhq_ext.store._worker import SHARE, ClientFor, Worker


class AsyncOutbox(Intake, Decisions):
    """The outbox of a store, asynchronous; returned by ``Store.async_outbox``.

    Database work runs in worker threads. Safe to share between tasks and processes.
    """

    def __init__(
        self, database: Database, settings: OutboxSettings | None = None, work: Work = in_thread
    ) -> None:
        self._database = database
        self._rows = Postings(database)
        self._work = work
        self.settings: OutboxSettings = OutboxSettings() if settings is None else settings
        if not isinstance(self.settings, OutboxSettings):
            raise InputError(f"settings must be an OutboxSettings, not {settings!r}.")

    async def adopt(
        self, hq: AsyncLedgerHQ, *, organizations: Collection[AnyOrganization] | None = None
    ) -> Adoption:
        """Bind postings and client links without an owner to the connection and service of a
        client.

        These were added by a plain organization id, or by an older release; until they are bound,
        the ``drain`` of any client sends them. ``organizations`` limits this to the ones named.
        Postings that may have been sent to another service are left alone. Return the numbers that
        were bound.
        """
        owner = owner_of(session_of(hq))
        only = _check_organizations(organizations)
        return await self._work(adopt, self._database, owner, only)

    async def post(
        self, organization: AsyncOrganization, posting: Posting, *, source: tuple[str, str]
    ) -> Receipt:
        """Store a posting, send it now, store its receipt, and return the receipt.

        For a source transaction that is already posted, return the stored receipt (``replayed``)
        without a request. A rejected posting is sent again. Raises the same errors as
        ``Organization.post``, and ``StoreError``. After an ``unknown`` outcome, ``drain`` will
        retry the posting.
        """
        check_handle(organization, AsyncOrganization, "organization")
        row = await self.add(organization, posting, source=source)
        session = organization._session
        return await post_now(self._rows, session, row.id, self._terms(session), self._work)

    async def drain(
        self,
        hq: AsyncLedgerHQ,
        *,
        workers: int = 1,
        wait: float = 60.0,
        seconds: float | None = None,
        organizations: Collection[AnyOrganization] | None = None,
        on_progress: OnProgress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> DrainResult:
        """Send this client's pending postings with this many workers. Any number of processes may
        drain at the same time.

        Postings that are bound to another connection or service are left alone (see ``add``).
        Returns when nothing more is due within ``wait`` seconds, or after ``seconds``; the result
        says why. While the service cannot be reached, all postings wait for its next attempt.
        ``organizations`` limits this to the ones named. ``on_progress`` is called after
        every attempt, one call at a time, possibly from another thread; ``stop`` is called between
        attempts. A worker finishes its current attempt, then returns. Raises ``StoreError`` if the
        database cannot be used, and ``InputError`` if the store was moved to a host other than the
        client's; postings are unchanged.
        """
        count = check_whole(workers, "workers", 1, 100)
        check_number(wait, "wait", 0)
        if seconds is not None:
            check_number(seconds, "seconds", 0)
        _check_function(on_progress, "on_progress")
        _check_function(stop, "stop")
        limits = Limits(
            wait=wait,
            seconds=seconds,
            organizations=_check_organizations(organizations),
            stop=stop or _never,
        )
        drain = await self._run_drain(hq, count, limits, Reach(), on_progress)
        return await self._work(drain.result)

    async def _run_drain(
        self,
        hq: AsyncLedgerHQ,
        workers: int,
        limits: Limits,
        reach: Reach,
        on_progress: OnProgress | None = None,
    ) -> Drain:
        """Run a drain to its end, and return it."""
        session = session_of(hq)
        terms = self._terms(session)
        drain = Drain(self._rows, session, terms, limits, on_progress, self._work, reach)
        await session.io.together(drain.worker, workers, drain.stop)
        return drain

    async def run(
        self,
        client_for: ClientFor,
        *,
        workers: int = 1,
        stop: Callable[[], bool] | None = None,
    ) -> None:
        """Serve every connection in the store until ``stop`` returns true: send due postings, then
        wait for more.

        ``client_for`` returns the client of a connection, by its name (``"default"`` for postings
        without an owner), and must return the same one each time. If it returns None or raises,
        that connection is skipped for a minute. Connections take turns, so that none waits for the
        others, and one that has nothing to send or no grant does not slow them down. Any number of
        processes may run.

        ``stop`` is called between attempts and while waiting; attempts in progress finish first.
        Every outcome is logged to ``ledgerhq_ext.store``. Raises ``StoreError`` if the database
        cannot be used.
        """
        count = check_whole(workers, "workers", 1, 100)
        _check_function(client_for, "client_for")
        _check_function(stop, "stop")
        should_stop = stop or _never
        # By client: one lasts longer than its share of the time.
        reaches: WeakKeyDictionary[AsyncLedgerHQ, Reach] = WeakKeyDictionary()

        async def due_connections() -> list[str]:
            """Return the connections with something to do for a worker."""
            return await self._work(self._rows.due_connections, self.settings.key_lifetime)

        async def serve(hq: AsyncLedgerHQ) -> Share:
            """Drain one connection for its share of the time."""
            limits = Limits(wait=0, seconds=SHARE, organizations=None, stop=should_stop)
            reach = reaches.setdefault(hq, Reach())
            drain = await self._run_drain(hq, count, limits, reach)
            return await self._work(drain.share)

        worker = Worker(
            due_connections, serve, client_for, should_stop, awaits=self._work is not in_place
        )
        await worker.serve()

    async def status(self, hq: AsyncLedgerHQ | None = None) -> Status:
        """Return the number of postings in each state, for the whole store or for one client."""
        owner = _owner_or_none(hq)
        return await self._work(self._rows.status, owner)

    async def postings(
        self,
        state: State | None = None,
        *,
        organization: AnyOrganization | None = None,
        hq: AsyncLedgerHQ | None = None,
        source: tuple[str, str] | None = None,
    ) -> tuple[StoredPosting, ...]:
        """Return postings in the order they were added: all, or those in a state, of an
        organization, of a client, or of a ``source`` (source system, source id).

        A source has one posting for each organization and kind that it was added for.
        """
        if state is not None and state not in STATES:
            raise InputError(f"state must be one of {', '.join(STATES)}, not {state!r}.")
        if source is not None:
            check_source(source)
            check_text(source[0], "source system")
            check_text(source[1], "source id")

        organization_id = optional_id(organization)
        owner = _owner_or_none(hq)
        return await self._work(self._rows.listed, state, organization_id, owner, source)

    async def posting(self, id: int) -> StoredPosting:
        """Return one posting by its id in the store. Raises ``InputError`` if it does not exist."""
        if isinstance(id, bool) or not isinstance(id, int):
            raise InputError(f"id must be the number of a posting, not {id!r}.")
        return await self._work(self._rows.get, id)

    async def receipts(
        self, *, organization: AnyOrganization | None = None, hq: AsyncLedgerHQ | None = None
    ) -> tuple[StoredPosting, ...]:
        """Return the postings that were posted; each has a ``receipt``."""
        return await self.postings("posted", organization=organization, hq=hq)

    async def audit(
        self,
        hq: AsyncLedgerHQ,
        period: Period,
        *,
        organizations: Collection[AnyOrganization] | None = None,
    ) -> Audit:
        """Compare this client's receipts with the ledger, and return the findings.

        Examines the postings dated within the period and the entries of that period, company by
        company: those with postings, or the ``organizations`` named, with postings or without.
        Nothing is changed. A company that cannot be read does not stop the others: it is listed in
        ``unchecked``, and the audit is not ``ok``. Reads ``GET /api/v1/entries`` and
        ``/entries/{id}``. Raises ``InputError`` if ``period`` is not a ``Period``.
        """
        if not isinstance(period, Period):
            raise InputError(
                f"period must be a Period, not {period!r}; books.period('last month') makes one."
            )
        only = _check_organizations(organizations)
        return await audit(self._rows, session_of(hq), period, only, self._work)

    async def retry_rejected(
        self, *, organization: AnyOrganization | None = None, code: str | None = None
    ) -> int:
        """Make rejected postings pending again: all, or those rejected with this error code.

        Return how many.
        """
        organization_id = optional_id(organization)
        return await self._work(self._rows.retry_rejected, organization_id, code)

    async def pauses(self, hq: AsyncLedgerHQ | None = None) -> tuple[Pause, ...]:
        """Return the organizations and connections that are paused, and why: of one client, or all.

        A pause begins when LedgerHQ asks to slow down, denies the firm access to an organization,
        or refuses its token.
        """
        owner = _owner_or_none(hq)
        return await self._work(self._rows.pauses, owner)

    async def resume(self, organization: AnyOrganization | None = None) -> int:
        """Lift the pauses of an organization, or all pauses, and make the postings due immediately.

        Return the number of pauses lifted. Call this once the cause is fixed: the firm has
        reconnected, or has access to the company.
        """
        organization_id = optional_id(organization)
        return await self._work(self._rows.resume, organization_id)

    def _terms(self, session: Session) -> Terms:
        lease = session.options.deadline + self.settings.lease_margin
        # What has to be sent again needs a lease too, while its key is trusted.
        if lease * 2 > self.settings.key_lifetime:
            raise InputError(
                f"A lease of {lease} s (the client's deadline plus lease_margin) is too long "
                "for this key_lifetime. Shorten the deadline or lengthen key_lifetime."
            )
        return Terms(
            owner=owner_of(session),
            lease=lease,
            key_lifetime=self.settings.key_lifetime,
            carrier=session.carrier,
        )


def _owner_or_none(hq: AsyncLedgerHQ | None) -> Owner | None:
    return None if hq is None else owner_of(session_of(hq))


def _never() -> bool:
    return False


def _check_organizations(
    organizations: Collection[AnyOrganization] | None,
) -> tuple[str, ...] | None:
    """Return the ids of organizations; None for all."""
    if organizations is None:
        return None
    # Of one id, the letters would be taken for ids.
    if isinstance(organizations, AnyOrganization):
        raise InputError(f"organizations must be a list of ids or records, not {organizations!r}.")
    return tuple(map(id_of, organizations))


def _check_function(function: object, name: str) -> None:
    if function is None:
        return
    if not callable(function):
        raise InputError(f"{name} must be a function, not {function!r}.")
    if is_coroutine_function(function):
        raise InputError(
            f"{name} must be a regular function, not a coroutine function, even for "
            f"AsyncOutbox: {function!r}."
        )
