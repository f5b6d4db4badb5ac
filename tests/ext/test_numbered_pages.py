"""Numbered pages shift while rows come and go: no id twice, no row missed, no walk without end."""

import math
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgerhq_ext import (
    AsyncLedgerHQ,
    ContractError,
    InputError,
    Organization,
    PermissionDeniedError,
)
from tests.support.clients import BASE, ORG, TOKEN, client

pytestmark = pytest.mark.slow


def row(id: str) -> dict[str, Any]:
    return {
        "id": id,
        "bankAccountId": "ba_1",
        "date": "2026-06-08",
        "description": "x",
        "amount": -5,
        "status": "unreconciled",
        "sourceType": "plaid_bank_feed",
        "pending": False,
    }


class Server:
    """A list of rows, newest first, that ``before`` may change before each answer."""

    def __init__(
        self, ids: list[str], *, most: int = 100, before: Callable[["Server"], None] | None = None
    ) -> None:
        self.ids, self.most, self.before = ids, most, before
        self.requests = 0
        self.limits: list[tuple[int, int]] = []
        self.always = set(ids)
        self.arrived = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.before is not None and self.requests:
            self.before(self)
        self.requests += 1
        page, limit = (
            int(request.url.params["page"]),
            min(int(request.url.params["limit"]), self.most),
        )
        self.limits.append((page, limit))
        rows = self.ids[(page - 1) * limit : page * limit]
        total = len(self.ids)
        place = {
            "page": page,
            "limit": limit,
            "total": total,
            "totalPages": math.ceil(total / limit),
        }
        return httpx.Response(200, json={"data": [row(id) for id in rows], "pagination": place})

    def remove(self, id: str) -> None:
        if id in self.ids:
            self.ids.remove(id)
        self.always.discard(id)

    def add(self, at: int) -> None:
        self.arrived += 1
        self.ids.insert(at, f"new_{self.arrived}")


def books(server: Server) -> Organization:
    return client(server).organization(ORG)


def names(count: int) -> list[str]:
    return [f"btx_{number}" for number in range(count)]


def checked(server: Server, given: list[str]) -> None:
    assert len(given) == len(set(given)), "an id was given twice"
    assert server.always <= set(given), "a row was missed that was there all the while"


@pytest.mark.parametrize("count", [0, 1, 2, 99, 100, 101, 198, 199, 500, 1_000, 5_000])
@pytest.mark.parametrize("size", [100, 37])
def test_a_quiet_list_costs_little_more_than_its_pages(count: int, size: int) -> None:
    server = Server(names(count))
    assert [row.id for row in books(server).bank_transactions(page_size=size)] == names(count)
    assert server.requests <= math.ceil(count / size) * 1.3 + 2


@pytest.mark.sample
@pytest.mark.parametrize("size", [2, 3, 10, 100, 1_000])
@pytest.mark.parametrize("most", [1, 2, 7, 50])
def test_a_service_that_gives_shorter_pages(size: int, most: int) -> None:
    server = Server(names(61), most=most)
    given = [row.id for row in books(server).bank_transactions(page_size=size)]
    assert given == names(61)
    assert server.requests <= math.ceil(61 / min(size, most)) * 2.2 + 3


@pytest.mark.parametrize("size", [2, 10, 100])
@pytest.mark.parametrize("share", [1, 2, 3])
@pytest.mark.parametrize("arrivals", [0, 1])
def test_the_caller_takes_rows_away_while_walking(size: int, share: int, arrivals: int) -> None:
    """Every, every second, every third row that is given is reconciled at once; now and then one
    comes in.
    """
    server, given = Server(names(307)), []
    for number, found in enumerate(
        books(server).bank_transactions(status="unreconciled", page_size=size)
    ):
        given.append(found.id)
        if number % share == 0:
            server.remove(found.id)
            server.always.add(found.id)
        if arrivals and number % 10 == 0 and server.arrived < 50:
            server.add((number * 7) % (len(server.ids) + 1))
    checked(server, given)
    assert set(names(307)) <= set(given)
    assert server.requests <= math.ceil(357 / size) * 8 + 10


moves = st.lists(
    st.tuples(st.sampled_from(["remove", "front", "back", "middle"]), st.floats(0, 0.999)),
    max_size=6,
)


@pytest.mark.slow
@given(
    count=st.integers(0, 80),
    size=st.integers(7, 12),
    most=st.integers(7, 12),
    steps=st.lists(moves, max_size=30),
    taken=st.sets(st.integers(0, 60)),
)
def test_rows_come_and_go(
    count: int, size: int, most: int, steps: list[list[tuple[str, float]]], taken: set[int]
) -> None:
    def before(server: Server) -> None:
        for move, place in steps[server.requests] if server.requests < len(steps) else []:
            at = int(place * len(server.ids))
            if move != "remove":
                server.add({"front": 0, "back": len(server.ids), "middle": at}[move])
            elif server.ids:
                server.remove(server.ids[at])

    server, given = Server(names(count), most=most, before=before), []
    for number, found in enumerate(books(server).bank_transactions(page_size=size)):
        given.append(found.id)
        if number in taken:
            server.remove(found.id)
            server.always.add(found.id)
    checked(server, given)


def test_a_shift_that_no_total_shows() -> None:
    """Five rows go in front and five come at the back, once: the total and the number of rows seen
    stay plausible.
    """

    def before(server: Server) -> None:
        for id in names(5) if server.requests == 2 else []:
            server.remove(id)
            server.add(len(server.ids))

    server = Server(names(300), before=before)
    checked(server, [row.id for row in books(server).bank_transactions()])


def test_a_list_that_never_rests_ends() -> None:
    """One row comes in at every request, for ever: the walk must not follow it for ever."""
    server = Server(names(1_000), before=lambda server: server.add(0))
    given = [row.id for row in books(server).bank_transactions()]
    checked(server, given)
    assert server.requests <= 60


def test_a_list_that_churns_ends() -> None:
    def churn(server: Server) -> None:
        for _ in range(3):
            server.ids.pop(0)
            server.add(len(server.ids))

    server = Server(names(500), before=churn)
    given = [row.id for row in books(server).bank_transactions()]
    assert len(given) == len(set(given))
    assert server.requests <= 300


def test_a_total_that_lies_ends_with_an_error_after_all_rows() -> None:
    server = Server(names(30))

    def lying(request: httpx.Request) -> httpx.Response:
        document = server(request).json()
        document["pagination"]["total"] = 10**6
        return httpx.Response(200, json=document)

    given: list[str] = []
    with pytest.raises(ContractError, match="1000000 rows, but only 30 of them arrived"):
        given.extend(
            row.id for row in client(lying).organization(ORG).bank_transactions(page_size=10)
        )
    assert given == names(30)
    assert server.requests < 40


@pytest.mark.parametrize("total", [0, 1, 9])
def test_a_total_below_what_is_there_ends_no_list(total: int) -> None:
    """It counts something else: the list goes on until a page is not full."""
    server = Server(names(25))

    def lying(request: httpx.Request) -> httpx.Response:
        document = server(request).json()
        document["pagination"]["total"] = total
        return httpx.Response(200, json=document)

    rows = client(lying).organization(ORG).bank_transactions(page_size=10)
    assert [row.id for row in rows] == names(25)
    assert server.requests < 10


@pytest.mark.parametrize("word", ["totalPages", "hasMore"])
def test_a_page_that_counts_itself_and_says_that_more_follow_is_no_end(word: str) -> None:
    server = Server(names(25))

    def counting(request: httpx.Request) -> httpx.Response:
        document = server(request).json()
        place = document["pagination"]
        said = {"totalPages": place["totalPages"], "hasMore": place["page"] < place["totalPages"]}
        place["total"] = len(document["data"])
        document["pagination"] = {name: place[name] for name in ("page", "limit", "total")}
        document["pagination"][word] = said[word]
        return httpx.Response(200, json=document)

    rows = client(counting).organization(ORG).bank_transactions(page_size=10)
    assert rows.page(1).has_more
    assert not rows.page(3).has_more
    assert [row.id for row in rows] == names(25)


@pytest.mark.parametrize("said", [{"totalPages": 3}, {"hasMore": True}], ids=str)
def test_no_rows_and_the_word_that_more_follow_are_no_empty_list(said: Any) -> None:
    def emptied(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        place = {"page": page, "limit": 10, "total": 0, **said}
        return httpx.Response(200, json={"data": [], "pagination": place})

    rows = client(emptied).organization(ORG).bank_transactions(page_size=10)
    with pytest.raises(ContractError, match="more pages follow") as raised:
        list(rows)
    assert raised.value.pointer == "/pagination"


def test_pages_that_are_empty_and_count_nothing_are_no_end() -> None:
    """A failure that looks like an empty list: the first page spoke of more, each time."""
    server = Server(names(25))

    def failing(request: httpx.Request) -> httpx.Response:
        document = server(request).json()
        if request.url.params["page"] != "1":
            document["data"] = []
            document["pagination"]["total"] = 0
        return httpx.Response(200, json=document)

    given: list[str] = []
    with pytest.raises(ContractError, match="25 rows, but only 10 of them arrived"):
        given.extend(
            row.id for row in client(failing).organization(ORG).bank_transactions(page_size=10)
        )
    assert given == names(10)


def test_a_total_that_grows_and_lies_ends_with_an_error() -> None:
    """More rows were there all the while than ever came, whatever came in meanwhile."""
    server = Server(names(30))

    def lying(request: httpx.Request) -> httpx.Response:
        document = server(request).json()
        document["pagination"]["total"] = 10**6 + server.requests
        return httpx.Response(200, json=document)

    given: list[str] = []
    with pytest.raises(ContractError, match="of them arrived"):
        given.extend(
            row.id for row in client(lying).organization(ORG).bank_transactions(page_size=10)
        )
    assert given == names(30)


def test_the_last_page_comes_before_the_error_behind_it() -> None:
    """A look at the front of the list ends the walk; it fails, after every row was given."""
    server = Server(names(25))

    def failing(request: httpx.Request) -> httpx.Response:
        is_front_again = server.requests > 1 and request.url.params["page"] == "1"
        return httpx.Response(403, json={"error": "No"}) if is_front_again else server(request)

    given: list[str] = []
    with pytest.raises(PermissionDeniedError):
        given.extend(
            row.id for row in client(failing).organization(ORG).bank_transactions(page_size=10)
        )
    assert given == names(25)


def test_iterating_again_walks_anew() -> None:
    rows = books(Server(names(5))).bank_transactions()
    assert [row.id for row in rows] == [row.id for row in rows] == names(5)


def test_one_page_as_it_is() -> None:
    rows = books(Server(names(25))).bank_transactions(page_size=10)
    page = rows.page(3)
    assert ([row.id for row in page.items], page.total, page.limit) == (names(25)[20:], 25, 10)
    assert len(rows.page(1, 7).items) == 7
    for bad in (0, -1, "1", True, 1.0):
        with pytest.raises(InputError):
            rows.page(bad)  # type: ignore[arg-type]
    for limit in (0, -1, "1", True):
        with pytest.raises(InputError):
            rows.page(1, limit)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [0, 1, -1, True, 2.0, "100", None])
def test_refused_page_sizes(size: Any) -> None:
    with pytest.raises(InputError):
        books(Server([])).bank_transactions(page_size=size)


def test_whole_numbers_of_a_page_may_be_spelled_as_fractions() -> None:
    content = (
        '{"data": [{"id": "btx_1", "bankAccountId": "ba_1", "date": "2026-06-08", '
        '"description": "x", "amount": -5, "status": "unreconciled", '
        '"sourceType": "api", "pending": false}], '
        '"pagination": {"page": 1, "limit": 1e2, "total": 1.0}}'
    )
    rows = client(lambda _: httpx.Response(200, content=content)).organization(ORG)
    page = rows.bank_transactions().page(1)
    assert (page.total, page.limit, page.has_more) == (1, 100, False)
    assert type(page.total) is int
    assert [row.id for row in rows.bank_transactions()] == ["btx_1"]


@pytest.mark.parametrize(
    ("place", "pointer"),
    [
        (None, "/pagination/total"),
        ({"total": "5", "limit": 10}, "/pagination/total"),
        ({"total": -1, "limit": 10}, "/pagination/total"),
        ({"total": 1}, "/pagination/limit"),
        ({"total": 1, "limit": True}, "/pagination/limit"),
        ({"total": 0.5, "limit": 10}, "/pagination/total"),
    ],
)
def test_pagination_that_does_not_fit(place: Any, pointer: str) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"data": [], "pagination": place})

    with pytest.raises(ContractError) as raised:
        list(client(answer).organization(ORG).bank_transactions())
    assert raised.value.pointer == pointer


@pytest.mark.anyio
async def test_awaited() -> None:
    server = Server(names(250))
    async with AsyncLedgerHQ(
        base_url=BASE, access_token=TOKEN, transport=httpx.MockTransport(server)
    ) as hq:
        rows = hq.organization(ORG).bank_transactions()
        given = []
        async for found in rows:
            given.append(found.id)
            server.remove(found.id)
        pages = [page async for page in rows.pages()]
        page = await rows.page(1)
    assert given
    assert set(given) == set(names(250))
    assert (pages, page.total) == ([()], 0)


# --- the beginning, and the end


def test_the_first_row_is_asked_for_alone() -> None:
    server = Server(names(250))
    rows = books(server).bank_transactions()
    newest = rows.first()
    assert newest is not None
    assert newest.id == server.ids[0]
    assert server.limits == [(1, 1)]
    assert books(Server([])).bank_transactions().first() is None


def test_a_list_without_the_rows_it_counts_is_not_empty() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        place = {"page": 1, "limit": 1, "total": 3, "totalPages": 3}
        return httpx.Response(200, json={"data": [], "pagination": place})

    with pytest.raises(ContractError, match="3 rows"):
        client(answer).organization(ORG).bank_transactions().first()


@pytest.mark.parametrize("most", [100, 7])
def test_whether_more_follows(most: int) -> None:
    rows = books(Server(names(250), most=most)).bank_transactions()
    assert rows.has_more
    said = [rows.has_more for _ in rows.pages()]
    assert said == [True] * (len(said) - 1) + [False]
    third = rows.page(3)
    assert (third.number, third.has_more) == (3, most == 7)


@pytest.mark.anyio
async def test_the_same_awaited() -> None:
    server = Server(names(3))
    async with AsyncLedgerHQ(
        base_url=BASE, access_token=TOKEN, transport=httpx.MockTransport(server)
    ) as hq:
        rows = hq.organization(ORG).bank_transactions()
        newest = await rows.first()
        assert newest is not None
        assert newest.id == server.ids[0]
        assert rows.has_more
        assert [row.id async for row in rows] == server.ids
        assert not rows.has_more
