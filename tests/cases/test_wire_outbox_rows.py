"""One bad row, and one bad answer: that row needs attention, and the others go on.

Cases t11, t10 (7, 8) and t23 (e).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledgerhq_ext.store import DrainResult, OutboxSettings, Store
from scripts.storm.servers import Postgres, postgres

from .wire_support import (
    PATIENCE,
    SOURCE,
    Exchange,
    Handler,
    Ledger,
    RawServer,
    client,
    let_time_pass,
    public,
    purchase,
    receipt,
    tamper,
)

ORG = "org_1"


def in_state(outbox: Any, state: str) -> list[str]:
    """Return the source ids of the rows in a state."""
    return [row.source[1] for row in outbox.postings() if row.state == state]


# --- t10 (7) and t11: an answer that the database cannot hold

POISON = 666


def poisonous(entry: str) -> Handler:
    """Post; one amount is answered with an entry id that no database takes."""

    def serve(exchange: Exchange) -> bool:
        poison = b'"amount":%d' % POISON in exchange.body
        return exchange.reply(201, receipt(exchange, entry if poison else f"je_{exchange.number}"))

    return serve


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A PostgreSQL server."""
    with postgres() as running:
        yield running


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the store is, by the name of its database."""
    if request.param == "sqlite":
        return str(tmp_path / "books.db")
    running: Postgres = request.getfixturevalue("server")
    return running.new_database()


@pytest.mark.parametrize(
    ("place", "entry"),
    [
        pytest.param("sqlite", "je_\ud800", id="sqlite-half-a-character"),
        pytest.param("postgres", "je_\ud800", id="postgres-half-a-character"),
        pytest.param("postgres", "j" * 201, id="postgres-201-characters"),
        pytest.param("postgres", "je_\x00", id="postgres-zero-byte"),
    ],
    indirect=["place"],
)
def test_an_answer_that_cannot_be_kept_stops_one_row(place: str, entry: str) -> None:
    """Three rows before it are posted, and three behind it. It is not sent again."""
    with (
        RawServer(poisonous(entry)) as service,
        client(service.url) as hq,
        Store(place, patience=1) as store,
    ):
        outbox = store.outbox(OutboxSettings(lease_margin=1))
        for number in range(7):
            amount = POISON if number == 3 else 1
            outbox.add(hq.organization(ORG), purchase(amount), source=("till", str(number)))

        assert outbox.drain(hq, wait=0).posted == 6
        assert in_state(outbox, "needs_attention") == ["3"]
        outbox.drain(hq, wait=0)
        assert len(service.requests) == 7


# --- t10 (8): a worker comes back late, with another receipt


def test_a_second_receipt_that_differs_is_an_alarm(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The service forgot the key at once: two workers in turn got a receipt each."""
    place = tmp_path / "books.db"
    arrived, go = threading.Event(), threading.Event()

    def hold_the_first(exchange: Exchange) -> None:
        if exchange.number == 1:
            arrived.set()
            go.wait(PATIENCE)

    with (
        Ledger(forgetful=True) as ledger,
        client(ledger.url, deadline=30, timeout=25) as slow,
        client(ledger.url) as hq,
        Store(place) as store,
    ):
        ledger.before_answer = hold_the_first
        outbox = store.outbox(OutboxSettings(lease_margin=1))
        outbox.add(hq.organization(ORG), purchase(), source=SOURCE)

        late: list[DrainResult] = []
        worker = threading.Thread(target=lambda: late.append(outbox.drain(slow, wait=0)))
        worker.start()
        assert arrived.wait(PATIENCE)
        let_time_pass(place, 100)
        assert outbox.drain(hq, wait=0).posted == 1

        go.set()
        worker.join(PATIENCE)
        [row] = outbox.postings()

    assert len(ledger.entries) == 2
    loud = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record for record in loud if record.name.startswith("ledgerhq_ext")], "nobody was told"
    record = repr(public(row))
    assert [entry for entry in ("je_0", "je_1") if entry not in record] == []


# --- t23 (e): stored bytes that changed on the disk


def test_bytes_that_changed_on_the_disk_are_not_sent(tmp_path: Path) -> None:
    place = tmp_path / "books.db"
    with Ledger() as ledger, client(ledger.url) as hq, Store(place) as store:
        outbox = store.outbox()
        outbox.add(hq.organization(ORG), purchase(100), source=("till", "1"))
        outbox.add(hq.organization(ORG), purchase(200), source=("till", "2"))
        tamper(place, b'"amount":100', lambda content: content.replace(b":100", b":900"))

        assert outbox.drain(hq, wait=0).posted == 1
        assert [body["lines"][0]["amount"] for body in ledger.bodies()] == [200]
        assert in_state(outbox, "needs_attention") == ["1"]


def test_bytes_that_cannot_be_read_stop_one_row(tmp_path: Path) -> None:
    place = tmp_path / "books.db"
    with Ledger() as ledger, client(ledger.url) as hq, Store(place) as store:
        outbox = store.outbox()
        outbox.add(hq.organization(ORG), purchase(300), source=("till", "1"))
        outbox.add(hq.organization(ORG), purchase(200), source=("till", "2"))
        tamper(place, b'"amount":300', lambda content: content[:5])

        assert outbox.drain(hq, wait=0).posted == 1
        assert [body["lines"][0]["amount"] for body in ledger.bodies()] == [200]
        assert in_state(outbox, "needs_attention") == ["1"]
