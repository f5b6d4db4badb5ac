"""Settings: checked when they are given, per client and per call; the original is never changed."""

from typing import Any

import httpx
import pytest
import respx

from ledgerhq_ext import AsyncLedgerHQ, InputError, LedgerHQ, RetryPolicy
from tests.support.clients import BASE, ORG, TOKEN, client, connect, options
from tests.support.clocks import FakeClock
from tests.support.responses import Script, accounts
from tests.support.surfaces import Surface, resolve

BAD_OPTIONS: list[dict[str, Any]] = [
    *(
        {name: value}
        for name in ("timeout", "deadline")
        for value in (0, -1, float("nan"), float("inf"), "5", True)
    ),
    {"retries": -1},
    {"retries": 1.5},
    {"retries": "3"},
    {"retries": True},
    {"headers": {"Authorization": "x"}},
    {"headers": {"authorization": "x"}},
    {"headers": {"X-Organization-Id": "org_2"}},
    {"headers": {"x_organization_id": "org_2"}},
    {"headers": {"idempotency-key": "k"}},
    {"headers": {"Host": "evil.test"}},
    {"headers": {"Accept-Encoding": "br"}},
    {"headers": {"Content-Length": "0"}},
    {"headers": {"Transfer-Encoding": "chunked"}},
    {"headers": {"Content-Type": "text/plain"}},
    {"headers": {"X-A\r\nEvil": "1"}},
    {"headers": {"X A": "1"}},
    {"headers": {"": "1"}},
    {"headers": {"X-A": "1\r\nEvil: 1"}},
    {"headers": {"X-A": "é"}},
    {"headers": {"X-A": 1}},
    {"headers": {1: "x"}},
]


@pytest.mark.parametrize("bad", BAD_OPTIONS, ids=repr)
def test_refused_options(bad: dict[str, Any]) -> None:
    books = client(accounts).organization(ORG)
    with pytest.raises(InputError):
        books.with_options(**bad)
    with pytest.raises(InputError):
        LedgerHQ(access_token=TOKEN, **bad)


@pytest.mark.parametrize(
    "bad",
    [
        {"attempts": 0},
        {"attempts": 1.5},
        {"attempts": True},
        {"attempts": "3"},
        {"first_pause": -1},
        {"factor": 0.5},
        {"longest_pause": -1},
        {"longest_pause": float("inf")},
        {"factor": float("nan")},
    ],
    ids=repr,
)
def test_refused_policies(bad: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        RetryPolicy(**bad)


BAD_CLIENTS: list[dict[str, Any]] = [
    {"api_key": "dk_live_1", "access_token": TOKEN},
    {"api_key": "dk_live_1", "token_store": "/nowhere/token"},
    {"api_key": ""},
    {"access_token": "two words"},
    {"access_token": "a\r\nb"},
    {"access_token": TOKEN, "app_name": "tab\there"},
    {"access_token": TOKEN, "app_name": "café"},
    {"access_token": TOKEN, "app_name": ""},
]


@pytest.mark.parametrize("bad", BAD_CLIENTS, ids=lambda bad: "-".join(bad))
@pytest.mark.parametrize("kind", [LedgerHQ, AsyncLedgerHQ])
def test_refused_clients(kind: type[LedgerHQ], bad: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        kind(**bad)


@pytest.mark.parametrize(
    "more",
    [{"proxy": "http://p.test"}, {"verify": False}, {"transport": httpx.MockTransport(accounts)}],
)
def test_nothing_is_accepted_and_then_dropped(more: dict[str, Any]) -> None:
    with httpx.Client() as http, pytest.raises(InputError):
        LedgerHQ(access_token=TOKEN, http_client=http, **more)


@pytest.mark.anyio
async def test_with_options_is_for_some_calls(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    script = Script(accounts)
    web.get("/api/v1/accounts").mock(side_effect=script)
    hq = connect(surface, clock, **options(headers={"X-One": "1"}, timeout=20))
    books = hq.organization(ORG)
    other = books.with_options(timeout=2, headers={"X-Two": "2"})
    for each in (other, books, hq.with_options(timeout=3).organization(ORG)):
        await resolve(each.accounts())
    told = [
        (r.headers.get("X-One"), r.headers.get("X-Two"), round(r.extensions["timeout"]["read"]))
        for r in script.requests
    ]
    assert told == [("1", "2", 2), ("1", None, 20), ("1", None, 3)]
    assert (type(other), other.id) == (type(books), ORG)


@pytest.mark.anyio
async def test_the_headers_of_every_request(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    script = Script(accounts)
    web.get("/api/v1/accounts").mock(side_effect=script)
    hq = connect(
        surface, clock, app_name="acme-pos/2.1", **options(headers={"ACCEPT": "a/b", "X-A": "1"})
    )
    await resolve(hq.organization(ORG).accounts())
    headers = script.requests[0].headers
    assert headers.get_list("accept") == ["a/b"]
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["x-organization-id"] == ORG
    assert headers["User-Agent"].startswith("acme-pos/2.1 ledgerhq-ext/")
    assert "Idempotency-Key" not in headers


def test_no_secrets_in_repr() -> None:
    hq = client(accounts, **options(headers={"X-Gateway-Key": "hush"}))
    shown = repr(
        [
            hq,
            hq.organization(ORG),
            hq._core._session,
            hq._core._session.options,
            vars(hq),
            vars(hq._core),
        ]
    )
    assert TOKEN not in shown
    assert "hush" not in shown
    assert BASE in repr(hq)


@pytest.mark.anyio
async def test_closing(clock: FakeClock, surface: Surface) -> None:
    kind = httpx.Client if surface is LedgerHQ else httpx.AsyncClient
    http: Any = kind(transport=httpx.MockTransport(accounts))
    for given in ({"http_client": http}, {"transport": httpx.MockTransport(accounts)}):
        hq = connect(surface, clock, **given)
        await resolve(hq.organization(ORG).accounts())
        await resolve(hq.close())
        await resolve(hq.close())
        with pytest.raises(InputError, match="closed"):
            await resolve(hq.organization(ORG).accounts())
    assert not http.is_closed


@pytest.mark.anyio
async def test_context_managers_close() -> None:
    with client(accounts) as hq:
        hq.organization(ORG).accounts()
    async with AsyncLedgerHQ(access_token=TOKEN, transport=httpx.MockTransport(accounts)) as other:
        await other.organization(ORG).accounts()
    with pytest.raises(InputError):
        hq.organization(ORG).accounts()
    with pytest.raises(InputError):
        await other.organization(ORG).accounts()


def test_an_http_client_that_was_closed_elsewhere() -> None:
    http = httpx.Client(transport=httpx.MockTransport(accounts))
    http.close()
    with pytest.raises(InputError, match="closed"):
        LedgerHQ(access_token=TOKEN, http_client=http).organization(ORG).accounts()
