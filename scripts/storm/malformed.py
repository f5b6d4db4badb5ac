"""The last storm: a service that answers nonsense.

Only our exceptions come out, in time, and none shows a token.
"""

from __future__ import annotations

import asyncio
import pickle
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from attrs import Factory, define

from ledgerhq_ext import AsyncLedgerHQ, Connection, LedgerHQ, LedgerHQError, MemoryTokenStore
from scripts.storm.calls import CALLS, Awaited, Call
from scripts.storm.figures import CONTEXT, Figures
from scripts.storm.nonsense import CANARY, NonsenseServer

_DEADLINE = 1.0
# A busy machine wakes a thread late; without a deadline a call would take a minute.
_SLACK = 15.0
_OPTIONS: dict[str, Any] = {"timeout": 0.5, "deadline": _DEADLINE, "retries": 0}


@define
class _Counts:
    """The counts of one process: answers by kind, and calls by what came of them."""

    answers: Counter[str] = Factory(Counter)
    calls: Counter[str] = Factory(Counter)
    outcomes: Counter[str] = Factory(Counter)
    foreign: Counter[str] = Factory(Counter)
    late: Counter[str] = Factory(Counter)
    leaks: Counter[str] = Factory(Counter)

    def add(self, other: _Counts) -> None:
        """Add what another process counted."""
        self.answers += other.answers
        self.calls += other.calls
        self.outcomes += other.outcomes
        self.foreign += other.foreign
        self.late += other.late
        self.leaks += other.leaks


def storm(
    *,
    count: int = 10_000,
    processes: int = 2,
    threads: int = 8,
    seed: int = 4,
    surface: str = "blocking",
) -> Figures:
    """Make ``count`` calls on one surface, each with a malformed answer, and count what came out.

    Every call of the layer takes its turn. ``processes`` and ``threads`` of each share the calls.
    """
    figures = Figures(f"{count} malformed answers, {surface}")
    began = time.monotonic()
    share = count // processes
    counts = _in_processes(processes, share, threads, seed, surface)
    calls = counts.calls.total()

    figures.facts["seconds"] = round(time.monotonic() - began, 1)
    figures.facts["answers"] = _listed(counts.answers)
    figures.facts["what came out"] = _listed(counts.outcomes)
    figures.check("operations called", len(counts.calls), len(CALLS))
    figures.check("calls made", calls, share * processes)
    figures.check("calls without a malformed answer", max(calls - counts.answers.total(), 0), 0)
    figures.check("exceptions that are not of our tree", dict(counts.foreign), {})
    patience = f"{_DEADLINE} s and {_SLACK} s of slack"
    figures.check(f"calls that took longer than {patience}", dict(counts.late), {})
    figures.check("exceptions that show a token", dict(counts.leaks), {})
    return figures


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in counts.most_common())


def _in_processes(processes: int, share: int, threads: int, seed: int, surface: str) -> _Counts:
    receiver, sender = CONTEXT.Pipe()
    workers: list[Any] = []
    for number in range(processes):
        arguments = (sender, share, threads, seed + number, surface)
        worker = CONTEXT.Process(target=_work, args=arguments, daemon=True)
        worker.start()
        workers.append(worker)

    total = _Counts()
    for _ in workers:
        total.add(receiver.recv())
    for worker in workers:
        worker.join()
    return total


def _work(sender: Any, share: int, threads: int, seed: int, surface: str) -> None:
    server = NonsenseServer(seed)
    counts = _Counts(server.kinds)
    with server.serving() as url:

        def make(number: int) -> None:
            """Make the call that has this number."""
            _make(CALLS[number % len(CALLS)], surface, url, counts)

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(make, range(share)))
    sender.send(counts)


def _make(call: Call, surface: str, url: str, counts: _Counts) -> None:
    """Make a call, and count what came of it."""
    counts.calls[call.label] += 1
    began = time.monotonic()
    try:
        with _clients(surface, url) as (client, stale_client):
            call.make(client, stale_client)
        counts.outcomes["a result"] += 1
    except LedgerHQError as error:
        counts.outcomes[type(error).__name__] += 1
        if shows(error):
            counts.leaks[f"{call.label}: {type(error).__name__}"] += 1
    except Exception as error:
        counts.foreign[f"{call.label}: {type(error).__name__}: {error}"[:200]] += 1
    if time.monotonic() - began > _DEADLINE + _SLACK:
        counts.late[call.label] += 1


@contextmanager
def _clients(surface: str, url: str) -> Iterator[tuple[Any, Any]]:
    """Make a client with a token, and one whose token has expired, for one call.

    New clients make new connections: each request gets an answer of ours, and not the end of an old
    connection.
    """
    if surface == "blocking":
        with (
            LedgerHQ(base_url=url, access_token=CANARY, **_OPTIONS) as client,
            LedgerHQ(base_url=url, token_store=_stale_store(url), **_OPTIONS) as stale_client,
        ):
            yield client, stale_client
        return
    with asyncio.Runner() as runner:
        awaiting = AsyncLedgerHQ(base_url=url, access_token=CANARY, **_OPTIONS)
        stale_awaiting = AsyncLedgerHQ(base_url=url, token_store=_stale_store(url), **_OPTIONS)
        yield Awaited(awaiting, runner), Awaited(stale_awaiting, runner)


def _stale_store(url: str) -> MemoryTokenStore:
    refresh_token = CANARY.replace("_at_", "_rt_")
    connection = Connection(
        issuer=url, client_id="c", access_token=CANARY, refresh_token=refresh_token
    )
    return MemoryTokenStore(connection)


def shows(error: BaseException) -> bool:
    """Return whether an exception shows the canary: as text, in its traceback, or pickled."""
    texts = [str(error), repr(error), repr(vars(error))]
    texts += traceback.TracebackException.from_exception(error, capture_locals=False).format()
    secret = CANARY.rpartition("_")[2]
    if any(secret in text for text in texts):
        return True
    return secret.encode() in pickle.dumps(error)
