"""The functions of ours that a warm ``post()`` passes on its way to the socket.

`python -m scripts.bench.hops` prints how many calls and modules they are, on both surfaces, with a
key and with a firm's tokens; with ``--list`` the walk as well.

Counted is every entry into a Python function whose code belongs to ``ledgerhq_ext`` or
``ledgerhq_api``, from ``books.post()`` itself until a socket is first told to send. A coroutine or
generator counts when it begins, and not when it goes on; a comprehension is part of the function it
stands in. Constructors that attrs wrote are calls too, but lie in no module that one could read.
"""

from __future__ import annotations

import asyncio
import re
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

from attrs import define, field, frozen

from ledgerhq_ext import (
    ApiKey,
    AsyncLedgerHQ,
    Connection,
    LedgerHQ,
    MemoryTokenStore,
    OAuth,
    Purchase,
    PurchaseLine,
)
from scripts.bench.service import ORGANIZATION, service

CALLS_AIM = 45
MODULES_AIM = 9
KEY = "dk_live_bench_0123456789"
_WARM_UPS = 2
_OURS = re.compile(r"\b(ledgerhq_ext|ledgerhq_api)[\w./]*")
_INLINE = ("<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>")

Credentials = ApiKey | OAuth


@frozen
class Step:
    """A function that was entered: its name, and its module; None for what attrs wrote."""

    function: str
    module: str | None


@define
class Walk:
    """The functions that were entered, in order."""

    steps: list[Step] = field(factory=list)

    @property
    def calls(self) -> int:
        """How many calls there were."""
        return len(self.steps)

    @property
    def modules(self) -> set[str]:
        """The modules that the functions lie in."""
        return {step.module for step in self.steps if step.module is not None}


def purchase() -> Purchase:
    """Return a purchase with two lines."""
    return Purchase(
        txn_date="2026-06-08",
        payee_name="Office Depot",
        source_account_id="acc_checking",
        lines=[
            PurchaseLine(account_id="acc_supplies", amount=4299, description="Paper"),
            PurchaseLine(account_id="acc_postage", amount=550),
        ],
    )


def api_key(_: str) -> Credentials:
    """Return a key."""
    return ApiKey(KEY, organization_id=ORGANIZATION)


def oauth(base_url: str) -> Credentials:
    """Return a firm's tokens, which are fresh."""
    now = time.time()
    connection = Connection(
        issuer=base_url,
        client_id="client_bench",
        access_token="access-bench-0123456789",  # noqa: S106
        refresh_token="refresh-bench-0123456789",  # noqa: S106
        obtained_at=now,
        expires_at=now + 3_600,
    )
    return OAuth(MemoryTokenStore(connection))


def blocking(base_url: str, credentials: Credentials) -> Walk:
    """Return the walk of a warm post of the blocking client."""
    with LedgerHQ(credentials, base_url=base_url) as hq:
        books = hq.organization(ORGANIZATION)
        posting = purchase()
        for number in range(_WARM_UPS):
            books.post(posting, source=("bench", f"{number}"))
        with _watched() as walk:
            books.post(posting, source=("bench", "last"))
    return walk


def awaiting(base_url: str, credentials: Credentials) -> Walk:
    """Return the walk of a warm post of the asynchronous client."""

    async def post() -> Walk:
        """Post a few times to warm up, and return the walk of the last post."""
        async with AsyncLedgerHQ(credentials, base_url=base_url) as hq:
            books = hq.organization(ORGANIZATION)
            posting = purchase()
            for number in range(_WARM_UPS):
                await books.post(posting, source=("bench", f"{number}"))
            with _watched() as walk:
                await books.post(posting, source=("bench", "last"))
        return walk

    return asyncio.run(post())


@contextmanager
def _watched() -> Iterator[Walk]:
    """Note what this thread enters inside the block, until it sends."""
    walk = Walk()
    # The frames themselves: the number of one that is gone may become that of another.
    begun: list[FrameType] = []

    def note(frame: FrameType, event: str, function: Any) -> None:
        """Add a function to the walk when it is entered, until the request is sent."""
        if event == "c_call" and _sends(function):
            sys.setprofile(None)
        if event != "call" or frame.f_code.co_name in _INLINE:
            return

        # Every call of Python code comes by here: what is not of this package is no hop.
        step = _step_of(frame.f_code)
        if step is None or any(frame is other for other in begun):
            return

        # A generator or a coroutine is entered again each time that it goes on.
        begun.append(frame)
        walk.steps.append(step)

    sys.setprofile(note)
    try:
        yield walk
    finally:
        sys.setprofile(None)


def _sends(function: Any) -> bool:
    return function.__name__ == "send" and isinstance(function.__self__, socket.socket)


def _step_of(code: CodeType) -> Step | None:
    """Return the step into some code; None for code that is not ours."""
    match = _OURS.search(code.co_filename)
    if match is None:
        return None
    if code.co_filename.startswith("<"):
        # The name of no file: attrs puts the class there.
        return Step(f"{code.co_name} of {match[0]}", None)
    return Step(code.co_qualname, match[0].removesuffix(".py").replace("/", "."))


WAYS: dict[str, tuple[Callable[[str, Credentials], Walk], Callable[[str], Credentials]]] = {
    "blocking, key": (blocking, api_key),
    "blocking, OAuth": (blocking, oauth),
    "awaiting, key": (awaiting, api_key),
    "awaiting, OAuth": (awaiting, oauth),
}


def walks() -> dict[str, Walk]:
    """Return the walk of each surface with each kind of credentials."""
    with service() as base_url:
        return {
            name: walk(base_url, credentials(base_url))
            for name, (walk, credentials) in WAYS.items()
        }


def report(*, is_listed: bool = False) -> bool:
    """Print the figures, and the walks; return whether they are within the aims."""
    print(f"A warm post() to the socket; aim: {CALLS_AIM} calls, {MODULES_AIM} modules")
    holds = True
    for name, walk in walks().items():
        print(f"{name:18} {walk.calls:4} calls in {len(walk.modules):2} modules")
        is_within = walk.calls <= CALLS_AIM and len(walk.modules) <= MODULES_AIM
        holds = holds and is_within
        if not is_listed:
            continue

        for step in walk.steps:
            print(f"    {step.module or 'attrs':36} {step.function}")
    return holds


def main(arguments: list[str]) -> int:
    """Print the figures; 1 when one is above its aim."""
    return 0 if report(is_listed="--list" in arguments) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
