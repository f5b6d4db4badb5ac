"""A wrong kind of any argument is refused where it is handed in, by an ``InputError`` that names
it.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import re
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledgerhq_ext import (
    AccessToken,
    ApiKey,
    AsyncLedgerHQ,
    Event,
    FileTokenStore,
    InputError,
    LedgerHQ,
    MemoryTokenStore,
    OAuth,
    ReconnectRequired,
    RetryPolicy,
)
from ledgerhq_ext._http.options import SystemClock
from tests.support.clients import BASE, ORG, SECRET, TOKEN, client
from tests.support.responses import accounts

pytestmark = pytest.mark.slow

KEY = f"dk_live_{SECRET}"
NAN = float("nan")
ENDLESS = float("inf")
PASSWORD = "hunter2hunter2"


async def coroutine_function(*_: object) -> None:
    """Something to await, where something to call is needed."""


class CalledLikeOne:
    """An object that is called like a coroutine function."""

    async def __call__(self, *_: object) -> None:
        """Nothing."""


class BytesPath:
    """A path that is not text."""

    def __fspath__(self) -> bytes:
        return b"/var/tokens.json"


class AwaitedStore(MemoryTokenStore):
    """A token store somebody wrote for asyncio."""

    async def read(self) -> Any:  # type: ignore[override]  # what is wrong with it
        """Not a connection, but something to await."""


class AwaitedClock(SystemClock):
    """A clock somebody wrote for asyncio."""

    async def now(self) -> Any:  # type: ignore[override]  # what is wrong with it
        """Not a number, but something to await."""


class HalfClock:
    """A clock that only knows the hour."""

    def now(self) -> float:
        return 0.0


SECONDS: list[Any] = ["30", b"30", NAN, ENDLESS, None, 0, -1, True, Decimal(30), [30], 1e9, float]
TEXTS: list[Any] = [5, b"text", ["text"], str, True, object()]
SECRETS: list[Any] = [*TEXTS, "", "two words", "line\nbreak", "caf\u00e9", TOKEN.encode()]
STORES: list[Any] = [
    5,
    "",
    b"/var/tokens.json",
    BytesPath(),
    "nul\0byte",
    FileTokenStore,
    {},
    AwaitedStore(),
]
RETRIES: list[Any] = ["3", 1.5, -1, True, None, NAN, 1_000_000, RetryPolicy, [3], {"attempts": 3}]
HEADERS: list[Any] = [
    0,
    "",
    "X-Name: value",
    b"",
    [],
    ["X-Name"],
    {"X-Name": 1},
    {1: "value"},
    dict,
    {"X-Name": None},
]
FUNCTIONS: list[Any] = [5, "sleep", 0, "", object(), CalledLikeOne]

WRONG: dict[str, list[Any]] = {
    "credentials": [5, 0, b"dk_live_1", "", "two words", {}, [], object(), OAuth, Path, BytesPath(),
                    MemoryTokenStore()],
    "api_key": SECRETS,
    "access_token": SECRETS,
    "token_store": [*STORES, KEY.encode(), ApiKey(KEY), OAuth(MemoryTokenStore())],
    "base_url": [None, 5, "", b"https://ledger.test", "ledger.test", "http://ledger.test", httpx.URL(BASE), [BASE], "https://"],
    "timeout": SECONDS,
    "deadline": SECONDS,
    "retries": RETRIES,
    "headers": HEADERS,
    "app_name": [5, "", "  ", b"acme-pos", "caf\u00e9", "tab\there", ["acme-pos"], str],
    "carrier": [None, "", "Header", "company", b"path", ["path"], 5, str],
    "http_client": [5, "", httpx, httpx.Client, httpx.AsyncClient, object()],
    "transport": [5, "", httpx.HTTPTransport, httpx.AsyncHTTPTransport, accounts, object()],
    "proxy": [5, "", "proxy.test", "ftp://proxy.test", b"http://proxy.test", {"http": "http://proxy.test"}, httpx.Proxy,
              f"gopher://user:{PASSWORD}@proxy.test", "http://", "http://proxy.test:65536", "http://xn--.test",
              "http://proxy..test", httpx.Proxy(f"http://{'a' * 64}.test")],
    "verify": [5, 0, "", "/etc/ssl/cert.pem", b"x", object(), Path("/etc/ssl")],
    "clock": [5, "", time, SystemClock, HalfClock(), AwaitedClock(), time.monotonic, object()],
    "sleep": FUNCTIONS,
    "hooks": [5, None, "", "abc", b"", {}, {"hook": print}, print, [5], [None], ["print"], [Event],
              [coroutine_function], [CalledLikeOne()], [functools.partial(coroutine_function)]],
}  # fmt: skip
"""Values of a wrong kind, by argument of both clients."""

OF_ONE: dict[type, dict[str, list[Any]]] = {
    LedgerHQ: {
        "sleep": [
            coroutine_function,
            CalledLikeOne(),
            asyncio.sleep,
            functools.partial(asyncio.sleep, 1),
        ]
    },
    AsyncLedgerHQ: {},
}
CLIENTS: list[Any] = [LedgerHQ, AsyncLedgerHQ]

VALUES: dict[Any, dict[str, list[Any]]] = {
    OAuth: {
        "store": [*STORES, None, ApiKey(KEY)],
        "client_id": [5, "", b"x", "  ", "a\nb", ["x"], str],
        "name": [5, "", b"x", "  ", "a\nb", ["x"], str],
    },
    ApiKey: {"key": [*SECRETS, None], "organization_id": [5, "", b"org", "..", ["org"], str]},
    AccessToken: {"token": [*SECRETS, None]},
    FileTokenStore: {
        "path": [None, 5, "", b"/var/tokens.json", BytesPath(), "nul\0byte", Path, ["x"]]
    },
    RetryPolicy: {
        "attempts": [0, -1, 1.5, "3", True, None, NAN, 10**9, int],
        "first_pause": [-1, "1", None, NAN, ENDLESS, True, float],
        "factor": [0.5, "2", None, NAN, ENDLESS, True, float],
        "longest_pause": [-1, "1", None, NAN, ENDLESS, True, float],
    },
}
"""The same for the values that are handed to a client."""

UNCHANGED = {"timeout", "deadline", "retries", "headers"}
"""Where None means "as before", in ``with_options``."""


def parameters(function: Any) -> set[str]:
    """The arguments of a class or of a method."""
    return set(inspect.signature(function).parameters) - {"self"}


def named_in(error: InputError, name: str) -> bool:
    """Whether a message names an argument, as a word of its own."""
    return re.search(rf"(?<!\w){name}(?!\w)", error.message) is not None


def refuses(make: Callable[[], object], name: str) -> None:
    """Check that what is made is refused, by name, and shows no secret."""
    with pytest.raises(InputError) as caught:
        make()
    error = caught.value
    assert error.outcome == "not_sent"
    assert named_in(error, name), error.message
    shown = f"{error} {error!r} {vars(error)}"
    assert SECRET not in shown
    assert PASSWORD not in shown


# --- the lists are whole


@pytest.mark.sample
def test_a_base_url_without_a_scheme_is_told_which_it_needs() -> None:
    for url in ("ledger.test", "127.0.0.1:8000", "localhost:8000"):
        with pytest.raises(InputError, match="must begin with https://"):
            LedgerHQ(KEY, base_url=url)


@pytest.mark.parametrize("kind", CLIENTS)
def test_every_argument_of_a_client_is_in_the_table(kind: Any) -> None:
    assert parameters(kind) == WRONG.keys()
    assert all(WRONG.values())
    assert OF_ONE[kind].keys() <= WRONG.keys()


@pytest.mark.parametrize("kind", VALUES)
def test_every_argument_of_a_value_is_in_the_table(kind: Any) -> None:
    assert parameters(kind) == VALUES[kind].keys()


def test_every_option_of_a_call_is_an_argument_of_a_client() -> None:
    for kind in CLIENTS:
        assert parameters(kind.with_options) == UNCHANGED
        assert parameters(kind.with_options) <= parameters(kind)


# --- each wrong kind


CASES = [
    pytest.param(kind, name, value, id=f"{kind.__name__}-{name}-{number}")
    for kind in CLIENTS
    for name in WRONG
    for number, value in enumerate([*WRONG[name], *OF_ONE[kind].get(name, [])])
]


@pytest.mark.parametrize(("kind", "name", "value"), CASES)
def test_a_wrong_kind_of_argument_of_a_client(kind: Any, name: str, value: Any) -> None:
    # Without an access token where the argument says itself who is calling.
    others = (
        {}
        if name in ("credentials", "api_key", "access_token", "token_store")
        else {"access_token": TOKEN}
    )
    refuses(lambda: kind(**{**others, name: value}), name)


@pytest.mark.parametrize("kind", CLIENTS)
def test_a_socks_proxy_needs_a_package(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    refuses(lambda: kind(access_token=TOKEN, proxy="socks5://proxy.test"), "proxy")


VALUE_CASES = [
    pytest.param(kind, name, value, id=f"{kind.__name__}-{name}-{number}")
    for kind, arguments in VALUES.items()
    for name, values in arguments.items()
    for number, value in enumerate(values)
]
NEEDED: dict[Any, dict[str, Any]] = {
    OAuth: {"store": MemoryTokenStore()},
    ApiKey: {"key": KEY},
    AccessToken: {"token": TOKEN},
}


@pytest.mark.parametrize(("kind", "name", "value"), VALUE_CASES)
def test_a_wrong_kind_of_argument_of_a_value(kind: Any, name: str, value: Any) -> None:
    refuses(lambda: kind(**{**NEEDED.get(kind, {}), name: value}), name)


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name in sorted(UNCHANGED) for value in WRONG[name] if value is not None],
)
def test_a_wrong_kind_of_option_of_a_call(name: str, value: Any) -> None:
    hq = client(accounts)
    other: Any = AsyncLedgerHQ(access_token=TOKEN)
    for handle in (hq, hq.organization(ORG), other, other.organization(ORG)):
        refuses(functools.partial(handle.with_options, **{name: value}), name)


def test_none_leaves_an_option_as_it_was() -> None:
    hq = client(accounts, timeout=7)
    other: Any = hq.with_options(**dict.fromkeys(UNCHANGED))
    assert other._core._session.options == hq._core._session.options


# --- the other surface's parts


def test_the_http_client_of_the_other_surface() -> None:
    awaiting: Any = httpx.AsyncClient()
    refuses(lambda: LedgerHQ(access_token=TOKEN, http_client=awaiting), "http_client")
    asyncio.run(awaiting.aclose())
    with httpx.Client() as blocking:
        wrong: Any = blocking
        refuses(lambda: AsyncLedgerHQ(access_token=TOKEN, http_client=wrong), "http_client")


def test_the_transport_of_the_other_surface() -> None:
    awaiting: Any = httpx.AsyncHTTPTransport(verify=False)
    refuses(lambda: LedgerHQ(access_token=TOKEN, transport=awaiting), "transport")
    blocking: Any = httpx.HTTPTransport(verify=False)
    refuses(lambda: AsyncLedgerHQ(access_token=TOKEN, transport=blocking), "transport")


# --- what is right


def authorizer(credentials: Any) -> str:
    """How a client of these credentials speaks."""
    return type(LedgerHQ(credentials)._core._session.authorizer).__name__


def test_a_text_or_a_path_is_enough(tmp_path: Path) -> None:
    for kind in CLIENTS:
        hq = kind(KEY, base_url=BASE, transport=httpx.MockTransport(accounts))
        assert hq.organization(ORG).id == ORG
        with pytest.raises(InputError, match="belongs to one organization"):
            hq.organization("org_2")
    assert authorizer(KEY) == authorizer(ApiKey(KEY))
    assert authorizer(TOKEN) == authorizer("any-other-text") == authorizer(AccessToken(TOKEN))
    assert (
        authorizer(tmp_path / "t.json")
        == authorizer(OAuth(tmp_path / "t.json"))
        == authorizer(OAuth("t.json"))
    )
    with pytest.raises(ReconnectRequired):
        LedgerHQ(tmp_path / "tokens.json", base_url=BASE).organization(ORG).accounts()


@pytest.mark.parametrize("text", [KEY, TOKEN])
def test_a_text_is_sent_as_it_is(text: str) -> None:
    bearers: list[str] = []

    def service(request: httpx.Request) -> httpx.Response:
        bearers.append(request.headers["authorization"])
        return accounts(request)

    LedgerHQ(text, base_url=BASE, transport=httpx.MockTransport(service)).organization(
        ORG
    ).accounts()
    assert bearers == [f"Bearer {text}"]


@pytest.mark.parametrize("kind", [LedgerHQ, AsyncLedgerHQ])
def test_the_name_of_a_token_file_is_no_token(kind: Any) -> None:
    with pytest.raises(InputError, match=r"name of a file. Pass OAuth\(path\)"):
        kind("tokens.json")


def test_one_way_to_say_who_is_calling(tmp_path: Path) -> None:
    ways: dict[str, Any] = {
        "credentials": AccessToken(TOKEN),
        "api_key": KEY,
        "access_token": TOKEN,
        "token_store": MemoryTokenStore(),
    }
    for kind in CLIENTS:
        for one in ways:
            for other in ways.keys() - {one}:
                both = {name: ways[name] for name in (one, other)}
                refuses(functools.partial(kind, **both), one)
                refuses(functools.partial(kind, **both), other)


RIGHT: dict[str, list[Any]] = {
    "timeout": [1, 0.5],
    "deadline": [1, 3600],
    "retries": [0, 999, RetryPolicy(attempts=1)],
    "headers": [None, {}, {"X-Name": "value"}],
    "app_name": [None, "acme-pos/2.1"],
    "carrier": ["header", "path"],
    "proxy": [
        None,
        "http://proxy.test:3128",
        httpx.URL("https://u:p@proxy.test"),
        httpx.Proxy("http://proxy.test"),
    ],
    "verify": [None, True, False],
    "clock": [None, SystemClock()],
    "hooks": [(), [], [print], {print}, (hook for hook in [print])],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in RIGHT.items() for value in values]
)
def test_right_kinds_are_taken(name: str, value: Any) -> None:
    """Or the tests above would be content with a client that takes nothing."""
    arguments: dict[str, Any] = {"access_token": TOKEN, name: value}
    if isinstance(value, RetryPolicy) or not inspect.isgenerator(value):
        AsyncLedgerHQ(**arguments)
    LedgerHQ(**arguments).close()


def test_secrets_do_not_show(tmp_path: Path) -> None:
    store = MemoryTokenStore()
    values: list[Any] = [
        ApiKey(KEY, organization_id=ORG),
        AccessToken(TOKEN),
        OAuth(store),
        OAuth(tmp_path / "t"),
    ]
    values += [kind(credentials) for kind in CLIENTS for credentials in (*values, KEY, TOKEN)]
    values += [LedgerHQ(access_token=TOKEN, proxy=f"http://user:{PASSWORD}@proxy.test")]
    shown = repr(values) + str([str(value) for value in values])
    shown += repr(
        [getattr(value, "_session", None) or getattr(value, "_core", None) for value in values]
    )
    assert SECRET not in shown
    assert PASSWORD not in shown
