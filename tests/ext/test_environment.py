"""Clients from the environment, and settings that would be accepted and then ignored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledgerhq_ext import (
    AccessToken,
    AsyncLedgerHQ,
    Connection,
    FileTokenStore,
    InputError,
    LedgerHQ,
    MemoryTokenStore,
    OAuth,
)
from ledgerhq_ext.sandbox import Sandbox
from tests.support.clients import BASE, ORG, TOKEN

pytestmark = pytest.mark.slow

NAMES = ("BASE_URL", "API_KEY", "TOKEN_FILE", "CLIENT_ID", "ORGANIZATION_ID", "APP_NAME")


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(f"LEDGERHQ_{name}", raising=False)


def sent(hq: LedgerHQ) -> httpx.Request:
    """The request that a call of this client makes."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"accounts": []})

    with hq, pytest.MonkeyPatch.context() as patch:
        patch.setattr(hq._core._session.io, "_transport", httpx.MockTransport(answer))
        hq.organization(ORG).accounts()
    return seen[0]


@pytest.mark.sample
def test_an_api_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"BASE_URL": BASE, "API_KEY": "dk_live_a", "APP_NAME": "acme-pos"}.items():
        monkeypatch.setenv(f"LEDGERHQ_{name}", value)
    request = sent(LedgerHQ.from_env())
    assert str(request.url) == f"{BASE}/api/v1/accounts"
    assert request.headers["authorization"] == "Bearer dk_live_a"
    assert request.headers["user-agent"].startswith("acme-pos ledgerhq-ext/")


def test_whose_api_key_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERHQ_API_KEY", "dk_live_a")
    monkeypatch.setenv("LEDGERHQ_ORGANIZATION_ID", "org_other")
    with pytest.raises(InputError, match="org_other"):
        LedgerHQ.from_env().organization(ORG)


def test_a_token_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    connection = Connection(issuer=BASE, client_id="c", access_token=TOKEN, expires_at=4e9)
    path.write_text(connection.to_json())
    path.chmod(0o600)
    assert json.loads(path.read_text())["access_token"] == TOKEN
    # What only another kind of credentials uses may stand in the environment.
    for name, value in {"BASE_URL": BASE, "TOKEN_FILE": str(path), "ORGANIZATION_ID": "x"}.items():
        monkeypatch.setenv(f"LEDGERHQ_{name}", value)
    assert sent(LedgerHQ.from_env()).headers["authorization"] == f"Bearer {TOKEN}"


def test_arguments_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERHQ_API_KEY", "dk_live_a")
    monkeypatch.setenv("LEDGERHQ_BASE_URL", "https://elsewhere.test")
    request = sent(LedgerHQ.from_env(base_url=BASE, access_token=TOKEN))
    assert (request.url.host, request.headers["authorization"]) == (
        "ledger.test",
        f"Bearer {TOKEN}",
    )


@pytest.mark.parametrize(
    ("arguments", "client_id"),
    [
        (lambda store: {"token_store": store}, "registered"),
        (lambda store: {"credentials": OAuth(store)}, "registered"),
        (lambda store: {"credentials": OAuth(store, client_id="passed")}, "passed"),
    ],
)
def test_the_client_id_is_for_every_token_store(
    monkeypatch: pytest.MonkeyPatch, arguments: Any, client_id: str
) -> None:
    monkeypatch.setenv("LEDGERHQ_CLIENT_ID", "registered")
    with Sandbox() as box:
        monkeypatch.setenv("LEDGERHQ_BASE_URL", box.url)
        with LedgerHQ.from_env(**arguments(MemoryTokenStore())) as hq:
            request = hq.authorization_request("http://127.0.0.1:8400/callback")
    assert request.client_id == client_id


@pytest.mark.parametrize("surface", [LedgerHQ, AsyncLedgerHQ])
def test_credentials_come_first_as_they_do_for_a_client(surface: Any, tmp_path: Path) -> None:
    hq = surface.from_env(OAuth(tmp_path / "tokens.json", name="birch"), base_url=BASE)
    assert repr(hq) == repr(surface(base_url=BASE))
    with pytest.raises(InputError, match="Pass only one of credentials, api_key"):
        surface.from_env(AccessToken(TOKEN), api_key="dk_live_a")


@pytest.mark.parametrize("surface", [LedgerHQ, AsyncLedgerHQ])
@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"BASE_URL": BASE},
        {"API_KEY": "dk_live_a", "TOKEN_FILE": "tokens.json"},
        {"API_KEY": "dk live"},
        {"API_KEY": "dk_live_a", "BASE_URL": "http://ledger.test"},
        {"API_KEY": "dk_live_a", "APP_NAME": "é"},
    ],
)
def test_what_does_not_do(
    monkeypatch: pytest.MonkeyPatch, surface: Any, variables: dict[str, str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"LEDGERHQ_{name}", value)
    with pytest.raises(InputError):
        surface.from_env()


@pytest.mark.parametrize(
    "settings",
    [
        {"api_key": "dk_live_a", "access_token": TOKEN},
        {"access_token": TOKEN, "token_store": MemoryTokenStore()},
        {"credentials": AccessToken(TOKEN), "api_key": "dk_live_a"},
        {"credentials": OAuth(MemoryTokenStore()), "token_store": MemoryTokenStore()},
        {"api_key": "dk_live_a", "token_store": FileTokenStore("tokens.json")},
    ],
)
def test_nothing_is_accepted_and_then_ignored(settings: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        LedgerHQ(**settings)


ODD = b"\xff".decode("utf-8", "surrogateescape")
"""What Python makes of a variable that is not UTF-8."""


@pytest.mark.parametrize("surface", [LedgerHQ, AsyncLedgerHQ])
@pytest.mark.parametrize(
    "name", ["BASE_URL", "API_KEY", "ORGANIZATION_ID", "APP_NAME", "CLIENT_ID"]
)
def test_a_variable_that_is_not_text(
    monkeypatch: pytest.MonkeyPatch, surface: Any, name: str
) -> None:
    own = {"TOKEN_FILE": "tokens.json"} if name == "CLIENT_ID" else {"API_KEY": "dk_live_a"}
    for variable, value in {"BASE_URL": BASE, **own, name: ODD}.items():
        monkeypatch.setenv(f"LEDGERHQ_{variable}", value)
    with pytest.raises(InputError) as caught:
        surface.from_env()
    assert str(caught.value).encode()
    assert caught.value.outcome == "not_sent"


@pytest.mark.parametrize("surface", [LedgerHQ, AsyncLedgerHQ])
@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        " acme",
        "acme ",
        "a\tb",
        "a\nb",
        "é",
        ODD,
        "\x7f",
        "x" * 201,
        "x" * 100_000,
        5,
        b"acme",
    ],
)
def test_app_names_that_no_header_can_hold(surface: Any, name: Any) -> None:
    with pytest.raises(InputError, match="app_name") as caught:
        surface(base_url=BASE, access_token=TOKEN, app_name=name)
    assert str(caught.value).encode()
    assert len(str(caught.value)) < 1_000


@pytest.mark.parametrize("surface", [LedgerHQ, AsyncLedgerHQ])
@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": " a"},
        {"X-A": "a "},
        {"X-A": "a\r\nX-B: b"},
        {"X-A": "é"},
        {"X-A": ODD},
        {"X-A": 5},
        {"X-A": None},
        {"X A": "a"},
        {"X-\u00e9": "a"},
        {"": "a"},
        {b"X-A": b"a"},
        [("X-A", "a")],
        "X-A: a",
    ],
)
def test_headers_that_cannot_be_sent(surface: Any, headers: Any) -> None:
    with pytest.raises(InputError, match="headers") as caught:
        surface(base_url=BASE, access_token=TOKEN, headers=headers)
    assert str(caught.value).encode()


def test_an_empty_header_is_one() -> None:
    assert (
        sent(LedgerHQ(base_url=BASE, access_token=TOKEN, headers={"X-A": ""})).headers["x-a"] == ""
    )
