"""A worker of an outbox: many connections, one that fails, an end that leaves nothing half done."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from ledgerhq_ext import AsyncLedgerHQ, InputError, LedgerHQ, MemoryTokenStore, OAuth
from ledgerhq_ext._auth.jobs import EXCHANGE_SECONDS
from ledgerhq_ext.store import Store
from tests.cases.wire_support import (
    PATIENCE,
    ROOT,
    START,
    Exchange,
    Firm,
    Ledger,
    RawServer,
    assert_connected,
    client,
    connection,
    keep,
    purchase,
    receipt,
)

from .jobs import CONTEXT, serve


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + START
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@contextmanager
def running(
    store: Store, client_for: Callable[[str], Any], **options: Any
) -> Iterator[threading.Thread]:
    stop = threading.Event()
    errors: list[BaseException] = []

    def work() -> None:
        try:
            store.outbox().run(client_for, stop=stop.is_set, **options)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(START)
        assert not thread.is_alive()
    if errors:
        raise errors[0]


def firm(url: str, name: str, token: str | None = None) -> LedgerHQ:
    tokens = MemoryTokenStore(connection(url, life=3600, access_token=token) if token else None)
    return LedgerHQ(OAuth(tokens, name=name), base_url=url)


def test_every_connection_is_served_and_one_without_a_grant_costs_nothing(tmp_path: Path) -> None:
    with Ledger() as ledger, Store(tmp_path / "books.db") as store:
        clients = {
            "birch": firm(ledger.url, "birch", "mcp_at_birch"),
            "gone": firm(ledger.url, "gone"),
            "oak": firm(ledger.url, "oak", "mcp_at_oak"),
            "pine": firm(ledger.url, "pine", "mcp_at_pine"),
        }
        outbox = store.outbox()
        for name, hq in clients.items():
            for number in range(3):
                outbox.add(
                    hq.organization(f"org_{name}"), purchase(1 + number), source=(name, str(number))
                )
        asked: list[str] = []

        def client_for(name: str) -> LedgerHQ | None:
            asked.append(name)
            if name == "pine":
                raise KeyError(name)
            return clients[name]

        with running(store, client_for, workers=2):
            wait_for(lambda: outbox.status().posted == 6 and "pine" in asked)
            # Another round, in which pine still rests.
            outbox.add(
                clients["birch"].organization("org_birch"), purchase(), source=("birch", "later")
            )
            wait_for(lambda: outbox.status().posted == 7)
        assert len(ledger.entries) == 7
        # Nobody asks again and again for what there is not.
        assert asked.count("pine") == 1
        states = {(row.source[0], row.state) for row in outbox.postings()}
        assert states == {
            ("birch", "posted"),
            ("oak", "posted"),
            ("gone", "pending"),
            ("pine", "pending"),
        }
        for hq in clients.values():
            hq.close()


class StoppedTime:
    """A clock that stands still, so that whoever rests does so to the end."""

    @staticmethod
    def monotonic() -> float:
        return 0.0

    @staticmethod
    def sleep(_: float) -> None:
        """Return at once."""


def test_a_connection_without_a_grant_rests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its postings are not tried one after the other, round after round, for months."""
    monkeypatch.setattr("ledgerhq_ext.store._worker.time", StoppedTime)
    with Ledger() as ledger, Store(tmp_path / "books.db") as store:
        gone = firm(ledger.url, "gone")
        outbox = store.outbox()
        for number in range(5):
            outbox.add(gone.organization("org_1"), purchase(), source=("till", str(number)))
        calls = iter(range(50))
        outbox.run(lambda _: gone, stop=lambda: next(calls, None) is None)
        gone.close()
        assert sum(row.attempts for row in outbox.postings("pending")) == 1
        assert ledger.entries == []


def test_a_plain_id_is_served_by_the_default_connection(tmp_path: Path) -> None:
    with Ledger() as ledger, client(ledger.url) as hq, Store(tmp_path / "books.db") as store:
        store.outbox().add("org_1", purchase(), source=("till", "1"))
        names: list[str] = []

        def client_for(name: str) -> LedgerHQ:
            names.append(name)
            return hq

        with running(store, client_for):
            wait_for(lambda: store.outbox().status().posted == 1)
        assert set(names) == {"default"}


def test_awaited(tmp_path: Path) -> None:
    async def work(url: str, store: Store) -> None:
        async with AsyncLedgerHQ(base_url=url, access_token="mcp_at_x") as hq:
            outbox = store.async_outbox()
            await outbox.add(hq.organization("org_1"), purchase(), source=("till", "1"))
            over = asyncio.Event()
            task = asyncio.create_task(outbox.run(lambda _: hq, stop=over.is_set))
            while (await outbox.status()).posted == 0:
                await asyncio.sleep(0.01)
            over.set()
            await task

    with Ledger() as ledger, Store(tmp_path / "books.db") as store:
        asyncio.run(asyncio.wait_for(work(ledger.url, store), START))
        assert len(ledger.entries) == 1


def test_a_client_of_the_other_kind_is_refused(tmp_path: Path) -> None:
    with Ledger() as ledger, client(ledger.url) as hq, Store(tmp_path / "books.db") as store:
        outbox = store.outbox()
        outbox.add(hq.organization("org_1"), purchase(), source=("till", "1"))
        wrong: Any = AsyncLedgerHQ(base_url=ledger.url, access_token="t")
        with pytest.raises(InputError, match="client_for must return a LedgerHQ"):
            outbox.run(lambda _: wrong)
        wrong = "birch"
        with pytest.raises(InputError, match="client_for must return a LedgerHQ"):
            outbox.run(lambda _: wrong)
        with pytest.raises(InputError, match="not a coroutine function"):
            outbox.run(asyncio.sleep)  # type: ignore[arg-type]
        with pytest.raises(InputError, match="client_for must be a function, not LedgerHQ"):
            outbox.run(hq)  # type: ignore[arg-type]
        assert outbox.status().pending == 1
        assert ledger.entries == []


# --- the command


def post_or_accounts(exchange: Exchange) -> bool:
    """Post everything; no company has accounts."""
    if exchange.method == "POST":
        return exchange.reply(201, receipt(exchange, f"je_{exchange.number}"))
    return exchange.reply(200, {"accounts": []})


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "ledgerhq_ext.store", *words]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_worker_after_what_it_is_sending(
    number: signal.Signals, tmp_path: Path
) -> None:
    """Nothing is leased afterwards, and the receipt of what was on its way is there."""
    place = tmp_path / "books.db"
    arrived = threading.Event()
    release = threading.Event()

    def serve(exchange: Exchange) -> bool:
        arrived.set()
        release.wait(START)
        return exchange.reply(201, receipt(exchange, f"je_{exchange.number}"))

    with RawServer(serve) as server, Store(place) as store:
        keep(store.token_store(plaintext=True), connection(server.url, life=3600))
        with LedgerHQ(base_url=server.url, token_store=store.token_store(plaintext=True)) as hq:
            for number_of_row in range(3):
                source = ("till", str(number_of_row))
                store.outbox().add(
                    hq.organization("org_1"), purchase(1 + number_of_row), source=source
                )

        words = ["worker", str(place), "--base-url", server.url, "--plaintext"]
        with subprocess.Popen(
            command(*words), cwd=ROOT, stderr=subprocess.PIPE, text=True
        ) as worker:
            assert arrived.wait(START)
            worker.send_signal(number)
            # The signal is noted before the answer comes; a worker that ended at once would be
            # gone.
            time.sleep(0.2)
            assert worker.poll() is None
            release.set()
            _, log = worker.communicate(timeout=START)
        assert worker.returncode == 0, log
        status = store.outbox().status()
        assert (status.posted, status.pending, status.leased) == (1, 2, 0)
        assert (
            "purchase posted: source till/0, organization org_1, connection default, attempt 1, "
            "entry je_1" in log
        )


def test_a_worker_goes_on_at_once_with_what_a_killed_one_was_sending(tmp_path: Path) -> None:
    """On the same machine, and not when the lease ends, which is later than this test waits."""
    place = tmp_path / "books.db"
    arrived = threading.Event()
    release = threading.Event()

    def serve(exchange: Exchange) -> bool:
        if not arrived.is_set():
            arrived.set()
            release.wait(START)
        return exchange.reply(201, receipt(exchange, "je_1"))

    with RawServer(serve) as server, Store(place) as store:
        add_one(store, server.url, life=3600)
        with worker_of(str(place), server.url) as worker:
            assert arrived.wait(START)
            worker.kill()
            worker.communicate(timeout=START)
        release.set()
        [posting] = store.outbox().postings("leased")
        assert posting.due_at is not None
        assert posting.due_at > dt.datetime.now(dt.UTC) + dt.timedelta(seconds=START)
        with worker_of(str(place), server.url):
            wait_for(lambda: store.outbox().status().posted == 1)


def add_one(store: Store, url: str, life: float) -> None:
    """Store a connection whose access token lives for so many seconds, and a posting of it."""
    tokens = store.token_store(plaintext=True)
    keep(tokens, connection(url, life=life))
    with LedgerHQ(base_url=url, token_store=tokens) as hq:
        store.outbox().add(hq.organization("org_1"), purchase(), source=("till", "1"))


@contextmanager
def worker_of(place: str, url: str) -> Iterator[subprocess.Popen[str]]:
    words = ["worker", place, "--base-url", url, "--plaintext"]
    with subprocess.Popen(command(*words), cwd=ROOT, stderr=subprocess.PIPE, text=True) as worker:
        try:
            yield worker
        finally:
            # Whatever the test has found, no process stays behind.
            worker.kill()


@pytest.mark.slow
def test_a_signal_ends_a_worker_during_a_refresh(place: str) -> None:
    """The new pair is in the store, the posting that needed it is sent with it, and nothing is
    leased.
    """
    with Firm(gated=True, otherwise=post_or_accounts) as firm, Store(place) as store:
        add_one(store, firm.url, life=-400)
        with worker_of(place, firm.url) as worker:
            assert firm.arrived.wait(START)
            worker.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            assert worker.poll() is None
            firm.release.set()
            _, log = worker.communicate(timeout=START)
        assert worker.returncode == 0, log
        status = store.outbox().status()
        assert (status.leased, status.posted + status.pending) == (0, 1)
        assert_connected(firm, store.token_store(plaintext=True))


@pytest.mark.slow
def test_a_signal_ends_a_worker_whose_refresh_is_never_answered(place: str) -> None:
    """It ends when the call's deadline and the longest exchange are over. Nothing is leased, and
    nothing was sent.
    """
    with Firm(gated=True, otherwise=post_or_accounts) as firm, Store(place) as store:
        add_one(store, firm.url, life=-400)
        worker = CONTEXT.Process(target=serve, args=(place, firm.url, 3.0))
        worker.start()
        try:
            assert firm.arrived.wait(START)
            assert worker.pid is not None
            os.kill(worker.pid, signal.SIGTERM)
            worker.join(3.0 + EXCHANGE_SECONDS + PATIENCE)
            assert worker.exitcode == 0
        finally:
            worker.kill()
            worker.join()
        status = store.outbox().status()
        assert (status.pending, status.leased, status.unknown) == (1, 0, 0)


@pytest.mark.slow
@pytest.mark.parametrize("status", [403, 429])
def test_a_signal_ends_a_worker_during_a_pause(place: str, status: int) -> None:
    """At once, and long before the pause does."""

    def refuse(exchange: Exchange) -> bool:
        return exchange.reply(status, {"error": "Not now"}, headers=["Retry-After: 600"])

    with RawServer(refuse) as server, Store(place) as store:
        add_one(store, server.url, life=3600)
        with worker_of(place, server.url) as worker:
            wait_for(lambda: store.outbox().pauses() != ())
            worker.send_signal(signal.SIGTERM)
            _, log = worker.communicate(timeout=START)
        assert worker.returncode == 0, log
        figures = store.outbox().status()
        assert (figures.pending, figures.leased) == (1, 0)
        # The pause is in the store: the next worker heeds it.
        assert figures.paused_until is not None
        sent = len(server.requests)
        with LedgerHQ(base_url=server.url, token_store=store.token_store(plaintext=True)) as hq:
            assert store.outbox().drain(hq, wait=0).why == "paused"
        assert len(server.requests) == sent


def test_status_says_when_something_waits_for_too_long(tmp_path: Path) -> None:
    place = tmp_path / "books.db"

    def status(*words: str) -> tuple[int, str]:
        run = command("status", str(place), *words)
        done = subprocess.run(
            run, cwd=ROOT, capture_output=True, text=True, timeout=START, check=False
        )
        assert done.stderr == ""
        return done.returncode, done.stdout

    with Store(place) as store:
        store.outbox().add("org_1", purchase(), source=("till", "1"))
    assert status("--max-age", "15m")[0] == 0
    assert status("--max-age", "0s")[0] == 1
    code, text = status("--json")
    assert (code, json.loads(text)["pending"]) == (0, 1)
    assert "pending            1" in status()[1]


@pytest.mark.parametrize(
    ("change", "figure"),
    [
        ({"state": "rejected"}, "rejected"),
        ({"state": "conflict"}, "conflict"),
        ({"state": "needs_attention"}, "needs_attention"),
        ({"state": "posted", "alarm": "Two receipts name this entry."}, "alarms"),
    ],
)
def test_status_fails_while_something_waits_for_a_person(
    tmp_path: Path, change: dict[str, str], figure: str
) -> None:
    place = tmp_path / "books.db"
    with Store(place) as store:
        store.outbox().add("org_1", purchase(), source=("till", "1"))
        assert not store.outbox().status().needs_person
    with closing(sqlite3.connect(place)) as db, db:
        for name, value in change.items():
            db.execute(f"UPDATE ledgerhq_postings SET {name} = ?", [value])

    run = command("status", str(place), "--json")
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=START, check=False)
    assert json.loads(done.stdout)[figure] == 1
    assert done.returncode == 1
    with Store(place) as store:
        assert store.outbox().status().needs_person


def test_status_says_nothing_of_a_reader_that_has_seen_enough(tmp_path: Path) -> None:
    place = tmp_path / "books.db"
    with Store(place) as store:
        store.outbox().add("org_1", purchase(), source=("till", "1"))
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as output:
        done = subprocess.run(
            command("status", str(place), "--max-age", "0s"),
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.PIPE,
            timeout=START,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize(
    "words", [[], ["status"], ["status", "x.db", "--max-age", "15 minutes"], ["rest", "x.db"]]
)
def test_words_that_say_nothing(words: list[str]) -> None:
    run = command(*words)
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=START, check=False)
    assert done.returncode == 2
    assert "usage: python -m ledgerhq_ext.store" in done.stderr


def test_an_error_is_one_line(tmp_path: Path) -> None:
    run = command("status", str(tmp_path))
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=START, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
