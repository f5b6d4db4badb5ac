"""The two drivers: they perform the effects of a flow over httpx, blocking or awaiting.

A driver may be shared between threads. After a fork the child makes its own connections and locks: those of
the parent cannot be shared. (A client or transport that was handed in is used as it is: make it after the fork.)
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack, suppress
from typing import Any, Generic, TypeVar
from weakref import WeakValueDictionary

import httpx

from ledgerhq_ext.errors import InputError, Outcome, TransportError
from ledgerhq_ext.flow import Effect, Flow, Hold, Request, Response, Send, Sleep, Work

T = TypeVar("T")
Client = TypeVar("Client", httpx.Client, httpx.AsyncClient)

CONNECT_TIMEOUT = 5.0
BODY_LIMIT = 256 * 1024 * 1024

_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
)


def _ours(error: Exception) -> Exception:
    """One of httpx's exceptions as one of ours; anything else as it is."""
    if isinstance(error, httpx.HTTPError | httpx.InvalidURL):
        outcome: Outcome = "not_sent" if isinstance(error, _NEVER_LEFT) else "unknown"
        return TransportError(f"{type(error).__name__}: {error}", outcome=outcome)
    if isinstance(error, TimeoutError):
        return _too_late()
    if isinstance(error, RuntimeError) and "closed" in str(error):
        return InputError("This client is closed; make a new one.")
    return error


def _too_late() -> TransportError:
    return TransportError("The answer did not end before the call's deadline.", outcome="unknown")


class _Body:
    """Collects an answer's body, within a size and a time."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._chunks: list[bytes] = []
        self._size = 0

    def add(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > BODY_LIMIT:
            raise TransportError(f"The answer is larger than {BODY_LIMIT} bytes.", outcome="unknown")
        if time.monotonic() > self._end:
            raise _too_late()

    def response(self, answer: httpx.Response) -> Response:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Response(status=answer.status_code, headers=headers, content=b"".join(self._chunks))


class _Turns:
    """Locks by key, for all clients of this process; a child begins with none held."""

    def __init__(self) -> None:
        self._fresh()

    def _fresh(self) -> None:
        self._pid = os.getpid()
        self._guard = threading.Lock()
        self._locks: WeakValueDictionary[Any, Any] = WeakValueDictionary()

    def lock(self, key: Any, make: Callable[[], Any]) -> Any:
        """The lock of a key; it lives while somebody holds it or waits for it."""
        if self._pid != os.getpid():
            self._fresh()
        with self._guard:
            lock = self._locks.get(key)
            if lock is None:
                lock = self._locks[key] = make()
            return lock


_TURNS = _Turns()


class _Driver(Generic[Client]):
    """What both drivers share: the client, made late, and anew after a fork."""

    def __init__(self, base_url: str, make_client: Callable[[], Client], *, owns_client: bool) -> None:
        self._base_url = base_url
        self._make_client: Callable[[], Client] = make_client
        self._owns_client = owns_client
        self._guard = threading.Lock()
        self._pid = os.getpid()
        self._client: Client | None = None
        self._closed = False

    def _own(self) -> None:
        if self._pid != os.getpid():
            # Dropped, not closed: closing would speak on the parent's connections.
            self._guard, self._client = threading.Lock(), None
            self._pid = os.getpid()

    def _http(self) -> Client:
        self._own()
        with self._guard:
            if self._closed:
                raise InputError("This client is closed; make a new one.")
            if self._client is None:
                self._client = self._make_client()
            return self._client

    def _build(self, client: Client, effect: Send) -> httpx.Request:
        request: Request = effect.request
        wait = max(min(effect.timeout, effect.budget), 0.001)
        return client.build_request(
            request.method,
            self._base_url + request.path,
            params=list(request.query) or None,
            headers=dict(request.headers),
            content=request.content,
            timeout=httpx.Timeout(wait, connect=min(wait, CONNECT_TIMEOUT)),
        )


def _bound(request: httpx.Request, seconds: float) -> None:
    """Let every step of a blocking request wait no longer than what is left of the time of all of them."""
    end, waits = time.monotonic() + seconds, request.extensions["timeout"]

    def trace(_: str, __: object) -> None:
        left = max(end - time.monotonic(), 0.001)
        waits.update({step: min(wait, left) for step, wait in waits.items()})

    request.extensions["trace"] = trace


def _no_turn() -> TransportError:
    return TransportError("Another call on the same record did not end before the deadline.", outcome="not_sent")


class BlockingDriver(_Driver[httpx.Client]):
    """Runs flows on the calling thread."""

    def __init__(
        self,
        base_url: str,
        make_client: Callable[[], httpx.Client],
        *,
        owns_client: bool = True,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(base_url, make_client, owns_client=owns_client)
        self._sleep = sleep

    def run(self, flow: Flow[T]) -> T:
        """Perform the flow's effects until it returns or raises."""
        with ExitStack() as held:
            held.callback(flow.close)
            try:
                effect = next(flow)
                while True:
                    try:
                        result = self._perform(effect, held)
                    except Exception as error:
                        effect = flow.throw(error)
                    else:
                        effect = flow.send(result)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]

    def _perform(self, effect: Effect, held: ExitStack) -> Any:
        if isinstance(effect, Send):
            return self._send(effect)
        if isinstance(effect, Work):
            return effect.do()
        if isinstance(effect, Sleep):
            self._sleep(effect.seconds)
        elif isinstance(effect, Hold):
            turn = _TURNS.lock((self._base_url, effect.key), threading.Lock)
            if not turn.acquire(timeout=max(effect.budget, 0)):
                raise _no_turn()
            held.callback(turn.release)
        return None

    def _send(self, effect: Send) -> Response:
        client, body = self._http(), _Body(effect.budget)
        try:
            request = self._build(client, effect)
            _bound(request, effect.budget)
            answer = client.send(request, stream=True, auth=None, follow_redirects=False)
            try:
                for chunk in answer.iter_bytes():
                    body.add(chunk)
            finally:
                answer.close()
            return body.response(answer)
        except Exception as error:
            ours = _ours(error)
        # Outside of the handler: as its context httpx's error would carry the request, and with it the token.
        raise ours

    def close(self) -> None:
        """Close the connections, unless the httpx client was handed in."""
        self._own()
        self._closed = True
        if self._client is not None and self._owns_client:
            self._client.close()


class AwaitingDriver(_Driver[httpx.AsyncClient]):
    """Runs flows on the running event loop (asyncio or trio)."""

    def __init__(
        self,
        base_url: str,
        make_client: Callable[[], httpx.AsyncClient],
        *,
        owns_client: bool = True,
        sleep: Callable[[float], Awaitable[None]] | None = None,
    ) -> None:
        import anyio
        import anyio.lowlevel

        super().__init__(base_url, make_client, owns_client=owns_client)
        self._anyio = anyio
        self._sleep = sleep or anyio.sleep

    async def run(self, flow: Flow[T]) -> T:
        """Perform the flow's effects until it returns or raises."""
        async with AsyncExitStack() as held:
            held.callback(flow.close)
            try:
                effect = next(flow)
                while True:
                    try:
                        if isinstance(effect, Send) and effect.spends:
                            result: Any = await self._spend(effect, flow)
                        else:
                            result = await self._perform(effect, held)
                    except Exception as error:
                        effect = flow.throw(error)
                    else:
                        effect = flow.send(result)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]

    async def _perform(self, effect: Effect, held: AsyncExitStack) -> Any:
        if isinstance(effect, Send):
            return await self._send(effect)
        if isinstance(effect, Work):
            return await self._anyio.to_thread.run_sync(effect.do)
        if isinstance(effect, Sleep):
            await self._sleep(effect.seconds)
        elif isinstance(effect, Hold):
            loop = self._anyio.lowlevel.current_token()
            turn = _TURNS.lock((loop, self._base_url, effect.key), self._anyio.Lock)
            with self._anyio.move_on_after(max(effect.budget, 0)) as scope:
                await turn.acquire()
            if scope.cancelled_caught:
                raise _no_turn()
            held.callback(turn.release)
        return None

    async def _spend(self, effect: Send, flow: Flow[Any]) -> Response:
        """Send to the end even when cancelled: a rotated token that nobody keeps is a lost connection."""
        came: list[Response | Exception] = []

        async def send() -> None:
            with self._anyio.CancelScope(shield=True):
                try:
                    came.append(await self._send(effect))
                except Exception as error:
                    came.append(error)

        try:
            async with self._anyio.create_task_group() as group:
                group.start_soon(send)
        except BaseException:
            if came and isinstance(came[0], Response):
                with suppress(Exception):
                    flow.send(came[0])
            raise
        if isinstance(came[0], Exception):
            raise came[0]
        return came[0]

    async def _send(self, effect: Send) -> Response:
        client, body = self._http(), _Body(effect.budget)
        try:
            with self._anyio.fail_after(effect.budget):
                request = self._build(client, effect)
                answer = await client.send(request, stream=True, auth=None, follow_redirects=False)
                try:
                    async for chunk in answer.aiter_bytes():
                        body.add(chunk)
                finally:
                    await answer.aclose()
                return body.response(answer)
        except Exception as error:
            ours = _ours(error)
        # Outside of the handler, as above.
        raise ours

    async def close(self) -> None:
        """Close the connections, unless the httpx client was handed in."""
        self._own()
        self._closed = True
        if self._client is not None and self._owns_client:
            await self._client.aclose()
