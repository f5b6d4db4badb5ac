"""Connecting: PKCE, state, the way back, the registered client; API keys."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from ledgerhq_ext import (
    ApiKey,
    AuthorizationRequest,
    Connection,
    InputError,
    LedgerHQ,
    MemoryTokenStore,
    OAuth,
    OAuthError,
    ReconnectRequired,
    TransportError,
)
from ledgerhq_ext._auth.sections import Section
from tests.support.authorization import BACK, HOUR, MakeClient, Service, answer, ask, busy, fail
from tests.support.clients import BASE, new_client
from tests.support.clocks import FakeClock
from tests.support.surfaces import resolve
from tests.support.waiting import PATIENCE, wait_until

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def begin(client: Any, redirect_uri: str = BACK) -> AuthorizationRequest:
    """The authorization request, as the next web request gets it."""
    made = await resolve(client.authorization_request(redirect_uri))
    return AuthorizationRequest.from_json(made.to_json())


def back(request: AuthorizationRequest, **answer: str) -> str:
    return f"{BACK}?{urlencode({'code': 'good-code', 'state': request.state} | answer)}"


@pytest.mark.sample
async def test_the_url_proves_possession_by_s256(make_client: MakeClient, service: Service) -> None:
    request = await begin(make_client(MemoryTokenStore(), app_name="acme-pos"))
    asked = {name: value for name, [value] in parse_qs(urlsplit(request.url).query).items()}
    hashed = hashlib.sha256(request.code_verifier.encode()).digest()
    assert asked == {
        "client_id": "client-1",
        "redirect_uri": BACK,
        "response_type": "code",
        "code_challenge": base64.urlsafe_b64encode(hashed).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "state": request.state,
        "scope": "mcp",
    }
    assert request.url.startswith(f"{BASE}/api/oauth/authorize?")
    assert 43 <= len(request.code_verifier) <= 128
    assert json.loads(service.registered[0]) == {"client_name": "acme-pos", "redirect_uris": [BACK]}


async def test_every_request_is_its_own(make_client: MakeClient) -> None:
    client = make_client(MemoryTokenStore())
    one, other = await begin(client), await begin(client)
    assert one.state != other.state
    assert one.code_verifier != other.code_verifier


async def test_the_way_back_gives_a_connection(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    store = MemoryTokenStore()
    client = make_client(store)
    request = await begin(client)
    await resolve(client.connect(back(request), request))
    assert service.forms == [
        {
            "grant_type": "authorization_code",
            "client_id": "client-1",
            "code": "good-code",
            "redirect_uri": BACK,
            "code_verifier": request.code_verifier,
        }
    ]
    assert store.read() == Connection(
        issuer=BASE, client_id="client-1", redirect_uris=(BACK,), access_token="mcp_at_access1",
        refresh_token="mcp_rt_refresh1", obtained_at=clock.now(), expires_at=clock.now() + HOUR, scope="mcp",
    )  # fmt: skip
    await ask(client)


BAD_RETURNS = [
    ({"state": "forged"}, "invalid_state"),
    ({"state": ""}, "invalid_state"),
    ({"error": "access_denied", "error_description": "The user said no"}, "access_denied"),
    ({"code": ""}, "invalid_request"),
    ({"iss": "https://elsewhere.example"}, "invalid_issuer"),
]


@pytest.mark.parametrize(("changes", "code"), BAD_RETURNS)
async def test_a_bad_way_back_asks_for_nothing(
    make_client: MakeClient, service: Service, changes: dict[str, str], code: str
) -> None:
    client = make_client(MemoryTokenStore())
    request = await begin(client)
    with pytest.raises(OAuthError) as caught:
        await resolve(client.connect(back(request, **changes), request))
    assert caught.value.error == code
    assert service.forms == []


async def test_two_states_are_no_state(make_client: MakeClient, service: Service) -> None:
    client = make_client(MemoryTokenStore())
    request = await begin(client)
    with pytest.raises(OAuthError, match="invalid_state"):
        await resolve(client.connect(back(request) + "&state=second", request))


@pytest.mark.parametrize("first", [{}, {"error": "access_denied"}, {"code": "bad-code"}])
async def test_a_state_serves_once(
    make_client: MakeClient, service: Service, first: dict[str, str]
) -> None:
    client = make_client(MemoryTokenStore())
    request = await begin(client)
    try:
        await resolve(client.connect(back(request, **first), request))
    except OAuthError:
        assert first
    asked = len(service.forms)
    with pytest.raises(OAuthError, match="state_used"):
        await resolve(client.connect(back(request), request))
    assert len(service.forms) == asked
    assert AuthorizationRequest.from_json(request.to_json()).used


class Overtaken(MemoryTokenStore):
    """Somebody else does something just before this section is entered, once."""

    def __init__(self) -> None:
        super().__init__()
        self.first: Callable[[], None] | None = None

    def try_lock(self) -> Section | None:
        """Let the other one go first."""
        first = self.first
        self.first = None
        if first is not None:
            first()
        return super().try_lock()


async def test_a_code_is_presented_by_one_of_two_who_return_at_once(
    make_client: MakeClient, service: Service
) -> None:
    """Services may end the whole grant when a code comes twice."""
    store = Overtaken()
    client = make_client(store)
    request = await begin(client)
    other = LedgerHQ(base_url=BASE, token_store=store, transport=service.transport())
    store.first = partial(other.connect, back(request), request)
    with pytest.raises(OAuthError, match="state_used"):
        await resolve(client.connect(back(request), request))
    assert service.presented == ["good-code"]
    await ask(client)


async def test_an_answer_for_another_service_is_refused(
    make_client: MakeClient, service: Service
) -> None:
    request = await begin(make_client(MemoryTokenStore()))
    other = make_client(MemoryTokenStore(), base_url="https://elsewhere.example")
    with pytest.raises(OAuthError, match="invalid_issuer"):
        await resolve(other.connect(back(request), request))
    assert service.forms == []


async def test_a_lost_answer_means_to_start_again(
    make_client: MakeClient, service: Service
) -> None:
    store = MemoryTokenStore()
    client = make_client(store)
    request = await begin(client)
    service.token_scripts = [fail(httpx.ReadTimeout("nothing"))]
    with pytest.raises(OAuthError, match="start again") as caught:
        await resolve(client.connect(back(request), request))
    assert caught.value.error == "no_answer"
    assert len(service.forms) == 1


@pytest.mark.parametrize("script", [answer(503), fail(httpx.ConnectError("refused"))])
async def test_a_code_that_was_not_presented_serves_later(
    make_client: MakeClient, service: Service, script: Any
) -> None:
    client = make_client(MemoryTokenStore())
    request = await begin(client)
    service.token_scripts = [script]
    with pytest.raises(TransportError) as caught:
        await resolve(client.connect(back(request), request))
    assert caught.value.outcome == "not_sent"
    await resolve(client.connect(back(request), request))
    await ask(client)


@pytest.mark.parametrize("status", [429, 503])
async def test_an_endpoint_that_asks_to_wait_is_asked_later(
    make_client: MakeClient, service: Service, clock: FakeClock, status: int
) -> None:
    client = make_client(MemoryTokenStore())
    service.register_scripts = [busy(status, "30")]
    request = await begin(client)
    assert clock.monotonic() == 30
    service.token_scripts = [busy(status, "40"), busy(status, "0")]
    await resolve(client.connect(back(request), request))
    assert clock.monotonic() == 70
    assert len(service.forms) == 3
    service.register_scripts = [busy(status, "30")]
    assert (await resolve(client.register_client([BACK]))).client_id == "client-2"
    assert clock.monotonic() == 100
    await ask(client)


async def test_addresses_that_can_be_walked_once_are_registered_after_a_wait(
    make_client: MakeClient, service: Service
) -> None:
    client = make_client(MemoryTokenStore())
    service.register_scripts = [busy(429, "0")]
    await resolve(client.register_client(uri for uri in [BACK]))
    assert json.loads(service.registered[0])["redirect_uris"] == [BACK]


async def test_a_wait_that_does_not_fit_the_deadline_spends_no_code(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    client = make_client(MemoryTokenStore())
    request = await begin(client)
    service.token_scripts = [busy(429, "600")]
    with pytest.raises(OAuthError, match="busy; try again in 600 s") as caught:
        await resolve(client.connect(back(request), request))
    assert (caught.value.error, caught.value.outcome) == ("temporarily_unavailable", "not_sent")
    service.register_scripts = [busy(503, "600")]
    with pytest.raises(OAuthError, match="busy; try again in 600 s"):
        await resolve(client.register_client([BACK]))
    assert clock.monotonic() == 0, "nobody waits in vain"
    await resolve(client.connect(back(request), request))
    await ask(client)


async def test_a_busy_endpoint_is_asked_as_often_as_any_other(
    make_client: MakeClient, service: Service
) -> None:
    client = make_client(MemoryTokenStore(), retries=2)
    request = await begin(client)
    service.token_scripts = [busy(429, "1")] * 3
    with pytest.raises(TransportError, match="try again in 1 s") as caught:
        await resolve(client.connect(back(request), request))
    assert caught.value.outcome == "not_sent"
    assert service.token_scripts == []
    await resolve(client.connect(back(request), request))


async def test_the_look_at_the_firm_ends_with_the_time_of_the_exchange(
    make_client: MakeClient, service: Service, clock: FakeClock
) -> None:
    """A listing without an end, five seconds a page."""
    pages = itertools.count(1)
    tokens: Any = service.transport().handler

    def endless(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/api/v1/organizations":
            return tokens(request)  # type: ignore[no-any-return]
        clock.advance(5)
        number = next(pages)
        organization = {
            "id": f"firm_{number}", "name": "Birch", "type": "firm", "slug": "birch",
            "defaultCurrency": "USD", "fiscalYearStartMonth": 1, "createdAt": "2026-06-08T16:00:00.000Z",
        }  # fmt: skip
        return httpx.Response(200, json={"data": [organization], "nextCursor": f"page-{number}"})

    store = MemoryTokenStore()
    client = make_client(store, transport=httpx.MockTransport(endless))
    request = await begin(client)
    await resolve(client.connect(back(request), request))
    assert clock.monotonic() <= 25
    connection = store.read()
    assert connection is not None
    assert (connection.access_token, connection.firm) == ("mcp_at_access1", None)


async def test_the_registered_client_is_kept(make_client: MakeClient, service: Service) -> None:
    store = MemoryTokenStore()
    request = await begin(make_client(store))
    assert (await begin(make_client(store))).client_id == request.client_id == "client-1"
    client = make_client(store)
    await resolve(client.connect(back(request), request))
    assert (await begin(client)).client_id == "client-1"
    assert len(service.registered) == 1
    assert (await begin(client, "https://app.example/elsewhere")).client_id == "client-2"
    assert store.read() is not None
    await ask(client)


async def test_a_client_registered_elsewhere_is_used(
    make_client: MakeClient, service: Service
) -> None:
    assert (
        await begin(make_client(None, credentials=OAuth(MemoryTokenStore(), client_id="mine")))
    ).client_id == "mine"
    assert service.registered == []


async def test_a_client_of_another_service_is_not(
    make_client: MakeClient, service: Service
) -> None:
    stored = Connection(
        issuer="https://elsewhere.example", client_id="theirs", redirect_uris=(BACK,)
    )
    assert (await begin(make_client(stored))).client_id == "client-1"


@pytest.mark.parametrize(
    "uri", ["http://127.0.0.1:8000/cb", "http://localhost/cb", "http://[::1]:1/cb", BACK]
)
async def test_redirect_uris_that_are_safe(make_client: MakeClient, uri: str) -> None:
    assert (await begin(make_client(MemoryTokenStore()), uri)).redirect_uri == uri


@pytest.mark.parametrize(
    "uri",
    [
        "http://app.example/cb",
        "https://app.example/cb#x",
        "app://cb",
        "https:///cb",
        "",
        "javascript:1",
        5,
    ],
)
async def test_redirect_uris_that_are_not(
    make_client: MakeClient, service: Service, uri: Any
) -> None:
    with pytest.raises(InputError, match="redirect_uri"):
        await begin(make_client(MemoryTokenStore()), uri)
    with pytest.raises(InputError, match="redirect_uri"):
        await resolve(make_client(MemoryTokenStore()).register_client([uri]))
    assert service.registered == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"url": "x"}', "null"])
async def test_what_is_no_stored_request(text: str) -> None:
    with pytest.raises(InputError, match="not a stored authorization request"):
        AuthorizationRequest.from_json(text)


async def test_to_disconnect_is_to_forget(make_client: MakeClient, service: Service) -> None:
    client = make_client(service.connection())
    await resolve(client.disconnect())
    with pytest.raises(ReconnectRequired):
        await ask(client)
    assert (service.forms, service.bearers) == ([], [])


class SlowStore(MemoryTokenStore):
    """Writes when the gate is open, and not before."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.gate = threading.Event()

    def _write(self, connection: Connection | None) -> None:
        self.gate.wait(PATIENCE)
        super()._write(connection)

    def is_free(self) -> bool:
        section = self.try_lock()
        if section is None:
            return False
        section.__exit__(None, None, None)
        return True


def test_a_disconnection_goes_on_without_its_caller(service: Service, clock: FakeClock) -> None:
    store = SlowStore(service.connection())
    transport = service.transport()
    hq = new_client(LedgerHQ, clock, base_url=BASE, token_store=store, transport=transport)
    with pytest.raises(TransportError, match="continues in the background"):
        hq.with_options(deadline=0.05).disconnect()
    # The token that is stored still is remembered.
    hq.request("GET", "/api/v1/organizations")
    store.gate.set()
    wait_until(store.is_free)
    with pytest.raises(ReconnectRequired, match="connect first"):
        hq.request("GET", "/api/v1/organizations")


def test_a_connection_goes_on_without_its_caller(service: Service, clock: FakeClock) -> None:
    store = SlowStore(service.connection())
    transport = service.transport()
    hq = new_client(
        LedgerHQ, clock, base_url=BASE, credentials=OAuth(store, client_id="c"), transport=transport
    )
    request = hq.authorization_request(BACK)
    with pytest.raises(TransportError, match="continues in the background"):
        hq.with_options(deadline=0.05).connect(back(request), request, replace=True)
    hq.request("GET", "/api/v1/organizations")
    store.gate.set()
    wait_until(store.is_free)
    hq.request("GET", "/api/v1/organizations")
    assert service.bearers[0] == "mcp_at_access0"
    assert service.bearers[-1] == "mcp_at_access1"


async def test_connecting_needs_a_store(make_client: MakeClient) -> None:
    with pytest.raises(InputError, match="requires a token store"):
        await begin(make_client(None))
    with pytest.raises(InputError, match="Not connected"):
        await ask(make_client(None))


async def test_one_kind_of_credentials(make_client: MakeClient) -> None:
    for bad in ({"api_key": "dk_live_a"}, {"access_token": "mcp_at_a"}):
        with pytest.raises(InputError, match="Pass only one of"):
            make_client(MemoryTokenStore(), **bad)
    for secret in ("", "two words", "new\nline", "\u00e9"):
        with pytest.raises(InputError, match="not valid in a token"):
            make_client(None, api_key=secret)


async def test_an_api_key_speaks_for_one_company(make_client: MakeClient, service: Service) -> None:
    for client in (
        make_client(None, api_key="dk_live_a"),
        make_client(None, credentials=ApiKey("dk_live_a", organization_id="org-1")),
    ):
        client.organization("org-1")
        client.organization("org-1")
        with pytest.raises(InputError, match="belongs to one organization"):
            client.organization("org-2")
    firm = make_client(service.connection())
    assert [firm.organization(name).id for name in ("org-1", "org-2")] == ["org-1", "org-2"]


async def test_no_secret_of_a_request_to_connect_shows(make_client: MakeClient) -> None:
    client = make_client(MemoryTokenStore())
    request = await begin(client)
    assert request.state in request.url
    assert request.state not in repr(request)
    assert request.code_verifier not in repr(request)
