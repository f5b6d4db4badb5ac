"""A small authorization server on a mock transport, a clock that only moves when told, and both surfaces."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import httpx

from ledgerhq_ext import AsyncLedgerHQ, Connection, LedgerHQ, MemoryTokenStore

URL = "https://ledger.example"
BACK = "https://app.example/back"
HOUR = 3600

Answer = httpx.Response | Exception
Script = Callable[[httpx.Request], Answer | None]


class Clock:
    """Time that moves when somebody sleeps, or when told."""

    def __init__(self) -> None:
        self.time = 1_782_820_800.0

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    async def asleep(self, seconds: float) -> None:
        self.time += seconds


class Service:
    """Rotating, single-use refresh tokens; an API that takes living access tokens only."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.living: set[str] = set()
        self.refresh_token = ""
        self.presented: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.registered: list[bytes] = []
        self.bearers: list[str] = []
        self.token_scripts: list[Script] = []
        self.before_api: Callable[[str], None] = lambda bearer: None
        self._guard = threading.Lock()

    def mint(self) -> dict[str, Any]:
        number = len(self.presented)
        access, self.refresh_token = f"mcp_at_access{number}", f"mcp_rt_refresh{number}"
        self.living.add(access)
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": HOUR,
            "refresh_token": self.refresh_token,
            "scope": "mcp",
        }

    def connection(self, **changes: Any) -> Connection:
        """A connection as of now."""
        tokens = self.mint()
        values: dict[str, Any] = {
            "issuer": URL,
            "client_id": "client-1",
            "redirect_uris": (BACK,),
            "access_token": tokens["access_token"],
            "refresh_token": tokens["refresh_token"],
            "obtained_at": self.clock.now(),
            "expires_at": self.clock.now() + HOUR,
        }
        return Connection(**{**values, **changes})

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._handle)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        request.read()
        with self._guard:
            if request.url.path == "/api/oauth/token":
                return self._token(request)
            if request.url.path == "/api/oauth/register":
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
        if isinstance(answer, Exception):
            raise answer
        return answer or self.exchange(form)

    def exchange(self, form: dict[str, str]) -> httpx.Response:
        """What the token endpoint does when nothing goes wrong."""
        given = form.get("refresh_token") or form.get("code", "")
        self.presented.append(given)
        if form["grant_type"] == "refresh_token" and given != self.refresh_token:
            return httpx.Response(400, json={"error": "invalid_grant", "error_description": f"no {given}"})
        if form["grant_type"] == "authorization_code" and given != "good-code":
            return httpx.Response(400, json={"error": "invalid_grant"})
        return httpx.Response(200, json=self.mint())

    def lose(self, request: httpx.Request) -> Answer:
        """The grant is spent, the answer is lost."""
        self.exchange(dict(parse_qsl(request.content.decode())))
        return httpx.ReadError("connection reset")


def answer(status: int, **document: Any) -> Script:
    """A script that answers."""
    return lambda _: httpx.Response(status, json=document)


def fail(error: Exception) -> Script:
    """A script that does not."""
    return lambda _: error


class Face:
    """Makes clients of one of the two surfaces."""

    def __init__(self, kind: type[LedgerHQ] | type[AsyncLedgerHQ], service: Service, clock: Clock) -> None:
        self.kind, self.service, self.clock = kind, service, clock

    def __call__(self, store: Any, **settings: Any) -> Any:
        """A client; ``store`` may be a connection."""
        store = MemoryTokenStore(store) if isinstance(store, Connection) else store
        sleep = self.clock.sleep if self.kind is LedgerHQ else self.clock.asleep
        common: dict[str, Any] = {"base_url": URL, "clock": self.clock, "sleep": sleep}
        return self.kind(**common | {"token_store": store, "transport": self.service.transport()} | settings)


async def done(value: Any) -> Any:
    """What a method of either surface gives."""
    return await value if inspect.isawaitable(value) else value


async def ask(client: Any) -> None:
    """One call that needs a token."""
    await done(client.request("GET", "/api/v1/organizations"))
