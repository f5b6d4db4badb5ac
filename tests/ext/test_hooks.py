"""Hooks and the log hear of every answer, failure and retry: no bodies, no tokens."""

import logging

import httpx
import pytest
import respx

from ledgerhq_ext import Event, TransportError
from tests.support.clients import ORG, SECRET, connect
from tests.support.clocks import FakeClock
from tests.support.postings import PURCHASE
from tests.support.responses import Script, receipt
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.anyio

ANSWERS = [
    httpx.Response(503, text=f"body {SECRET}", headers={"x-request-id": "req_1"}),
    httpx.ReadTimeout("slow"),
    receipt,
]


async def test_what_hooks_hear(web: respx.MockRouter, clock: FakeClock, surface: Surface) -> None:
    events: list[Event] = []
    web.post("/api/v1/purchases").mock(side_effect=Script(*ANSWERS))
    hq = connect(surface, clock, hooks=[events.append])
    await resolve(hq.organization(ORG).post(PURCHASE, key="k"))
    told = [(event.kind, event.attempt, event.status, event.request_id) for event in events]
    assert told == [
        ("response", 1, 503, "req_1"),
        ("retry", 1, None, None),
        ("failure", 2, None, None),
        ("retry", 2, None, None),
        ("response", 3, 201, None),
    ]
    assert [event.pause for event in events if event.kind == "retry"] == clock.sleeps
    assert {event.error for event in events} == {
        "",
        "ServerError",
        "TransportError",
        "ReadTimeout: slow",
    }
    assert {(event.method, event.path) for event in events} == {("POST", "/api/v1/purchases")}
    assert SECRET not in repr(events)


async def test_what_the_log_holds(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, caplog: pytest.LogCaptureFixture
) -> None:
    web.post("/api/v1/purchases").mock(side_effect=Script(*ANSWERS))
    with caplog.at_level(logging.DEBUG):
        await resolve(connect(surface, clock).organization(ORG).post(PURCHASE, key="k"))
    own = [record for record in caplog.records if record.name == "ledgerhq_ext"]
    assert len(own) == 5
    assert "req_1" in own[0].getMessage()
    assert SECRET not in caplog.text
    assert "Office Depot" not in caplog.text


async def test_a_hook_that_fails_costs_no_receipt(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Event) -> None:
        raise RuntimeError("metrics are down")

    heard: list[Event] = []
    web.post("/api/v1/purchases").mock(side_effect=receipt)
    hq = connect(surface, clock, hooks=[broken, heard.append])
    assert (await resolve(hq.organization(ORG).post(PURCHASE, key="k"))).id == "post_1"
    assert len(heard) == 1
    assert "metrics are down" in caplog.text


async def test_failures_name_no_token(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    events: list[Event] = []
    web.post("/api/v1/purchases").mock(
        side_effect=httpx.ConnectError(f"cannot reach mcp_at_{SECRET}")
    )
    with pytest.raises(TransportError):
        await resolve(
            connect(surface, clock, hooks=[events.append]).organization(ORG).post(PURCHASE, key="k")
        )
    assert SECRET not in repr(events)
