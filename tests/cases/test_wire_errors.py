"""An error tells most when it matters most: every fact is on it. Case t36, first half."""

from __future__ import annotations

import pytest

from ledgerhq_ext import LedgerHQError, idempotency_key

from .wire_support import (
    PATIENCE,
    SOURCE,
    Exchange,
    Handler,
    RawServer,
    attempts,
    client,
    purchase,
    receipt,
)

REQUEST_ID = "X-Request-Id: req_42"


def no_answer(_: Exchange) -> bool:
    """Take the request, and close the connection."""
    return False


def silence(exchange: Exchange) -> bool:
    """Take the request, and say nothing."""
    exchange.server.stopping.wait(PATIENCE)
    return False


def receipt_of_another_key(exchange: Exchange) -> bool:
    """Answer with somebody else's receipt."""
    document = receipt(exchange, idempotencyKey="other")
    return exchange.reply(201, document, headers=[REQUEST_ID])


def receipt_without_an_entry(exchange: Exchange) -> bool:
    """Answer with a receipt that names no entry."""
    document = receipt(exchange, journalEntryId=None)
    return exchange.reply(201, document, headers=[REQUEST_ID])


@pytest.mark.parametrize(
    ("serve", "request_id"),
    [
        (no_answer, None),
        (silence, None),
        (receipt_of_another_key, "req_42"),
        (receipt_without_an_entry, "req_42"),
    ],
)
def test_an_error_has_every_fact_of_its_call(serve: Handler, request_id: str | None) -> None:
    key = idempotency_key("org_1", "purchase", *SOURCE)
    with RawServer(serve) as server, client(server.url, timeout=0.5, deadline=5) as hq:
        books = hq.organization("org_1").with_options(retries=attempts(2))
        with pytest.raises(LedgerHQError) as caught:
            books.post(purchase(), source=SOURCE)
        sent = server.requests

    facts = {
        "outcome": "unknown",
        "method": "POST",
        "path": sent[0].path,
        "organization": "org_1",
        "idempotency_key": key,
        "attempts": len(sent),
        "request_id": request_id,
    }
    assert {name: getattr(caught.value, name, "missing") for name in facts} == facts

    message = str(caught.value)
    expected = [sent[0].path, "org_1", key, "unknown", *([request_id] if request_id else [])]
    assert [fact for fact in expected if fact not in message] == []
