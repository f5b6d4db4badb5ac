"""Waiting on an event loop, asyncio's or trio's: the one module of the core that knows of loops."""

from __future__ import annotations

import inspect
import os
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Hashable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary, WeakSet

import httpx

from ledgerhq_ext._http.body import Body
from ledgerhq_ext._http.exchange import CURRENT, Exchange
from ledgerhq_ext._http.io import Wired, Wiring, answer_of
from ledgerhq_ext._http.messages import Request, Response
from ledgerhq_ext._http.session import Job
from ledgerhq_ext._http.turns import AwaitingTurn, call_soon_here, running_loop
from ledgerhq_ext.errors import InputError, LedgerHQError

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Do the work in a thread of the event loop. Cancelling waits for its end."""
    import anyio
    import anyio.lowlevel

    running_loop(anyio)
    return await anyio.to_thread.run_sync(partial(work, *args, **kwargs))


class ThreadSignal:
    """Set once from any thread; awaited by one task on asyncio or trio. Made inside the loop."""

    def __init__(self) -> None:
        import anyio
        import anyio.lowlevel

        self._call_soon = call_soon_here(anyio)
        self._anyio = anyio
        self._event = anyio.Event()

    def set(self) -> None:
        """Wake the task. Raises what the loop raises when it is closed."""
        self._call_soon(self._event.set)

    async def wait(self, seconds: float) -> None:
        """Wait until it is set, or the time is over."""
        with self._anyio.move_on_after(max(seconds, 0)):
            await self._event.wait()


async def _until_the_loop_ends(
    transport: httpx.AsyncBaseTransport, forget: Callable[[], object]
) -> AsyncGenerator[None, None]:
    """Close a transport when its event loop ends: a loop closes the generators begun in it."""
    try:
        yield
    finally:
        forget()
        await transport.aclose()


class AwaitingIO(Wired):
    """Waits on the event loop that runs (asyncio or trio).

    Every loop has connections of its own.
    """

    def __init__(
        self, wiring: Wiring, *, sleep: Callable[[float], Awaitable[object]] | None = None
    ) -> None:
        import anyio
        import anyio.lowlevel

        super().__init__(wiring)
        self._anyio = anyio
        self._sleep = sleep or anyio.sleep
        self._forget()

    def _forget(self) -> None:
        self._transports: WeakKeyDictionary[Any, httpx.AsyncBaseTransport] = WeakKeyDictionary()
        self._keepers: WeakKeyDictionary[Any, AsyncGenerator[None, None]] = WeakKeyDictionary()
        self._loops: WeakSet[Any] = WeakSet()

    def require_loop(self) -> None:
        """Raise ``InputError`` where no event loop runs."""
        running_loop(self._anyio)

    async def send(self, request: Request, *, timeout: float, budget: float) -> Response:
        """Send a request on the running loop, and read its response to the end."""
        exchange = Exchange(time.monotonic() + budget)
        current = CURRENT.set(exchange)
        body: Body | None = None
        try:
            # fail_after() would be two generators around it: a hundredth of a call.
            with self._anyio.move_on_after(budget):
                response = await self._dispatch(request, timeout, exchange)
                try:
                    body = Body(response)
                    if not response.is_closed:
                        stream: Any = response.stream
                        async for chunk in stream:
                            body.add(chunk)
                            exchange.check_time()
                finally:
                    await response.aclose()
                return body.response()
            # Only the end of the time leads here.
            raise TimeoutError
        except Exception as error:
            if not exchange.is_dispatched:
                self.require_loop()  # Where there is none, this is what is wrong.
            problem = exchange.problem(error)
        finally:
            CURRENT.reset(current)
            if exchange.opened is not None and not exchange.is_sending:
                # httpcore leaves it open when a SOCKS proxy refuses.
                await exchange.opened.aclose()
        if body is not None and request.keeps_part:
            return body.part(problem)
        # Outside of the handler: as its context httpx's error would carry the request and its
        # token.
        raise problem

    async def _dispatch(
        self, request: Request, timeout: float, exchange: Exchange
    ) -> httpx.Response:
        self._begin()
        token = self._anyio.lowlevel.current_token()
        loop = getattr(token, "native_token", token)
        client: httpx.AsyncClient | None = self.wiring.http_client
        transport: httpx.AsyncBaseTransport | None = self.wiring.transport
        if client is not None or isinstance(transport, httpx.AsyncHTTPTransport):
            self._check_loop(loop)
        elif transport is None:
            transport = self._transports.get(loop) or await self._make_transport(loop)
        # As in ``BlockingIO``.
        exchange.is_sending = getattr(transport, "is_direct", False)
        trace = None if exchange.is_sending else exchange.async_trace
        outgoing = self.wiring.build(request, timeout, exchange, trace)

        exchange.is_dispatched = True
        try:
            if transport is not None:
                return await transport.handle_async_request(outgoing)
            assert client is not None
            return await client.send(outgoing, stream=True, auth=None, follow_redirects=False)
        except httpx.HTTPStatusError as error:
            return answer_of(error, outgoing)

    def _check_loop(self, loop: Any) -> None:
        """Refuse another event loop: the connections of what was handed in belong to the first."""
        with self._guard:
            if self._loops and loop not in self._loops:
                raise InputError(
                    "The http_client or transport belongs to another event loop. Leave it out, "
                    "or create a client for each loop."
                )
            self._loops.add(loop)

    async def _make_transport(self, loop: Any) -> httpx.AsyncBaseTransport:
        # httpcore is imported with the first transport, not with the package.
        from ledgerhq_ext._http.awaiting_transport import AwaitingTransport
        from ledgerhq_ext._http.transports import make_transport

        with self._guard:
            transport = make_transport(
                AwaitingTransport, self.wiring.base_url, self.wiring.proxy, self.wiring.verify
            )
            keeper = _until_the_loop_ends(transport, lambda: self._drop_loop(loop))
            self._transports[loop] = transport
            self._keepers[loop] = keeper
            self._drop_closed_loops()
        # Begun here, in this loop, so that the loop closes it when it ends.
        await anext(keeper)
        return transport

    def _drop_loop(self, loop: Any) -> None:
        self._transports.pop(loop, None)
        self._keepers.pop(loop, None)

    def _drop_closed_loops(self) -> None:
        """Forget loops that were closed without ending their generators."""
        for loop in list(self._transports):
            is_closed = getattr(loop, "is_closed", None)
            if is_closed is not None and is_closed():
                self._drop_loop(loop)

    async def sleep(self, seconds: float) -> None:
        """Await the sleep function."""
        waiting = self._sleep(seconds)
        if not inspect.isawaitable(waiting):
            raise LedgerHQError(
                "The sleep function of an asynchronous client must return an awaitable, not "
                f"{type(waiting).__name__}.",
                outcome="unknown",
            )
        await waiting

    def turn(self, key: Hashable, budget: float) -> AbstractAsyncContextManager[None]:
        """Return the turn of a key, for which tasks wait without a thread."""
        return AwaitingTurn(self._anyio, (self.wiring.base_url, key), budget)

    async def complete(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Bring a coroutine to its end, also when the caller is cancelled meanwhile."""
        results: list[T] = []
        errors: list[Exception] = []

        async def shielded() -> None:
            """Await the coroutine where no cancellation reaches it."""
            with self._anyio.CancelScope(shield=True):
                try:
                    results.append(await coroutine)
                except Exception as error:
                    errors.append(error)

        async with self._anyio.create_task_group() as group:
            group.start_soon(shielded)
        if errors:
            raise errors[0]
        return results[0]

    async def together(self, job: Job, workers: int, stop: Callable[[], None]) -> None:
        """Run a job in several tasks; raise the first error when all have ended."""
        errors: list[Exception] = []

        async def work() -> None:
            """Run the job, and stop the other tasks when it fails."""
            try:
                await job()
            except Exception as error:
                stop()
                errors.append(error)

        self.require_loop()
        async with self._anyio.create_task_group() as group:
            for _ in range(workers):
                group.start_soon(work)
        if errors:
            raise errors[0]

    async def close(self) -> None:
        """Close the connections of the running loop."""
        if self._pid != os.getpid():
            self._start_anew()
        self._is_closed = True
        keeper = self._keepers.get(running_loop(self._anyio))
        if keeper is not None:
            await keeper.aclose()
        if self.wiring.transport is not None:
            await self.wiring.transport.aclose()
