"""State that nobody sees: turns that are not taken (first half of case t13), cookies (t23 a)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from ledgerhq_ext import LedgerHQError

from .wire_support import PATIENCE, Exchange, RawServer, async_client, bank_row, client

# --- t13: two callers exclude the same row


class Register:
    """The bank row `r1`, which `exclude` toggles. Both may read it before one changes it."""

    def __init__(self) -> None:
        self.status = "unreconciled"
        self.toggles = 0
        self._guard = threading.Lock()
        self._both_have_read = threading.Event()
        self._reads = 0

    def __call__(self, exchange: Exchange) -> bool:
        """Answer a request."""
        if exchange.leaf == "accounts":
            return exchange.reply(200, {"accounts": []})
        if exchange.method == "POST":
            return exchange.reply(200, {"transaction": self._toggle()})

        row = bank_row(self.status)
        self._wait_for_the_other()
        return exchange.reply(200, {"transaction": row})

    def _toggle(self) -> dict[str, object]:
        with self._guard:
            self.toggles += 1
            self.status = "excluded" if self.status == "unreconciled" else "unreconciled"
            return bank_row(self.status)

    def _wait_for_the_other(self) -> None:
        with self._guard:
            self._reads += 1
            if self._reads == 2:
                self._both_have_read.set()
        # Where turns are taken the other one cannot come: go on without it.
        self._both_have_read.wait(3)


Work = Callable[[str, threading.Barrier], str]


class Caller:
    """Excludes the row in a thread of its own, as soon as both are ready."""

    def __init__(self, work: Work, url: str, ready: threading.Barrier) -> None:
        self.outcome = "hangs"
        self._work = work
        self._arguments = (url, ready)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.outcome = self._work(*self._arguments)
        except LedgerHQError as error:
            self.outcome = str(error)


def blocking(url: str, ready: threading.Barrier) -> str:
    """Exclude the row with the blocking client."""
    with client(url, deadline=8, timeout=8) as hq:
        books = hq.organization("org_1")
        books.accounts()
        ready.wait(PATIENCE)
        return books.exclude("r1").status


def awaiting(url: str, ready: threading.Barrier) -> str:
    """Exclude the row on a loop of this thread."""

    async def exclude() -> str:
        async with async_client(url, deadline=8, timeout=8) as hq:
            books = hq.organization("org_1")
            await books.accounts()
            await asyncio.to_thread(ready.wait, PATIENCE)
            return (await books.exclude("r1")).status

    return asyncio.run(exclude())


@pytest.mark.parametrize(
    "works",
    [
        pytest.param((blocking, blocking), id="two-threads"),
        pytest.param((blocking, awaiting), id="a-thread-and-a-loop"),
        pytest.param((awaiting, awaiting), id="two-loops"),
    ],
)
def test_two_callers_take_turns_on_one_row(
    works: tuple[Work, Work],
) -> None:
    register = Register()
    ready = threading.Barrier(2)
    with RawServer(register) as server:
        callers = [Caller(work, server.url, ready) for work in works]
        for caller in callers:
            caller.thread.join(2 * PATIENCE)

    assert [caller.outcome for caller in callers] == ["excluded", "excluded"]
    assert (register.toggles, register.status) == (1, "excluded")


# --- t23 (a): cookies between companies


def test_no_cookie_goes_from_one_company_to_the_next() -> None:
    def serve(exchange: Exchange) -> bool:
        cookie = f"Set-Cookie: active_company={exchange.organization}; Path=/"
        return exchange.reply(200, {"accounts": []}, headers=[cookie])

    with RawServer(serve) as server, client(server.url) as hq:
        hq.organization("org_1").accounts()
        hq.organization("org_2").accounts()
        assert [exchange.headers.get("cookie") for exchange in server.requests] == [None, None]
