"""Contacts that are created, on both surfaces."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import respx

from ledgerhq_ext import InputError, LedgerHQ, LedgerHQError, Other, ValidationError
from tests.support.clients import ORG, client, connect
from tests.support.clocks import FakeClock
from tests.support.companies import World, connect_to
from tests.support.responses import Script, coded, cut, not_json
from tests.support.surfaces import Surface, collect, resolve

pytestmark = pytest.mark.anyio

ROUTE = "/api/v1/contacts"
TONER: dict[str, Any] = {"name": "Toner Town", "type": "supplier"}


def contact(_: httpx.Request | None = None) -> httpx.Response:
    """Return the answer to a creation."""
    record = {"id": "con_1", "name": "Toner Town", "type": "supplier", "currencyCode": "USD"}
    return httpx.Response(201, json={"contact": {**record, "paymentTermsDays": 14}})


def name(answer: Any) -> str:
    return str(answer) if isinstance(answer, int) else type(answer).__name__


@pytest.mark.parametrize("criteria", [{}, {"name": "Toner Town", "email": "ink@toner.example"}])
async def test_a_contact_is_looked_up_by_one_thing(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, criteria: dict[str, str]
) -> None:
    books = connect(surface, clock).organization(ORG)
    with pytest.raises(InputError, match="by exactly one of name, email and tax_number"):
        await resolve(books.contact(**criteria))
    assert not web.calls


async def test_a_contact_goes_over_the_wire(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    route = web.post(ROUTE).mock(side_effect=contact)
    books = connect(surface, clock).organization(ORG)
    created = await resolve(
        books.create_contact(
            name="Toner Town",
            type="supplier",
            email="ink@toner.example",
            phone="+1 555 0100",
            tax_number="TX-1",
            payment_terms_days=14,
            currency_code="USD",
        )
    )
    assert (created.id, created.payment_terms_days, created.organization_id) == ("con_1", 14, ORG)

    [call] = route.calls
    assert call.request.headers["x-organization-id"] == ORG
    assert "idempotency-key" not in call.request.headers
    assert json.loads(call.request.content) == {
        "name": "Toner Town",
        "type": "supplier",
        "email": "ink@toner.example",
        "phone": "+1 555 0100",
        "taxNumber": "TX-1",
        "paymentTermsDays": 14,
        "currencyCode": "USD",
    }


async def test_what_is_left_out_is_not_sent(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    route = web.post(ROUTE).mock(side_effect=contact)
    books = connect(surface, clock).organization(ORG)
    await resolve(books.create_contact(name="Toner Town", type=Other("employee")))
    assert json.loads(route.calls[0].request.content) == {"name": "Toner Town", "type": "employee"}


async def test_a_contact_of_the_sandbox_is_there(
    maple: World, surface: Surface, clock: FakeClock
) -> None:
    hq = connect_to(maple.box, surface, clock, access_token=maple.box.access_token())
    books = hq.organization(maple.org)
    created = await resolve(books.create_contact(**TONER))
    assert (created.name, created.type, created.currency_code) == ("Toner Town", "supplier", "USD")
    assert await resolve(books.contact(name="toner town")) == created
    assert created in await collect(books.contacts(type="supplier"))

    with pytest.raises(ValidationError) as caught:
        await resolve(books.create_contact(name="Toner Town", type=Other("employee")))
    assert caught.value.outcome == "rejected"
    await resolve(hq.close())


@pytest.mark.parametrize(
    "answer",
    [500, 502, 503, 504, 408, 302, 202, httpx.ReadTimeout("slow"), cut, not_json],
    ids=name,
)
async def test_a_contact_that_may_be_there_is_not_sent_again(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, answer: Any
) -> None:
    script = Script(answer)
    web.post(ROUTE).mock(side_effect=script)
    with pytest.raises(LedgerHQError) as caught:
        await resolve(connect(surface, clock).organization(ORG).create_contact(**TONER))
    assert caught.value.outcome == "unknown"
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    "answer", [400, 401, 403, 404, 409, 422, coded(409, "DUPLICATE")], ids=name
)
async def test_a_contact_that_is_refused_is_rejected(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, answer: Any
) -> None:
    script = Script(answer)
    web.post(ROUTE).mock(side_effect=script)
    with pytest.raises(LedgerHQError) as caught:
        await resolve(connect(surface, clock).organization(ORG).create_contact(**TONER))
    assert caught.value.outcome == "rejected"
    assert len(script.requests) == 1


@pytest.mark.parametrize("answer", [429, httpx.ConnectError("refused")], ids=name)
async def test_a_contact_that_is_surely_not_there_is_sent_again(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, answer: Any
) -> None:
    script = Script(answer, contact)
    web.post(ROUTE).mock(side_effect=script)
    created = await resolve(connect(surface, clock).organization(ORG).create_contact(**TONER))
    assert (created.id, len(script.requests)) == ("con_1", 2)


def test_the_answer_may_stand_in_the_other_envelope() -> None:
    answer = httpx.Response(201, json={"data": contact().json()["contact"]})
    assert client(Script(answer)).organization(ORG).create_contact(**TONER).id == "con_1"


@pytest.mark.parametrize(
    "field",
    [
        {"name": " "},
        {"name": None},
        {"name": "Toner\x00"},
        {"type": "vendor"},
        {"type": ""},
        {"email": 5},
        {"payment_terms_days": -1},
        {"payment_terms_days": True},
        {"payment_terms_days": "14"},
        {"currency_code": "usd"},
    ],
    ids=str,
)
def test_a_contact_that_cannot_be_is_refused_before_it_is_sent(field: dict[str, Any]) -> None:
    with LedgerHQ(access_token="t") as hq, pytest.raises(InputError):
        hq.organization("o").create_contact(**{**TONER, **field})
