"""Pairs of hooks: one start and one end for every call, however it ends."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import httpx
import pytest
import respx
from attrs import define, evolve, field
from ledgerhq_api.api.accounts import get_accounts_by_id
from ledgerhq_api.api.health import get_health

from ledgerhq_ext import AsyncLedgerHQ, CallSummary, InputError, LedgerHQ, LedgerHQError
from tests.support.clients import BASE, ORG, SECRET, TOKEN, connect
from tests.support.clocks import FakeClock
from tests.support.postings import PURCHASE
from tests.support.responses import Script, accounts, receipt
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.anyio

STARTED = CallSummary(
    operation="Organization.post(Purchase)",
    method="POST",
    path="/api/v1/purchases",
    organization=ORG,
    idempotency_key="k",
)


@define
class Log:
    """A pair that writes down what it hears."""

    starts: list[CallSummary] = field(factory=list)
    ends: list[CallSummary] = field(factory=list)
    values: list[object] = field(factory=list)

    def start(self, call: CallSummary) -> int:
        """Return how many calls began."""
        self.starts.append(call)
        return len(self.starts)

    def end(self, call: CallSummary, value: int) -> None:
        """Write down what became of the call."""
        self.ends.append(call)
        self.values.append(value)


async def test_a_call_that_succeeds_after_all(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    def slowly(request: httpx.Request) -> httpx.Response:
        clock.advance(2)
        response = receipt(request)
        response.headers["x-request-id"] = "req_9"
        return response

    pair = Log()
    web.post("/api/v1/purchases").mock(side_effect=Script(503, slowly))
    hq = connect(surface, clock, hooks=[pair])
    await resolve(hq.organization(ORG).post(PURCHASE, key="k"))

    assert pair.starts == [STARTED]
    seconds = sum(clock.sleeps) + 2
    assert pair.ends == [
        evolve(STARTED, attempts=2, seconds=seconds, status=201, request_id="req_9")
    ]
    assert pair.values == [1]


async def test_a_call_that_fails(web: respx.MockRouter, clock: FakeClock, surface: Surface) -> None:
    pair = Log()
    web.post("/api/v1/purchases").mock(side_effect=httpx.ReadTimeout("slow"))
    hq = connect(surface, clock, hooks=[pair])
    with pytest.raises(LedgerHQError) as raised:
        await resolve(hq.organization(ORG).post(PURCHASE, key="k"))

    (end,) = pair.ends
    assert (end.outcome, end.attempts, end.status) == ("unknown", 3, None)
    assert end.error is raised.value


async def test_a_read_that_fails_has_no_outcome(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    pair = Log()
    web.get("/api/v1/accounts").mock(side_effect=Script(403))
    hq = connect(surface, clock, hooks=[pair])
    with pytest.raises(LedgerHQError):
        await resolve(hq.organization(ORG).accounts())
    assert [(end.operation, end.status, end.outcome) for end in pair.ends] == [
        ("Organization.accounts", 403, None)
    ]


@pytest.mark.parametrize(("scope", "owner"), [(ORG, "Organization"), (None, "LedgerHQ")])
async def test_any_path_has_a_name_too(
    scope: str | None, owner: str, surface: Surface, web: respx.MockRouter
) -> None:
    pair = Log()
    web.get().mock(side_effect=Script(404))
    hq = connect(surface, FakeClock(), hooks=[pair])
    target: Any = hq if scope is None else hq.organization(scope)
    operation: Any = get_health
    arguments: dict[str, Any] = {}
    if scope is not None:
        operation = get_accounts_by_id
        arguments = {"id": "acc_1"}
    calls: list[Any] = [
        lambda: target.request("GET", "/api/v1/new"),
        lambda: target.call(operation, **arguments),
    ]
    for call in calls:
        with pytest.raises(LedgerHQError):
            await resolve(call())
    name = operation.__name__.rpartition(".")[2]
    assert [start.operation for start in pair.starts] == [
        f"{owner}.request",
        f"{owner}.call({name})",
    ]


@pytest.mark.parametrize("broken", ["start", "end"])
async def test_a_pair_that_fails_costs_no_receipt(
    broken: str,
    web: respx.MockRouter,
    clock: FakeClock,
    surface: Surface,
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(Log):
        def start(self, call: CallSummary) -> int:
            if broken == "start":
                raise RuntimeError("tracing is down")
            return super().start(call)

        def end(self, call: CallSummary, value: int) -> None:
            if broken == "end":
                raise RuntimeError("tracing is down")
            super().end(call, value)

    other = Log()
    pair = Broken()
    web.post("/api/v1/purchases").mock(side_effect=receipt)
    hq = connect(surface, clock, hooks=[pair, other])
    assert (await resolve(hq.organization(ORG).post(PURCHASE, key="k"))).id == "post_1"
    assert len(other.starts) == len(other.ends) == 1
    # What did not start is not ended.
    assert pair.ends == []
    assert "tracing is down" in caplog.text


async def test_a_call_that_is_cancelled_ends_too() -> None:
    reached = asyncio.Event()

    async def silent(_: httpx.Request) -> httpx.Response:
        reached.set()
        await asyncio.Event().wait()
        raise AssertionError

    pair = Log()
    transport = httpx.MockTransport(silent)
    async with AsyncLedgerHQ(
        base_url=BASE, access_token=TOKEN, transport=transport, hooks=[pair]
    ) as hq:
        task = asyncio.create_task(hq.organization(ORG).post(PURCHASE, key="k"))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    (end,) = pair.ends
    assert end.outcome == "unknown"
    assert isinstance(end.error, asyncio.CancelledError)


async def test_a_call_that_is_refused_here_ends_too() -> None:
    pair = Log()
    with pytest.raises(InputError):
        LedgerHQ(base_url=BASE, hooks=[pair]).organization(ORG).post(PURCHASE, key="k")
    assert [(end.outcome, end.attempts) for end in pair.ends] == [("not_sent", 1)]


async def test_functions_and_pairs_go_together(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    events: list[object] = []
    pair = Log()
    web.get("/api/v1/accounts").mock(side_effect=accounts)
    await resolve(connect(surface, clock, hooks=[events.append, pair]).organization(ORG).accounts())
    assert (len(events), len(pair.ends)) == (1, 1)


class Awaited:
    """No pair: nobody would await it."""

    async def start(self, call: CallSummary) -> None:
        """Begin."""

    def end(self, call: CallSummary, value: object) -> None:
        """End."""


@pytest.mark.parametrize("hook", [Log, Awaited(), object()], ids=["a class", "awaited", "neither"])
def test_what_is_no_pair_is_refused(hook: Any) -> None:
    with pytest.raises(InputError, match="hooks"):
        LedgerHQ(base_url=BASE, access_token=TOKEN, hooks=[hook])


async def test_log_lines_and_events_name_organization_and_key(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, caplog: pytest.LogCaptureFixture
) -> None:
    events: list[Any] = []
    web.post("/api/v1/purchases").mock(
        side_effect=Script(httpx.ReadTimeout(f"slow {TOKEN}"), receipt)
    )
    with caplog.at_level(logging.DEBUG, "ledgerhq_ext"):
        hq = connect(surface, clock, hooks=[events.append])
        await resolve(hq.organization(ORG).post(PURCHASE, key="k-77"))

    lines = [record.getMessage() for record in caplog.records if record.name == "ledgerhq_ext"]
    assert [line for line in lines if ORG not in line or "k-77" not in line] == []
    assert {(event.organization, event.idempotency_key) for event in events} == {(ORG, "k-77")}
    assert len(lines) == len(events) == 3
    assert SECRET not in caplog.text + repr(events)
