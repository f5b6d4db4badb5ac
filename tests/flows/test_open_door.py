"""The open door: any path and any operation of the generated client, by their own routes."""

from __future__ import annotations

from typing import Any

import pytest
from ledgerhq_api.api.accounts import get_accounts_by_id, post_accounts
from ledgerhq_api.api.organizations import get_organizations

from ledgerhq_ext import InputError, LedgerHQError, NotFoundError, ValidationError
from tests.support.companies import HARBOR, World
from tests.support.surfaces import resolve

pytestmark = pytest.mark.anyio


async def test_the_open_door_for_any_path(hq: Any, books: Any, maple: World) -> None:
    answer = await resolve(
        books.request("GET", "/api/v1/bank-transactions", query={"limit": 2, "status": "excluded"})
    )
    assert (answer.status, len(answer.json()["data"])) == (200, 1)
    assert answer.request_id == answer.headers["x-request-id"]
    body = {"txnDate": "2026-06-09", "payeeName": "x", "sourceAccountId": maple.account("1010"),
            "lines": [{"accountId": maple.account("6100"), "amount": 5}]}  # fmt: skip
    maple.box.fault("POST /api/v1/purchases", "lose_response")
    posted = await resolve(
        books.request("POST", "/api/v1/purchases", json=body, idempotency_key="mine-1")
    )
    assert posted.status == 200
    assert len(maple.box.postings(maple.org)) == 1
    maple.box.fault("POST /api/v1/accounts", "lose_response")
    account = {"code": "6999", "name": "Sundries", "type": "expense"}
    with pytest.raises(LedgerHQError) as caught:
        await resolve(books.request("POST", "/api/v1/accounts", json=account))
    assert caught.value.outcome == "unknown"
    assert maple.posts("/accounts") == 1
    with pytest.raises(ValidationError):
        await resolve(hq.request("GET", "/api/v1/accounts"))
    for path in (
        "api",
        "//evil.example/x",
        "/a/../b",
        "/a?b=c",
        "/a#b",
        "https://evil.example/",
        "/a b",
        "/\u00e9",
        "",
    ):
        with pytest.raises(InputError):
            await resolve(books.request("GET", path))


async def test_the_open_door_for_generated_operations(hq: Any, books: Any, maple: World) -> None:
    found = await resolve(books.call(get_accounts_by_id, id=maple.account("6100")))
    assert (found.status, found.value.account.code) == (200, "6100")
    assert len((await resolve(hq.call(get_organizations, type_="client"))).value.data) == 4
    with pytest.raises(NotFoundError):
        await resolve(books.call(get_accounts_by_id, id=World(maple.box, HARBOR).account("6100")))
    for target, arguments in (
        (hq, {"id": "x"}),
        (books, {"id": "x", "x_organization_id": "other"}),
        (books, {}),
        (books, {"id": "x", "surprise": 1}),
    ):
        with pytest.raises(InputError):
            await resolve(target.call(get_accounts_by_id, **arguments))
    with pytest.raises(InputError):
        await resolve(books.call(post_accounts.__name__))
