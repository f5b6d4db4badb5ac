"""One row never stops the rest: rows that cannot be read, answers that cannot be stored, receipts
that come late.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from sqlalchemy import event, update

from ledgerhq_ext import InputError, LedgerHQ, Period
from ledgerhq_ext.store import DrainResult, Store, StoreError
from ledgerhq_ext.store._schema import postings
from tests.cases.wire_support import (
    PATIENCE,
    SOURCE,
    Exchange,
    Ledger,
    RawServer,
    purchase,
    receipt,
    refusal,
)
from tests.support.outbox import OPTIONS, after, the_only, time_passes
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.anyio

ORG = "org_1"


def client_of(surface: Surface, url: str) -> Any:
    kind: Any = surface
    return kind(base_url=url, access_token="mcp_at_x", **OPTIONS)


def outbox_of(surface: Surface, store: Store) -> Any:
    return store.outbox() if surface is LedgerHQ else store.async_outbox()


async def add_two(outbox: Any, books: Any) -> None:
    for number in (1, 2):
        await resolve(outbox.add(books, purchase(number), source=("till", str(number))))


# --- rows that cannot be read

ODD = [
    pytest.param(
        "request", "CAST(replace(request, ':1}', ':9}') AS TEXT)", id="a-payload-edited-by-hand"
    ),
    pytest.param("request", "x'7b22'", id="a-payload-that-is-cut"),
    pytest.param("request", "7", id="a-payload-that-is-a-number"),
    pytest.param("digest", "'0'", id="another-digest"),
    pytest.param("key", "'a key'", id="a-key-that-no-header-carries"),
    pytest.param("resource", "'purchasx'", id="a-resource-that-nobody-knows"),
    pytest.param("organization_id", "'org' || char(10)", id="a-company-that-no-header-carries"),
    pytest.param("attempts", "'many'", id="attempts-that-are-no-number"),
    pytest.param("attempts", "9223372036854775807", id="as-many-attempts-as-a-number-holds"),
    pytest.param("first_sent_at", "'yesterday'", id="a-moment-that-is-none"),
    pytest.param("first_sent_at", "'', unknown = 1", id="a-moment-that-is-an-empty-text"),
    pytest.param("state", "'posteb'", id="a-state-that-nobody-knows"),
    pytest.param("in_order", "2", id="an-order-that-is-neither-true-nor-false"),
    pytest.param("in_order", "'x'", id="an-order-that-is-a-text"),
    pytest.param("error", "'{'", id="an-error-that-is-cut"),
    pytest.param("receipt", "'{'", id="a-receipt-that-is-cut"),
    pytest.param("added_at", "1e300", id="a-moment-out-of-the-calendar"),
    pytest.param("added_at", "-1e300", id="a-moment-before-the-calendar"),
    pytest.param("organization_id", "x'00ff'", id="a-company-that-is-no-text"),
    pytest.param("key", "x'00ff'", id="a-key-that-is-no-text"),
    pytest.param("holder", f"'{'[' * 60_000}'", id="a-holder-that-is-too-deep"),
    pytest.param("source_id", "CAST(x'ff31' AS TEXT)", id="a-text-that-is-no-text"),
]


@pytest.mark.parametrize("surface", [LedgerHQ], ids=["blocking"])
@pytest.mark.parametrize(("column", "value"), ODD)
async def test_a_row_that_cannot_be_read_stops_nothing(
    surface: Surface, tmp_path: Path, column: str, value: str
) -> None:
    """It is posted as it was added, or left to a person. Whatever is asked of the store is
    answered.
    """
    place = tmp_path / "books.db"
    with Ledger() as ledger, Store(place) as store:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await add_two(outbox, ORG)
        with closing(sqlite3.connect(place)) as db, db:
            db.execute(f"UPDATE ledgerhq_postings SET {column} = {value} WHERE id = 1")

        await resolve(outbox.status())
        await resolve(outbox.postings())
        await resolve(outbox.drain(hq, wait=0))
        assert (await resolve(outbox.drain(hq, wait=0))).why == "settled"
        rows = {row.id: row for row in await resolve(outbox.postings())}
        status = await resolve(outbox.status())
        await resolve(outbox.candidates(hq))
        await resolve(hq.close())

    assert rows[2].state == "posted"
    assert rows[1].state in ("posted", "needs_attention")
    assert status.needs_attention == (rows[1].state == "needs_attention")
    amounts = {body["lines"][0]["amount"] for body in ledger.bodies()}
    assert amounts == ({1, 2} if rows[1].state == "posted" else {2})


def test_a_row_that_may_stand_and_was_sent_at_no_moment_is_not_sent_again(tmp_path: Path) -> None:
    """The service may have forgotten its key."""
    place = tmp_path / "books.db"
    with Ledger() as ledger, Store(place) as store:
        outbox = store.outbox()
        outbox.add(ORG, purchase(1), source=SOURCE)
        with closing(sqlite3.connect(place)) as db, db:
            db.execute("UPDATE ledgerhq_postings SET unknown = 1, first_sent_at = NULL")
        with LedgerHQ(base_url=ledger.url, access_token="mcp_at_x", **OPTIONS) as hq:
            outbox.drain(hq, wait=0)
        row = the_only(outbox.postings())
        assert (row.state, row.failure and row.failure.type) == ("needs_attention", "KeyExpired")
        assert ledger.bodies() == []


async def test_a_company_that_no_header_carries_is_left_out_of_an_audit(
    surface: Surface, tmp_path: Path
) -> None:
    """It is named there; the others are examined."""
    place = tmp_path / "books.db"
    with Ledger() as ledger, Store(place) as store:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await add_two(outbox, ORG)
        await resolve(outbox.drain(hq, wait=0))
        with closing(sqlite3.connect(place)) as db, db:
            db.execute(
                "UPDATE ledgerhq_postings SET organization_id = 'org' || char(10) WHERE id = 1"
            )

        audit = await resolve(outbox.audit(hq, Period("2026-06-01", "2026-06-30")))
        await resolve(hq.close())

    assert (audit.ok, audit.postings) == (False, 1)
    assert [gap.organization_id for gap in audit.unchecked] == ["org\n"]


async def test_a_key_that_no_header_carries_is_not_corrected(
    surface: Surface, tmp_path: Path
) -> None:
    """The correction would have it, or one that begins with it."""
    place = tmp_path / "books.db"
    with Ledger() as ledger, Store(place) as store:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await add_two(outbox, ORG)
        ledger.faults = [lambda exchange: exchange.reply(422, refusal("VALIDATION_ERROR", "No"))]
        await resolve(outbox.drain(hq, wait=0))
        with closing(sqlite3.connect(place)) as db, db:
            db.execute("UPDATE ledgerhq_postings SET key = x'00ff' WHERE id = 1")

        row = await resolve(outbox.posting(1))
        with pytest.raises(InputError, match="idempotency key"):
            await resolve(outbox.correct(row, purchase(3)))
        assert (await resolve(outbox.discard(row, reason="Damaged"))).state == "discarded"
        await resolve(hq.close())


async def test_a_row_that_was_changed_says_so(surface: Surface, store: Store) -> None:
    """Nothing of it was sent, and it says what to do next."""
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await add_two(outbox, hq.organization(ORG))
        changed = (
            update(postings).where(postings.c.source_id == "1").values(request=b'{"lines": []}')
        )
        store._database.write("test", lambda db: db.execute(changed).rowcount)

        drained = await resolve(outbox.drain(hq))
        row: Any = the_only(await resolve(outbox.postings("needs_attention")))
        [doubt] = await resolve(outbox.candidates(hq))
        await resolve(hq.close())

    assert (drained.why, drained.posted, drained.needs_attention) == ("settled", 1, 1)
    assert (row.unknown, row.failure.outcome, row.failure.type) == (False, "not_sent", "DamagedRow")
    assert "digest" in row.failure.message
    assert "correct or discard the posting" in row.failure.message
    assert "digest" in row.alarm
    assert "cannot be read" in doubt.problem.message


async def test_a_posted_row_that_was_changed_is_an_alarm(surface: Surface, store: Store) -> None:
    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        await resolve(outbox.post(hq.organization(ORG), purchase(), source=SOURCE))
        store._database.write(
            "test", lambda db: db.execute(update(postings).values(receipt="{")).rowcount
        )
        row: Any = the_only(await resolve(outbox.receipts()))
        await resolve(hq.close())
    assert (row.state, row.receipt) == ("posted", None)
    assert "receipt cannot be read" in row.alarm


# --- answers that cannot be stored


async def test_the_words_of_the_service_stop_nothing(surface: Surface, store: Store) -> None:
    """A reason that no database holds as it is, in a pause and in a row."""

    def slow_down(exchange: Exchange) -> bool:
        document = refusal("RATE_LIMITED", "slow\x00 down \ud800")
        return exchange.reply(429, document, headers=["Retry-After: 600"])

    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        ledger.faults = [slow_down]
        await resolve(outbox.add(hq.organization(ORG), purchase(), source=SOURCE))
        await resolve(outbox.add(hq.organization("org_2"), purchase(), source=SOURCE))
        assert (await resolve(outbox.drain(hq, wait=0))).posted == 1
        await resolve(outbox.resume())
        assert (await resolve(outbox.drain(hq))).posted == 1
        await resolve(hq.close())


async def test_a_receipt_that_cannot_be_settled_by_is_kept(surface: Surface, store: Store) -> None:
    entry = "j" * 201
    with RawServer(lambda exchange: exchange.reply(201, receipt(exchange, entry))) as service:
        hq = client_of(surface, service.url)
        outbox = outbox_of(surface, store)
        sent = await resolve(outbox.post(hq.organization(ORG), purchase(), source=SOURCE))
        row: Any = the_only(await resolve(outbox.postings()))
        await resolve(hq.close())
    assert sent.journal_entry_id == entry
    assert (row.state, row.unknown, row.receipt.journal_entry_id) == (
        "needs_attention",
        True,
        entry,
    )
    assert "not a valid id" in row.failure.message


# --- companies that cannot be read


@pytest.mark.parametrize("status", [400, 403, 404, 200])
async def test_a_company_that_cannot_be_read_is_a_problem_of_its_rows(
    surface: Surface, store: Store, status: int
) -> None:
    """Refused, gone, a bad request, or an answer that nobody understands."""

    with Ledger() as ledger:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        ledger.faults = ["lost after", "lost after"]
        for organization_id in (ORG, "org_2"):
            await resolve(outbox.add(hq.organization(organization_id), purchase(), source=SOURCE))
        await resolve(outbox.drain(hq, **after(2)))
        time_passes(store, 24 * 3600)
        await resolve(outbox.drain(hq, wait=0))

        serve = ledger.handler

        def odd(exchange: Exchange) -> bool:
            if exchange.method == "GET" and exchange.organization == ORG:
                return exchange.reply(status, {"error": "no"})
            return serve(exchange)

        ledger.handler = odd
        doubts = await resolve(outbox.candidates(hq))
        await resolve(hq.close())
    problems = {doubt.posting.organization_id: doubt.problem for doubt in doubts}
    assert problems[ORG] is not None
    assert problems["org_2"] is None
    assert [len(doubt.candidates) for doubt in doubts] == [0, 1]


# --- receipts that come late


@contextmanager
def late_receipt(ledger: Ledger, store: Store, number: int = 1) -> Iterator[list[DrainResult]]:
    """A worker posts by the request of this number, and gets its answer only when this ends."""
    arrived, go = threading.Event(), threading.Event()
    before_answer = ledger.before_answer

    def hold_one(exchange: Exchange) -> None:
        before_answer(exchange)
        if exchange.number == number:
            arrived.set()
            go.wait(PATIENCE)

    ledger.before_answer = hold_one
    results: list[DrainResult] = []
    # The answer waits for the test, however slow the machine.
    with LedgerHQ(base_url=ledger.url, access_token="mcp_at_x", timeout=25, deadline=30) as slow:
        store.outbox().add(slow.organization(ORG), purchase(), source=SOURCE)
        worker = threading.Thread(target=lambda: results.append(store.outbox().drain(slow, wait=0)))
        worker.start()
        assert arrived.wait(PATIENCE)
        try:
            yield results
        finally:
            go.set()
            worker.join(PATIENCE)


def test_a_receipt_that_comes_late_settles_what_nothing_else_settled(store: Store) -> None:
    """The key is forgotten meanwhile, and a person is asked: the answer is here before that person
    is.
    """
    with (
        Ledger() as ledger,
        LedgerHQ(base_url=ledger.url, access_token="mcp_at_x", **OPTIONS) as hq,
    ):
        with late_receipt(ledger, store) as late:
            time_passes(store, 24 * 3600)
            assert store.outbox().drain(hq, wait=0).needs_attention == 1
        row = the_only(store.outbox().postings())
    assert (row.state, row.unknown, row.alarm) == ("posted", False, None)
    assert row.receipt is not None
    assert row.receipt.journal_entry_id == "je_0"
    assert [drained.posted for drained in late] == [1]
    assert len(ledger.requests) == 1


def test_a_second_receipt_that_is_the_same_is_no_alarm(store: Store) -> None:
    with (
        Ledger() as ledger,
        LedgerHQ(base_url=ledger.url, access_token="mcp_at_x", **OPTIONS) as hq,
    ):
        with late_receipt(ledger, store):
            time_passes(store, 100)
            assert store.outbox().drain(hq, wait=0).posted == 1
        row = the_only(store.outbox().postings())
    assert row.alarm is None
    assert len(ledger.entries) == 1


def test_an_alarm_stays_and_is_counted(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """The service made two entries. Both are named, on the row and in the log; the first receipt
    stays.
    """
    with (
        Ledger(forgetful=True) as ledger,
        LedgerHQ(base_url=ledger.url, access_token="mcp_at_x", **OPTIONS) as hq,
    ):
        with late_receipt(ledger, store):
            time_passes(store, 100)
            assert store.outbox().drain(hq, wait=0).posted == 1
        store.outbox().drain(hq, wait=0)
        row = the_only(store.outbox().receipts())
        status = store.outbox().status(hq)
    assert row.receipt is not None
    assert row.receipt.journal_entry_id == "je_1"
    assert row.alarm is not None
    assert "je_0" in row.alarm
    assert "je_1" in row.alarm
    assert (status.posted, status.alarms) == (1, 1)
    [warning] = [record for record in caplog.records if record.levelname == "WARNING"]
    assert warning.levelname == "WARNING"
    assert row.alarm in warning.getMessage()


async def test_an_organization_that_is_no_text_stops_one_row(
    surface: Surface, tmp_path: Path
) -> None:
    """What is read of it is not what stands there, so that no condition on it ever holds."""
    with Ledger() as ledger, Store(tmp_path / "books.db") as store:
        hq = client_of(surface, ledger.url)
        outbox = outbox_of(surface, store)
        for organization in ("org_0", ORG):
            await resolve(
                outbox.add(hq.organization(organization), purchase(), source=("till", organization))
            )
        damaged = "UPDATE ledgerhq_postings SET organization_id = CAST(x'6f72675fff' AS TEXT) WHERE id = 1"
        store._database.write("test", lambda db: db.exec_driver_sql(damaged).rowcount)

        drained = await resolve(outbox.drain(hq, seconds=PATIENCE))
        assert (drained.why, drained.posted, drained.needs_attention) == ("settled", 1, 1)
        await resolve(hq.close())


def test_an_alarm_that_is_acknowledged_is_opened_by_another_one(store: Store) -> None:
    """The service made three entries. What was said to the first alarm is no answer to the second."""
    outbox = store.outbox()
    with (
        Ledger(forgetful=True) as ledger,
        LedgerHQ(base_url=ledger.url, access_token="mcp_at_x", **OPTIONS) as hq,
    ):
        with late_receipt(ledger, store):
            time_passes(store, 100)
            with late_receipt(ledger, store, number=2):
                time_passes(store, 100)
                assert outbox.drain(hq, wait=0).posted == 1
            seen = outbox.acknowledge(the_only(outbox.receipts()), reason="je_1 was voided by hand")
            assert seen.acknowledgement == "je_1 was voided by hand"
            assert outbox.status().alarms == 0
        row = the_only(outbox.receipts())
        assert (row.acknowledgement, outbox.status().alarms) == (None, 1)
        for word in ("je_1", "(Acknowledged: je_1 was voided by hand)", "je_0"):
            assert word in (row.alarm or "")
        with pytest.raises(InputError, match="a new alarm since it was read"):
            outbox.acknowledge(evolve(seen, acknowledgement=None), reason="read before")
        assert outbox.acknowledge(row, reason="so was je_0").acknowledgement == "so was je_0"
        assert outbox.status().alarms == 0


# --- a disk that is full after the answer


@pytest.mark.parametrize("name", ["post", "drain"])
async def test_a_disk_that_is_full_after_the_answer(
    surface: Surface, tmp_path: Path, name: str
) -> None:
    """The receipt does not fit. The error does not say that nothing was sent; the key gives the
    receipt later.
    """

    def limit(connection: Any, *_: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    def serve(exchange: Exchange) -> bool:
        rows = [f"row_{number}" for number in range(10_000)]
        return exchange.reply(201, receipt(exchange, bankTransactionIds=rows))

    with RawServer(serve) as service, Store(tmp_path / "books.db") as store:
        hq = client_of(surface, service.url)
        outbox = outbox_of(surface, store)
        books = hq.organization(ORG)
        await resolve(outbox.add(books, purchase(), source=SOURCE))
        engine = store._database._ready()
        engine.dispose()
        event.listen(engine, "connect", limit)

        arguments: dict[str, Any] = {"post": (books, purchase()), "drain": (hq,)}
        more: dict[str, Any] = {"post": {"source": SOURCE}, "drain": {}}
        with pytest.raises(StoreError, match="full") as caught:
            await resolve(getattr(outbox, name)(*arguments[name], **more[name]))
        assert caught.value.outcome == "unknown"
        assert the_only(await resolve(outbox.postings())).unknown

        event.remove(engine, "connect", limit)
        engine.dispose()
        time_passes(store, 100)
        assert (await resolve(outbox.drain(hq))).posted == 1
        await resolve(hq.close())
