"""The outbox: postings are written down before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Collection

from ledgerhq_ext._checks import check_whole, is_coroutine_function
from ledgerhq_ext._http.awaiting import in_thread
from ledgerhq_ext._http.io import Work, in_place
from ledgerhq_ext._http.session import Session
from ledgerhq_ext.client import AsyncLedgerHQ, AsyncOrganization
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.models import Receipt
from ledgerhq_ext.postings import Posting
from ledgerhq_ext.reports.periods import Period
from ledgerhq_ext.store._audit import Audit, audit
from ledgerhq_ext.store._claims import Terms
from ledgerhq_ext.store._database import Database
from ledgerhq_ext.store._drain import Drain, Limits, OnProgress, Share
from ledgerhq_ext.store._intake import Intake
from ledgerhq_ext.store._moving import Adoption, adopt
from ledgerhq_ext.store._owner import AnyOrganization, Owner, id_of, optional_id, owner_of
from ledgerhq_ext.store._people import Decisions
from ledgerhq_ext.store._postings import Postings
from ledgerhq_ext.store._rows import (
    STATES,
    Drained,
    Pause,
    State,
    Status,
    StoredPosting,
)
from ledgerhq_ext.store._sending import post_now
from ledgerhq_ext.store._settings import OutboxSettings
from ledgerhq_ext.store._worker import SHARE, ClientFor, Worker


class AsyncOutbox(Intake, Decisions):
    """The outbox of a store, awaited; made by ``Store.async_outbox``.

    Database work is done in threads of the event loop. Safe to share between tasks and processes.
    """

    def __init__(
        self, database: Database, settings: OutboxSettings | None = None, work: Work = in_thread
    ) -> None:
        self._database = database
        self._rows = Postings(database)
        self._work = work
        self.settings: OutboxSettings = settings or OutboxSettings()

    async def adopt(
        self, hq: AsyncLedgerHQ, *, organizations: Collection[AnyOrganization] | None = None
    ) -> Adoption:
        """Bind what is nobody's in particular to the connection and the service of a client.

        These are postings and links of clients that were added by a plain id, or by an older
        release: until then any client's ``drain`` sends them. ``organizations``: only theirs. What
        may have been sent to another service is left alone. Return how many were bound.
        """
        owner = owner_of(hq._session)
        only = _check_organizations(organizations)
        return await self._work(adopt, self._database, owner, only)

    async def post(
        self, organization: AsyncOrganization, posting: Posting, *, source: tuple[str, str]
    ) -> Receipt:
        """Write a posting down, send it now, store its receipt, and return it.

        For a source transaction that is posted already this is the stored receipt (``replayed``),
        without a request. One that was rejected is sent again. Raises what ``Organization.post``
        does, and ``StoreError``; after an ``unknown`` outcome ``drain`` goes on with it.
        """
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
    ) -> Drained:
        """Send what is pending of this client, by so many workers; any number of processes may do
        so together.

        Postings that are bound to another connection or service are left alone (see ``add``).
        Returns when nothing is left that is due within ``wait`` seconds, or after ``seconds``, and
        says why. ``organizations``: only theirs. ``on_progress`` is called after every attempt, one
        call at a time, perhaps from another thread; ``stop`` is asked between attempts. A worker
        ends the attempt it is in, then returns. Raises ``StoreError`` when the database cannot be
        used, and ``InputError`` when the store has moved to another host than the client's; every
        posting stays what it was.
        """
        count = check_whole(workers, "workers", 1, 100)
        _check_function(on_progress, "on_progress")
        _check_function(stop, "stop")
        limits = Limits(
            wait=wait,
            seconds=seconds,
            organizations=_check_organizations(organizations),
            stop=stop or _never,
        )
        drain = await self._run_drain(hq, count, limits, on_progress)
        return await self._work(drain.result)

    async def _run_drain(
        self, hq: AsyncLedgerHQ, workers: int, limits: Limits, on_progress: OnProgress | None = None
    ) -> Drain:
        """Run a drain to its end, and return it."""
        session = hq._session
        terms = self._terms(session)
        drain = Drain(self._rows, session, terms, limits, on_progress, self._work)
        await session.io.together(drain.worker, workers, drain.stop)
        return drain

    async def run(
        self,
        client_for: ClientFor,
        *,
        workers: int = 1,
        stop: Callable[[], bool] | None = None,
    ) -> None:
        """Serve every connection of the store until ``stop`` returns true: send what is due, then
        wait for more.

        ``client_for`` returns the client of a connection, by its name (``"default"`` for postings
        that are nobody's in particular), each time the same; None, or an exception, lets that
        connection rest for a minute. Connections take turns, so that none waits for the others, and
        one that has nothing to send or no grant costs them nothing. Any number of processes may
        run.

        ``stop`` is asked between attempts and while waiting: what is being sent ends first. Every
        outcome is a line of the logger ``ledgerhq_ext.store``. Raises ``StoreError`` when the
        database cannot be used.
        """
        count = check_whole(workers, "workers", 1, 100)
        _check_function(client_for, "client_for")
        _check_function(stop, "stop")
        should_stop = stop or _never

        async def due_connections() -> list[str]:
            """Return the connections with something to do for a worker."""
            return await self._work(self._rows.due_connections, self.settings.key_lifetime)

        async def serve(hq: AsyncLedgerHQ) -> Share:
            """Drain one connection for its share of the time."""
            limits = Limits(wait=0, seconds=SHARE, organizations=None, stop=should_stop)
            drain = await self._run_drain(hq, count, limits)
            return await self._work(drain.share)

        worker = Worker(
            due_connections, serve, client_for, should_stop, awaits=self._work is not in_place
        )
        await worker.serve()

    async def status(self, hq: AsyncLedgerHQ | None = None) -> Status:
        """Return how many postings are in each state: all of the store, or those of a client."""
        owner = _owner_or_none(hq)
        return await self._work(self._rows.status, owner)

    async def postings(
        self,
        state: State | None = None,
        *,
        organization: AnyOrganization | None = None,
        hq: AsyncLedgerHQ | None = None,
    ) -> tuple[StoredPosting, ...]:
        """Return the postings of a state, of an organization, of a client, or all, in the order of
        adding.
        """
        if state is not None and state not in STATES:
            raise InputError(f"state must be one of {', '.join(STATES)}, not {state!r}.")
        organization_id = optional_id(organization)
        owner = _owner_or_none(hq)
        return await self._work(self._rows.listed, state, organization_id, owner)

    async def posting(self, id: int) -> StoredPosting:
        """Return one posting by its id in the store. Raises ``InputError`` when there is none."""
        if isinstance(id, bool) or not isinstance(id, int):
            raise InputError(f"id must be the number of a posting, not {id!r}.")
        return await self._work(self._rows.get, id)

    async def receipts(
        self, *, organization: AnyOrganization | None = None, hq: AsyncLedgerHQ | None = None
    ) -> tuple[StoredPosting, ...]:
        """Return the postings that are posted; each has its ``receipt``."""
        return await self.postings("posted", organization=organization, hq=hq)

    async def audit(
        self,
        hq: AsyncLedgerHQ,
        period: Period,
        *,
        organizations: Collection[AnyOrganization] | None = None,
    ) -> Audit:
        """Hold the receipts of this client against the ledger, and return what was found.

        Looks at the postings whose day is in the period, and at the entries of that period, company
        by company; ``organizations``: only theirs. Nothing is changed. A company that cannot be
        read does not stop the others: it is ``unchecked``, and the audit not ``ok``. Reads ``GET
        /api/v1/entries`` and ``/entries/{id}``. Raises ``InputError`` for what is no ``Period``.
        """
        if not isinstance(period, Period):
            raise InputError(
                f"period must be a Period, not {period!r}; books.period('last month') makes one."
            )
        only = _check_organizations(organizations)
        return await audit(self._rows, hq._session, period, only, self._work)

    async def retry_rejected(
        self, *, organization: AnyOrganization | None = None, code: str | None = None
    ) -> int:
        """Make rejected postings pending again, all or those with a code of the service.

        Return how many.
        """
        organization_id = optional_id(organization)
        return await self._work(self._rows.retry_rejected, organization_id, code)

    async def pauses(self, hq: AsyncLedgerHQ | None = None) -> tuple[Pause, ...]:
        """Return what is left alone for a while, and why: of a client, or all.

        LedgerHQ asked to slow down, does not let the firm into an organization, or refused its
        token.
        """
        owner = _owner_or_none(hq)
        return await self._work(self._rows.pauses, owner)

    async def resume(self, organization: AnyOrganization | None = None) -> int:
        """Lift the pauses of an organization, or all, and make its postings due at once.

        Return how many pauses. Call it when the cause is mended: the firm connected again, or has
        the company.
        """
        organization_id = optional_id(organization)
        return await self._work(self._rows.resume, organization_id)

    def _terms(self, session: Session) -> Terms:
        lease = session.options.deadline + self.settings.lease_margin
        # What has to be sent again needs a lease too, while its key is trusted.
        if lease * 2 > self.settings.key_lifetime:
            raise InputError(
                f"A lease of {lease} s (deadline and margin) is too long for this key_lifetime."
            )
        return Terms(
            owner=owner_of(session),
            lease=lease,
            key_lifetime=self.settings.key_lifetime,
            carrier=session.carrier,
        )


def _owner_or_none(hq: AsyncLedgerHQ | None) -> Owner | None:
    return None if hq is None else owner_of(hq._session)


def _never() -> bool:
    return False


def _check_organizations(
    organizations: Collection[AnyOrganization] | None,
) -> tuple[str, ...] | None:
    """Return the ids of organizations; None for all."""
    if organizations is None:
        return None
    if isinstance(organizations, str):
        # Its letters would be taken for ids.
        raise InputError(f"organizations must be a list of ids or records, not {organizations!r}.")
    return tuple(map(id_of, organizations))


def _check_function(function: object, name: str) -> None:
    if function is None:
        return
    if not callable(function) or is_coroutine_function(function):
        raise InputError(
            f"{name} must be a regular function, not a coroutine function, also for AsyncOutbox: "
            f"{function!r}."
        )
