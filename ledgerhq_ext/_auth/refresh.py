"""The bearer token of an OAuth connection, which is refreshed by one caller for all."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from attrs import evolve, field, frozen

from ledgerhq_ext._auth.answers import Grant
from ledgerhq_ext._auth.busy import Busy
from ledgerhq_ext._auth.connection import Connection
from ledgerhq_ext._auth.guarded import GuardedStore
from ledgerhq_ext._auth.jobs import EXCHANGE_SECONDS, Job, NotInTime, exchange, exchange_job
from ledgerhq_ext._auth.sections import Section, TokenStore, once_free
from ledgerhq_ext._auth.token_endpoint import request_token
from ledgerhq_ext._bodies import TokenRequest
from ledgerhq_ext._http.io import Work
from ledgerhq_ext._http.session import DEFAULT_NAME, Session, mark
from ledgerhq_ext._http.urls import origin
from ledgerhq_ext.errors import (
    InputError,
    OAuthError,
    ReconnectRequired,
    TransportError,
)

_REST_AFTER_FAILURE = 5.0
_REMEMBERED = 60.0
_JUST_ISSUED = 30.0
_PATIENCE_WHILE_ALIVE = 5.0


@frozen
class _Memory:
    """A token of the store, when it was read (monotonic), and its fresh end (epoch seconds)."""

    token: str = field(repr=False)
    read_at: float
    fresh_until: float

    def serves(self, session: Session, rejected: str | None) -> bool:
        """Return whether it was seen within the last minute, is fresh, and was not rejected."""
        if rejected is not None and mark(self.token) == rejected:
            return False

        age = session.clock.monotonic() - self.read_at
        # Not below 0: a clock that was handed in, and goes back, must not keep a token in memory
        # for ever.
        return 0 <= age < _REMEMBERED and session.clock.now() < self.fresh_until


@frozen
class _Unsaved:
    """A pair that the store did not take, and the mark of the token that was spent for it."""

    token_mark: str
    connection: Connection


class OAuthConnection:
    """The stored connection: refreshed ahead of its end and after a 401, once for all who wait.

    The store's exclusive section makes threads, tasks and processes take turns; whoever comes
    second reads the new token. A token is only ever sent to the origin that issued it. A fresh
    token is served from memory; the store is read once a minute, and whenever the token does not
    serve.
    """

    def __init__(
        self, store: TokenStore, client_id: str | None = None, name: str = DEFAULT_NAME
    ) -> None:
        self.store: TokenStore = GuardedStore(store)
        self.client_id = client_id
        self.connection = name
        self._guard = threading.Lock()
        self._pid = os.getpid()
        self._memory: _Memory | None = None
        self._changes = 0
        self._jobs: dict[str, Job[Connection | None]] = {}
        self._unsaved: _Unsaved | None = None
        self._resting_until = 0.0
        self._busy = Busy()

    def check_organization(self, organization_id: str) -> None:
        """Allow any organization: a firm speaks for all of its client companies."""

    def forget(self) -> None:
        """Read the store at the next call: somebody connected, or disconnected."""
        self._changes += 1
        self._memory = None
        # One that began before may return what was there.
        self._jobs.pop("read", None)

    async def token(
        self, session: Session, deadline: float, /, rejected: str | None = None
    ) -> str | None:
        """Return a token that is good now and was not ``rejected``.

        None stands for one that was rejected and is too new to renew.
        Raises ``ReconnectRequired`` when there is none to be had.
        """
        memory = self._memory
        if memory is not None and memory.serves(session, rejected):
            return memory.token
        try:
            return await self._current_token(session, deadline, rejected)
        except InputError as error:
            error._lacks_token = True
            raise

    async def _current_token(
        self, session: Session, deadline: float, rejected: str | None
    ) -> str | None:
        changes = self._changes
        connection = self._remember(session, await self._read(session, deadline))
        if changes != self._changes:
            # Somebody connected, or disconnected, while it was read.
            self._memory = None
        if _is_usable(connection, session, rejected, fresh=True):
            return connection.access_token

        is_alive = _is_usable(connection, session, rejected, fresh=False)
        is_resting = (
            session.clock.monotonic() < self._resting_until or self._busy.pause(session) > 0
        )
        if is_alive and (connection.refresh_token is None or is_resting):
            return connection.access_token
        if _is_just_issued(connection, session, rejected):
            # The service does not refuse it for its age: another one would be refused as well.
            return None

        if is_alive:
            return await self._renew_ahead(session, deadline, rejected, connection)
        await self._busy.heed(session, deadline)
        connection = await self._renew(session, deadline, rejected)
        return connection.access_token

    # --- memory

    def _remember(self, session: Session, connection: Connection) -> Connection:
        self._memory = None
        if connection.access_token is not None:
            read_at = session.clock.monotonic()
            self._memory = _Memory(connection.access_token, read_at, connection.stale_at)
        return connection

    async def _read(self, session: Session, deadline: float) -> Connection:
        try:
            job, _ = self._join("read", partial(Job, self.store.read, daemon=True))
            connection = await job.result(session, deadline - session.clock.monotonic())
        except NotInTime:
            problem = TransportError(
                "The token store did not answer before the call's deadline.", outcome="not_sent"
            )
        else:
            return _checked(session, connection)
        raise problem

    # --- renewing

    async def _renew_ahead(
        self, session: Session, deadline: float, rejected: str | None, connection: Connection
    ) -> str | None:
        """Renew a token that still lives: it serves where the new one is not there in time."""
        left = deadline - session.clock.monotonic()
        # An exchange on the caller's own loop cannot go on without him: the end of his patience
        # would cut it.
        longest = EXCHANGE_SECONDS if session.exchange_io is None else _PATIENCE_WHILE_ALIVE
        patience = min(left / 2, longest)
        try:
            renewed = await self._attempt_once(
                session, session.clock.monotonic() + patience, rejected
            )
        except NotInTime:
            renewed = None
        except InputError:
            # Of the store, which most likely could not be locked.
            self._resting_until = session.clock.monotonic() + _REST_AFTER_FAILURE
            renewed = None
        return (renewed or connection).access_token

    async def _renew(self, session: Session, deadline: float, rejected: str | None) -> Connection:
        """Renew a token that serves no longer.

        Wait for others who are at it, until the deadline.
        """
        try:
            return await once_free(
                session, deadline, lambda: self._attempt_once(session, deadline, rejected)
            )
        except NotInTime as error:
            problem = TransportError(error.message, outcome="not_sent")
        raise problem

    async def _attempt_once(
        self, session: Session, deadline: float, rejected: str | None
    ) -> Connection | None:
        """Return the connection with a token that serves; None while somebody else is at it."""

        async def attempt(session: Session, work: Work, until: float) -> Connection | None:
            """Return the connection; None while somebody else is in the section."""
            section = await work(self.store.try_lock)
            if section is None:
                return None
            try:
                return await self._inside(session, section, work, until, rejected)
            finally:
                await work(partial(section.__exit__, None, None, None))

        if session.exchange_io is None:
            return await exchange(session, deadline, attempt)

        job, is_new = self._join("exchange", partial(exchange_job, session, attempt))
        connection = await job.result(session, deadline - session.clock.monotonic())
        if is_new or connection is None:
            return connection
        # Another caller's job knew nothing of the token that was rejected here.
        if not _is_usable(connection, session, rejected, fresh=False):
            return None
        return connection

    def _join(
        self, name: str, start: Callable[[], Job[Connection | None]]
    ) -> tuple[Job[Connection | None], bool]:
        """Return the job of that name that runs in this process, or start one.

        And whether it is new.
        """
        if self._pid != os.getpid():
            # A child: the parent's threads do not run here.
            self._guard = threading.Lock()
            self._pid = os.getpid()
        with self._guard:
            job = self._jobs.get(name)
            if job is not None and job.is_running:
                return job, False
            job = start()
            self._jobs[name] = job
            return job, True

    async def _inside(
        self, session: Session, section: Section, work: Work, until: float, rejected: str | None
    ) -> Connection:
        connection = _checked(session, await work(section.read))
        connection = await self._catch_up(section, work, connection)
        # Somebody else may have refreshed while this one waited for the section.
        if not _is_usable(connection, session, rejected, fresh=True):
            connection = await self._refresh(session, section, work, connection, until, rejected)
        return self._remember(session, connection)

    async def _catch_up(self, section: Section, work: Work, connection: Connection) -> Connection:
        """Write the pair that could not be written before: the stored refresh token is spent."""
        unsaved = self._unsaved
        if unsaved is None:
            return connection
        # Another one in the store means that somebody connected, or refreshed, meanwhile.
        if mark(connection.refresh_token) == unsaved.token_mark:
            connection = unsaved.connection
            await work(partial(section.write, connection))
        self._unsaved = None
        return connection

    async def _refresh(
        self,
        session: Session,
        section: Section,
        work: Work,
        connection: Connection,
        until: float,
        rejected: str | None,
    ) -> Connection:
        """Spend the refresh token; a failure is only raised when no living token is left."""
        if connection.refresh_token is None:
            raise ReconnectRequired(
                "connection_lost", connection.lost or "there is no refresh token"
            )
        try:
            await work(section.check_writable)
            return await self._spend(session, connection, section, work, until)
        except ReconnectRequired as error:
            stored = await work(section.read)
            stale = mark(connection.access_token)
            if stored and _is_usable(stored, session, stale, fresh=True):
                return stored
            # Written down, so that nobody presents the dead token again.
            rest = evolve(connection, refresh_token=None, lost=error.error_description)
            await work(partial(section.write, rest))
            # The access token lives on until it expires.
            if _is_usable(rest, session, rejected, fresh=False):
                return rest
            raise
        except (OAuthError, TransportError, InputError):
            # Not at once again: every caller would wait for the same failure.
            self._resting_until = session.clock.monotonic() + _REST_AFTER_FAILURE
            if _is_usable(connection, session, rejected, fresh=False):
                return connection
            raise

    async def _spend(
        self, session: Session, connection: Connection, section: Section, work: Work, until: float
    ) -> Connection:
        """Return the connection with a new pair of tokens, which is in the store by then.

        A response that is lost is asked for once more: only the service knows who was first.
        """
        body = TokenRequest(
            grant_type="refresh_token",
            client_id=connection.client_id,
            refresh_token=connection.refresh_token,
        )
        loss = connection.lost
        for _ in range(2):
            sent_at = session.clock.now()
            try:
                # The moment before it was sent: the service counts the lifetime from some later
                # one.
                grant = await request_token(session, until, body, self._busy)
            except OAuthError as error:
                if error.error != "invalid_grant":
                    # Whatever call asked for the token: it was not sent.
                    error.outcome = "not_sent"
                    raise
                reason = loss or "the service refused the refresh token"
                refusal = ReconnectRequired(
                    "invalid_grant", f"{reason}; the firm has to connect again"
                )
                refusal.request_id = error.request_id
                raise refusal from None
            except TransportError as error:
                if error.outcome == "not_sent":
                    raise
                loss = f"the response to a token refresh was lost ({type(error).__name__})"
                # The grant may still stand: whoever tries again knows what to say when it does not.
                await work(partial(section.write, evolve(connection, lost=loss)))
            else:
                return await self._keep(grant, connection, section, work, sent_at)

        # No TransportError: those are repeated, and the refresh token was presented often enough.
        raise OAuthError("no_answer", f"no new token after two attempts: {loss}")

    async def _keep(
        self, grant: Grant, connection: Connection, section: Section, work: Work, sent_at: float
    ) -> Connection:
        """Write down what a success gave, before anything else is made of it."""
        if grant.is_empty:
            raise ReconnectRequired(
                "connection_lost",
                f"the refresh token was used, and {grant.problem}; the firm has to connect again",
            )
        renewed = connection.renewed(grant, sent_at=sent_at)
        try:
            await work(partial(section.write, renewed))
        except Exception:
            self._unsaved = _Unsaved(mark(connection.refresh_token), renewed)
            raise
        if grant.problem is not None:
            raise OAuthError("invalid_response", f"{grant.problem}; the refresh token was kept")
        return renewed


def _is_usable(
    connection: Connection, session: Session, rejected: str | None, *, fresh: bool
) -> bool:
    states = ("fresh",) if fresh else ("fresh", "stale")
    if connection.state(session.clock.now()) not in states:
        return False
    return mark(connection.access_token) != rejected


def _is_just_issued(connection: Connection, session: Session, rejected: str | None) -> bool:
    """Return whether the rejected token came from a refresh seconds ago, whoever made it."""
    if not connection.refreshed or mark(connection.access_token) != rejected:
        return False
    return 0 <= session.clock.now() - connection.obtained_at < _JUST_ISSUED


def _checked(session: Session, connection: Connection | None) -> Connection:
    """Return the connection, when the tokens in it are those of the session's service."""
    problem = "the token store contains no connection; connect first"
    if connection is None:
        raise ReconnectRequired("not_connected", problem)
    if connection.is_blank:
        raise ReconnectRequired("not_connected", connection.lost or problem)
    if connection.issuer != origin(session.base_url):
        host = urlsplit(connection.issuer).netloc
        raise InputError(
            f"The stored tokens belong to {host} and are not sent to {session.base_url}."
        )
    return connection
