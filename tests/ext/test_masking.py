"""A client takes its own tokens, and nothing else, out of what it says: of any shape, in any
spelling.
"""

from __future__ import annotations

import html
import json
import pickle
import traceback
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import respx

from ledgerhq_ext import (
    AuthorizationRequest,
    ContractError,
    LedgerHQ,
    LedgerHQError,
    MemoryTokenStore,
    OAuthError,
    PermissionDeniedError,
    TransportError,
)
from tests.support.clients import BASE, ORG, client, connect, options
from tests.support.clocks import FakeClock
from tests.support.postings import PURCHASE
from tests.support.responses import Script, accounts, receipt
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.slow

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJmaXJtIjoiYmlyY2gifQ.c2lnbmF0dXJlLXZlcnktc2VjcmV0"
PLAIN = "8d3f/0c+1b=7~a~49"
ODD = "a\"b'c<d>e&f/g+h="
CALLBACK = "http://127.0.0.1:8400/callback"
TOKENS = {"jwt": JWT, "opaque": PLAIN, "odd": ODD}

SPELLINGS: dict[str, Any] = {
    "as it is": str,
    "in a URL": lambda token: quote(token, safe=""),
    "in a URL, lower case": lambda token: "".join(f"%{ord(char):02x}" for char in token),
    "in a URL in a URL": lambda token: quote(quote(token, safe=""), safe=""),
    "as JSON": lambda token: json.dumps(token)[1:-1],
    "as escaped JSON": lambda token: "".join(f"\\u{ord(char):04X}" for char in token),
    "as JSON in JSON": lambda token: json.dumps(json.dumps(token))[3:-3],
    "as Python": lambda token: repr(token)[1:-1],
    "as HTML": html.escape,
    "as HTML codes": lambda token: "".join(f"&#{ord(char)};" for char in token),
}


def shown(error: LedgerHQError) -> str:
    """Return whatever can be seen of an error."""
    frames = traceback.TracebackException.from_exception(error, capture_locals=True)
    ours = [frame.locals for frame in frames.stack if "ledgerhq_ext" in frame.filename]
    pickled = pickle.dumps(error).decode("latin-1")
    return "\n".join([str(error), repr(error), repr(vars(error)), pickled, repr(ours)])


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=list(SPELLINGS))
@pytest.mark.parametrize("token", TOKENS.values(), ids=list(TOKENS))
def test_an_echo_in_any_spelling(token: str, spelling: Any) -> None:
    echo = spelling(token)
    answer = httpx.Response(
        403, json={"error": f"no access for {echo}, ask"}, headers={"x-echo": f"<{echo}>"}
    )
    with pytest.raises(PermissionDeniedError) as raised:
        client(Script(answer), access_token=token).organization(ORG).accounts()
    error = raised.value
    assert error.message == "no access for …, ask"
    assert error.headers["x-echo"] == "<…>"
    assert token not in shown(error)
    assert echo not in shown(error)


@pytest.mark.sample
def test_an_echo_in_a_body_that_is_no_json() -> None:
    answer = httpx.Response(502, text=f"<pre>{html.escape(ODD)} {JWT}</pre>")
    with pytest.raises(LedgerHQError) as raised:
        client(Script(answer), access_token=JWT, **options(1)).organization(ORG).accounts()
    assert raised.value.body == f"<pre>{html.escape(ODD)} …</pre>"  # type: ignore[attr-defined]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_an_echo_in_another_encoding(encoding: str) -> None:
    answer = httpx.Response(502, content=f"<pre>{JWT}</pre>".encode(encoding))
    with pytest.raises(LedgerHQError) as raised:
        client(Script(answer), access_token=JWT, **options(1)).organization(ORG).accounts()
    assert raised.value.body == "<pre>…</pre>"  # type: ignore[attr-defined]


@pytest.mark.parametrize("length", [20, 40, len(JWT) - 1])
def test_an_echo_that_is_cut_off(length: int) -> None:
    answer = httpx.Response(403, json={"error": f"no access for {JWT[:length]}"})
    with pytest.raises(PermissionDeniedError) as raised:
        client(Script(answer), access_token=JWT).organization(ORG).accounts()
    assert raised.value.message == "no access for …"


def test_a_token_where_another_value_belongs() -> None:
    def misfit(request: httpx.Request) -> httpx.Response:
        document = receipt(request).json()
        document["data"]["postedAt"] = JWT
        return httpx.Response(201, json=document)

    with pytest.raises(ContractError) as raised:
        client(misfit, access_token=JWT, **options(1)).organization(ORG).post(PURCHASE, key="k")
    assert "found '…" in raised.value.message
    assert JWT[:20] not in str(raised.value) + repr(vars(raised.value))


@pytest.mark.anyio
async def test_headers_of_a_success(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    response = accounts()
    response.headers.update(
        {"x-request-id": JWT, "link": f"<https://x.test/?t={quote(PLAIN)}>", "x-more": "more"}
    )
    web.get("/api/v1/accounts").mock(return_value=response)
    hq = connect(surface, clock, access_token=JWT)
    raw = await resolve(hq.organization(ORG).with_raw_response.accounts())
    assert raw.request_id == "…"
    assert raw.headers["x-request-id"] == "…"
    # Not a token of this client.
    assert raw.headers["link"] == f"<https://x.test/?t={quote(PLAIN)}>"
    assert JWT not in repr(raw)


@pytest.mark.anyio
async def test_the_body_of_a_success_is_data(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    web.get("/api/v1/new").mock(return_value=httpx.Response(200, json={"note": JWT}))
    hq = connect(surface, clock, access_token=JWT)
    response = await resolve(hq.organization(ORG).request("GET", "/api/v1/new"))
    assert response.json() == {"note": JWT}
    assert JWT not in repr(response)


def test_notes_and_collections_of_an_error_that_a_transport_raises() -> None:
    seen: dict[str, Any] = {
        "list": [JWT],
        "set": {JWT},
        "frozen set": frozenset({JWT}),
        "nested": [({JWT: [f"with {JWT}"]},)],
    }

    def refuse(_: httpx.Request) -> httpx.Response:
        error = TransportError("broken", outcome="not_sent")
        error.add_note(f"it was sent with {JWT}")
        vars(error).update(seen)
        raise error

    with pytest.raises(TransportError) as raised:
        client(refuse, access_token=JWT, **options(1)).organization(ORG).accounts()
    error = raised.value
    assert error.__notes__ == ["it was sent with …"]
    assert JWT not in shown(error) + "".join(traceback.format_exception(error))
    assert {name: type(vars(error)[name]) for name in seen} == {
        name: type(value) for name, value in seen.items()
    }


def test_a_token_of_three_characters_is_left_alone() -> None:
    answer = httpx.Response(403, json={"error": "no access for you"})
    with pytest.raises(PermissionDeniedError) as raised:
        client(Script(answer), access_token="you").organization(ORG).accounts()
    assert raised.value.message == "no access for you"


def test_two_clients_do_not_know_the_tokens_of_each_other() -> None:
    answer = httpx.Response(403, json={"error": f"no access for {JWT} or {PLAIN}"})
    messages: list[str] = []
    for token in (JWT, PLAIN):
        with pytest.raises(PermissionDeniedError) as raised:
            client(Script(answer), access_token=token).organization(ORG).accounts()
        messages.append(raised.value.message)
    assert messages == [f"no access for … or {PLAIN}", f"no access for {JWT} or …"]


@pytest.mark.anyio
@pytest.mark.parametrize("secret", ["code", "verifier"])
async def test_a_code_or_a_verifier_that_the_token_endpoint_repeats(
    secret: str, web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    code = "spl_" + "Z" * 20

    def refuse(request: httpx.Request) -> httpx.Response:
        form = dict(httpx.QueryParams(request.content.decode()))
        echo = form["code" if secret == "code" else "code_verifier"]
        return httpx.Response(
            400, json={"error": "invalid_grant", "error_description": f"not {echo}"}
        )

    registration = {
        "client_id": "c1",
        "redirect_uris": [CALLBACK],
        "token_endpoint_auth_method": "none",
    }
    registered = httpx.Response(201, json=registration)
    web.post("/api/oauth/register").mock(return_value=registered)
    web.post("/api/oauth/token").mock(side_effect=refuse)
    hq = connect(surface, clock, access_token=None, token_store=MemoryTokenStore())
    request: AuthorizationRequest = await resolve(hq.authorization_request(CALLBACK))
    address = f"{CALLBACK}?code={code}&state={request.state}"
    with pytest.raises(OAuthError) as raised:
        await resolve(hq.connect(address, request))
    assert str(raised.value) == "invalid_grant: not … [POST /api/oauth/token]"
    assert raised.value.error_description == "not …"


def test_a_client_shows_no_token_it_has_used() -> None:
    hq = client(Script(accounts), access_token=JWT)
    hq.organization(ORG).accounts()
    assert JWT not in repr(hq._core._session)
    assert JWT.encode() not in pickle.dumps(hq._core._session.secrets)
    assert isinstance(hq, LedgerHQ)
    assert BASE in repr(hq)
