"""A small authorization server, and the API behind it, on a mock transport."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import httpx

from ledgerhq_ext import Connection

from .clients import BASE
from .clocks import FakeClock
from .surfaces import resolve

BACK = "https://app.example/back"
HOUR = 3600

Answer = httpx.Response | Exception
MakeClient = Callable[..., Any]
"""Makes a client of a token store, and of settings by name."""
TokenScript = Callable[[httpx.Request], Answer | None]


class Service:
    """Rotating, single-use refresh tokens; an API that takes living access tokens only."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.living: set[str] = set()
        self.refresh_token = ""
        self.presented: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.registered: list[bytes] = []
        self.bearers: list[str] = []
        self.token_scripts: list[TokenScript] = []
        self.register_scripts: list[TokenScript] = []
        self.before_api: Callable[[str], None] = lambda bearer: None
        self._guard = threading.Lock()

    def mint(self) -> dict[str, Any]:
        """Return a new pair of tokens, the only one to refresh from now on."""
        number = len(self.presented)
        access = f"mcp_at_access{number}"
        self.refresh_token = f"mcp_rt_refresh{number}"
        self.living.add(access)
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": HOUR,
            "refresh_token": self.refresh_token,
            "scope": "mcp",
        }

    def connection(self, **changes: Any) -> Connection:
        """Return a connection as of now."""
        tokens = self.mint()
        values: dict[str, Any] = {
            "issuer": BASE,
            "client_id": "client-1",
            "redirect_uris": (BACK,),
            "access_token": tokens["access_token"],
            "refresh_token": tokens["refresh_token"],
            "obtained_at": self.clock.now(),
            "expires_at": self.clock.now() + HOUR,
        }
        return Connection(**{**values, **changes})

    def transport(self) -> httpx.MockTransport:
        """Return the way to the service for either surface."""
        return httpx.MockTransport(self._handle)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        request.read()
        with self._guard:
            if request.url.path == "/api/oauth/token":
                return self._token(request)
            if request.url.path == "/api/oauth/register":
                if self.register_scripts:
                    return _played(self.register_scripts.pop(0)(request))
                self.registered.append(request.content)
                client = {"client_id": f"client-{len(self.registered)}", "redirect_uris": [BACK]}
                return httpx.Response(201, json=client)
            return self._api(request)

    def _api(self, request: httpx.Request) -> httpx.Response:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        self.bearers.append(bearer)
        self.before_api(bearer)
        if bearer not in self.living:
            return httpx.Response(401, json={"error": "Invalid token"})
        return httpx.Response(200, json={"data": [], "nextCursor": None})

    def _token(self, request: httpx.Request) -> httpx.Response:
        form = dict(parse_qsl(request.content.decode()))
        self.forms.append(form)
        answer = self.token_scripts.pop(0)(request) if self.token_scripts else None
        return self.exchange(form) if answer is None else _played(answer)

    def exchange(self, form: dict[str, str]) -> httpx.Response:
        """Answer as the token endpoint does when nothing goes wrong."""
        grant = form.get("refresh_token") or form.get("code", "")
        self.presented.append(grant)
        if form["grant_type"] == "refresh_token" and grant != self.refresh_token:
            return httpx.Response(
                400, json={"error": "invalid_grant", "error_description": f"no {grant}"}
            )
        if form["grant_type"] == "authorization_code" and grant != "good-code":
            return httpx.Response(400, json={"error": "invalid_grant"})
        return httpx.Response(200, json=self.mint())

    def lose(self, request: httpx.Request) -> Answer:
        """Spend the grant and lose the answer."""
        self.exchange(dict(parse_qsl(request.content.decode())))
        return httpx.ReadError("connection reset")


def _played(answer: Answer | None) -> httpx.Response:
    assert answer is not None
    if isinstance(answer, Exception):
        raise answer
    return answer


def busy(status: int, pause: str) -> TokenScript:
    """Return a script that asks to wait."""
    return lambda _: httpx.Response(
        status, headers={"Retry-After": pause}, json={"error": "slow_down"}
    )


def answer(status: int, **document: Any) -> TokenScript:
    """Return a script that answers."""
    return lambda _: httpx.Response(status, json=document)


def fail(error: Exception) -> TokenScript:
    """Return a script that raises."""
    return lambda _: error


async def ask(client: Any) -> None:
    """Make one call that needs a token."""
    await resolve(client.request("GET", "/api/v1/organizations"))
