"""The address that the browser comes back to holds whatever somebody put there: an error of ours,
or a connection.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from ledgerhq_ext import AuthorizationRequest, InputError, MemoryTokenStore, OAuthError
from tests.support.authorization import BACK, MakeClient, Service
from tests.support.clients import BASE
from tests.support.surfaces import resolve

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

STATE = "s" * 43


def request(**changes: Any) -> AuthorizationRequest:
    values: dict[str, Any] = {
        "url": f"{BASE}/api/oauth/authorize?state={STATE}",
        "issuer": BASE,
        "client_id": "client-1",
        "redirect_uri": BACK,
        "state": STATE,
        "code_verifier": "v" * 43,
    }
    return AuthorizationRequest(**{**values, **changes})


WRONG_KINDS: list[Any] = [
    None,
    5,
    f"{BACK}?state={STATE}&code=good-code".encode(),
    httpx.URL(f"{BACK}?state={STATE}&code=good-code"),
    {"state": STATE, "code": "good-code"},
    [],
    "",
    "good-code",
    f"state={STATE}&code=good-code",
    BACK,
    f"{BACK}?",
    "http://[::1",
    f"http://[::1?state={STATE}&code=good-code",
    f"https://app.example:port/back?state={STATE}&code=good-code",
    f"https://app.ex\u2100mple/?state={STATE}&code=good-code",
    f"{BACK}?state={STATE}&code=good-code&more={'x' * 70_000}",
    f"{BACK}?state={STATE}&code=good-code" + "&a=b" * 2_000,
]


@pytest.mark.parametrize("url", WRONG_KINDS, ids=[str(at) for at in range(len(WRONG_KINDS))])
async def test_what_is_no_address(make_client: MakeClient, service: Service, url: Any) -> None:
    answered = request()
    with pytest.raises(InputError, match="callback_url") as caught:
        await resolve(make_client(MemoryTokenStore()).connect(url, answered))
    assert "good-code" not in str(caught.value)
    assert not answered.used
    assert service.forms == []


ODD_ANSWERS = [
    # Not UTF-8, behind a percent sign or as a server decoded it.
    (f"state={STATE}%ff&code=good-code", "invalid_state"),
    ("state=%ff%fe&code=good-code", "invalid_state"),
    (f"state=\udcff{STATE}&code=good-code", "invalid_state"),
    (f"state=\ud800{STATE}&code=good-code", "invalid_state"),
    (f"state={STATE}&code=%ff", "invalid_request"),
    (f"state={STATE}&code=%ed%a0%80", "invalid_request"),
    (f"state={STATE}&code=good\udcffcode", "invalid_request"),
    (f"state={STATE}&code=caf%c3%a9", "invalid_request"),
    (f"state={STATE}&code=a%0d%0ab", "invalid_request"),
    (f"state={STATE}&code=%00", "invalid_request"),
    (f"state={STATE}&code=", "invalid_request"),
    (f"state={STATE}", "invalid_request"),
    # More than once: RFC 6749, 3.1.
    (f"state={STATE}&state={STATE}&code=good-code", "invalid_state"),
    (f"state=&state={STATE}&code=good-code", "invalid_state"),
    (f"state={STATE}&code=good-code&code=good-code", "invalid_request"),
    (f"state={STATE}&code=&code=good-code", "invalid_request"),
    (f"state={STATE}&code=good-code&iss={quote(BASE)}&iss={quote(BASE)}", "invalid_request"),
    (f"state={STATE}&code=good-code&error=a&error=b", "invalid_request"),
    (f"state={STATE}&code=good-code&iss=%ff", "invalid_issuer"),
    # Names are what they are.
    (f"State={STATE}&Code=good-code", "invalid_state"),
    (f"state[]={STATE}&code=good-code", "invalid_state"),
    (f"state={STATE};code=good-code", "invalid_state"),
    ("code=good-code", "invalid_state"),
]


@pytest.mark.sample
@pytest.mark.parametrize(
    ("query", "error"), ODD_ANSWERS, ids=[str(at) for at in range(len(ODD_ANSWERS))]
)
async def test_an_odd_answer_is_an_error_and_spends_nothing(
    make_client: MakeClient, service: Service, query: str, error: str
) -> None:
    client = make_client(MemoryTokenStore())
    answered = request()
    with pytest.raises(OAuthError) as caught:
        await resolve(client.connect(f"{BACK}?{query}", answered))
    assert caught.value.error == error
    assert str(caught.value).encode()
    assert service.forms == []
    assert not answered.used
    # The right answer still counts.
    await resolve(client.connect(f"{BACK}?state={STATE}&code=good-code", answered))
    assert service.forms[0]["code"] == "good-code"


async def test_an_answer_behind_the_number_sign(make_client: MakeClient, service: Service) -> None:
    for url in (
        f"{BACK}#state={STATE}&code=good-code",
        f"{BACK}?theme=dark#state={STATE}&code=good-code",
    ):
        with pytest.raises(OAuthError, match="in the URL's fragment"):
            await resolve(make_client(MemoryTokenStore()).connect(url, request()))
    assert service.forms == []


@pytest.mark.parametrize(
    "query",
    [
        f"state={STATE}&code=good-code&utm=%ff&utm=%ff",
        f"state={STATE}&code=good-code&session_state=1&x",
        f"code=good-code&state={STATE}#_=_",
        f"state={STATE}&code=good%2Dcode&iss={quote(BASE)}",
    ],
)
async def test_what_else_stands_there_does_not_matter(
    make_client: MakeClient, service: Service, query: str
) -> None:
    await resolve(make_client(MemoryTokenStore()).connect(f"{BACK}?{query}", request()))
    assert [form["code"] for form in service.forms] == ["good-code"]


async def test_what_the_service_says_is_shown_as_text(make_client: MakeClient) -> None:
    said = quote("no\u202e\x1b[2J\n way ") + "%ff" + "x" * 10_000
    url = f"{BACK}?state={STATE}&error=access_denied&error_description={said}"
    answered = request()
    with pytest.raises(OAuthError) as caught:
        await resolve(make_client(MemoryTokenStore()).connect(url, answered))
    message = str(caught.value)
    assert message.startswith("access_denied: no")
    assert message.isprintable()
    assert len(message) < 600
    assert answered.used


@pytest.mark.parametrize("answered", [None, {}, "{}", STATE, AuthorizationRequest])
async def test_what_is_no_request(make_client: MakeClient, service: Service, answered: Any) -> None:
    with pytest.raises(InputError, match="AuthorizationRequest"):
        await resolve(
            make_client(MemoryTokenStore()).connect(
                f"{BACK}?state={STATE}&code=good-code", answered
            )
        )
    assert service.forms == []


@pytest.mark.parametrize(
    "changes", [{"state": ""}, {"state": 5}, {"state": None}, {"code_verifier": b"v"}]
)
async def test_a_request_holds_text(changes: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="not a stored authorization request"):
        request(**changes)


@pytest.mark.parametrize(
    "changes", [{"state": ""}, {"state": 5}, {"state": None}, {"redirect_uri": []}]
)
async def test_a_stored_request_holds_text(changes: dict[str, Any]) -> None:
    stored = {**json.loads(request().to_json()), **changes}
    with pytest.raises(InputError, match="not a stored authorization request"):
        AuthorizationRequest.from_json(json.dumps(stored))


@pytest.mark.parametrize("text", ["[" * 100_000, b"\xff", None, 5, '{"state": "\ud800"}'])
async def test_stored_requests_that_are_none(text: Any) -> None:
    with pytest.raises(InputError, match="not a stored authorization request"):
        AuthorizationRequest.from_json(text)


@pytest.mark.parametrize(
    "uri",
    [
        "http://[::1",
        "https://app.example:port/",
        "https://a b.example/",
        "https://app.example/\ud800",
        "https://app.example/a\nb",
        "https://app.ex\u2100mple/",
        "https://@/",
        "https://:443/",
        b"https://x.example/",
        None,
    ],
)
async def test_addresses_that_nobody_can_come_back_to(
    make_client: MakeClient, service: Service, uri: Any
) -> None:
    client = make_client(MemoryTokenStore())
    with pytest.raises(InputError, match="redirect_uri"):
        await resolve(client.authorization_request(uri))
    with pytest.raises(InputError, match="redirect_uri"):
        await resolve(client.register_client([uri]))
    assert service.registered == []
