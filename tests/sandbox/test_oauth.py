from __future__ import annotations

import base64
import hashlib
import html
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.sandbox._companies import FIRM

from .api import Api

REDIRECT = "http://127.0.0.1:8765/callback?from=ledgerhq"
VERIFIER = "v" * 43
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)


class App:
    """A partner app that goes through OAuth by hand."""

    def __init__(self, box: Sandbox, http: httpx.Client, name: str = "acme-pos") -> None:
        self.box, self.http = box, http
        body = {"client_name": name, "redirect_uris": [REDIRECT]}
        response = http.post(box.url + "/api/oauth/register", json=body)
        assert response.status_code == 201, response.text
        self.client_id = response.json()["client_id"]

    def asked(self, **changes: str) -> dict[str, str]:
        asked = {
            "client_id": self.client_id,
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "state": 's"&<x>',
        }
        return asked | changes

    def authorize(self, **changes: str) -> httpx.Response:
        return self.http.get(self.box.url + "/api/oauth/authorize", params=self.asked(**changes))

    def decide(self, decision: str, **changes: str) -> httpx.Response:
        """Send the consent page's form, from the fields that the page shows."""
        page = self.authorize(**changes).text
        fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
        form = {html.unescape(name): html.unescape(value) for name, value in fields}
        action = re.search(r'action="([^"]*)"', page)
        assert action
        return self.http.post(self.box.url + action[1], data=form | {"decision": decision})

    def code(self) -> str:
        return answer(self.decide("approve"))["code"]

    def token(self, **fields: str) -> httpx.Response:
        return self.http.post(
            self.box.url + "/api/oauth/token", data={"client_id": self.client_id} | fields
        )

    def exchange(self, code: str, **changes: str) -> httpx.Response:
        given = {"code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
        return self.token(**({"grant_type": "authorization_code"} | given | changes))

    def refresh(self, token: str, **changes: str) -> httpx.Response:
        return self.token(**({"grant_type": "refresh_token", "refresh_token": token} | changes))

    def status(self, access_token: str) -> int:
        headers = {"authorization": f"Bearer {access_token}"}
        return self.http.get(self.box.url + "/api/v1/organizations", headers=headers).status_code


@pytest.fixture
def app(box: Sandbox, http: httpx.Client) -> App:
    return App(box, http)


def answer(response: httpx.Response) -> dict[str, str]:
    """What the redirect brings back."""
    assert response.status_code == 302, response.text
    location = urlsplit(response.headers["location"])
    assert f"{location.scheme}://{location.netloc}{location.path}" == REDIRECT.split("?")[0]
    return {name: values[0] for name, values in parse_qs(location.query).items()}


def test_a_person_approves_and_the_app_gets_tokens(app: App) -> None:
    back = answer(app.decide("approve"))
    assert back["state"] == 's"&<x>'
    assert back["from"] == "ledgerhq"
    response = app.exchange(back["code"])
    tokens = response.json()
    assert tokens["access_token"].startswith("mcp_at_")
    assert tokens["refresh_token"].startswith("mcp_rt_")
    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == ("Bearer", 3600, "mcp")
    assert response.headers["cache-control"] == "no-store"
    assert app.status(tokens["access_token"]) == 200


def test_a_person_denies(app: App) -> None:
    back = answer(app.decide("deny"))
    assert (back["error"], back["state"]) == ("access_denied", 's"&<x>')
    assert "code" not in back


def test_the_page_names_the_app_and_escapes_it(box: Sandbox, http: httpx.Client) -> None:
    response = App(box, http, "<script>alert(1)</script>").authorize()
    assert response.headers["content-type"].startswith("text/html")
    assert "<script>" not in response.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in response.text
    assert html.escape(FIRM[1]) in response.text
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


def test_auto_approve_needs_no_person(http: httpx.Client) -> None:
    with Sandbox(auto_approve=True) as box:
        app = App(box, http)
        assert app.exchange(answer(app.authorize())["code"]).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": REDIRECT + "/"},
    ],
)
def test_a_bad_client_or_redirect_is_never_redirected_to(app: App, changes: dict[str, str]) -> None:
    response = app.authorize(**changes)
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_request"
    form = app.asked(**changes) | {"decision": "approve"}
    assert app.http.post(app.box.url + "/api/oauth/authorize", data=form).status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
    ],
)
def test_other_mistakes_go_back_to_the_app(app: App, changes: dict[str, str], error: str) -> None:
    back = answer(app.authorize(**changes))
    assert (back["error"], back["state"]) == (error, 's"&<x>')


@pytest.mark.parametrize("name", ["state", "code_challenge", "client_id"])
def test_a_missing_parameter_is_400(app: App, name: str) -> None:
    asked = app.asked()
    del asked[name]
    response = app.http.get(app.box.url + "/api/oauth/authorize", params=asked)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert name in response.json()["error_description"]


def test_a_code_works_once(app: App) -> None:
    code = app.code()
    assert app.exchange(code).status_code == 200
    assert error(app.exchange(code)) == "invalid_grant"


def test_a_code_expires(app: App) -> None:
    code = app.code()
    app.box.advance(601)
    assert error(app.exchange(code)) == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": CHALLENGE}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:8765/callback"}, "invalid_grant"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_code_is_bound(app: App, changes: dict[str, str], expected: str) -> None:
    code = app.code()
    assert error(app.exchange(code, **changes)) == expected
    assert app.exchange(code).status_code == 200


def test_a_code_or_refresh_token_of_another_client_is_refused(app: App, box: Sandbox) -> None:
    other, code = App(box, app.http, "other"), app.code()
    assert error(other.exchange(code)) == "invalid_grant"
    refresh = app.exchange(code).json()["refresh_token"]
    assert error(other.refresh(refresh)) == "invalid_grant"
    assert app.refresh(refresh).status_code == 200


@pytest.mark.parametrize(
    "missing", ["client_id", "code", "redirect_uri", "code_verifier", "grant_type"]
)
def test_the_token_request_must_be_whole(app: App, missing: str) -> None:
    fields = {
        "grant_type": "authorization_code",
        "code": "c",
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
        "client_id": app.client_id,
    }
    del fields[missing]
    assert error(app.http.post(app.box.url + "/api/oauth/token", data=fields)) == "invalid_request"


def test_the_token_request_is_a_form(app: App) -> None:
    url = app.box.url + "/api/oauth/token"
    assert error(app.http.post(url, json={"grant_type": "refresh_token"})) == "invalid_request"
    twice = "grant_type=refresh_token&grant_type=authorization_code"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert error(app.http.post(url, content=twice, headers=headers)) == "invalid_request"


def test_refresh_tokens_rotate_and_work_once(app: App) -> None:
    first = app.exchange(app.code()).json()
    second = app.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert app.status(first["access_token"]) == app.status(second["access_token"]) == 200
    assert app.box.refresh_tokens_presented_twice == []
    assert error(app.refresh(first["refresh_token"])) == "invalid_grant"
    assert len(app.box.refresh_tokens_presented_twice) == 1
    assert [row["outcome"] for row in app.box.oauth_log] == ["ok", "ok", "invalid_grant"]


def test_a_lost_answer_costs_the_refresh_token(app: App) -> None:
    first = app.exchange(app.code()).json()
    app.box.fault("POST /api/oauth/token", "lose_response")
    with pytest.raises(httpx.RemoteProtocolError):
        app.refresh(first["refresh_token"])
    assert error(app.refresh(first["refresh_token"])) == "invalid_grant"
    assert app.status(first["access_token"]) == 200


def test_access_tokens_live_an_hour_and_refresh_tokens_thirty_days(app: App) -> None:
    tokens = app.exchange(app.code()).json()
    app.box.advance(3590)
    assert app.status(tokens["access_token"]) == 200
    app.box.advance(20)
    assert app.status(tokens["access_token"]) == 401
    app.box.advance(29 * 86400)
    tokens = app.refresh(tokens["refresh_token"]).json()
    app.box.advance(31 * 86400)
    assert error(app.refresh(tokens["refresh_token"])) == "invalid_grant"


def test_lifetimes_can_be_set(http: httpx.Client) -> None:
    with Sandbox(access_token_lifetime=2, auto_approve=True) as box:
        app = App(box, http)
        tokens = app.exchange(answer(app.authorize())["code"]).json()
        assert tokens["expires_in"] == 2
        box.advance(3)
        assert app.status(tokens["access_token"]) == 401


@pytest.mark.parametrize(
    "uri",
    [
        "http://shop.example/cb",
        "https://shop.example/cb#x",
        "javascript:alert(1)",
        "/cb",
        "https://",
        "ü",
    ],
)
def test_redirects_that_cannot_be_kept_safe_are_refused(
    box: Sandbox, http: httpx.Client, uri: str
) -> None:
    response = http.post(box.url + "/api/oauth/register", json={"redirect_uris": [uri]})
    assert error(response) == "invalid_client_metadata"


@pytest.mark.parametrize(
    "uri", ["https://shop.example/cb", "http://localhost:1/cb", "com.acme.pos:/cb"]
)
def test_other_redirects_are_fine(box: Sandbox, http: httpx.Client, uri: str) -> None:
    response = http.post(box.url + "/api/oauth/register", json={"redirect_uris": [uri]})
    assert response.status_code == 201
    assert response.json()["client_name"] is None


def test_the_metadata_leads_to_the_endpoints(box: Sandbox, http: httpx.Client) -> None:
    metadata = http.get(box.url + "/.well-known/oauth-authorization-server").json()
    assert metadata["issuer"] == box.url
    assert metadata["token_endpoint"] == box.url + "/api/oauth/token"
    assert metadata["code_challenge_methods_supported"] == ["S256"]


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Basic abc", "Bearer mcp_at_wrong", "Bearer dk_live_x"]
)
def test_without_a_good_bearer_it_is_401(
    box: Sandbox, http: httpx.Client, header: str | None
) -> None:
    headers = {} if header is None else {"authorization": header}
    response = http.get(box.url + "/api/v1/organizations", headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert isinstance(response.json()["error"], str)


def test_a_refresh_token_is_no_access_token(app: App) -> None:
    assert app.status(app.exchange(app.code()).json()["refresh_token"]) == 401


@pytest.mark.parametrize("kind", ["api_key", "access_token"])
def test_two_spaces_before_a_token_are_as_one(maple: Api, kind: str) -> None:
    token = maple.box.api_key(maple.org) if kind == "api_key" else maple.box.access_token()
    maple.headers["authorization"] = f"Bearer  {token}"
    assert maple.get("/accounts").status_code == 200


def test_an_api_key_belongs_to_one_organization(maple: Api, harbor: Api) -> None:
    key = maple.box.api_key(maple.org)
    assert key.startswith("dk_live_")
    assert Api(maple.box, maple.http, maple.org, key).get("/accounts").status_code == 200
    assert Api(maple.box, maple.http, harbor.org, key).get("/accounts").status_code == 403
    headers = {"authorization": f"Bearer {key}"}
    listed = maple.http.get(maple.box.url + "/api/v1/organizations", headers=headers).json()
    assert [row["id"] for row in listed["data"]] == [maple.org]


def test_secrets_are_kept_as_hashes(app: App) -> None:
    tokens = app.exchange(app.code()).json()
    dump = "\n".join(app.box._box.state.db.iterdump())
    assert tokens["access_token"] not in dump
    assert tokens["refresh_token"] not in dump
    assert hashlib.sha256(tokens["access_token"].encode()).hexdigest() in dump


def error(response: httpx.Response) -> Any:
    assert response.status_code == 400, response.text
    return response.json()["error"]
