"""Any path and any generated operation, with auth, scope, retries and errors."""

import datetime as dt
import email
import email.policy
import enum
import io
import urllib.parse
from collections.abc import Callable
from decimal import Decimal
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx
import pytest
import respx
from ledgerhq_api.api.accounts import (
    delete_accounts_by_id,
    get_accounts,
    get_accounts_by_id,
    post_accounts,
)
from ledgerhq_api.api.bank_transactions import (
    get_bank_transactions,
    post_bank_transactions_by_id_exclude,
)
from ledgerhq_api.api.companies import get_companies_by_id_accounts
from ledgerhq_api.api.organizations import get_organizations
from ledgerhq_api.api.purchases import post_purchases
from ledgerhq_api.models import EntryVoid
from ledgerhq_api.operations import NOTHING, Operation
from ledgerhq_api.types import File

from ledgerhq_ext import (
    ContractError,
    InputError,
    LedgerHQ,
    LedgerHQError,
    NotFoundError,
    Other,
    ServerError,
    TransportError,
)
from tests.support.clients import ORG, TOKEN, client, connect
from tests.support.clocks import FakeClock
from tests.support.responses import Script, account, accounts, not_json
from tests.support.surfaces import Surface, resolve

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

MORE = {"organizationId": ORG, "isSystem": False, "createdAt": "2026-01-01T00:00:00.000Z"}
ONE = httpx.Response(200, json={"account": {**account(), **MORE}})


async def test_a_raw_request(web: respx.MockRouter, clock: FakeClock, surface: Surface) -> None:
    script = Script(httpx.Response(201, json={"x": 1}, headers={"X-Request-Id": "req_1"}))
    web.route().mock(side_effect=script)
    hq = connect(surface, clock)
    query = {"a": "b&c", "n": 5, "yes": True}
    answer = await resolve(
        hq.organization(ORG).request("post", "/api/v2/new", query=query, json={"b": 1, "a": "é"})
    )
    assert (answer.status, answer.json(), answer.request_id) == (201, {"x": 1}, "req_1")
    request = script.requests[0]
    assert (request.method, request.url.raw_path) == ("POST", b"/api/v2/new?a=b%26c&n=5&yes=true")
    assert (request.content, request.headers["content-type"]) == (
        '{"a":"é","b":1}'.encode(),
        "application/json",
    )
    assert (request.headers["x-organization-id"], request.headers["authorization"]) == (
        ORG,
        f"Bearer {TOKEN}",
    )
    await resolve(hq.request("GET", "/api/v2/new"))
    assert "x-organization-id" not in script.requests[1].headers


@pytest.mark.sample
@pytest.mark.parametrize("segment", ["{companyId}", ORG])
@pytest.mark.parametrize("below", ["/journal-lines", ""])
async def test_a_raw_request_to_the_company(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, segment: str, below: str
) -> None:
    script = Script(httpx.Response(200, json={}))
    web.route().mock(side_effect=script)
    hq = connect(surface, clock)

    await resolve(hq.organization(ORG).request("GET", f"/api/v1/companies/{segment}{below}"))

    assert script.requests[0].url.path == f"/api/v1/companies/{ORG}{below}"
    assert "x-organization-id" not in script.requests[0].headers


async def test_an_id_with_a_slash_stays_one_segment(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    script = Script(httpx.Response(200, json={}))
    web.route().mock(side_effect=script)
    hq = connect(surface, clock)

    await resolve(hq.organization("a/b").request("GET", "/api/v1/companies/{companyId}/accounts"))

    assert script.requests[0].url.raw_path == b"/api/v1/companies/a%2Fb/accounts"


@pytest.mark.parametrize(
    "send",
    [
        lambda hq: hq.organization(ORG).call(get_companies_by_id_accounts),
        lambda hq: hq.organization(ORG).request("GET", "/api/v1/companies/{companyId}/accounts"),
        lambda hq: hq.request("GET", f"/api/v1/companies/{ORG}/accounts"),
    ],
)
async def test_an_error_below_the_company_names_it(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, send: Callable[[Any], Any]
) -> None:
    web.route().mock(side_effect=Script(404))
    with pytest.raises(NotFoundError) as caught:
        await resolve(send(connect(surface, clock)))
    assert caught.value.organization == ORG


async def test_another_company_is_refused_on_every_carrier(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    hq = connect(surface, clock)
    books = hq.organization(ORG)

    with pytest.raises(InputError, match="This handle is for organization"):
        await resolve(books.request("GET", "/api/v1/companies/org_other/accounts"))
    with pytest.raises(InputError, match="This handle is for organization"):
        await resolve(books.request("GET", "/api/v1/companies/org_other"))
    for begin in (
        "/api/v1/%63ompanies/",
        "/api//v1/companies/",
        "/api/v1/companies%2f",
        "/API/v1/Companies/",
        "/api/v1/companies;a=1/",
        "/api/v1/companies%3Ba/",
    ):
        with pytest.raises(InputError, match="path must name a company as"):
            await resolve(books.request("GET", f"{begin}org_other/accounts"))
    with pytest.raises(InputError, match="This handle is for organization"):
        await resolve(books.call(get_companies_by_id_accounts, company_id="org_other"))
    with pytest.raises(InputError, match="This handle is for organization"):
        await resolve(books.call(get_accounts, x_organization_id="org_other"))
    with pytest.raises(InputError, match=r"hq\.organization"):
        await resolve(hq.request("GET", "/api/v1/companies/{companyId}/accounts"))
    with pytest.raises(InputError, match=r"hq\.organization"):
        await resolve(hq.request("GET", "/api/v1/companies/{companyId}"))
    with pytest.raises(InputError, match=r"hq\.organization"):
        await resolve(hq.call(get_companies_by_id_accounts))
    assert len(web.calls) == 0


async def test_a_generated_operation_below_the_company(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    script = Script(httpx.Response(200, json={"accounts": [{**account(), **MORE}]}))
    web.route().mock(side_effect=script)
    hq = connect(surface, clock)

    response = await resolve(hq.organization(ORG).call(get_companies_by_id_accounts))

    assert response.value.accounts[0].code == account()["code"]
    assert script.requests[0].url.path == f"/api/v1/companies/{ORG}/accounts"
    assert "x-organization-id" not in script.requests[0].headers


@pytest.mark.parametrize(
    ("method", "key", "tries"),
    [
        ("GET", None, 3),
        ("HEAD", None, 3),
        ("POST", "k", 3),
        ("POST", None, 1),
        ("PUT", "k", 1),
        ("PATCH", None, 1),
        ("DELETE", None, 1),
    ],
)
async def test_raw_requests_repeat_as_the_table_says(
    web: respx.MockRouter,
    clock: FakeClock,
    surface: Surface,
    method: str,
    key: str | None,
    tries: int,
) -> None:
    script = Script(503)
    web.route().mock(side_effect=script)
    with pytest.raises(ServerError) as raised:
        await resolve(connect(surface, clock).request(method, "/x", idempotency_key=key))
    assert len(script.requests) == tries
    assert raised.value.outcome == ("rejected" if method in ("GET", "HEAD") else "unknown")
    assert raised.value.idempotency_key == key


BAD_PATHS = [
    "",
    "x",
    "//evil.test/x",
    "/a?b",
    "/a#b",
    "/a\\b",
    "/../x",
    "/a/..",
    "/a/./b",
    "/%2e%2E/x",
    "/a/%2e",
    "/a b",
]


@pytest.mark.parametrize("path", [*BAD_PATHS, "/é", "/a\n", "https://evil.test/x"])
def test_refused_paths(path: str) -> None:
    script = Script(200)
    with pytest.raises(InputError):
        client(script).request("GET", path)
    assert script.requests == []


@pytest.mark.parametrize(
    "arguments",
    [
        {"method": "TRACE"},
        {"method": ""},
        {"idempotency_key": "a b"},
        {"idempotency_key": ""},
        {"json": {"a": float("nan")}},
        {"json": {"a": b"x"}},
        {"json": {"a": "\ud800"}},
        {"json": [float("nan")]},
        {"json": {}, "content": b""},
        {"form": {}, "content": b""},
        {"files": {"a": b""}, "json": {}},
        {"files": {}},
        {"files": {"a": 5}},
        {"files": {"a": ("name", 5)}},
        {"files": {"a": ("", b"")}},
        {"files": {"a": ("name",)}},
        {"content": "text"},
        {"content": b"", "content_type": "csv"},
        {"content": b"", "content_type": "text/csv\r\nx: y"},
        {"form": {}, "content_type": "text/csv"},
        {"form": {"a": object()}},
        {"cookies": {"a b": "c"}},
        {"cookies": {"a": "b; c=d"}},
    ],
)
def test_refused_requests(arguments: dict[str, Any]) -> None:
    script = Script(200)
    with pytest.raises(InputError):
        client(script).request(**{"method": "POST", "path": "/x", **arguments})
    assert script.requests == []


class Color(enum.Enum):
    RED = "red"
    NONE = None
    DAY = dt.date(2026, 6, 30)
    SEVERAL = ("a", "b")


class Level(enum.IntEnum):
    HIGH = 3


class Word(enum.StrEnum):
    OPEN = "open"


class OwnText(str):
    def __str__(self) -> str:
        return "another text"


NOON = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
QUERIES: list[tuple[Any, str]] = [
    ("a b&c=d+é", "x=a%20b%26c%3Dd%2B%C3%A9"),
    ("", "x="),
    (None, ""),
    (True, "x=true"),
    (False, "x=false"),
    (0, "x=0"),
    (-5, "x=-5"),
    (1.5, "x=1.5"),
    (Decimal("12.50"), "x=12.50"),
    (Decimal("1E+2"), "x=100"),
    (Decimal("1E-7"), "x=0.0000001"),
    (dt.date(2026, 6, 30), "x=2026-06-30"),
    (NOON, "x=2026-06-30T12%3A00%3A00%2B00%3A00"),
    (Color.RED, "x=red"),
    (Color.DAY, "x=2026-06-30"),
    (Level.HIGH, "x=3"),
    (Word.OPEN, "x=open"),
    (OwnText("own"), "x=own"),
    (["b", "a", "b"], "x=b&x=a&x=b"),
    ((1, True, dt.date(2026, 1, 2)), "x=1&x=true&x=2026-01-02"),
    (["a", None], "x=a"),
    ([], ""),
    ([None], ""),
    ({"gte": 5, "in": ["a", "b"]}, "x%5Bgte%5D=5&x%5Bin%5D=a&x%5Bin%5D=b"),
    ({"a": {"b": dt.date(2026, 1, 2), "c": None}}, "x%5Ba%5D%5Bb%5D=2026-01-02"),
    ({}, ""),
]


@pytest.mark.parametrize(("value", "query"), QUERIES, ids=[str(value) for value, _ in QUERIES])
async def test_what_a_value_is_in_an_address(
    web: respx.MockRouter, clock: FakeClock, surface: Surface, value: Any, query: str
) -> None:
    script = Script(200)
    web.route().mock(side_effect=script)
    await resolve(connect(surface, clock).request("GET", "/y", query={"x": value}))
    path, _, sent = script.requests[0].url.raw_path.decode().partition("?")
    assert (path, sent.replace("+", "%20")) == ("/y", query)


BAD_VALUES: list[Any] = [
    {"a": b"x"},
    {"": 1},
    {5: 1},
    b"x",
    bytearray(b"x"),
    {"a"},
    [["a"]],
    [{"a": 1}],
    ["a", b"x"],
    (part for part in "ab"),
    range(2),
    object(),
    str,
    1j,
    float("nan"),
    float("inf"),
    [float("-inf")],
    Decimal("nan"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    Decimal("1E+999999"),
    10**5_000,
    "\ud800",
    ["a", "\udcff"],
    dt.time(12),
    dt.timedelta(days=1),
    Color.SEVERAL,
]


@pytest.mark.parametrize("value", BAD_VALUES, ids=[str(at) for at in range(len(BAD_VALUES))])
def test_a_value_that_cannot_stand_in_an_address_is_named(value: Any) -> None:
    script = Script(200)
    books = client(script).organization(ORG)
    with pytest.raises(InputError, match="bankAccount"):
        books.request("GET", "/y", query={"fine": 1, "bankAccount": value})
    with pytest.raises(InputError, match="bank_account_id"):
        books.call(get_bank_transactions, bank_account_id=value)
    assert script.requests == []


@pytest.mark.parametrize(
    "query", ["a=b", [("a", "b")], 5, {5: "a"}, {"": "a"}, {"\ud800": "a"}, {None: "a"}]
)
def test_queries_that_are_none(query: Any) -> None:
    script = Script(200)
    with pytest.raises(InputError, match="query"):
        client(script).request("GET", "/y", query=query)
    assert script.requests == []


EMPTY = httpx.Response(
    200, json={"data": [], "pagination": {"page": 1, "limit": 100, "total": 0, "totalPages": 0}}
)


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        ({"bank_account_id": None, "status": None}, ""),
        ({"bank_account_id": ["a", "b"]}, "bankAccountId=a&bankAccountId=b"),
        ({"start_date": dt.date(2026, 6, 30), "limit": 5}, "limit=5&startDate=2026-06-30"),
        ({"status": Word.OPEN, "bank_account_id": Color.RED}, "bankAccountId=red&status=open"),
        ({"source_type": True}, "sourceType=true"),
    ],
)
def test_what_arguments_of_an_operation_are(arguments: dict[str, Any], query: str) -> None:
    script = Script(EMPTY)
    client(script).organization(ORG).call(get_bank_transactions, **arguments)
    assert script.requests[0].url.query.decode() == query


@pytest.mark.parametrize("status", [["open", "closed"], 5, {"a": 1}, dt.date(2026, 1, 1)])
def test_one_of_the_contracts_words_is_one_word(status: Any) -> None:
    script = Script(EMPTY)
    with pytest.raises(InputError, match="status"):
        client(script).organization(ORG).call(get_bank_transactions, status=status)
    assert script.requests == []


def test_what_has_to_be_there_cannot_be_none() -> None:
    script = Script(EMPTY)
    with pytest.raises(InputError, match="idempotency_key"):
        client(script).organization(ORG).call(
            post_purchases, body=SimpleNamespace(to_dict=dict), idempotency_key=None
        )
    assert script.requests == []


@pytest.mark.parametrize("path", ["/a%zz", "/a|b", '/"', "/a{b}", "/" + "x" * 70_000])
def test_odd_paths_are_sent_or_refused(path: str) -> None:
    script = Script(200)
    outcome = "sent"
    try:
        client(script).request("GET", path)
    except LedgerHQError as error:
        outcome = error.outcome
    assert outcome == ("sent" if script.requests else "not_sent")


@pytest.mark.parametrize(
    "path", ["/a/..%2fb", "/a%2F%2e%2E", "/%2e%2e%5cx", "/a%5c../b", None, b"/x", 5]
)
def test_paths_that_a_server_could_read_in_another_way(path: Any) -> None:
    script = Script(200)
    with pytest.raises(InputError, match="path"):
        client(script).request("GET", path)
    assert script.requests == []


@pytest.mark.parametrize("method", [None, 5, b"GET", "po\u017ft", "GET ", "GET\n"])
def test_methods_that_are_none(method: Any) -> None:
    script = Script(200)
    with pytest.raises(InputError, match="method"):
        client(script).request(method, "/x")
    assert script.requests == []


async def test_a_generated_operation(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    script = Script(503, ONE)
    web.get("/api/v1/accounts/a%2Fb").mock(side_effect=script)
    result = await resolve(
        connect(surface, clock).organization(ORG).call(get_accounts_by_id, id="a/b")
    )
    assert (result.status, result.value.account.code) == (200, "1010")
    assert result.headers["content-type"] == "application/json"
    assert [request.headers["x-organization-id"] for request in script.requests] == [ORG, ORG]


async def test_generated_operations_raise_the_usual_errors(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    web.delete("/api/v1/accounts/a").mock(side_effect=Script(httpx.ReadTimeout("x")))
    web.get("/api/v1/accounts/a").mock(side_effect=Script(404))
    books = connect(surface, clock).organization(ORG)
    with pytest.raises(NotFoundError):
        await resolve(books.call(get_accounts_by_id, id="a"))
    with pytest.raises(TransportError) as raised:
        await resolve(books.call(delete_accounts_by_id, id="a"))
    assert raised.value.outcome == "unknown"


@pytest.mark.parametrize("status", [202, 207])
def test_a_success_the_operation_does_not_know(status: int) -> None:
    with pytest.raises(ContractError, match=str(status)):
        client(Script(httpx.Response(status, json={}))).organization(ORG).call(get_accounts)


@pytest.mark.parametrize("body", [{}, {"account": {}}, {"account": 5}, []])
def test_where_the_generated_reader_breaks(body: Any) -> None:
    script = Script(httpx.Response(200, json=body))
    with pytest.raises(ContractError):
        client(script).organization(ORG).call(get_accounts_by_id, id="a")
    assert len(script.requests) == 1


def test_a_cut_answer_is_asked_for_again() -> None:
    script = Script(not_json, ONE)
    assert client(script).organization(ORG).call(get_accounts_by_id, id="a").status == 200


@pytest.mark.parametrize("id", ["", ".", "..", "a\n", None])
@pytest.mark.parametrize(
    "operation", [get_accounts_by_id, delete_accounts_by_id, post_bank_transactions_by_id_exclude]
)
def test_ids_in_the_paths_of_generated_operations(operation: Any, id: Any) -> None:
    script = Script(ONE)
    with pytest.raises(InputError):
        client(script).organization(ORG).call(operation, id=id)
    assert script.requests == []


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        (get_accounts_by_id, {}),
        (get_accounts, {"nonsense": 1}),
        (get_accounts, {"x_organization_id": "org_other"}),
        (post_accounts, {"body": {"a": 1}}),
        (post_purchases, {"body": SimpleNamespace(to_dict=dict), "idempotency_key": "a\nb"}),
        (get_bank_transactions, {"status": "no such status", "nonsense": 1}),
        (object(), {}),
        (httpx, {}),
    ],
    # The modules and objects would be named by address and path, which differ between test workers.
    ids=["no id", "unknown", "other scope", "body", "key", "filter", "no module", "no operation"],
)
def test_refused_calls(operation: Any, arguments: dict[str, Any]) -> None:
    script = Script(accounts)
    with pytest.raises(InputError):
        client(script).organization(ORG).call(operation, **arguments)
    assert script.requests == []


def test_a_company_call_needs_a_company() -> None:
    script = Script(accounts)
    with pytest.raises(InputError, match="organization"):
        client(script).call(get_accounts)
    assert script.requests == []
    listed = Script(httpx.Response(200, json={"data": [], "nextCursor": None}))
    assert client(listed).call(get_organizations, limit=5).status == 200
    assert listed.requests[0].url.params["limit"] == "5"


def test_a_generated_post_is_repeated_with_its_key() -> None:
    script = Script(503)
    body = SimpleNamespace(to_dict=lambda: {"a": 1})
    with pytest.raises(ServerError) as raised:
        client(script).organization(ORG).call(post_purchases, body=body, idempotency_key="k")
    assert {(r.headers["Idempotency-Key"], r.content) for r in script.requests} == {
        ("k", b'{"a":1}')
    }
    assert (len(script.requests), raised.value.outcome) == (3, "unknown")


def test_words_that_are_not_in_the_contract_pass_when_they_are_meant() -> None:
    script = Script(
        httpx.Response(
            200,
            json={"data": [], "pagination": {"page": 1, "limit": 100, "total": 0, "totalPages": 0}},
        )
    )
    client(script).organization(ORG).call(get_bank_transactions, status="brand_new")
    assert list(client(script).organization(ORG).bank_transactions(status=Other("brand_new"))) == []
    assert {request.url.params["status"] for request in script.requests} == {"brand_new"}


async def test_a_typed_call_and_its_response(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    """Of several responses it is the last one, and the value is what the plain call returns."""
    failed = httpx.Response(503, headers={"X-Request-Id": "req_1"})
    found = httpx.Response(
        200, json={"accounts": [account()]}, headers={"X-Request-Id": "req_2", "X-Extra": "yes"}
    )
    script = Script(failed, found, found)
    web.route().mock(side_effect=script)
    books = connect(surface, clock).organization(ORG)

    raw = await resolve(books.with_raw_response.accounts())
    assert (raw.status, raw.request_id, raw.headers["x-extra"]) == (200, "req_2", "yes")
    assert len(script.requests) == 2
    assert raw.value == await resolve(books.accounts())
    assert [row.code for row in raw.value] == ["1010"]


async def test_a_typed_call_that_fails_with_its_response(
    web: respx.MockRouter, clock: FakeClock, surface: Surface
) -> None:
    web.route().mock(
        return_value=httpx.Response(404, json={"error": "No"}, headers={"X-Request-Id": "req_3"})
    )
    books = connect(surface, clock).organization(ORG)
    with pytest.raises(NotFoundError) as caught:
        await resolve(books.with_raw_response.entry("je_1"))
    assert (caught.value.status, caught.value.request_id) == (404, "req_3")


# --- bodies of every kind


def sent(clock: FakeClock | None = None, **arguments: Any) -> httpx.Request:
    script = Script(200)
    client(script).organization(ORG).request("POST", "/x", **arguments)
    return script.requests[0]


def parts(request: httpx.Request) -> list[tuple[str, str | None, str | None, bytes]]:
    """Name, file name, media type and content of each part of a form, as a foreign reader finds
    them.
    """
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + request.content, policy=email.policy.HTTP)
    found: list[tuple[str, str | None, str | None, bytes]] = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found.append((str(name), part.get_filename(), part.get_content_type(), content))
    return found


def test_a_form() -> None:
    request = sent(form={"a": "b&c é", "many": ["x", "y"], "none": None, "filter": {"k": 1}})
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert urllib.parse.parse_qsl(request.content.decode()) == [
        ("a", "b&c é"), ("many", "x"), ("many", "y"), ("filter[k]", "1"),
    ]  # fmt: skip


def test_files() -> None:
    files = {
        "plain": b"one",
        "named": ("bill.pdf", io.BytesIO(b"two")),
        "typed": ("rows.txt", b"three", "text/csv"),
        "several": [b"4", ("five.png", b"5")],
    }
    assert parts(sent(form={"note": "é"}, files=files)) == [
        ("note", None, "text/plain", "é".encode()),
        ("plain", "plain", "application/octet-stream", b"one"),
        ("named", "bill.pdf", "application/pdf", b"two"),
        ("typed", "rows.txt", "text/csv", b"three"),
        ("several", "several", "application/octet-stream", b"4"),
        ("several", "five.png", "image/png", b"5"),
    ]


def test_bytes_of_any_media_type() -> None:
    request = sent(content=b"a,b\n", content_type="text/csv")
    assert (request.content, request.headers["content-type"]) == (b"a,b\n", "text/csv")
    assert sent(content=b"a").headers["content-type"] == "application/octet-stream"


def test_json_of_a_vendor_and_json_that_is_a_list() -> None:
    request = sent(json=[{"b": 1, "a": 2}], content_type="application/vnd.ledgerhq+json")
    assert request.content == b'[{"a":2,"b":1}]'
    assert request.headers["content-type"] == "application/vnd.ledgerhq+json"


def test_cookies_that_a_caller_names_are_sent_once() -> None:
    assert (
        sent(cookies={"session": "abc", "flag": True}).headers["cookie"] == "session=abc; flag=true"
    )
    assert "cookie" not in sent().headers


async def test_cookies_that_a_caller_names_are_sent_by_a_client_of_his_own(
    clock: FakeClock, surface: Surface
) -> None:
    script = Script(200)
    kind = httpx.Client if surface is LedgerHQ else httpx.AsyncClient
    http = kind(transport=httpx.MockTransport(script), cookies={"jar": "1"})
    books = connect(surface, clock, http_client=http).organization(ORG)

    await resolve(books.request("GET", "/x", cookies={"session": "abc"}))
    await resolve(books.request("GET", "/x", headers={"Cookie": "session=abc"}))
    await resolve(books.request("GET", "/x"))

    cookies = [request.headers.get("cookie") for request in script.requests]
    assert cookies == ["session=abc", "session=abc", None]


@pytest.mark.parametrize(
    ("id", "path"),
    [
        (5, b"/api/v1/accounts/5"),
        ("Büro", b"/api/v1/accounts/B%C3%BCro"),
        ("a/b", b"/api/v1/accounts/a%2Fb"),
        (dt.date(2026, 6, 30), b"/api/v1/accounts/2026-06-30"),
    ],
)
def test_values_in_a_path(id: Any, path: bytes) -> None:
    script = Script(ONE)
    client(script).organization(ORG).call(get_accounts_by_id, id=id)
    assert script.requests[0].url.raw_path == path


@pytest.mark.parametrize("id", [None, "", "..", "é\u200b", [1], {"a": 1}, b"x", "é" * 600])
def test_values_that_cannot_stand_in_a_path(id: Any) -> None:
    script = Script(ONE)
    with pytest.raises(InputError):
        client(script).organization(ORG).call(get_accounts_by_id, id=id)
    assert script.requests == []


@pytest.mark.parametrize(
    ("keywords", "content", "media_type"),
    [
        ({"json": [1]}, b"[1]", "application/vnd.x+json"),
        ({"data": {"a": ["1", "2"], "b": None}}, b"a=1&a=2", "application/x-www-form-urlencoded"),
        ({"content": io.BytesIO(b"raw")}, b"raw", "text/csv"),
        ({"content": b""}, b"", "text/csv"),
    ],
)
def test_bodies_that_a_generated_operation_hands_over(
    keywords: Any, content: bytes, media_type: str
) -> None:
    script = Script(200)
    headers = {"Content-Type": media_type}
    client(script).call(operation(headers=headers, cookies={"c": "d"}, **keywords))
    request = script.requests[0]
    assert (request.content, request.headers["content-type"], request.headers["cookie"]) == (
        content,
        media_type,
        "c=d",
    )


def test_a_generated_upload() -> None:
    script = Script(200)
    files = [
        ("file", ("a.pdf", io.BytesIO(b"x"), "application/pdf")),
        ("note", (None, b"n", "text/plain")),
    ]
    client(script).call(operation(files=files))
    assert parts(script.requests[0]) == [
        ("file", "a.pdf", "application/pdf", b"x"),
        ("note", None, "text/plain", b"n"),
    ]


@pytest.mark.parametrize(
    "keywords", [{"json": {}, "data": {}}, {"files": [("a", object())]}, {"content": 5}]
)
def test_bodies_that_cannot_be_sent_are_never_empty_ones(keywords: Any) -> None:
    script = Script(200)
    with pytest.raises(InputError):
        client(script).call(operation(**keywords))
    assert script.requests == []


def with_object(annotation: type) -> Any:
    """A module of an operation with a parameter ``within`` of that type."""
    module = operation()
    module.sync_detailed = lambda *, client, within: None
    module.sync_detailed.__annotations__["within"] = annotation
    module.OPERATION.request = lambda within: {
        "method": "get",
        "url": "/odd",
        "params": within.to_dict(),
    }
    return module


def test_an_object_is_sent_where_the_contract_has_one_in_a_query_and_refused_elsewhere() -> None:
    script = Script(200)
    within = EntryVoid(reason="typo")
    client(script).call(with_object(EntryVoid), within=within)
    assert script.requests[0].url.query == b"reason=typo"

    with pytest.raises(InputError, match="within"):
        client(script).call(with_object(str), within=within)
    assert len(script.requests) == 1


def operation(**keywords: Any) -> Any:
    """A module like those of the generated client, which hands over these keywords of httpx."""
    module: Any = ModuleType("ledgerhq_api.api.odd.post_odd")
    module.sync_detailed = lambda *, client: None
    module.OPERATION = SimpleNamespace(
        path={},
        query={},
        request=lambda: {"method": "post", "url": "/odd", **keywords},
        parse=lambda response: None,
    )
    return module


@pytest.mark.parametrize(
    "files", [{5: b"png"}, {"\ud800": b"png"}, {"a": ("\ud800.png", b"png")}], ids=ascii
)
def test_names_of_files_that_cannot_be_sent(files: Any) -> None:
    script = Script(200)
    with pytest.raises(InputError, match="cannot be sent"):
        client(script).request("POST", "/x", files=files)
    assert script.requests == []


# --- ranges of media types


def upload(media_type: str) -> Any:
    """A module like those of the generated client, whose operation takes a body of bytes."""
    module: Any = ModuleType("ledgerhq_api.api.odd.post_odd")
    body = ("content", media_type)
    module.OPERATION = Operation("POST", "/odd", body=body, answers={"200": NOTHING})  # type: ignore[arg-type]

    def sync_detailed(*, client: Any, body: File) -> None:
        """Upload."""

    module.sync_detailed = sync_detailed
    return module


def picture(mime_type: str | None) -> File:
    return File(io.BytesIO(b"png"), mime_type=mime_type)


@pytest.mark.parametrize("media_type", ["image/*", "image/*; q=0.8"])
def test_a_body_of_a_range_of_media_types_is_sent_under_the_files_own(media_type: str) -> None:
    script = Script(200)
    client(script).call(upload(media_type), body=picture("image/png"))
    [request] = script.requests
    assert (request.content, request.headers["content-type"]) == (b"png", "image/png")


@pytest.mark.parametrize("body", [picture(None), picture("text/csv"), picture("image/*"), b"png"])
def test_a_range_of_media_types_is_never_sent(body: Any) -> None:
    script = Script(200)
    with pytest.raises(InputError, match=r"a File whose mime_type is one of image/\*"):
        client(script).call(upload("image/*"), body=body)
    with pytest.raises(InputError, match="pass the one that the bytes have"):
        client(script).request("POST", "/x", content=b"png", content_type="image/*")
    with pytest.raises(InputError, match="pass the one that the bytes have"):
        client(script).request("POST", "/x", files={"a": ("a.png", b"png", "image/*")})
    assert script.requests == []


def test_a_part_of_a_generated_form_is_never_of_a_range_of_media_types() -> None:
    script = Script(200)
    with pytest.raises(InputError, match="pass the one that the bytes have"):
        client(script).call(operation(files=[("file", ("a.png", b"png", "image/*"))]))
    assert script.requests == []
