"""A token answer that came cannot be asked for twice: what is in it is kept before it is judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from attrs import evolve

from ledgerhq_ext import MemoryTokenStore, OAuthError, ReconnectRequired

from .support import (
    JSON,
    NOON,
    OMIT,
    ORG,
    SURFACES,
    Answer,
    Clock,
    RotatingTokens,
    ask,
    blocking,
    expired_connection,
    refresh_token,
    tax_rates,
)

CALLBACK = "http://127.0.0.1:1/callback"
ODD_ANSWERS = {
    "expires_in as a string": {"expires_in": "3600"},
    "expires_in as a float": {"expires_in": 3600.0},
    "expires_in missing": {"expires_in": OMIT},
    "expires_in null": {"expires_in": None},
    "token_type missing": {"token_type": OMIT},
}

parametrize_odd_answers = pytest.mark.parametrize("odd", ODD_ANSWERS.values(), ids=ODD_ANSWERS)
parametrize_surfaces = pytest.mark.parametrize("surface", SURFACES)


def refresh(surface: str, service: Answer, store: MemoryTokenStore) -> None:
    """Make a call that has to refresh the access token first."""
    ask(
        surface,
        lambda hq: hq.organization(ORG).tax_rates(),
        service,
        token_store=store,
        clock=Clock(),
    )


def assert_connected(store: MemoryTokenStore) -> None:
    """Check that the second pair is kept, with a lifetime of an hour at most."""
    connection = store.read()
    assert connection is not None
    assert connection.refresh_token == refresh_token(2)
    assert connection.lost is None
    assert NOON < connection.expires_at <= NOON + 3600


@parametrize_surfaces
def test_an_answer_as_the_contract_says(surface: str) -> None:
    service = RotatingTokens()
    store = MemoryTokenStore(expired_connection())
    refresh(surface, service, store)
    assert service.refresh_tokens == [refresh_token(1)]
    assert_connected(store)


@parametrize_surfaces
@parametrize_odd_answers
def test_an_odd_answer_keeps_the_firm_connected(surface: str, odd: dict[str, Any]) -> None:
    service = RotatingTokens(**odd)
    store = MemoryTokenStore(expired_connection())
    refresh(surface, service, store)
    assert service.refresh_tokens == [refresh_token(1)]
    assert_connected(store)


def wrapped(service: RotatingTokens, wrap: Callable[[JSON], Any]) -> Answer:
    """Return the service, with its token answers wrapped in something."""

    def answer(request: httpx.Request) -> httpx.Response:
        response = service(request)
        if request.url.path != "/api/oauth/token":
            return response
        return httpx.Response(response.status_code, json=wrap(response.json()))

    return answer


ENVELOPES: dict[str, Callable[[JSON], Any]] = {
    "data": lambda pair: {"data": pair},
    "another name": lambda pair: {"status": "ok", "token": pair},
    "a list": lambda pair: [pair],
    "camel case": lambda pair: {
        "accessToken": pair["access_token"],
        "refreshToken": pair["refresh_token"],
        "expiresIn": pair["expires_in"],
    },
}


@parametrize_surfaces
@pytest.mark.parametrize("wrap", ENVELOPES.values(), ids=ENVELOPES)
def test_a_pair_in_an_envelope_keeps_the_firm_connected(
    surface: str, wrap: Callable[[JSON], Any]
) -> None:
    service = RotatingTokens()
    store = MemoryTokenStore(expired_connection())
    refresh(surface, wrapped(service, wrap), store)
    assert service.refresh_tokens == [refresh_token(1)]
    assert_connected(store)
    connection = store.read()
    assert connection is not None
    assert connection.expires_at == NOON + 3600


@pytest.mark.parametrize("wrap", ENVELOPES.values(), ids=ENVELOPES)
def test_connecting_with_a_pair_in_an_envelope(wrap: Callable[[JSON], Any]) -> None:
    store = MemoryTokenStore()
    connect(wrapped(RotatingTokens(), wrap), store)
    connection = store.read()
    assert connection is not None
    assert connection.refresh_token == refresh_token(1)


UNREADABLE: dict[str, Callable[[JSON], Any]] = {
    "deeper": lambda pair: {"data": {"tokens": pair}},
    "beside an error": lambda pair: {
        "error": "partial",
        "data": {"refresh_token": pair["refresh_token"]},
    },
}


@parametrize_surfaces
@pytest.mark.parametrize("wrap", UNREADABLE.values(), ids=UNREADABLE)
def test_a_refresh_token_that_stands_anywhere_is_kept(
    surface: str, wrap: Callable[[JSON], Any]
) -> None:
    service = RotatingTokens()
    store = MemoryTokenStore(expired_connection())
    with pytest.raises(OAuthError, match="the refresh token was kept"):
        refresh(surface, wrapped(service, wrap), store)
    refresh(surface, service, store)
    assert service.refresh_tokens == [refresh_token(1), refresh_token(2)]


@parametrize_surfaces
def test_an_answer_that_names_no_scope_leaves_it_as_it_was(surface: str) -> None:
    store = MemoryTokenStore(evolve(expired_connection(), scope="mcp"))
    refresh(surface, RotatingTokens(scope=OMIT), store)
    connection = store.read()
    assert connection is not None
    assert (connection.refresh_token, connection.scope) == (refresh_token(2), "mcp")


def as_a_form(body: Any) -> httpx.Response:
    """As some services answer whoever does not ask for JSON."""
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    return httpx.Response(200, text=urlencode(body), headers=headers)


@parametrize_surfaces
def test_a_pair_in_a_form_keeps_the_firm_connected(surface: str) -> None:
    service = RotatingTokens(as_a_form)
    store = MemoryTokenStore(expired_connection())
    refresh(surface, service, store)
    assert service.refresh_tokens == [refresh_token(1)]
    assert_connected(store)
    connection = store.read()
    assert connection is not None
    assert connection.expires_at == NOON + 3600


def test_what_is_named_as_it_should_be_goes_first() -> None:
    odd: dict[str, Any] = {
        "refreshToken": "no",
        "access_token": "mcp_at_2",
        "data": {"refresh_token": "no"},
    }
    service = RotatingTokens(**odd)
    store = MemoryTokenStore(expired_connection())
    refresh("blocking", service, store)
    assert_connected(store)


def test_a_refusal_as_a_form_is_one() -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    refusal = httpx.Response(200, text="error=invalid_grant", headers=headers)
    store = MemoryTokenStore(expired_connection())
    service = RotatingTokens(lambda _: refusal)
    error = error_of_a_call("blocking", service, store)
    assert (type(error), error.error) == (ReconnectRequired, "invalid_grant")
    assert service.refresh_tokens == [refresh_token(1)]


def connect(service: Answer, store: MemoryTokenStore) -> None:
    """Connect a firm from the beginning."""
    with blocking(service, token_store=store, clock=Clock()) as hq:
        request = hq.authorization_request(CALLBACK)
        hq.connect(f"{CALLBACK}?code=code_1&state={request.state}", request)


def test_connecting_with_an_answer_as_the_contract_says() -> None:
    store = MemoryTokenStore()
    connect(RotatingTokens(), store)
    connection = store.read()
    assert connection is not None
    assert connection.refresh_token == refresh_token(1)


@parametrize_odd_answers
def test_connecting_with_an_odd_answer(odd: dict[str, Any]) -> None:
    store = MemoryTokenStore()
    connect(RotatingTokens(**odd), store)
    connection = store.read()
    assert connection is not None
    assert connection.refresh_token == refresh_token(1)
    assert NOON < connection.expires_at <= NOON + 3600


@parametrize_surfaces
def test_an_error_inside_a_success_is_a_refusal(surface: str) -> None:
    requests: list[httpx.Request] = []

    def service(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/api/oauth/token":
            return tax_rates()
        requests.append(request)
        refusal = {"error": "invalid_grant", "error_description": "The refresh token is spent."}
        return httpx.Response(200, json=refusal)

    store = MemoryTokenStore(expired_connection())
    errors = [error_of_a_call(surface, service, store) for _ in range(3)]
    assert [type(error) for error in errors] == [ReconnectRequired] * 3
    assert len(requests) == 1

    connection = store.read()
    assert connection is not None
    assert connection.refresh_token is None
    assert connection.lost


def error_of_a_call(surface: str, service: Any, store: MemoryTokenStore) -> OAuthError:
    """Return the error with which a call ends that has to refresh the access token."""
    with pytest.raises(OAuthError) as caught:
        refresh(surface, service, store)
    return caught.value
