"""A service that is out of reach: one posting finds out, and the others wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from ledgerhq_ext import LedgerHQ
from ledgerhq_ext.store import Store
from ledgerhq_ext.store._reach import Reach
from ledgerhq_ext.store._rows import Failure
from ledgerhq_ext.store._verdict import Verdict
from tests.cases.wire_support import Ledger, purchase
from tests.store.test_worker import StoppedTime
from tests.support.outbox import OPTIONS
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.anyio

URL = "http://127.0.0.1:9"
WORKERS = 3
COUNT = 30


@pytest.fixture
def pairs() -> list[Any]:
    return [(purchase(number + 1), ("till", str(number))) for number in range(COUNT)]


async def test_not_every_posting_tries_a_service_that_is_out_of_reach(
    surface: Surface, store: Store, pairs: list[Any]
) -> None:
    kind: Any = surface
    outbox: Any = store.outbox() if surface is LedgerHQ else store.async_outbox()
    await resolve(outbox.add_all("org_1", pairs))
    down = kind(base_url=URL, access_token="mcp_at_x", **OPTIONS)
    drained = await resolve(outbox.drain(down, workers=WORKERS, wait=0))
    await resolve(down.close())

    assert (drained.why, drained.posted, drained.left) == ("waiting", 0, COUNT)
    assert 1 <= drained.put_back <= WORKERS
    assert drained.last_failure.outcome == "not_sent"
    # The rest is due, and waits for the service.
    assert drained.next_due_at > dt.datetime.now(dt.UTC) - dt.timedelta(seconds=60)
    rows = await resolve(outbox.postings("pending"))
    assert sum(row.attempts for row in rows) == drained.put_back
    assert not any(row.unknown for row in rows)


class Flaky(httpx.HTTPTransport):
    """Refuses the first connections."""

    def __init__(self, failures: int) -> None:
        super().__init__()
        self._failures = failures

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._failures > 0:
            self._failures -= 1
            raise httpx.ConnectError("refused", request=request)
        return super().handle_request(request)


def test_everything_goes_on_once_it_can_be_reached(store: Store, pairs: list[Any]) -> None:
    outbox = store.outbox()
    outbox.add_all("org_1", pairs)
    transport = Flaky(2)
    with (
        Ledger() as ledger,
        LedgerHQ(base_url=ledger.url, access_token="mcp_at_x", transport=transport) as hq,
    ):
        drained = outbox.drain(hq)
        assert len(ledger.entries) == COUNT
    assert (drained.why, drained.posted, drained.put_back) == ("settled", COUNT, 2)


def test_a_worker_rests_while_a_service_is_out_of_reach(
    store: Store, pairs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledgerhq_ext.store._worker.time", StoppedTime)
    outbox = store.outbox()
    with LedgerHQ(base_url=URL, access_token="mcp_at_x", **OPTIONS) as down:
        outbox.add_all(down.organization("org_1"), pairs)
        calls = iter(range(50))
        outbox.run(lambda _: down, stop=lambda: next(calls, None) is None)
    assert sum(row.attempts for row in outbox.postings("pending")) == 1


def test_each_attempt_in_a_row_is_waited_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    class Time:
        now = 0.0

        @classmethod
        def monotonic(cls) -> float:
            return cls.now

    monkeypatch.setattr("ledgerhq_ext.store._reach.time", Time)
    refused = Verdict(
        state="pending",
        unknown=False,
        failure=Failure(type="TransportError", message="refused", outcome="not_sent"),
    )
    reach = Reach()

    def waits() -> Iterator[float]:
        while True:
            reach.note(refused)
            wait = reach.wait()
            # Another worker's attempt, made at the same time, tells nothing more.
            reach.note(refused)
            assert reach.wait() == wait
            yield wait
            Time.now += wait

    several = [wait for _, wait in zip(range(6), waits(), strict=False)]
    assert several[0] <= 0.5
    assert several[5] >= 8 * several[0]
    assert several == sorted(several)

    reach.note(Verdict(state="posted", unknown=False))
    assert reach.wait() == 0
