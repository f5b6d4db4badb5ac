"""Work in threads of its own: what happens to a caller ends his waiting, and never the work.

A store's work may block, so it does not run on an event loop. An exchange of tokens may not be cut
halfway: its thread is one that the process waits for, at most ``EXCHANGE_SECONDS``.
"""

from __future__ import annotations

import atexit
import copy
import os
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Generic, TypeVar

from attrs import evolve

from ledgerhq_ext._http.awaiting import AwaitingIO, ThreadSignal, in_thread
from ledgerhq_ext._http.io import Work, in_place, run
from ledgerhq_ext._http.session import Session
from ledgerhq_ext.errors import LedgerHQError, TransportError

T = TypeVar("T")

EXCHANGE_SECONDS = 20.0

Attempt = Callable[[Session, Work, float], Coroutine[Any, Any, T]]
"""An exchange: over a session, a way to do what blocks, and the moment at which it must end."""


class NotInTime(TransportError):  # noqa: N818 - what happened, for the modules beside this one
    """The caller's time is up; the work goes on. Users see a ``TransportError``."""


class Job(Generic[T]):
    """Work that runs in a thread of its own, from its making to its end."""

    def __init__(self, work: Callable[[], T], *, daemon: bool) -> None:
        self._pid = os.getpid()
        self._daemon = daemon
        self._work: Callable[[], T] = work
        self._guard = threading.Lock()
        self._ended = threading.Event()
        self._watchers: list[Callable[[], object]] = []
        self._results: list[T] = []
        self._error: BaseException | None = None
        if not daemon:
            _EXCHANGES.add(self)
        thread = threading.Thread(target=self._run, name="ledgerhq-tokens", daemon=daemon)
        try:
            thread.start()
        except RuntimeError:
            # The interpreter ends, and starts no thread any more.
            self._run()

    @property
    def is_running(self) -> bool:
        """True until it has ended; a thread of the parent does not run in a child."""
        return not self._ended.is_set() and self._pid == os.getpid()

    def _run(self) -> None:
        try:
            self._results.append(self._work())
        except BaseException as error:
            self._error = error
        _EXCHANGES.discard(self)
        with self._guard:
            self._ended.set()
            watchers = list(self._watchers)
        for wake in watchers:
            # The loop of that caller may be closed by now.
            with suppress(Exception):
                wake()

    async def result(self, session: Session, seconds: float) -> T:
        """Wait so long for the end, and return the result.

        Raises the work's error, or ``NotInTime``.
        """
        if isinstance(session.io, AwaitingIO) and self._daemon:
            await self._await(seconds)
        elif isinstance(session.io, AwaitingIO):
            # A caller that is cancelled sees the exchange through, as long as its deadline allows.
            await session.io.complete(self._await(seconds))
        else:
            self._ended.wait(max(seconds, 0))

        if not self._ended.is_set():
            raise NotInTime(
                "The token endpoint or the token store did not answer before the call's deadline.",
                outcome="not_sent",
            )
        if self._error is None:
            return self._results[0]
        # A copy: several callers may wait, and each changes its own.
        raise _copied(self._error)

    async def _await(self, seconds: float) -> None:
        signal = ThreadSignal()
        with self._guard:
            if self._ended.is_set():
                return
            self._watchers.append(signal.set)
        await signal.wait(seconds)


_EXCHANGES: set[Job[Any]] = set()
"""The exchanges that have not ended."""


def _see_through() -> None:
    """Wait for the exchanges that the process has not waited for with its threads.

    A second Ctrl-C ends that wait, and daemon threads may begin one while functions of ``atexit``
    run.
    """
    end = time.monotonic() + EXCHANGE_SECONDS
    for job in list(_EXCHANGES):
        # That of a parent ends there, and not in a child.
        while job.is_running and time.monotonic() < end:
            # What signal handlers raise: another Ctrl-C cuts no exchange either.
            with suppress(BaseException):
                job._ended.wait(max(end - time.monotonic(), 0))


atexit.register(_see_through)


def _copied(error: BaseException) -> BaseException:
    if not isinstance(error, LedgerHQError):
        return error
    copied = copy.copy(error)
    copied.__cause__ = error.__cause__
    return copied


def exchange_job(session: Session, attempt: Attempt[T]) -> Job[T]:
    """Start an exchange in a thread that the process waits for, over connections of its own."""
    make_io = session.exchange_io
    assert make_io is not None
    if isinstance(session.io, AwaitingIO):
        # Before a token is spent: without a loop nobody can wait for the end.
        session.io.require_loop()

    def work() -> T:
        """Carry the exchange out, and close its connections."""
        io = make_io()
        try:
            until = session.clock.monotonic() + EXCHANGE_SECONDS
            return run(attempt(evolve(session, io=io), in_place, until))
        finally:
            if io is not session.io:
                run(io.close())

    return Job(work, daemon=False)


async def exchange(session: Session, deadline: float, attempt: Attempt[T]) -> T:
    """Bring an exchange to its end, whatever becomes of the caller, and return its result.

    With an asynchronous transport that was handed in it runs on the caller's loop, shielded.
    """
    if session.exchange_io is not None:
        job = exchange_job(session, attempt)
        return await job.result(session, deadline - session.clock.monotonic())

    work: Work = in_thread if isinstance(session.io, AwaitingIO) else in_place
    until = min(deadline, session.clock.monotonic() + EXCHANGE_SECONDS)
    return await session.io.complete(attempt(session, work, until))
