"""The table "What is safe to repeat", cell by cell, over both surfaces."""

from typing import Any

import httpx
import pytest
import respx

from ledgerhq_ext import (
    APIError,
    AuthenticationError,
    ConflictError,
    ContractError,
    IdempotencyConflictError,
    NotFoundError,
    PeriodLockedError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    TransportError,
    ValidationError,
)
from tests.support.clients import ORG, connect, options
from tests.support.clocks import FakeClock
from tests.support.postings import DRAFT, PURCHASE
from tests.support.responses import Script, accounts, coded, cut, entry, not_json, receipt
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.anyio

ALL = ("read", "keyed", "mutation")
SAFE = ("read", "keyed")
KEYED = ("keyed",)
# answer, the error in the end, what is repeated, outcome of a keyed post and of another mutation
TABLE: list[tuple[str, Any, type[Exception], tuple[str, ...], str, str]] = [
    ("refused", httpx.ConnectError("refused"), TransportError, ALL, "not_sent", "not_sent"),
    ("connect timeout", httpx.ConnectTimeout("slow"), TransportError, ALL, "not_sent", "not_sent"),
    ("pool timeout", httpx.PoolTimeout("busy"), TransportError, ALL, "not_sent", "not_sent"),
    ("read timeout", httpx.ReadTimeout("slow"), TransportError, SAFE, "unknown", "unknown"),
    ("write timeout", httpx.WriteTimeout("slow"), TransportError, SAFE, "unknown", "unknown"),
    ("reset", httpx.ReadError("reset"), TransportError, SAFE, "unknown", "unknown"),
    ("write error", httpx.WriteError("pipe"), TransportError, SAFE, "unknown", "unknown"),
    ("disconnected", httpx.RemoteProtocolError("gone"), TransportError, SAFE, "unknown", "unknown"),
    ("cut body", cut, TransportError, SAFE, "unknown", "unknown"),
    ("not JSON", not_json, ContractError, SAFE, "unknown", "unknown"),
    ("misfit", httpx.Response(200, json={}), ContractError, (), "unknown", "unknown"),
    ("429", 429, RateLimitError, ALL, "rejected", "rejected"),
    *(
        (str(status), status, ServerError, SAFE, "unknown", "unknown")
        for status in (500, 502, 503, 504, 520, 524)
    ),
    ("408", 408, APIError, SAFE, "unknown", "unknown"),
    (
        "in flight",
        coded(409, "IDEMPOTENCY_IN_PROGRESS"),
        ConflictError,
        KEYED,
        "unknown",
        "rejected",
    ),
    ("501", 501, ServerError, (), "rejected", "rejected"),
    ("505", 505, ServerError, (), "unknown", "unknown"),
    ("302", httpx.Response(302, headers={"Location": "/x"}), APIError, (), "unknown", "unknown"),
    (
        "conflict",
        coded(409, "IDEMPOTENCY_CONFLICT"),
        IdempotencyConflictError,
        (),
        "rejected",
        "rejected",
    ),
    ("409", 409, ConflictError, KEYED, "unknown", "rejected"),
    (
        "409 stop",
        coded(409, "DUPLICATE", retryable=False),
        ConflictError,
        (),
        "unknown",
        "rejected",
    ),
    ("locked", coded(422, "PERIOD_LOCKED"), PeriodLockedError, (), "rejected", "rejected"),
    ("401", 401, AuthenticationError, (), "rejected", "rejected"),
    ("403", 403, PermissionDeniedError, (), "rejected", "rejected"),
    ("404", 404, NotFoundError, (), "rejected", "rejected"),
    *((str(status), status, ValidationError, (), "rejected", "rejected") for status in (400, 422)),
    *(
        (str(status), status, APIError, (), "rejected", "rejected")
        for status in (405, 413, 415, 418)
    ),
    ("stop said", coded(503, "DOWN", retryable=False), ServerError, (), "unknown", "unknown"),
    ("429 stop", coded(429, "QUOTA", retryable=False), RateLimitError, (), "rejected", "rejected"),
    (
        "go said",
        coded(400, "VALIDATION_ERROR", retryable=True),
        ValidationError,
        (),
        "rejected",
        "rejected",
    ),
    ("go on 503", coded(503, "DOWN", retryable=True), ServerError, SAFE, "unknown", "unknown"),
]
CELLS = [pytest.param(kind, *row[1:], id=f"{row[0]}-{kind}") for row in TABLE for kind in ALL]


def act(books: Any, kind: str) -> Any:
    if kind == "read":
        return books.accounts()
    return books.post(PURCHASE, key="k-1") if kind == "keyed" else books.create_entry(DRAFT)


def route(web: respx.MockRouter, kind: str, script: Script) -> Script:
    method, path = {
        "read": ("GET", "/api/v1/accounts"),
        "keyed": ("POST", "/api/v1/purchases"),
        "mutation": ("POST", "/api/v1/entries"),
    }[kind]
    web.route(method=method, path=path).mock(side_effect=script)
    return script


@pytest.mark.parametrize(("kind", "answer", "error", "repeated", "keyed", "mutation"), CELLS)
async def test_an_answer_for_ever(
    web: respx.MockRouter,
    clock: FakeClock,
    surface: Surface,
    kind: str,
    answer: Any,
    error: type[APIError],
    repeated: tuple[str, ...],
    keyed: str,
    mutation: str,
) -> None:
    script = route(web, kind, Script(answer))
    books = connect(surface, clock).organization(ORG)
    with pytest.raises(error) as raised:
        await resolve(act(books, kind))
    assert type(raised.value) is error or isinstance(raised.value, ContractError)
    assert len(script.requests) == (3 if kind in repeated else 1)
    assert len(clock.sleeps) == len(script.requests) - 1
    if kind != "read":
        assert raised.value.outcome == (keyed if kind == "keyed" else mutation)
    if isinstance(raised.value, APIError):
        assert raised.value.idempotency_key == ("k-1" if kind == "keyed" else None)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [pytest.param(k, row[1], id=f"{row[0]}-{k}") for row in TABLE for k in row[3]],
)
async def test_an_answer_once(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, kind: str, answer: Any
) -> None:
    good = {"read": accounts, "keyed": receipt, "mutation": entry}[kind]
    script = route(web, kind, Script(answer, good))
    assert await resolve(act(connect(surface, clock).organization(ORG), kind))
    first, second = script.requests
    assert first.content == second.content
    assert first.headers.get("Idempotency-Key") == second.headers.get("Idempotency-Key")


IN_FLIGHT = coded(409, "STILL_AT_WORK")


async def fail_to_post(surface: Surface, clock: FakeClock) -> ConflictError:
    """Return the error of a post that has many attempts."""
    books = connect(surface, clock, **options(attempts=9)).organization(ORG)
    with pytest.raises(ConflictError) as raised:
        await resolve(books.post(PURCHASE, key="k-1"))
    return raised.value


async def test_a_key_in_flight_gets_three_tries(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    """They are counted from the first 409: it is after a lost answer that a key is in flight."""
    script = route(web, "keyed", Script(503, 503, 503, IN_FLIGHT))
    error = await fail_to_post(surface, clock)
    assert (error.outcome, len(script.requests)) == ("unknown", 6)


async def test_a_key_in_flight_gets_ten_seconds(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    def slow(_: httpx.Request) -> httpx.Response:
        clock.advance(11)
        return IN_FLIGHT

    script = route(web, "keyed", Script(slow))
    error = await fail_to_post(surface, clock)
    # The ten seconds begin with the first answer.
    assert (error.outcome, len(script.requests)) == ("unknown", 2)


async def test_a_key_in_flight_for_longer_than_that(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    answer = httpx.Response(409, json={"error": "Still at work"}, headers={"Retry-After": "20"})
    script = route(web, "keyed", Script(answer))
    error = await fail_to_post(surface, clock)
    assert (error.outcome, len(script.requests), clock.sleeps) == ("unknown", 1, [])
