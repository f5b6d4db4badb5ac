"""From nothing to a connected firm that knows its clients: OAuth, the token file, expiry, the end
of a grant.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledgerhq_ext import AuthenticationError, AuthorizationRequest, OAuthError, ReconnectRequired
from ledgerhq_ext.sandbox import Sandbox
from tests.support.clocks import FakeClock
from tests.support.companies import MAPLE, World, connect_to
from tests.support.surfaces import Surface, collect, resolve

pytestmark = pytest.mark.anyio
BACK = "http://127.0.0.1:8123/back"


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client(verify=False) as client:
        yield client


async def consent(client: Any, browser: httpx.Client) -> str:
    """Connect; gives the text that was kept while the browser was away."""
    request = await resolve(client.authorization_request(BACK))
    kept: str = request.to_json()
    callback = browser.get(request.url).headers["location"]
    await resolve(client.connect(callback, AuthorizationRequest.from_json(kept)))
    return kept


async def test_connect_once_and_work_from_any_process(
    surface: Surface, box: Sandbox, clock: FakeClock, browser: httpx.Client, tmp_path: Path
) -> None:
    path = tmp_path / "tokens.json"
    first = connect_to(box, surface, clock, token_store=path, app_name="acme-pos")
    await consent(first, browser)
    await resolve(first.close())
    hq = connect_to(box, surface, clock, token_store=path)
    names = [client.name for client in await collect(hq.organizations(type="client"))]
    assert names == [
        "Harbor Bike Repair",
        "Maple Street Coffee",
        "Nordic Design ApS",
        "Sakura Stationery KK",
    ]
    assert len(await collect(hq.organizations(page_size=2))) == 5
    assert box.rows("SELECT name, redirectUris FROM clients WHERE name = 'acme-pos'") == [
        {"name": "acme-pos", "redirectUris": f'["{BACK}"]'}
    ]
    await resolve(hq.close())


async def test_cursor_iteration_goes_on_another_day(hq: Any) -> None:
    pages = hq.organizations(type="client", page_size=3)
    if hasattr(pages, "__iter__"):
        first = next(iter(pages.pages()))
    else:
        first = await anext(aiter(pages.pages()))
    rest = await collect(hq.organizations(type="client", cursor=pages.cursor))
    assert [client.name for client in (*first, *rest)] == sorted(
        client.name for client in (*first, *rest)
    )
    assert len(rest) == 1


@pytest.mark.parametrize(
    ("clock_too", "rejected"), [(True, 0), (False, 1)], ids=["ahead", "after a 401"]
)
async def test_tokens_are_renewed_while_working(
    surface: Surface,
    box: Sandbox,
    clock: FakeClock,
    browser: httpx.Client,
    tmp_path: Path,
    clock_too: bool,
    rejected: int,
) -> None:
    hq = connect_to(box, surface, clock, token_store=tmp_path / "tokens.json")
    await consent(hq, browser)
    for _ in range(2):
        box.advance(3601)
        # A token that was issued seconds ago would not be refreshed again.
        clock.advance(3601 if clock_too else 60)
        await resolve(hq.organization(World(box, MAPLE).org).accounts())
    statuses = [record["status"] for record in box.requests if record["path"].endswith("/accounts")]
    assert statuses == ([401] * rejected + [200]) * 2
    assert [(log["event"], log["outcome"]) for log in box.oauth_log[1:]] == [("refresh", "ok")] * 2
    assert box.refresh_tokens_presented_twice == []
    await resolve(hq.close())


async def test_a_grant_that_ran_out_asks_to_connect_again_and_can(
    surface: Surface, box: Sandbox, clock: FakeClock, browser: httpx.Client, tmp_path: Path
) -> None:
    hq = connect_to(box, surface, clock, token_store=tmp_path / "tokens.json")
    await consent(hq, browser)
    box.advance(31 * 86400)
    clock.advance(31 * 86400)
    for _ in range(2):
        with pytest.raises(ReconnectRequired):
            await collect(hq.organizations())
    assert len(box.oauth_log) == 2, "a dead refresh token is presented once"
    await consent(hq, browser)
    assert len(await collect(hq.organizations())) == 5
    await resolve(hq.close())


@pytest.mark.parametrize("kind", ["lose_response", "cut_body"])
async def test_a_refresh_whose_answer_is_lost_keeps_the_living_token(
    surface: Surface,
    box: Sandbox,
    clock: FakeClock,
    browser: httpx.Client,
    tmp_path: Path,
    kind: Any,
) -> None:
    hq = connect_to(box, surface, clock, token_store=tmp_path / "tokens.json")
    await consent(hq, browser)
    box.fault("POST /api/oauth/token", kind)
    clock.advance(3590)
    for _ in range(3):
        assert len(await collect(hq.organizations())) == 5
    clock.advance(20)
    with pytest.raises(ReconnectRequired, match="the response to a token refresh was lost"):
        await collect(hq.organizations())
    await resolve(hq.close())


async def test_a_code_and_a_state_serve_once(
    surface: Surface, box: Sandbox, clock: FakeClock, browser: httpx.Client, tmp_path: Path
) -> None:
    hq = connect_to(box, surface, clock, token_store=tmp_path / "tokens.json")
    request = await resolve(hq.authorization_request(BACK))
    callback = browser.get(request.url).headers["location"]
    await resolve(hq.connect(callback, request))
    with pytest.raises(OAuthError, match="state_used"):
        await resolve(hq.connect(callback, request))
    request.used = False
    with pytest.raises(OAuthError, match="invalid_grant"):
        await resolve(hq.connect(callback, request))
    assert len(await collect(hq.organizations())) == 5
    await resolve(hq.close())


async def test_an_api_key_works_for_its_company_only(
    surface: Surface, box: Sandbox, clock: FakeClock
) -> None:
    maple = World(box)
    hq = connect_to(box, surface, clock, api_key=box.api_key(maple.org))
    assert len(await resolve(hq.organization(maple.org).accounts())) == 30
    await resolve(hq.close())
    wrong = connect_to(box, surface, clock, api_key="dk_live_unknown")
    with pytest.raises(AuthenticationError):
        await resolve(wrong.organization(maple.org).accounts())
    assert (await resolve(wrong.health())).status == "ok"
    await resolve(wrong.close())
