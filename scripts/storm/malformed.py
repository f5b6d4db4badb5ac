"""The last storm: a service that answers nonsense. Only our exceptions come out, in time, and none
shows a token.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import inspect
import json
import pickle
import random
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from ledgerhq_ext import (
    AccountAllocation,
    AsyncLedgerHQ,
    BillPayment,
    Connection,
    Deposit,
    DocumentAllocation,
    DraftEntry,
    JournalEntry,
    JournalLine,
    LedgerHQ,
    LedgerHQError,
    MemoryTokenStore,
    Purchase,
    PurchaseLine,
    Transfer,
)
from scripts.storm.figures import CONTEXT, Figures

CANARY = "mcp_at_CANARYcanaryCANARY0123456789"
_DEADLINE, _SLACK = 1.0, 2.0
_OPTIONS: dict[str, Any] = {"timeout": 0.5, "deadline": _DEADLINE, "retries": 0}
_DAY = dt.date(2026, 6, 8)
_GOOD: dict[str, Any] = {
    "data": {"id": "x", "journalEntryId": 7, "bankTransactionIds": "none"},
    "accounts": [{"id": None}],
    "pagination": {"page": 1, "limit": "100", "total": -1, "totalPages": 1.5},
    "transaction": {"id": "r", "amount": "12.50", "status": ["excluded"]},
    "entry": {"id": "e", "lines": [{"debitAmount": 12.5}]},
    "amountUnit": "dollars",
}


class _Nonsense:
    """A server that answers every request with the next malformed answer."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a storm that can be repeated
        self.kinds: Counter[str] = Counter()
        self.port = 0

    @contextmanager
    def serving(self) -> Iterator[str]:
        loop = asyncio.new_event_loop()
        server = loop.run_until_complete(asyncio.start_server(self._answer, "127.0.0.1", 0))
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            server.close()
            loop.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (
                    int(line[15:])
                    for line in head.lower().split(b"\r\n")
                    if line[:15] == b"content-length:"
                ),
                0,
            )
            await reader.readexactly(length)
            kind = self._random.choices(list(_KINDS), [weight for weight, _ in _KINDS.values()])[0]
            self.kinds[kind] += 1
            for part in _KINDS[kind][1](self._random):
                if isinstance(part, bytes):
                    writer.write(part)
                    await writer.drain()
                else:
                    await asyncio.sleep(part)
        with suppress(OSError):
            writer.close()


Parts = Iterator[bytes | float]


def _http(
    status: int, body: bytes, media: str = "application/json", length: int | None = None
) -> bytes:
    size = len(body) if length is None else length
    return (
        f"HTTP/1.1 {status} X\r\ncontent-type: {media}\r\ncontent-length: {size}\r\n\r\n".encode()
        + body
    )


def _cut(chance: random.Random) -> Parts:
    body = json.dumps(_GOOD).encode()
    yield _http(chance.choice([200, 201]), body[: chance.randrange(len(body))], length=len(body))


def _other(chance: random.Random) -> Parts:
    odd = [
        b"null",
        b"[]",
        b"0",
        b'"text"',
        b"true",
        b"{}",
        b'{"error":{}}',
        b'{"data":[[]]}',
        b"",
        b"\xff\xfe",
        b"{",
    ]
    odd += [b"[" * 5000, b'{"data":NaN}', b'{"data":1e999}', b'{"nextCursor":[]}']
    yield _http(chance.choice([200, 201]), chance.choice(odd))


def _html(chance: random.Random) -> Parts:
    yield _http(
        chance.choice([200, 400, 403, 500, 502]), b"<html><h1>Bad gateway</h1></html>", "text/html"
    )


def _types(chance: random.Random) -> Parts:
    names = chance.sample(list(_GOOD), chance.randrange(1, len(_GOOD) + 1))
    yield _http(
        200,
        json.dumps(
            {name: chance.choice([_GOOD[name], 1, "x", [], {}, None]) for name in names}
        ).encode(),
    )


def _status(chance: random.Random) -> Parts:
    status = chance.randrange(100, 600)
    errors: list[Any] = [
        "text",
        {"code": 7, "message": None},
        {"code": "X" * 9000, "retryable": "yes"},
        [],
        None,
    ]
    yield _http(status, json.dumps({"error": chance.choice(errors)}).encode())


def _echo(chance: random.Random) -> Parts:
    # A service, or a proxy, that says aloud what it was sent.
    body = json.dumps(
        {"error": {"code": CANARY, "message": f"Bearer {CANARY}", "requestId": CANARY}}
    ).encode()
    yield _http(chance.choice([400, 401, 409, 422, 429, 500]), body)


def _broken(chance: random.Random) -> Parts:
    yield chance.choice(
        [
            b"",
            b"\0" * 50,
            b"HTTP/9.9 abc\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            b"SSH-2.0-x\r\n",
        ]
    )


def _chunks(_: random.Random) -> Parts:
    yield b'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"dat\r\nzz\r\n'


def _zipped(_: random.Random) -> Parts:
    yield b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 8\r\n\r\nnot gzip"


def _huge(_: random.Random) -> Parts:
    yield _http(200, b'{"data":"' + b"x" * 2_000_000 + b'"}')


def _endless(_: random.Random) -> Parts:
    yield b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n"
    for _n in range(60):
        yield b"x" * 1000
        yield 0.05


def _slow(_: random.Random) -> Parts:
    yield 3.0


_KINDS: dict[str, tuple[int, Callable[[random.Random], Parts]]] = {
    "cut": (160, _cut),
    "other JSON": (200, _other),
    "HTML": (100, _html),
    "wrong types": (200, _types),
    "statuses 100 to 599": (200, _status),
    "token echoed": (60, _echo),
    "no HTTP": (50, _broken),
    "broken chunks": (20, _chunks),
    "not gzip": (20, _zipped),
    "huge": (4, _huge),
    "endless": (3, _endless),
    "slow": (3, _slow),
}


def _post(request: Any, books: Any) -> Any:
    return books.post(request, source=("s", "1"))


def operations() -> dict[str, Callable[[LedgerHQ, LedgerHQ], Any]]:
    """Every call of the layer, by name; the second client has a refresh to do first."""
    line = PurchaseLine(account_id="a2", amount=100)
    sides = (
        JournalLine(account_id="a1", debit_amount=5),
        JournalLine(account_id="a2", credit_amount=5),
    )
    posts: list[Any] = [
        Purchase(txn_date=_DAY, payee_name="P", source_account_id="a1", lines=[line]),
        Deposit(txn_date=_DAY, destination_account_id="a1", lines=[line]),
        Transfer(txn_date=_DAY, from_account_id="a1", to_account_id="a2", amount=5),
        BillPayment(txn_date=_DAY, bill_id="b", source_account_id="a1", amount=5),
        JournalEntry(txn_date=_DAY, lines=sides),
    ]
    firm: dict[str, Callable[[LedgerHQ, LedgerHQ], Any]] = {
        "health": lambda hq, _: hq.health(),
        "organizations": lambda hq, _: list(hq.organizations()),
        "register_client": lambda _, other: other.register_client(["http://127.0.0.1:1/cb"]),
        "authorization_request": lambda _, other: other.authorization_request(
            "http://127.0.0.1:1/cb"
        ),
        "refresh": lambda _, other: next(iter(other.organizations())),
        "raw request": lambda hq, _: hq.request("GET", "/api/v1/organizations"),
    }
    share, bill = (
        [AccountAllocation(account_id="a", amount=1)],
        [DocumentAllocation(document_type="bill", document_id="b", amount=1)],
    )
    calls: dict[str, Callable[[Any], Any]] = {
        **{f"post {request.resource}": partial(_post, request) for request in posts},
        "info": lambda o: o.record(),
        "accounts": lambda o: o.accounts(),
        "bank_accounts": lambda o: o.bank_accounts(),
        "tax_rates": lambda o: o.tax_rates(),
        "contacts": lambda o: list(o.contacts()),
        "contact": lambda o: o.contact(name="Ann"),
        "bills": lambda o: list(o.bills()),
        "bill": lambda o: o.bill("B-1"),
        "bank_feeds": lambda o: o.bank_feeds(),
        "bank_feed_health": lambda o: o.bank_feed_health(),
        "bank_connections": lambda o: o.bank_connections(),
        "entries": lambda o: list(o.entries()),
        "entry": lambda o: o.entry("e"),
        "create_entry": lambda o: o.create_entry(
            DraftEntry(date=_DAY, description="d", lines=sides)
        ),
        "post_entry": lambda o: o.post_entry("e"),
        "void_entry": lambda o: o.void_entry("e"),
        "bank_transactions": lambda o: list(o.bank_transactions()),
        "bank_account_transactions": lambda o: list(o.bank_account_transactions("b")),
        "bank_transaction": lambda o: o.bank_transaction("r"),
        "reclassify": lambda o: o.reclassify("r", "a"),
        "match": lambda o: o.match("r", journal_entry="e"),
        "split": lambda o: o.split("r", share),
        "split over documents": lambda o: o.split("r", bill),
        "reconcile": lambda o: o.reconcile("r"),
        "exclude": lambda o: o.exclude("r"),
        "include": lambda o: o.include("r"),
        "financial_packet": lambda o: o.financial_packet("2026-06"),
        "trial_balance": lambda o: o.trial_balance("2026-06"),
        "balance_sheet": lambda o: o.balance_sheet("2026-06-30"),
        "profit_and_loss": lambda o: o.profit_and_loss("2026-06"),
        "general_ledger": lambda o: o.general_ledger("2026-06"),
        "bank_reconciliation_status": lambda o: o.bank_reconciliation_status(),
    }
    return firm | {name: _scoped(run) for name, run in calls.items()}


def _scoped(run: Callable[[Any], Any]) -> Callable[[LedgerHQ, LedgerHQ], Any]:
    return lambda hq, _: run(hq.organization("org_1"))


class Awaited:
    """An asynchronous handle, used like a blocking one: what it returns is awaited, lists are read
    to their end.
    """

    def __init__(self, handle: Any, runner: asyncio.Runner) -> None:
        self._handle = handle
        self._runner = runner

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._handle, name)

        def call(*arguments: Any, **keywords: Any) -> Any:
            result = member(*arguments, **keywords)
            if inspect.iscoroutine(result):
                return self._runner.run(result)
            return Awaited(result, self._runner)

        return call

    def __iter__(self) -> Iterator[Any]:
        async def everything() -> list[Any]:
            return [item async for item in self._handle]

        return iter(self._runner.run(everything()))


def storm(
    *,
    count: int = 10_000,
    processes: int = 2,
    threads: int = 8,
    seed: int = 4,
    surface: str = "blocking",
) -> Figures:
    """So many malformed answers to one surface, spread over every operation; gives what came out."""
    figures = Figures(f"{count} malformed answers, {surface}")
    began = time.monotonic()
    mine, theirs = CONTEXT.Pipe()
    share = count // processes
    running = [
        CONTEXT.Process(target=_part, args=(theirs, share, threads, seed + n, surface), daemon=True)
        for n in range(processes)
    ]
    for process in running:
        process.start()
    told = [mine.recv() for _ in running]
    for process in running:
        process.join()
    kinds, errors, foreign, late, leaks, used = (_sum([part[n] for part in told]) for n in range(6))
    figures.facts["seconds"] = round(time.monotonic() - began, 1)
    figures.facts["answers"] = ", ".join(f"{n} {kind}" for kind, n in kinds.most_common())
    figures.facts["what came out"] = ", ".join(f"{n} {kind}" for kind, n in errors.most_common())
    figures.check("operations called", len(used), len(operations()))
    figures.check("calls made", used.total(), share * processes)
    figures.check(
        "malformed answers, at the least one for each call", kinds.total() >= used.total(), True
    )
    figures.check("exceptions that are not of our tree", dict(foreign), {})
    figures.check(
        f"calls that took longer than {_DEADLINE} s and {_SLACK} s of slack", dict(late), {}
    )
    figures.check("exceptions that show a token", dict(leaks), {})
    return figures


def _sum(counts: list[Counter[str]]) -> Counter[str]:
    return sum(counts, Counter[str]())


def _part(told: Any, count: int, threads: int, seed: int, surface: str) -> None:
    server = _Nonsense(seed)
    known = list(operations().items())
    errors: Counter[str] = Counter()
    foreign, late, leaks, used = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    with server.serving() as url:

        def once(number: int) -> None:
            name, run = known[number % len(known)]
            used[name] += 1
            began = time.monotonic()
            try:
                with _clients(surface, url) as (hq, other):
                    run(hq, other)
                errors["a result"] += 1
            except LedgerHQError as error:
                errors[type(error).__name__] += 1
                if shows(error):
                    leaks[f"{name}: {type(error).__name__}"] += 1
            except Exception as error:
                foreign[f"{name}: {type(error).__name__}: {error}"[:200]] += 1
            if time.monotonic() - began > _DEADLINE + _SLACK:
                late[name] += 1

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(once, range(count)))
    told.send((server.kinds, errors, foreign, late, leaks, used))


@contextmanager
def _clients(surface: str, url: str) -> Iterator[tuple[Any, Any]]:
    """Clients of their own for every call, one with a token and one whose token has expired.

    New ones make new connections: each request gets an answer of ours, and not the end of an old
    connection.
    """
    if surface == "blocking":
        with (
            LedgerHQ(base_url=url, access_token=CANARY, **_OPTIONS) as hq,
            LedgerHQ(base_url=url, token_store=_expired(url), **_OPTIONS) as other,
        ):
            yield hq, other
        return
    with asyncio.Runner() as runner:
        async_hq = AsyncLedgerHQ(base_url=url, access_token=CANARY, **_OPTIONS)
        async_other = AsyncLedgerHQ(base_url=url, token_store=_expired(url), **_OPTIONS)
        yield Awaited(async_hq, runner), Awaited(async_other, runner)


def _expired(url: str) -> MemoryTokenStore:
    refresh = CANARY.replace("_at_", "_rt_")
    return MemoryTokenStore(
        Connection(issuer=url, client_id="c", access_token=CANARY, refresh_token=refresh)
    )


def shows(error: BaseException) -> bool:
    """Whether an exception shows the canary: as text, in a traceback with its chain, or pickled."""
    told = [str(error), repr(error), repr(vars(error))]
    told += traceback.TracebackException.from_exception(error, capture_locals=False).format()
    secret = CANARY.rpartition("_")[2]
    return any(secret in text for text in told) or secret.encode() in pickle.dumps(error)
