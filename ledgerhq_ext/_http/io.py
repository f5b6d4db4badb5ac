"""The blocking way of waiting: the core is coroutines over an ``IO``, which blocks or awaits.

``BlockingIO`` never suspends, so ``run`` brings a coroutine over it to its end in one step. It may
be shared between threads, as ``AwaitingIO`` may. After a fork the child makes its own connections
and locks: those of the parent cannot be shared. (A client or transport that was handed in is used
as it is: make it after the fork.)
"""

from __future__ import annotations

import inspect
import os
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Generator, Hashable
from contextlib import AbstractAsyncContextManager
from functools import lru_cache
from typing import Any, ParamSpec, Protocol, TypeVar

import httpx
from attrs import field, frozen

from ledgerhq_ext._http.body import ACCEPTED, Body
from ledgerhq_ext._http.exchange import CURRENT, Exchange
from ledgerhq_ext._http.messages import Request, Response
from ledgerhq_ext._http.session import Job
from ledgerhq_ext._http.threads import run_together
from ledgerhq_ext._http.turns import BlockingTurn
from ledgerhq_ext.errors import InputError, LedgerHQError

P = ParamSpec("P")
T = TypeVar("T")

_CONNECT_TIMEOUT = 5.0

# Their requests say that they have no content.
_WITH_BODY = ("POST", "PUT", "PATCH")

# Errors that a request may end with while the connections stay in order.
_ORDERLY = (httpx.HTTPError, LedgerHQError)


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
        f"{name}() would have to wait for an event loop, which a blocking client does not have. "
        "An object that was passed to the client, such as its sleep function, is asynchronous. "
        "Pass a blocking one.",
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


@frozen(kw_only=True, eq=False, repr=False)
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
        """Return the request as httpx takes it, with its time limits.

        ``trace`` hears of httpcore's events, where no stream of ours says what is written.
        """
        wait = max(min(timeout, exchange.end - time.monotonic()), 0.001)
        connect = min(wait, _CONNECT_TIMEOUT)
        limits = {"connect": connect, "read": wait, "write": wait, "pool": wait}
        extensions: dict[str, Any] = {"timeout": limits}
        if trace is not None:
            extensions["trace"] = trace
        url = _address(self.base_url + request.path)
        if self.http_client is not None:
            return self._built_by_client(request, url, extensions)

        # With complete headers, and the content as a stream: to complete them, httpx makes all of
        # them twice. In line, since a test holds how many calls a warm post makes.
        content = request.content or b""
        headers = {"Host": url.netloc.decode("ascii")}
        if not content and request.method in _WITH_BODY:
            headers["Content-Length"] = "0"
        headers["accept-encoding"] = ACCEPTED
        headers.update(request.headers)
        if content:
            headers["Content-Length"] = f"{len(content)}"

        outgoing = httpx.Request(
            request.method,
            url,
            params=request.query or None,
            headers=headers,
            stream=httpx.ByteStream(content),
            extensions=extensions,
        )
        if self.transport is not None:
            # It may look at the content.
            outgoing.read()
        return outgoing

    def _built_by_client(
        self, request: Request, url: httpx.URL, extensions: dict[str, Any]
    ) -> httpx.Request:
        outgoing: httpx.Request = self.http_client.build_request(
            request.method,
            url,
            params=request.query or None,
            headers={"accept-encoding": ACCEPTED, **request.headers},
            content=request.content,
            extensions=extensions,
        )
        # What one company's response put into the client's jar is nothing for the next company: no
        # cookie is sent but those that the caller named.
        if "cookie" not in request.headers:
            outgoing.headers.pop("cookie", None)
        return outgoing


# Most calls go to few routes, and httpx reads an address character by character.
@lru_cache(maxsize=1_000)
def _address(url: str) -> httpx.URL:
    return httpx.URL(url)


def answer_of(error: httpx.HTTPStatusError, request: httpx.Request) -> httpx.Response:
    """Return the response that a hook raised a status for, since the service has answered all the
    same; raise the error again where the hook raised it for a call of its own.
    """
    if error.request is not request:
        raise error
    return error.response


class Wired:
    """The common part of both ways of waiting: the wiring, and that a child begins anew."""

    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring
        self._guard = threading.Lock()
        self._pid = os.getpid()
        self._is_closed = False

    def _begin(self) -> None:
        """Begin a call. Raises ``InputError`` when the client is closed."""
        if self._pid != os.getpid():
            # The sockets of the process before a fork are shared with it: both would read answers.
            self._start_anew()

        client = self.wiring.http_client
        is_client_closed = client is not None and client.is_closed
        if self._is_closed or is_client_closed:
            raise InputError("This client is closed. Create a new one.")

    def _start_anew(self) -> None:
        """Begin as a child of the process that made the connections."""
        # Another thread may have held the lock when the parent forked: nobody would release it
        # here.
        self._guard = threading.Lock()
        self._pid = os.getpid()
        self._forget()

    def _forget(self) -> None:
        """Drop the connections, and close none: others may be using them, threads or the parent."""
        raise NotImplementedError


class BlockingIO(Wired):
    """Waits on the calling thread; its coroutines never suspend."""

    def __init__(self, wiring: Wiring, *, sleep: Callable[[float], object] | None = None) -> None:
        super().__init__(wiring)
        self._sleep = sleep or time.sleep
        self._transport: httpx.BaseTransport | None = wiring.transport

    def _forget(self) -> None:
        self._transport = self.wiring.transport

    async def send(self, request: Request, *, timeout: float, budget: float) -> Response:
        """Send a request on this thread, and read its response to the end."""
        exchange = Exchange(time.monotonic() + budget)
        current = CURRENT.set(exchange)
        body: Body | None = None
        try:
            response = self._dispatch(request, timeout, exchange)
            try:
                body = Body(response)
                if not response.is_closed:
                    stream: Any = response.stream
                    for chunk in stream:
                        body.add(chunk)
                        exchange.check_time()
            finally:
                response.close()
            return body.response()
        except BaseException as error:
            if not isinstance(error, _ORDERLY):
                # What a signal handler raises, Ctrl-C for one, may come when a connection has taken
                # one of its locks and not yet entered the block that frees it: whoever is given
                # that connection next would wait for ever.
                self._forget()
            if not isinstance(error, Exception):
                raise
            problem = exchange.problem(error)
        finally:
            CURRENT.reset(current)
            if exchange.opened is not None and not exchange.is_sending:
                # httpcore leaves it open when a SOCKS proxy refuses.
                exchange.opened.close()
        if body is not None and request.keeps_part:
            return body.part(problem)
        # Outside of the handler: as its context httpx's error would carry the request and its
        # token.
        raise problem

    def _dispatch(self, request: Request, timeout: float, exchange: Exchange) -> httpx.Response:
        self._begin()
        client: httpx.Client | None = self.wiring.http_client
        transport = self._transport
        if transport is None and client is None:
            transport = self._make_transport()
        # All that the streams of ours write is the request, unless a proxy is spoken to as well.
        exchange.is_sending = getattr(transport, "is_direct", False)
        trace = None if exchange.is_sending else exchange.trace
        outgoing = self.wiring.build(request, timeout, exchange, trace)

        exchange.is_dispatched = True
        try:
            if transport is not None:
                return transport.handle_request(outgoing)
            assert client is not None
            return client.send(outgoing, stream=True, auth=None, follow_redirects=False)
        except httpx.HTTPStatusError as error:
            return answer_of(error, outgoing)

    def _make_transport(self) -> httpx.BaseTransport:
        # httpcore is imported with the first transport, not with the package.
        from ledgerhq_ext._http.transports import BlockingTransport, make_transport

        with self._guard:
            if self._transport is None:
                self._transport = make_transport(
                    BlockingTransport, self.wiring.base_url, self.wiring.proxy, self.wiring.verify
                )
            return self._transport

    async def sleep(self, seconds: float) -> None:
        """Call the sleep function; one that has to be awaited suspends, and is refused."""
        waiting = self._sleep(seconds)
        if inspect.isawaitable(waiting):
            _drop(waiting)
            await _Suspension()

    def turn(self, key: Hashable, budget: float) -> AbstractAsyncContextManager[None]:
        """Return the turn of a key, for which threads wait."""
        return BlockingTurn((self.wiring.base_url, key), budget)

    async def complete(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end."""
        return await coroutine

    async def together(self, job: Job, workers: int, stop: Callable[[], None]) -> None:
        """Run a job in several threads; raise the first error."""
        if workers == 1:
            await job()
            return

        def work() -> None:
            """Run the job to its end."""
            run(job())

        run_together(work, workers, stop)

    async def close(self) -> None:
        """Close the connections of all threads."""
        if self._pid != os.getpid():
            self._start_anew()
        self._is_closed = True
        if self._transport is not None:
            self._transport.close()
