"""Whose a row is, what an answer about a company may do to it, and for how long a company waits.

Cases t23 (b, c, d) and t10 (5, 6, 11, 13).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from ledgerhq_ext import ConflictError, LedgerHQ
from ledgerhq_ext.store import OutboxSettings, Store

from .wire_support import (
    SOURCE,
    Clock,
    Exchange,
    Ledger,
    RawServer,
    client,
    connection,
    keep,
    let_time_pass,
    numbered,
    purchase,
    receipt,
    refusal,
)

# --- t23 (b): two firms, one outbox


def test_the_drain_of_one_firm_leaves_the_rows_of_another_alone(tmp_path: Path) -> None:
    """The service says 404 to strangers."""
    companies = {"mcp_at_birch": "org_1", "mcp_at_oak": "org_2"}

    def serve(exchange: Exchange) -> bool:
        if companies[exchange.token] != exchange.organization:
            return exchange.reply(404, {"error": "Organization not found"})
        if exchange.method == "GET":
            return exchange.reply(200, {"accounts": []})
        return exchange.reply(201, receipt(exchange, f"je_{exchange.number}"))

    with (
        RawServer(serve) as server,
        Store(tmp_path / "books.db") as store,
        firm_client(server.url, store, "birch") as birch,
        firm_client(server.url, store, "oak") as oak,
    ):
        outbox = store.outbox()
        outbox.add(birch.organization("org_1"), purchase(1), source=("till", "1"))
        outbox.add(oak.organization("org_2"), purchase(2), source=("till", "2"))

        outbox.drain(birch, wait=0)
        states = {row.organization_id: row.state for row in outbox.postings()}
        assert states == {"org_1": "posted", "org_2": "pending"}
        assert outbox.drain(oak, wait=0).posted == 1


def firm_client(url: str, store: Store, firm: str) -> LedgerHQ:
    """Return the client of a firm whose connection is kept in the store under the firm's name."""
    tokens = store.token_store(Fernet.generate_key(), name=firm)
    keep(tokens, connection(url, life=3600, access_token=f"mcp_at_{firm}"))
    return client(url, token_store=tokens)


# --- t23 (c): two services, one outbox


def test_a_drain_against_another_service_leaves_the_rows_alone(tmp_path: Path) -> None:
    with (
        Ledger() as staging,
        Ledger() as production,
        client(staging.url) as staging_hq,
        client(production.url) as production_hq,
        Store(tmp_path / "books.db") as store,
    ):
        outbox = store.outbox()
        books = production_hq.organization("org_1")
        for number in range(3):
            outbox.add(books, purchase(1 + number), source=("till", str(number)))

        outbox.drain(staging_hq, wait=0)
        assert staging.entries == []
        assert outbox.drain(production_hq).posted == 3
        assert len(production.entries) == 3


# --- t23 (d): one company cannot be read


def test_one_company_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    """Three postings are in doubt; one of their companies has left the firm."""

    def serve(exchange: Exchange) -> bool:
        if exchange.method == "POST":
            return False
        if exchange.organization == "org_gone":
            return exchange.reply(403, {"error": "Not a member"})
        return exchange.reply(200, numbered([], page=1, limit=100, total=0))

    place = tmp_path / "books.db"
    with RawServer(serve) as server, client(server.url) as hq, Store(place) as store:
        outbox: Any = store.outbox(OutboxSettings(key_lifetime=60, lease_margin=1))
        for organization in ("org_1", "org_gone", "org_2"):
            outbox.add(hq.organization(organization), purchase(), source=SOURCE)
        outbox.drain(hq, wait=0)
        let_time_pass(place, 3600)
        outbox.drain(hq, wait=0)
        assert outbox.status().needs_attention == 3

        doubts = outbox.candidates(hq)
        assert {"org_1", "org_2"} <= {doubt.posting.organization_id for doubt in doubts}


# --- t10 (5): one company is in maintenance for a day


def in_maintenance(exchange: Exchange) -> bool:
    """Turn one company away for a day, and post for the others."""
    if exchange.organization == "org_closed":
        error = {"error": "This company is in maintenance"}
        return exchange.reply(503, error, headers=["Retry-After: 86400"])
    return exchange.reply(201, receipt(exchange, f"je_{exchange.number}"))


def test_a_pause_is_that_of_one_company(tmp_path: Path) -> None:
    with (
        RawServer(in_maintenance) as server,
        client(server.url) as hq,
        Store(tmp_path / "books.db") as store,
    ):
        outbox = store.outbox()
        outbox.add(hq.organization("org_closed"), purchase(), source=SOURCE)
        for number in range(5):
            outbox.add(hq.organization(f"org_{number}"), purchase(), source=SOURCE)
        assert outbox.drain(hq, wait=0).posted == 5


def test_a_pause_is_a_matter_of_minutes(tmp_path: Path) -> None:
    with (
        RawServer(in_maintenance) as server,
        client(server.url) as hq,
        Store(tmp_path / "books.db") as store,
    ):
        outbox = store.outbox()
        outbox.add(hq.organization("org_closed"), purchase(), source=SOURCE)
        drained = outbox.drain(hq, wait=0)
        assert drained.next_due_at is not None
        assert drained.next_due_at < dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)


def test_a_pause_can_be_lifted(tmp_path: Path) -> None:
    with (
        RawServer(in_maintenance) as server,
        client(server.url) as hq,
        Store(tmp_path / "books.db") as store,
    ):
        outbox: Any = store.outbox()
        outbox.add(hq.organization("org_closed"), purchase(), source=("till", "1"))
        outbox.drain(hq, wait=0)

        server.handler = lambda exchange: exchange.reply(201, receipt(exchange))
        outbox.add(hq.organization("org_closed"), purchase(), source=("till", "2"))
        assert outbox.drain(hq, wait=0).posted == 0
        outbox.resume()
        assert outbox.drain(hq, wait=0).posted >= 1


# --- t10 (6): a row with many attempts behind it is told to slow down


def test_a_tired_row_does_not_make_everybody_wait(tmp_path: Path) -> None:
    """The 429 names no time; the row's own pauses have grown to a quarter of an hour."""
    place = tmp_path / "books.db"
    with (
        RawServer(lambda exchange: exchange.reply(429, {"error": "Slow down"})) as server,
        client(server.url) as hq,
        Store(place) as store,
    ):
        outbox = store.outbox()
        outbox.add(hq.organization("org_tired"), purchase(), source=SOURCE)
        for _ in range(12):
            outbox.drain(hq, wait=0)
            let_time_pass(place, 1000)
        [tired] = outbox.postings()
        assert tired.attempts == 12

        def slow_down_once(exchange: Exchange) -> bool:
            server.handler = lambda other: other.reply(201, receipt(other, f"je_{other.number}"))
            return exchange.reply(429, {"error": "Slow down"})

        server.handler = slow_down_once
        for number in range(5):
            outbox.add(hq.organization(f"org_{number}"), purchase(), source=SOURCE)
        assert outbox.drain(hq, wait=0).posted == 5


# --- t10 (11): a 409 without a code, while the same key is in flight elsewhere

IN_FLIGHT = {"error": "A request with this idempotency key is still being processed"}


def test_a_posting_that_may_be_in_flight_is_unknown() -> None:
    clock = Clock()
    with (
        RawServer(lambda exchange: exchange.reply(409, IN_FLIGHT)) as server,
        client(server.url, deadline=60, clock=clock, sleep=clock.sleep) as hq,
    ):
        with pytest.raises(ConflictError) as caught:
            hq.organization("org_1").post(purchase(), source=SOURCE)
        assert caught.value.outcome == "unknown"
        assert len(server.requests) == 3
        assert clock.passed <= 10


def test_a_row_that_may_be_in_flight_is_not_rejected(tmp_path: Path) -> None:
    with (
        RawServer(lambda exchange: exchange.reply(409, IN_FLIGHT)) as server,
        client(server.url) as hq,
        Store(tmp_path / "books.db") as store,
    ):
        outbox = store.outbox()
        outbox.add(hq.organization("org_1"), purchase(), source=SOURCE)
        assert outbox.drain(hq, wait=0).rejected == 0
        [row] = outbox.postings()
        assert (row.state, row.unknown) == ("pending", True)


# --- t10 (13): a refusal that carries Retry-After


def test_retry_after_does_not_outrank_a_refusal(tmp_path: Path) -> None:
    def refuse(exchange: Exchange) -> bool:
        document = refusal("VALIDATION_ERROR", "No such account")
        return exchange.reply(422, document, headers=["Retry-After: 1"])

    with (
        RawServer(refuse) as server,
        client(server.url) as hq,
        Store(tmp_path / "books.db") as store,
    ):
        outbox = store.outbox()
        outbox.add(hq.organization("org_1"), purchase(), source=SOURCE)
        assert outbox.drain(hq, wait=0).rejected == 1
        [row] = outbox.postings()
        assert row.state == "rejected"
