"""Sessions: what every call of one client shares, such as address, caller and hooks."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Hashable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from attrs import evolve, field, frozen

from ledgerhq_ext._http.hooks import CallHook, EventHook
from ledgerhq_ext._http.masking import Secrets
from ledgerhq_ext._http.messages import Carrier, Request, Response
from ledgerhq_ext._http.options import Clock, Options
from ledgerhq_ext._idempotency import fingerprint

T = TypeVar("T")
Job = Callable[[], Coroutine[Any, Any, None]]

DEFAULT_NAME = "default"
"""The name of a connection that has none of its own: API keys and bare tokens, most token files."""


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


class Authorizer(Protocol):
    """The caller: gives every request its bearer token. ``connection`` is the caller's name."""

    connection: str

    async def token(
        self, session: Session, deadline: float, /, rejected: str | None = None
    ) -> str | None:
        """Return the bearer token; after ``rejected`` (a ``mark``) another one, or None."""

    def check_organization(self, organization_id: str) -> None:
        """Raise ``InputError`` when this caller cannot speak for the organization."""


def mark(token: str | None) -> str:
    """Return a mark that tells a token, or none, from others, since tracebacks may show locals."""
    return fingerprint((token or "").encode())


@frozen(kw_only=True, eq=False, repr=False)
class Session:
    """The shared parts. Immutable: ``with_options`` makes another one over the same connections.

    ``carrier`` is what names the client company of a request, where the contract leaves a choice.
    ``requests`` collects every request that is begun, also one that never ends, and ``responses``
    every response, where somebody wants to look at them. ``exchange_io`` makes a blocking ``IO``
    for an exchange of tokens, which runs in a thread; None where it has to run on ``io``, because
    an asynchronous transport was handed in.
    """

    base_url: str
    io: IO
    authorizer: Authorizer = field(repr=False)
    options: Options
    clock: Clock
    user_agent: str
    app_name: str | None = None
    carrier: Carrier = "header"
    hooks: tuple[EventHook, ...] = ()
    call_hooks: tuple[CallHook, ...] = ()
    secrets: Secrets = field(factory=Secrets, repr=False)
    requests: list[Request] | None = field(default=None, repr=False)
    responses: list[Response] | None = field(default=None, repr=False)
    exchange_io: Callable[[], IO] | None = field(default=None, repr=False)
    headers: dict[str | None, dict[str, str]] = field(
        init=False, factory=dict, repr=False, eq=False
    )
    """What ``_http.call.with_headers`` made of the headers of every request, by its token."""

    def with_options(self, options: Options) -> Session:
        """Return the same session with other options."""
        return evolve(self, options=options)

    def until(self, deadline: float) -> Session:
        """Return the same session, its calls bounded by a moment of the monotonic clock."""
        seconds = max(deadline - self.clock.monotonic(), 0.001)
        return self.with_options(evolve(self.options, deadline=seconds))

    def deadline(self) -> float:
        """Return the moment of the monotonic clock at which a call that begins now must end."""
        return self.clock.monotonic() + self.options.deadline
