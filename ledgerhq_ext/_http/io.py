"""The two ways of waiting: the core is written as coroutines over an ``IO``, which blocks or awaits.

``BlockingIO`` never suspends, so ``run`` brings a coroutine over it to its end in one step.
``AwaitingIO`` suspends on asyncio or trio. Both may be shared between threads. After a fork the
child makes its own connections and locks: those of the parent cannot be shared. (A client or
transport that was handed in is used as it is: make it after the fork.)
"""

from __future__ import annotations

import inspect
import os
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Generator, Hashable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, Protocol, TypeVar
from weakref import WeakValueDictionary

import httpx

from ledgerhq_ext._http.messages import Request, Response
from ledgerhq_ext.errors import InputError, LedgerHQError, Outcome, TransportError

T = TypeVar("T")
Client = TypeVar("Client", httpx.Client, httpx.AsyncClient)
Job = Callable[[], Coroutine[Any, Any, None]]

CONNECT_TIMEOUT = 5.0
BODY_LIMIT = 256 * 1024 * 1024

_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
)


class IO(Protocol):
    """What the core needs of the world around it."""

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

    async def __call__(self, work: Callable[[], T], /) -> T:
        """Return the result of the work."""


async def in_place(work: Callable[[], T]) -> T:
    """Do the work on the calling thread."""
    return work()


async def in_thread(work: Callable[[], T]) -> T:
    """Do the work in a thread of the event loop. Cancelling waits for its end."""
    import anyio

    return await anyio.to_thread.run_sync(work)


def _translated(error: Exception) -> Exception:
    """Return one of httpx's exceptions as one of ours; anything else as it is."""
    if isinstance(error, httpx.HTTPError | httpx.InvalidURL):
        outcome: Outcome = "not_sent" if isinstance(error, _NEVER_SENT) else "unknown"
        return TransportError(f"{type(error).__name__}: {error}", outcome=outcome)
    if isinstance(error, TimeoutError):
        return _too_late()
    if isinstance(error, RuntimeError) and "closed" in str(error):
        return _closed()
    return error


def _too_late() -> TransportError:
    return TransportError("The response was not complete before the call's deadline.", outcome="unknown")


def _closed() -> InputError:
    return InputError("This client is closed; make a new one.")


def _no_turn() -> TransportError:
    return TransportError("Another call on the same record did not end before the deadline.", outcome="not_sent")


class _Body:
    """Collects the body of a response, within a size and a time."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._chunks: list[bytes] = []
        self._size = 0

    def add(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > BODY_LIMIT:
            raise TransportError(f"The response is larger than {BODY_LIMIT} bytes.", outcome="unknown")
        if time.monotonic() > self._end:
            raise _too_late()

    def response(self, response: httpx.Response) -> Response:
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Response(status=response.status_code, headers=headers, content=b"".join(self._chunks))


class _Locks:
    """Locks by key, for all clients of this process; a child begins with none held."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self._pid = os.getpid()
        self._guard = threading.Lock()
        self._locks: WeakValueDictionary[Any, Any] = WeakValueDictionary()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return the lock of a key; it lives while somebody holds it or waits for it."""
        if self._pid != os.getpid():
            self._reset()
        with self._guard:
            lock = self._locks.get(key)
            if lock is None:
                lock = self._locks[key] = make()
            return lock


_LOCKS = _Locks()


class _ClientIO(Generic[Client]):
    """The httpx client behind an ``IO``: made late, and anew after a fork."""

    def __init__(self, base_url: str, make_client: Callable[[], Client], *, owns_client: bool = True) -> None:
        self._base_url = base_url
        self._make_client: Callable[[], Client] = make_client
        self._owns_client = owns_client
        self._guard = threading.Lock()
        self._pid = os.getpid()
        self._client: Client | None = None
        self._is_closed = False

    def _notice_fork(self) -> None:
        if self._pid != os.getpid():
            # Dropped, not closed: closing would speak on the parent's connections.
            self._guard = threading.Lock()
            self._client = None
            self._pid = os.getpid()

    def _http(self) -> Client:
        self._notice_fork()
        with self._guard:
            if self._is_closed:
                raise _closed()
            if self._client is None:
                self._client = self._make_client()
            return self._client

    def _close(self) -> Client | None:
        """Refuse further requests; return the client that is ours to close, if any."""
        self._notice_fork()
        self._is_closed = True
        return self._client if self._owns_client else None

    def _build(self, client: Client, request: Request, timeout: float, budget: float) -> httpx.Request:
        wait = max(min(timeout, budget), 0.001)
        return client.build_request(
            request.method,
            self._base_url + request.path,
            params=list(request.query) or None,
            headers=dict(request.headers),
            content=request.content,
            timeout=httpx.Timeout(wait, connect=min(wait, CONNECT_TIMEOUT)),
        )


def _bound(request: httpx.Request, seconds: float) -> None:
    """Let no step of a blocking request wait longer than what is left of the time for all of them."""
    end = time.monotonic() + seconds
    timeouts = request.extensions["timeout"]

    def trace(_: str, __: object) -> None:
        left = max(end - time.monotonic(), 0.001)
        for step, wait in timeouts.items():
            timeouts[step] = min(wait, left)

    request.extensions["trace"] = trace


class _BlockingTurn:
    """A turn that a thread waits for."""

    def __init__(self, lock: threading.Lock, budget: float) -> None:
        self._lock = lock
        self._budget = budget

    async def __aenter__(self) -> None:
        if not self._lock.acquire(timeout=max(self._budget, 0)):
            raise _no_turn()

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()


class BlockingIO(_ClientIO[httpx.Client]):
    """Waits on the calling thread; its coroutines never suspend."""

    def __init__(
        self,
        base_url: str,
        make_client: Callable[[], httpx.Client],
        *,
        owns_client: bool = True,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        super().__init__(base_url, make_client, owns_client=owns_client)
        self._sleep = sleep or time.sleep

    async def send(self, request: Request, *, timeout: float, budget: float) -> Response:
        client = self._http()
        body = _Body(budget)
        try:
            outgoing = self._build(client, request, timeout, budget)
            _bound(outgoing, budget)
            response = client.send(outgoing, stream=True, auth=None, follow_redirects=False)
            try:
                for chunk in response.iter_bytes():
                    body.add(chunk)
            finally:
                response.close()
            return body.response(response)
        except Exception as error:
            problem = _translated(error)
        # Outside of the handler: as its context httpx's error would carry the request and its token.
        raise problem

    async def sleep(self, seconds: float) -> None:
        waiting = self._sleep(seconds)
        if inspect.isawaitable(waiting):
            _drop(waiting)
            await _Suspension()

    def turn(self, key: Hashable, budget: float) -> AbstractAsyncContextManager[None]:
        lock = _LOCKS.get((self._base_url, key), threading.Lock)
        return _BlockingTurn(lock, budget)

    async def complete(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return await coroutine

    async def together(self, job: Job, workers: int, stop: Callable[[], None]) -> None:
        if workers == 1:
            await job()
            return
        with ThreadPoolExecutor(workers, thread_name_prefix="ledgerhq") as pool:
            futures = [pool.submit(run, job()) for _ in range(workers)]
            try:
                for future in as_completed(futures):
                    future.result()
            except BaseException:
                # Before the pool waits for its threads.
                stop()
                raise

    async def close(self) -> None:
        client = self._close()
        if client is not None:
            client.close()


class _AwaitingTurn:
    """A turn that a task waits for."""

    def __init__(self, anyio: Any, lock: Any, budget: float) -> None:
        self._anyio = anyio
        self._lock = lock
        self._budget = budget

    async def __aenter__(self) -> None:
        with self._anyio.move_on_after(max(self._budget, 0)) as scope:
            await self._lock.acquire()
        if scope.cancelled_caught:
            raise _no_turn()

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()


class AwaitingIO(_ClientIO[httpx.AsyncClient]):
    """Waits on the event loop that runs (asyncio or trio)."""

    def __init__(
        self,
        base_url: str,
        make_client: Callable[[], httpx.AsyncClient],
        *,
        owns_client: bool = True,
        sleep: Callable[[float], Awaitable[object]] | None = None,
    ) -> None:
        import anyio
        import anyio.lowlevel

        super().__init__(base_url, make_client, owns_client=owns_client)
        self._anyio = anyio
        self._sleep = sleep or anyio.sleep

    async def send(self, request: Request, *, timeout: float, budget: float) -> Response:
        client = self._http()
        body = _Body(budget)
        try:
            with self._anyio.fail_after(budget):
                outgoing = self._build(client, request, timeout, budget)
                response = await client.send(outgoing, stream=True, auth=None, follow_redirects=False)
                try:
                    async for chunk in response.aiter_bytes():
                        body.add(chunk)
                finally:
                    await response.aclose()
                return body.response(response)
        except Exception as error:
            problem = _translated(error)
        # Outside of the handler, as above.
        raise problem

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
        loop = self._anyio.lowlevel.current_token()
        lock = _LOCKS.get((loop, self._base_url, key), self._anyio.Lock)
        return _AwaitingTurn(self._anyio, lock, budget)

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
        client = self._close()
        if client is not None:
            await client.aclose()
