"""Outcome belongs to the call: after one attempt that may have been carried out only a receipt
settles it.
"""

from typing import Any

import httpx
import pytest
import respx

from ledgerhq_ext import InputError, LedgerHQError, TransportError
from tests.support.clients import ORG, connect, options
from tests.support.clocks import FakeClock
from tests.support.postings import DRAFT, POSTINGS, PURCHASE
from tests.support.responses import Script, coded, cut, entry, not_json, receipt
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.anyio

UNKNOWN = [
    503,
    500,
    408,
    httpx.ReadTimeout("slow"),
    cut,
    not_json,
    coded(409, "IDEMPOTENCY_IN_PROGRESS"),
]
LATER = [
    401,
    403,
    422,
    400,
    404,
    429,
    coded(409, "IDEMPOTENCY_CONFLICT"),
    httpx.ConnectError("refused"),
]


def name(answer: Any) -> str:
    return str(answer) if isinstance(answer, int) else type(answer).__name__


@pytest.mark.parametrize("first", UNKNOWN, ids=name)
@pytest.mark.parametrize("later", LATER, ids=name)
async def test_unknown_stays_unknown(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, first: Any, later: Any
) -> None:
    web.post("/api/v1/purchases").mock(side_effect=Script(first, later))
    with pytest.raises(LedgerHQError) as raised:
        await resolve(connect(surface, clock).organization(ORG).post(PURCHASE, key="k"))
    assert raised.value.outcome == "unknown"


@pytest.mark.parametrize("first", UNKNOWN, ids=name)
async def test_a_receipt_settles_it(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, first: Any
) -> None:
    web.post("/api/v1/purchases").mock(side_effect=Script(first, receipt))
    got = await resolve(connect(surface, clock).organization(ORG).post(PURCHASE, key="k"))
    assert got.journal_entry_id == "je_1"


@pytest.mark.parametrize("later", [503, httpx.ReadTimeout("slow")], ids=name)
async def test_what_was_refused_may_become_unknown(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, later: Any
) -> None:
    web.post("/api/v1/purchases").mock(side_effect=Script(429, httpx.ConnectError("x"), later))
    with pytest.raises(LedgerHQError) as raised:
        await resolve(connect(surface, clock).organization(ORG).post(PURCHASE, key="k"))
    assert raised.value.outcome == "unknown"


@pytest.mark.parametrize("segment", POSTINGS)
async def test_same_key_and_same_bytes_every_time(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, segment: str
) -> None:
    script = Script(503, cut, httpx.ReadTimeout("slow"), 429, not_json, receipt)
    web.post(f"/api/v1/{segment}").mock(side_effect=script)
    books = connect(surface, clock, **options(attempts=9)).organization(ORG)
    await resolve(books.post(POSTINGS[segment], source=("acme-pos", "1001")))
    assert len(script.requests) == 6
    assert (
        len({(request.headers["Idempotency-Key"], request.content) for request in script.requests})
        == 1
    )


@pytest.mark.parametrize("spelled", ["bill_payment", "billPayment", "bill-payment", "BillPayment"])
async def test_two_words_in_any_spelling(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, spelled: str
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            201, json={"data": {**receipt(request).json()["data"], "resourceType": spelled}}
        )

    web.post("/api/v1/bill-payments").mock(side_effect=answer)
    assert await resolve(
        connect(surface, clock).organization(ORG).post(POSTINGS["bill-payments"], key="k")
    )


@pytest.mark.parametrize(("status", "replayed"), [(201, False), (200, True)])
async def test_a_replay_is_visible(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, status: int, replayed: bool
) -> None:
    web.post("/api/v1/purchases").mock(
        side_effect=lambda r: httpx.Response(status, json=receipt(r).json())
    )
    got = await resolve(connect(surface, clock).organization(ORG).post(PURCHASE, key="k"))
    assert got.replayed is replayed
    assert got.organization_id == ORG


async def test_a_read_has_no_unknown_outcome(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    web.get("/api/v1/accounts").mock(side_effect=Script(503, 403))
    with pytest.raises(LedgerHQError) as raised:
        await resolve(connect(surface, clock).organization(ORG).accounts())
    assert raised.value.outcome == "rejected"


async def test_never_left_then_unknown_mutation_stops(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    script = Script(httpx.ConnectError("refused"), httpx.ReadTimeout("slow"), entry)
    web.post("/api/v1/entries").mock(side_effect=script)
    with pytest.raises(TransportError) as raised:
        await resolve(connect(surface, clock).organization(ORG).create_entry(DRAFT))
    assert (raised.value.outcome, len(script.requests)) == ("unknown", 2)


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"source": ["a", "b"]},
        {"source": ("a",)},
        {"source": ("a", 1)},
        {"key": ""},
        {"key": "a b"},
    ],
)
async def test_no_post_without_a_key(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, bad: dict[str, Any]
) -> None:
    with pytest.raises(InputError) as raised:
        await resolve(connect(surface, clock).organization(ORG).post(PURCHASE, **bad))
    assert raised.value.outcome == "not_sent"
    assert not web.calls
