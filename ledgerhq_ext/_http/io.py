"""The two ways of waiting: the core is coroutines over an ``IO``, which blocks or awaits.

``BlockingIO`` never suspends, so ``run`` brings a coroutine over it to its end in one step.
``AwaitingIO`` suspends on asyncio or trio, on any number of event loops. Both may be shared between
threads. After a fork the child makes its own connections and locks: those of the parent cannot be
shared. (A client or transport that was handed in is used as it is: make it after the fork.)
"""

from __future__ import annotations

import inspect
import os
import ssl
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator, Hashable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any, ParamSpec, Protocol, TypeVar
from weakref import WeakKeyDictionary

import httpx
from attrs import field, frozen

from ledgerhq_ext._http.body import ACCEPTED, Body
from ledgerhq_ext._http.exchange import CURRENT, Exchange
from ledgerhq_ext._http.messages import Request, Response
from ledgerhq_ext._http.turns import AwaitingTurn, BlockingTurn
from ledgerhq_ext.errors import InputError, LedgerHQError, TransportError

P = ParamSpec("P")
T = TypeVar("T")
Job = Callable[[], Coroutine[Any, Any, None]]

CONNECT_TIMEOUT = 5.0

# Errors that a request may end with while the connections stay in order.
_ORDERLY = (httpx.HTTPError, LedgerHQError)


class IO(Protocol):
    """The world around the core, as far as the core needs it: sending, sleeping, taking turns."""

    async def send(self, request: Request, *, timeout: float, budget: float) -> Response:
        """Send the request and return the complete response.

        ``timeout`` bounds every wait for the network, ``budget`` all of them together, in seconds.
        """

    async def sleep(self, seconds: float) -> None:
        """Wait for some seconds."""

    def turn(self, key: Hashable, budget: float) -> AbstractAsyncContextManager[None]:
        """Hold the key inside the block; give up waiting for it after ``budget`` seconds."""

    async def complete(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Await the coroutine to its end, also when the caller is cancelled meanwhile."""

    async def together(self, job: Job, workers: int, stop: Callable[[], None]) -> None:
        """Run so many of the job at the same time; raise the first error when all have ended.

        ``stop`` is called at the first error, so that the others end too.
        """

    async def close(self) -> None:
        """Close the connections, unless the httpx client was handed in."""


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine over a ``BlockingIO`` to its end, in one step, and return its result.

    One that would suspend is closed, and named in a ``LedgerHQError``: nobody would resume it.
    """
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]

    coroutine.close()
    name = getattr(coroutine, "__name__", "the call")
    raise LedgerHQError(
        f"{name}() would have to wait for an event loop, and a blocking client has none: "
        "something that was handed to the client is asynchronous, such as its sleep function.",
        outcome="unknown",
    )


class _Suspension:
    """Awaited where a blocking client was handed something asynchronous: ``run`` ends the call.

    No exception says so on the spot: a verb that looks whether it was carried out would take it
    for one of the service.
    """

    def __await__(self) -> Generator[None, None, None]:
        yield


def _drop(waiting: Awaitable[object]) -> None:
    """Give up something awaitable, so that nobody is warned that it was never awaited."""
    for name in ("close", "cancel"):
        end = getattr(waiting, name, None)
        if callable(end):
            end()
            return


class Work(Protocol):
    """A way to do work that blocks, such as that of a database."""

    async def __call__(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the work returns for these arguments."""


async def in_place(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Do the work on the calling thread."""
    return work(*args, **kwargs)


async def in_thread(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Do the work in a thread of the event loop. Cancelling waits for its end."""
    import anyio

    return await anyio.to_thread.run_sync(partial(work, *args, **kwargs))


def _problem(error: Exception, exchange: Exchange) -> LedgerHQError:
    """Return any exception of a request as one of ours, with what is known of the request."""
    if isinstance(error, LedgerHQError):
        return error
    outcome = exchange.outcome(error)
    is_timeout = isinstance(error, TimeoutError | httpx.TimeoutException)
    if is_timeout and exchange.left() <= 0:
        return TransportError(
            "The response was not complete before the call's deadline.", outcome=outcome
        )
    return TransportError(f"{type(error).__name__}: {error}", outcome=outcome)


def _closed() -> InputError:
    return InputError("This client is closed; make a new one.")


@frozen(kw_only=True)
class Wiring:
    """The way to a service: a client or transport that was handed in, or settings of ours."""

    base_url: str
    http_client: Any = None
    transport: Any = field(default=None, repr=False)
    proxy: str | httpx.URL | httpx.Proxy | None = field(default=None, repr=False)
    verify: ssl.SSLContext | bool | None = None

    def build(
        self, request: Request, timeout: float, exchange: Exchange, trace: Any
    ) -> httpx.Request:
        """Return the request as httpx takes it, with its time limits."""
        wait = max(min(timeout, exchange.left()), 0.001)
        limits = httpx.Timeout(wait, connect=min(wait, CONNECT_TIMEOUT))
        arguments: dict[str, Any] = {
            "params": list(request.query) or None,
            "headers": {"accept-encoding": ACCEPTED, **request.headers},
            "content": request.content,
            "extensions": {"timeout": limits.as_dict(), "trace": trace},
        }
        url = self.base_url + request.path
        if self.http_client is None:
            return httpx.Request(request.method, url, **arguments)

        outgoing: httpx.Request = self.http_client.build_request(request.method, url, **arguments)
        # What one company's response put into the client's jar is nothing for the next company.
        outgoing.headers.pop("cookie", None)
        return outgoing


class _Wired:
    """The common part of both ways of waiting: the wiring, and that a child begins anew."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._guard = threading.Lock()
        self._pid = os.getpid()
        self._is_closed = False

    def _notice_fork(self) -> None:
        if self._pid == os.getpid():
            return
        # Another thread may have held the lock when the parent forked: nobody would release it
        # here.
        self._guard = threading.Lock()
        self._pid = os.getpid()
        self._forget()

    def _forget(self) -> None:
        """Drop the connections; closing them would speak on those of the parent."""
        raise NotImplementedError

    def _check_open(self) -> None:
        client = self._wiring.http_client
        if self._is_closed or (client is not None and client.is_closed):
            raise _closed()


class BlockingIO(_Wired):
    """Waits on the calling thread; its coroutines never suspend."""

    def __init__(self, wiring: Wiring, *, sleep: Callable[[float], object] | None = None) -> None:
        super().__init__(wiring)
        self._sleep = sleep or time.sleep
        self._transport: httpx.BaseTransport | None = wiring.transport

    def _forget(self) -> None:
        self._transport = self._wiring.transport

    async def send(self, request: Request, *, timeout: float, budget: float) -> Response:
        exchange = Exchange(time.monotonic() + budget)
        current = CURRENT.set(exchange)
        body: Body | None = None
        try:
            outgoing = self._wiring.build(request, timeout, exchange, exchange.trace)
            response = self._dispatch(outgoing, exchange)
            try:
                _check_not_left_over(exchange)
                body = Body(response)
                stream: Any = response.stream
                for chunk in stream:
                    body.add(chunk)
                    _check_time(exchange)
            finally:
                response.close()
            return body.response()
        except BaseException as error:
            if not isinstance(error, _ORDERLY):
                self._abandon_connections()
            if not isinstance(error, Exception):
                raise
            problem = _problem(error, exchange)
        finally:
            CURRENT.reset(current)
        if body is not None and request.keeps_part:
            return body.part(problem)
        # Outside of the handler: as its context httpx's error would carry the request and its
        # token.
        raise problem

    def _abandon_connections(self) -> None:
        """Make new connections for the next request.

        What a signal handler raises, Ctrl-C for one, may come when a connection has taken one of
        its locks and not yet entered the block that frees it: whoever is given that connection next
        would wait for ever. They are not closed here, since other threads may be using them.
        """
        self._transport = self._wiring.transport

    def _dispatch(self, request: httpx.Request, exchange: Exchange) -> httpx.Response:
        wiring = self._wiring
        self._notice_fork()
        with self._guard:
            self._check_open()
            if self._transport is None and wiring.http_client is None:
                self._transport = _blocking_transport(wiring)
        exchange.is_dispatched = True
        if self._transport is not None:
            return self._transport.handle_request(request)
        client: httpx.Client = wiring.http_client
        return client.send(request, stream=True, auth=None, follow_redirects=False)

    async def sleep(self, seconds: float) -> None:
        waiting = self._sleep(seconds)
        if inspect.isawaitable(waiting):
            _drop(waiting)
            await _Suspension()

    def turn(self, key: Hashable, budget: float) -> AbstractAsyncContextManager[None]:
        return BlockingTurn((self._wiring.base_url, key), budget)

    async def complete(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return await coroutine

    async def together(self, job: Job, workers: int, stop: Callable[[], None]) -> None:
        if workers == 1:
            await job()
            return

        def work() -> None:
            run(job())

        with ThreadPoolExecutor(workers, thread_name_prefix="ledgerhq") as pool:
            try:
                futures = [pool.submit(work) for _ in range(workers)]
            except RuntimeError:
                # No thread starts any more, as in functions of atexit: what did start helps.
                await job()
                return
            try:
                for future in as_completed(futures):
                    future.result()
            except BaseException:
                # Before the pool waits for its threads.
                stop()
                raise

    async def close(self) -> None:
        self._notice_fork()
        self._is_closed = True
        if self._transport is not None:
            self._transport.close()


# httpcore is imported with the first transport, not with the package.
def _blocking_transport(wiring: Wiring) -> httpx.BaseTransport:
    from ledgerhq_ext._http.transports import BlockingTransport, make_transport

    return make_transport(BlockingTransport, wiring.base_url, wiring.proxy, wiring.verify)


def _awaiting_transport(wiring: Wiring) -> httpx.AsyncBaseTransport:
    from ledgerhq_ext._http.transports import AwaitingTransport, make_transport

    return make_transport(AwaitingTransport, wiring.base_url, wiring.proxy, wiring.verify)


def _check_not_left_over(exchange: Exchange) -> None:
    """Refuse an answer too many, that an earlier request left on the connection.

    Closing it closes that too.
    """
    if exchange.is_left_over:
        raise TransportError(
            "The response was left over on the connection from an earlier request.",
            outcome="unknown",
        )


def _check_time(exchange: Exchange) -> None:
    if exchange.left() <= 0:
        raise httpx.ReadTimeout("the call's deadline passed")


async def _until_the_loop_ends(
    transport: httpx.AsyncBaseTransport, forget: Callable[[], object]
) -> AsyncGenerator[None, None]:
    """Close a transport when its event loop ends: a loop closes the generators begun in it."""
    try:
        yield
    finally:
        forget()
        await transport.aclose()


class AwaitingIO(_Wired):
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
        self._loops: WeakKeyDictionary[Any, None] = WeakKeyDictionary()

    async def send(self, request: Request, *, timeout: float, budget: float) -> Response:
        exchange = Exchange(time.monotonic() + budget)
        current = CURRENT.set(exchange)
        body: Body | None = None
        try:
            with self._anyio.fail_after(budget):
                outgoing = self._wiring.build(request, timeout, exchange, exchange.async_trace)
                response = await self._dispatch(outgoing, exchange)
                try:
                    _check_not_left_over(exchange)
                    body = Body(response)
                    stream: Any = response.stream
                    async for chunk in stream:
                        body.add(chunk)
                        _check_time(exchange)
                finally:
                    await response.aclose()
                return body.response()
        except Exception as error:
            problem = _problem(error, exchange)
        finally:
            CURRENT.reset(current)
        if body is not None and request.keeps_part:
            return body.part(problem)
        # Outside of the handler, as above.
        raise problem

    async def _dispatch(self, request: httpx.Request, exchange: Exchange) -> httpx.Response:
        self._notice_fork()
        self._check_open()
        token = self._anyio.lowlevel.current_token()
        loop = getattr(token, "native_token", token)
        client: httpx.AsyncClient | None = self._wiring.http_client
        transport: httpx.AsyncBaseTransport | None = self._wiring.transport
        if client is not None or isinstance(transport, httpx.AsyncHTTPTransport):
            self._check_loop(loop)
        elif transport is None:
            transport = await self._transport_of(loop)

        exchange.is_dispatched = True
        if transport is not None:
            return await transport.handle_async_request(request)
        assert client is not None
        return await client.send(request, stream=True, auth=None, follow_redirects=False)

    def _check_loop(self, loop: Any) -> None:
        """Refuse another event loop: the connections of what was handed in belong to the first."""
        with self._guard:
            if self._loops and loop not in self._loops:
                raise InputError(
                    "The http_client or transport that was handed in belongs to another event "
                    "loop; hand none in, or make a client for each loop."
                )
            self._loops[loop] = None

    async def _transport_of(self, loop: Any) -> httpx.AsyncBaseTransport:
        with self._guard:
            transport = self._transports.get(loop)
            if transport is not None:
                return transport
            transport = _awaiting_transport(self._wiring)
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
        waiting = self._sleep(seconds)
        if not inspect.isawaitable(waiting):
            raise LedgerHQError(
                "The sleep function of an asynchronous client must return something to await, "
                f"not {type(waiting).__name__}.",
                outcome="unknown",
            )
        await waiting

    def turn(self, key: Hashable, budget: float) -> AbstractAsyncContextManager[None]:
        return AwaitingTurn(self._anyio, (self._wiring.base_url, key), budget)

    async def complete(self, coroutine: Coroutine[Any, Any, T]) -> T:
        results: list[T] = []
        errors: list[Exception] = []

        async def shielded() -> None:
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
        errors: list[Exception] = []

        async def work() -> None:
            try:
                await job()
            except Exception as error:
                stop()
                errors.append(error)

        async with self._anyio.create_task_group() as group:
            for _ in range(workers):
                group.start_soon(work)
        if errors:
            raise errors[0]

    async def close(self) -> None:
        self._notice_fork()
        self._is_closed = True
        token = self._anyio.lowlevel.current_token()
        keeper = self._keepers.get(getattr(token, "native_token", token))
        if keeper is not None:
            await keeper.aclose()
        if self._wiring.transport is not None:
            await self._wiring.transport.aclose()
