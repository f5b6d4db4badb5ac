"""The token goes to its own origin only: base URLs, redirects, proxies."""

from typing import Any

import httpx
import pytest
import respx

from ledgerhq_ext import APIError, AsyncLedgerHQ, InputError, LedgerHQ
from ledgerhq_ext._http.awaiting_network import AwaitingPool
from ledgerhq_ext._http.environment import environment_proxy
from ledgerhq_ext._http.network import BlockingPool
from ledgerhq_ext._http.urls import check_base_url, is_loopback, origin
from tests.support.clients import BASE, ORG, TOKEN, connect, core
from tests.support.clocks import FakeClock
from tests.support.postings import PURCHASE
from tests.support.responses import Script, accounts
from tests.support.surfaces import Surface, resolve

pytestmark = pytest.mark.slow

REFUSED = [
    "http://app.ledgerhq.pro",
    "http://10.0.0.1:8000",
    "http://localhost.evil.test",
    "http://127.0.0.1.evil.test",
    "http://[::2]",
    "ftp://app.ledgerhq.pro",
    "app.ledgerhq.pro",
    "//app.ledgerhq.pro",
    "https://",
    "https:///path",
    "https://user@app.ledgerhq.pro",
    "https://user:pass@app.ledgerhq.pro",
    "https://@app.ledgerhq.pro",
    "https://good.test\\@evil.test",
    "https://app.ledgerhq.pro?x=1",
    "https://app.ledgerhq.pro/?",
    "https://app.ledgerhq.pro#x",
    "https://app.ledgerhq.pro:99999",
    "https://app.ledgerhq.pro:x",
    "https://[::1",
    "https://app.ledgerhq.pro\n",
    "https://app ledgerhq.pro",
    "",
    # Names that the resolver or httpx would refuse by an error of their own.
    "https://a..ledgerhq.pro",
    "https://.ledgerhq.pro",
    f"https://{'a' * 64}.ledgerhq.pro",
    f"https://{'.'.join(['a' * 60] * 5)}",
    "https://xn--a.ledgerhq.pro",
    "https://xn--.ledgerhq.pro",
    "https://b\u00fccher.example",
    "https://\udcff.example",
    "https://[v1.x]",
]


@pytest.mark.sample
@pytest.mark.parametrize("url", REFUSED)
@pytest.mark.parametrize("kind", [LedgerHQ, AsyncLedgerHQ])
def test_refused_base_urls(kind: type[LedgerHQ], url: str) -> None:
    with pytest.raises(InputError):
        kind(base_url=url, access_token=TOKEN)


def test_a_name_in_another_script_is_shown_as_it_is_written_here() -> None:
    with pytest.raises(InputError, match="xn--bcher-kva"):
        check_base_url("https://b\u00fccher.example/api")
    for url in (
        "https://xn--bcher-kva.example",
        "https://a_b.example",
        "https://app.ledgerhq.pro.",
    ):
        assert check_base_url(url) == url


@pytest.mark.parametrize("end", ["/api/v1", "/api/v1/"])
@pytest.mark.parametrize("kind", [LedgerHQ, AsyncLedgerHQ])
def test_an_address_with_the_path_of_the_api_is_told_without_it(
    kind: type[LedgerHQ], end: str
) -> None:
    with pytest.raises(InputError, match=r"Use 'https://app\.ledgerhq\.pro'"):
        kind(base_url=f"https://app.ledgerhq.pro{end}", access_token=TOKEN)
    kind(base_url="https://gateway.example/api", access_token=TOKEN)


@pytest.mark.parametrize("url", [None, 5, b"https://app.ledgerhq.pro"])
def test_no_urls_at_all(url: str) -> None:
    with pytest.raises(InputError):
        check_base_url(url)


@pytest.mark.parametrize(
    ("url", "kept", "owner"),
    [
        ("https://app.ledgerhq.pro/", "https://app.ledgerhq.pro", "https://app.ledgerhq.pro"),
        (
            "https://APP.ledgerhq.pro:443/x/",
            "https://APP.ledgerhq.pro:443/x",
            "https://app.ledgerhq.pro",
        ),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000", "http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000", "http://[::1]:8000"),
        ("https://[::1]", "https://[::1]", "https://[::1]"),
    ],
)
def test_accepted_base_urls(url: str, kept: str, owner: str) -> None:
    assert check_base_url(url) == kept
    assert origin(url) == owner


def test_loopback_is_this_machine() -> None:
    assert all(is_loopback(host) for host in ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
    assert not any(
        is_loopback(host) for host in ["", "0.0.0.0", "127.1", "localhost.", "192.168.0.1"]
    )


@pytest.mark.anyio
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("place", ["https://evil.test/api/v1/purchases", "/elsewhere"])
async def test_redirects_are_named_and_not_followed(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, status: int, place: str
) -> None:
    script = Script(httpx.Response(status, headers={"Location": place}))
    web.route().mock(side_effect=script)
    with respx.mock(assert_all_called=False) as others:
        elsewhere = others.route(host="evil.test").respond(200)
        with pytest.raises(APIError) as raised:
            await resolve(connect(surface, clock).organization(ORG).post(PURCHASE, key="k"))
        assert not elsewhere.called
    assert place in raised.value.message
    assert "base_url" in raised.value.message
    assert [str(request.url) for request in script.requests] == [f"{BASE}/api/v1/purchases"]


@pytest.mark.anyio
async def test_an_http_client_that_follows_redirects_does_not_here(
    clock: FakeClock, surface: Surface
) -> None:
    script = Script(httpx.Response(302, headers={"Location": "https://evil.test/"}))
    kind = httpx.Client if surface is LedgerHQ else httpx.AsyncClient
    http = kind(
        transport=httpx.MockTransport(script), follow_redirects=True, auth=("someone", "else")
    )
    with pytest.raises(APIError):
        await resolve(connect(surface, clock, http_client=http).organization(ORG).accounts())
    assert [request.headers["Authorization"] for request in script.requests] == [f"Bearer {TOKEN}"]


def _transport_pool(hq: Any) -> type:
    """The kind of pool that a client's own transport stands on: a proxy's is another one."""
    io = hq._session.io
    transport = getattr(io, "_transport", None) or next(iter(io._transports.values()))
    return type(transport._pool)


@pytest.mark.anyio
async def test_no_proxy_of_the_environment_on_loopback(
    monkeypatch: pytest.MonkeyPatch, web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://proxy.test:3128")
    with respx.mock() as router:
        router.get("http://127.0.0.1:9/api/v1/accounts").mock(side_effect=accounts)
        hq = connect(surface, clock, base_url="http://127.0.0.1:9")
        await resolve(hq.organization(ORG).accounts())
    assert environment_proxy("http://127.0.0.1:9") is not None, "the variables name one"
    pool = _transport_pool(core(hq))
    assert pool in (BlockingPool, AwaitingPool), "and no pool of a proxy"


@pytest.mark.anyio
async def test_a_path_in_the_base_url_stays(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    web.get("/proxied/api/v1/accounts").mock(side_effect=accounts)
    assert await resolve(
        connect(surface, clock, base_url=f"{BASE}/proxied/").organization(ORG).accounts()
    )
