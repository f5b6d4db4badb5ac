"""One awaiting client in several event loops, one after the other, over connections that stay open.

The client runs in a process of its own: what an event loop leaves behind must not warn in
another test.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledgerhq_ext import AsyncLedgerHQ, InputError, MemoryTokenStore, OAuth
from ledgerhq_ext.store import Store

from .support import (
    BASE,
    ORG,
    Clock,
    Exchange,
    LoopbackServer,
    RotatingTokens,
    expired_connection,
    purchase,
    receipt_body,
    run_python,
)

POSTS = """
import asyncio, json, sys
from ledgerhq_ext import AsyncLedgerHQ, LedgerHQError, Purchase, PurchaseLine

hq = AsyncLedgerHQ(base_url=sys.argv[1], access_token="mcp_at_x")
line = PurchaseLine(account_id="acc_2", amount=100)
purchase = Purchase(
    txn_date="2026-06-08", payee_name="Office Depot", source_account_id="acc_1", lines=[line]
)

async def post_three(first):
    books = hq.organization("org_1")
    posts = [books.post(purchase, source=("till", str(first + at))) for at in range(3)]
    return await asyncio.gather(*posts, return_exceptions=True)

for turn in range(4):
    for result in asyncio.run(post_three(turn * 3)):
        if isinstance(result, LedgerHQError):
            print(json.dumps(repr(result)))
        elif isinstance(result, BaseException):
            raise result
        else:
            print(json.dumps("receipt"))
"""

# The README: what "never left" may be done again; everything else may stand.
DRAFTS = """
import asyncio, json, sys
from ledgerhq_ext import AsyncLedgerHQ, DraftEntry, JournalLine, LedgerHQError

hq = AsyncLedgerHQ(base_url=sys.argv[1], access_token="mcp_at_x")
lines = [
    JournalLine(account_id="acc_1", debit_amount=100),
    JournalLine(account_id="acc_2", credit_amount=100),
]

async def draft(month):
    entry = DraftEntry(date="2026-06-30", description=month, lines=lines)
    await hq.organization("org_1").create_entry(entry)

for month in ("May", "June", "July"):
    for attempt in (1, 2):
        try:
            asyncio.run(draft(month))
        except LedgerHQError as error:
            print(json.dumps(f"{month}: {error!r}, {error.outcome}"))
            if error.outcome != "not_sent":
                break
        else:
            print(json.dumps("entry"))
            break
"""


class Service:
    """A service that counts what it carries out."""

    def __init__(self) -> None:
        self.effects: list[str] = []
        self._server = LoopbackServer(self._respond)
        self.url = self._server.url

    def _respond(self, exchange: Exchange) -> None:
        body = exchange.json()
        if exchange.path.endswith("/entries"):
            self.effects.append(body["description"])
            exchange.answer(self._entry(body), 201)
        else:
            key = exchange.headers["idempotency-key"]
            self.effects.append(key)
            exchange.answer(receipt_body(key), 201)

    def _entry(self, body: dict[str, Any]) -> dict[str, Any]:
        number = len(self.effects)
        entry = {
            "id": f"je_{number}",
            "entryNumber": number,
            "date": body["date"],
            "description": body["description"],
            "status": "draft",
            "createdAt": "2026-06-30T16:00:00.000Z",
            "lines": [
                self._line("acc_1", debitAmount="1.00"),
                self._line("acc_2", creditAmount="1.00"),
            ],
        }
        return {"entry": entry}

    def _line(self, account: str, **amount: str) -> dict[str, str]:
        line = {"id": f"line_{account}", "accountId": account, "currencyCode": "USD"}
        return line | {"debitAmount": "0.00", "creditAmount": "0.00"} | amount

    def stop(self) -> None:
        self._server.stop()


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.stop()


def results_of(script: str, service: Service) -> list[str]:
    """Return what a script prints, a result a line."""
    text = run_python(script, service.url, flags=["-W", "ignore"])
    return [json.loads(line) for line in text.splitlines()]


def test_posts_in_four_event_loops(service: Service) -> None:
    assert results_of(POSTS, service) == ["receipt"] * 12
    assert len(set(service.effects)) == 12


def test_drafts_in_three_event_loops(service: Service) -> None:
    results = results_of(DRAFTS, service)
    assert service.effects == ["May", "June", "July"]
    assert results == ["entry"] * 3


CALLS: dict[str, Callable[[AsyncLedgerHQ, Store], Coroutine[Any, Any, Any]]] = {
    "a read": lambda hq, _: hq.organization(ORG).accounts(),
    "a posting": lambda hq, _: hq.organization(ORG).post(purchase(), source=("till", "1")),
    "a verb that takes turns": lambda hq, _: hq.organization(ORG).exclude("btx_1"),
    "connecting": lambda hq, _: hq.authorization_request("http://127.0.0.1:1/callback"),
    "adding": lambda _, store: store.async_outbox().add(ORG, purchase(), source=("till", "1")),
    "a drain": lambda hq, store: store.async_outbox().drain(hq, wait=0),
    "closing": lambda hq, _: hq.close(),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_without_an_event_loop_nothing_is_sent(
    call: Callable[[AsyncLedgerHQ, Store], Coroutine[Any, Any, Any]], tmp_path: Path
) -> None:
    """As on a scheduler of another kind than asyncio and trio."""
    credentials = OAuth(MemoryTokenStore(expired_connection()))
    with Store(tmp_path / "books.db") as store:
        hq = AsyncLedgerHQ(credentials, base_url=BASE, clock=Clock())
        with pytest.raises(InputError, match="event loop") as caught:
            call(hq, store).send(None)
        assert caught.value.outcome == "not_sent"
        assert store.outbox().status().total == 0


def test_a_grant_is_not_spent_without_an_event_loop() -> None:
    service = RotatingTokens()
    hq = AsyncLedgerHQ(
        OAuth(MemoryTokenStore(expired_connection())),
        base_url=BASE,
        clock=Clock(),
        transport=httpx.MockTransport(service),
    )
    with pytest.raises(InputError, match="event loop"):
        hq.organization(ORG).tax_rates().send(None)
    assert service.refresh_tokens == []
