"""Cursor pages: guards, and going on another day."""

from typing import Any

import httpx
import pytest

from ledgerhq_ext import AsyncLedgerHQ, ContractError, InputError, ServerError
from tests.support.clients import BASE, TOKEN, client
from tests.support.responses import Script

pytestmark = pytest.mark.slow

Pages = dict[str | None, tuple[list[str], Any]]
THREE: Pages = {None: (["a", "b"], "c1"), "c1": (["c"], "c2"), "c2": (["d"], None)}


def firm(id: str) -> dict[str, Any]:
    return {
        "id": id,
        "name": id,
        "type": "client",
        "defaultCurrency": "USD",
        "fiscalYearStartMonth": 1,
    }


class Server:
    def __init__(self, pages: Pages, *, more: dict[str | None, Any] | None = None) -> None:
        self.pages = pages
        self.more = more or {}
        self.asked: list[dict[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(dict(request.url.params))
        assert "x-organization-id" not in request.headers
        asked = request.url.params.get("cursor")
        ids, cursor = self.pages[asked]
        document = {"data": [firm(id) for id in ids], "nextCursor": cursor}
        if asked in self.more:
            document["hasMore"] = self.more[asked]
        return httpx.Response(200, json=document)


@pytest.mark.sample
def test_walks_all_pages_lazily() -> None:
    server = Server(THREE)
    rows = client(server).organizations(type="client")
    assert server.asked == []
    walk = iter(rows)
    assert [next(walk).id, next(walk).id] == ["a", "b"]
    assert server.asked == [{"limit": "250", "type": "client"}]
    assert [row.id for row in walk] == ["c", "d"]
    assert [asked.get("cursor") for asked in server.asked] == [None, "c1", "c2"]


def test_goes_on_where_it_stood() -> None:
    rows = client(Server(THREE)).organizations()
    assert [row.id for row in next(rows.pages())] == ["a", "b"]
    assert rows.cursor == "c1"
    again = client(Server(THREE)).organizations(cursor=rows.cursor)
    assert [row.id for row in again] == ["c", "d"]


def test_a_page_that_failed_is_asked_for_again() -> None:
    server = Server(THREE)
    rows = client(Script(server, 500, 500, 500)).organizations()
    walk = rows.pages()
    next(walk)
    with pytest.raises(ServerError):
        next(walk)
    assert [row.id for row in client(server).organizations(cursor=rows.cursor)] == ["c", "d"]


@pytest.mark.parametrize("said", [None, True])
def test_an_empty_page_that_leads_on_is_no_end(said: Any) -> None:
    """A service may leave rows out after it has cut the pages."""
    pages: Pages = {None: ([], "c1"), "c1": (["a"], "c2"), "c2": ([], "c3"), "c3": (["b"], None)}
    server = Server(pages, more={None: said})
    rows = client(server).organizations()
    assert [row.id for row in rows] == ["a", "b"]
    first = rows.first()
    assert first is not None
    assert first.id == "a"


def test_an_empty_page_that_leads_to_itself_ends_the_list() -> None:
    server = Server({None: (["a"], "c1"), "c1": ([], "c1")})
    assert [row.id for row in client(server).organizations()] == ["a"]
    assert len(server.asked) == 2


def test_empty_pages_without_an_end_stop() -> None:
    server = Server({None: (["a"], "c0")} | {f"c{n}": ([], f"c{n + 1}") for n in range(9)})
    given: list[str] = []
    with pytest.raises(ContractError, match="no end"):
        given.extend(row.id for row in client(server).organizations())
    assert given == ["a"]
    assert len(server.asked) == 4


@pytest.mark.parametrize("said", [None, "no", 0])
def test_what_is_said_of_more_rows_and_is_no_word_says_nothing(said: Any) -> None:
    server = Server(THREE, more={None: said})
    assert [row.id for row in client(server).organizations()] == ["a", "b", "c", "d"]


def test_no_more_rows_ends_the_list() -> None:
    server = Server(THREE, more={None: True, "c1": False})
    assert [row.id for row in client(server).organizations()] == ["a", "b", "c"]
    assert len(server.asked) == 2


def test_more_rows_that_nothing_leads_to() -> None:
    with pytest.raises(ContractError, match="more rows follow") as raised:
        list(client(Server({None: (["a"], None)}, more={None: True})).organizations())
    assert raised.value.pointer == "/hasMore"


def test_more_pages_that_nothing_leads_to() -> None:
    """A service that counts its pages now, and gives no cursor any more."""
    pagination = {"page": 1, "limit": 250, "total": 251, "totalPages": 2}

    def counting(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"data": [firm("a")], "pagination": pagination})

    with pytest.raises(ContractError, match="more pages follow") as raised:
        list(client(counting).organizations())
    assert raised.value.pointer == "/pagination"


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"pagination": {"page": 1, "totalPages": 2.0}}, "/pagination"),
        ({"pagination": {"hasMore": True}}, "/pagination"),
        ({"pagination": {"nextCursor": "c1"}}, "/pagination"),
        ({"truncated": True}, "/truncated"),
        ({"pagination": {"truncated": True}}, "/pagination/truncated"),
        ({"total": 2}, "/total"),
        ({"pagination": {"total": 2.0}}, "/pagination/total"),
    ],
    ids=str,
)
def test_a_last_page_that_says_there_are_more_is_no_end(said: Any, pointer: str) -> None:
    def saying(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"data": [firm("a")], "nextCursor": None, **said})

    with pytest.raises(ContractError) as raised:
        list(client(saying).organizations())
    assert raised.value.pointer == pointer


def test_a_total_counts_the_rows_of_all_pages() -> None:
    def counting(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("cursor", "1"))
        cursor = str(number + 1) if number < 3 else None
        document = {"data": [firm(f"org_{number}")], "nextCursor": cursor, "total": 3}
        return httpx.Response(200, json=document)

    rows = client(counting).organizations()
    assert [row.id for row in rows] == ["org_1", "org_2", "org_3"]


def test_new_cursors_to_the_same_rows_stop() -> None:
    """Each page leads to another one, and none of them holds a row that did not come before."""

    def endless(request: httpx.Request) -> httpx.Response:
        cursor = int(request.url.params.get("cursor", 0)) + 1
        return httpx.Response(200, json={"data": [firm("a"), firm("b")], "nextCursor": str(cursor)})

    given: list[str] = []
    with pytest.raises(ContractError, match="no end"):
        given.extend(row.id for row in client(endless).organizations())
    assert given == ["a", "b"]


def test_what_a_page_holds_comes_before_the_error_behind_it() -> None:
    given: list[str] = []
    with pytest.raises(ContractError):
        given.extend(
            row.id
            for row in client(Server({None: (["a"], "c1"), "c1": (["b"], "c1")})).organizations()
        )
    assert given == ["a", "b"]


def test_a_row_that_a_page_holds_twice_comes_once() -> None:
    server = Server({None: (["a", "a", "b"], None)})
    assert [row.id for row in client(server).organizations()] == ["a", "b"]


@pytest.mark.parametrize("end", [None, ""])
def test_the_end(end: Any) -> None:
    server = Server({None: (["a"], end)})
    assert [row.id for row in client(server).organizations()] == ["a"]
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "pages",
    [
        {None: (["a"], "c1"), "c1": (["b"], "c1")},
        {None: (["a"], "c1"), "c1": (["b"], "c2"), "c2": (["c"], "c1")},
    ],
    ids=["itself", "a ring"],
)
def test_a_repeated_cursor_stops(pages: Pages) -> None:
    server = Server(pages)
    with pytest.raises(ContractError, match="returned the same cursor twice"):
        list(client(server).organizations())
    assert len(server.asked) <= 3


def test_a_cursor_that_leads_back_to_where_the_walk_began() -> None:
    server = Server({"c1": (["b"], "c1")})
    with pytest.raises(ContractError, match="returned the same cursor twice"):
        list(client(server).organizations(cursor="c1"))


@pytest.mark.parametrize("cursor", [5, True, ["c"], {}])
def test_what_is_no_cursor(cursor: Any) -> None:
    with pytest.raises(ContractError) as raised:
        list(client(Server({None: ([], cursor)})).organizations())
    assert raised.value.pointer == "/nextCursor"


def test_cursor_pages_have_no_numbers() -> None:
    with pytest.raises(InputError):
        client(Server(THREE)).organizations().page(1)


@pytest.mark.anyio
async def test_awaited() -> None:
    async with AsyncLedgerHQ(
        base_url=BASE, access_token=TOKEN, transport=httpx.MockTransport(Server(THREE))
    ) as hq:
        rows = hq.organizations()
        assert [row.id async for row in rows] == ["a", "b", "c", "d"]
        async for page in rows.pages():
            assert [row.id for row in page] == ["a", "b"]
            break
        assert rows.cursor == "c1"
        assert [row.id async for row in hq.organizations(cursor="c1")] == ["c", "d"]


def test_the_first_row_and_whether_more_follows() -> None:
    server = Server(THREE)
    rows = client(server).organizations()
    record = rows.first()
    assert record is not None
    assert record.id == "a"
    assert server.asked == [{"limit": "1"}]
    assert client(Server({None: ([], None)})).organizations().first() is None

    assert rows.has_more
    assert [rows.has_more for _ in rows.pages()] == [True, True, False]


def test_an_error_still_to_come_is_more() -> None:
    rows = client(Server({None: (["a"], "c1"), "c1": (["b"], "c1")})).organizations()
    walk = rows.pages()
    next(walk)
    next(walk)
    assert rows.has_more
    with pytest.raises(ContractError):
        next(walk)
