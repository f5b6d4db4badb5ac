"""One core, two drivers: what calls do, written once as generators that ask for effects.

A ``Flow[T]`` yields ``Send``, ``Sleep``, ``Hold`` and ``Work`` and returns a ``T``; ``transport`` performs the effects,
blocking or awaiting. Nothing in a flow does I/O itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Hashable, Mapping
from typing import Any, TypeAlias, TypeVar

from attrs import field, frozen

from ledgerhq_ext.errors import ContractError, redact

T = TypeVar("T")


class UnreadableAnswer(ContractError):  # noqa: N818 - what arrived, not a fault of the caller
    """A success whose body is not JSON, most likely cut on the way. A ``ContractError`` to callers."""


@frozen(kw_only=True)
class Request:
    """A request before it is sent. ``path`` is below the base URL; headers stay out of ``repr``."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)


@frozen(kw_only=True)
class Response:
    """A whole answer: status, headers (names in lower case) and body bytes."""

    status: int
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    content: bytes = field(default=b"", repr=False)

    @property
    def request_id(self) -> str | None:
        """What to quote to LedgerHQ's support. It is logged, so whatever looks like a token is taken out."""
        found = self.headers.get("x-request-id")
        return found and redact(found)

    def json(self) -> Any:
        """The body as JSON; ``ContractError`` when it is none."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            pass  # not raised from here: the context would hold the whole body
        raise UnreadableAnswer(f"the answer (status {self.status}) is not JSON")


@frozen
class Send:
    """Send the request, and give back the whole answer within ``timeout`` and ``budget`` seconds.

    ``timeout`` bounds every wait for the network, ``budget`` all of them together. What ``spends`` a single-use
    grant is not cancelled halfway: the flow gets the answer and may keep it before it ends.
    """

    request: Request
    timeout: float
    budget: float
    spends: bool = False


@frozen
class Sleep:
    """Wait for some seconds."""

    seconds: float


@frozen
class Hold:
    """Take turns: hold the key until the flow ends; give up after ``budget`` seconds."""

    key: Hashable
    budget: float


@frozen
class Work:
    """Do something that blocks, such as a database's work: on the calling thread, or in a thread of the loop.

    Cancelling waits for its end. The result goes back to the flow.
    """

    do: Callable[[], Any]


Effect: TypeAlias = Send | Sleep | Hold | Work
Flow: TypeAlias = Generator[Effect, Any, T]


def work(do: Callable[[], T]) -> Flow[T]:
    """The result of ``Work``, typed."""
    result: T = yield Work(do)
    return result
