"""The options of one call, as arguments of whatever sends."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import Any

import httpx
import pytest

from ledgerhq_ext import (
    AccountAllocation,
    AsyncLedgerHQ,
    AsyncOrganization,
    CallOptions,
    InputError,
    LedgerHQ,
    LedgerHQError,
    MemoryTokenStore,
    Organization,
    RetryPolicy,
)
from tests.support.clients import ORG, connect, options
from tests.support.clocks import FakeClock
from tests.support.postings import DRAFT, PURCHASE
from tests.support.responses import Script, accounts
from tests.support.surfaces import Surface, collect, resolve

FIRST = {"X-One": "1"}
CALLBACK = "http://127.0.0.1:8400/callback"
COMPANY = {
    "data": [
        {
            "id": ORG,
            "name": "Maple",
            "type": "client",
            "slug": "maple",
            "defaultCurrency": "USD",
            "fiscalYearStartMonth": 1,
        }
    ],
    "nextCursor": None,
}
BOOKS: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "accounts": ((), {}),
    "balance_sheet": (("2026-06-30",), {}),
    "bank_account_transactions": (("bank_1",), {}),
    "bank_accounts": ((), {}),
    "bank_connections": ((), {}),
    "bank_feed_health": ((), {}),
    "bank_feeds": ((), {}),
    "bank_reconciliation_status": ((), {}),
    "bank_transaction": (("btx_1",), {}),
    "bank_transactions": ((), {}),
    "bill": (("B-1",), {}),
    "bills": ((), {}),
    "cents": (("12.50",), {}),
    "check": ((PURCHASE,), {}),
    "contact": ((), {"email": "a@b.example"}),
    "contacts": ((), {}),
    "create_account": ((), {"code": "1", "name": "One", "type": "asset"}),
    "create_contact": ((), {"name": "One", "type": "supplier"}),
    "create_entry": ((DRAFT,), {}),
    "entries": ((), {}),
    "entry": (("je_1",), {}),
    "exclude": (("btx_1",), {}),
    "financial_packet": (("2026-06-01", "2026-06-30"), {}),
    "general_ledger": (("2026-06-01", "2026-06-30"), {}),
    "include": (("btx_1",), {}),
    "match": (("btx_1",), {"bill": "bill_1"}),
    "period": (("last month",), {}),
    "post": ((PURCHASE,), {"source": ("acme-pos", "1")}),
    "post_entry": (("je_1",), {}),
    "profit_and_loss": (("2026-06-01", "2026-06-30"), {}),
    "reclassify": (("btx_1", "acc_1"), {}),
    "reconcile": (("btx_1",), {}),
    "record": ((), {}),
    "request": (("GET", "/api/v1/tax-rates"), {}),
    "split": (("btx_1", [AccountAllocation(account_id="acc_1", amount=100)]), {}),
    "tax_rates": ((), {}),
    "trial_balance": (("2026-06-01", "2026-06-30"), {}),
    "void_entry": (("je_1",), {}),
}
"""Arguments for every method of a company that sends."""

FIRM: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "authorization_request": ((CALLBACK,), {}),
    "company": (("Maple",), {}),
    "health": ((), {}),
    "organizations": ((), {}),
    "register_client": (([CALLBACK],), {}),
    "request": (("GET", "/api/v1/organizations"), {}),
}
"""The same of the firm; ``connect`` has a test of its own."""

OTHERS = {"call", "close", "connect", "disconnect", "from_env", "organization", "with_options"}
"""``call`` takes the arguments of an operation; these others send nothing, or have their own test."""
OAUTH = {"authorization_request", "register_client"}
HARMLESS = {"_organization_id", "_operation"}
"""What a method may ask of its own handle, since nothing is sent by it."""

CALLS = [
    *(pytest.param(True, name, *arguments, id=name) for name, arguments in BOOKS.items()),
    *(pytest.param(False, name, *arguments, id=f"firm-{name}") for name, arguments in FIRM.items()),
]


def methods(kind: type) -> set[str]:
    """Return the public methods of a class."""
    members = {name: inspect.getattr_static(kind, name) for name in dir(kind)}
    return {
        name
        for name, member in members.items()
        if not name.startswith("_") and not isinstance(member, property)
        if callable(member) or isinstance(member, classmethod)
    }


@pytest.mark.parametrize(
    ("kind", "table"),
    [(Organization, BOOKS), (AsyncOrganization, BOOKS), (LedgerHQ, FIRM), (AsyncLedgerHQ, FIRM)],
)
def test_every_method_is_in_the_tables(kind: type, table: dict[str, Any]) -> None:
    assert methods(kind) - OTHERS == set(table)


@pytest.mark.parametrize("kind", [Organization, AsyncOrganization, LedgerHQ, AsyncLedgerHQ])
def test_every_method_that_sends_says_that_it_takes_them(kind: type) -> None:
    without = OTHERS - {"connect"}
    for name in methods(kind) - without:
        parameters = inspect.signature(getattr(kind, name)).parameters.values()
        [keywords] = [one for one in parameters if one.kind is inspect.Parameter.VAR_KEYWORD]
        assert "CallOptions" in str(keywords.annotation), name


def test_the_options_are_those_of_with_options() -> None:
    parameters = inspect.signature(LedgerHQ.with_options).parameters
    assert CallOptions.__annotations__.keys() == parameters.keys() - {"self"}


@pytest.mark.anyio
@pytest.mark.parametrize(("is_books", "name", "arguments", "keywords"), CALLS)
async def test_each_of_them_honors_the_options_of_its_call(
    surface: Surface,
    clock: FakeClock,
    is_books: bool,
    name: str,
    arguments: tuple[Any, ...],
    keywords: dict[str, Any],
) -> None:
    """The service is busy: what was asked of it, and how often, is what counts."""
    script = Script(429)
    once: dict[str, Any] = {
        "timeout": 7,
        "headers": {"X-Trace": "7"},
        "retries": RetryPolicy(attempts=2, first_pause=0),
    }
    hq = connect(surface, clock, transport=httpx.MockTransport(script), **settings_of(name))
    handle = hq.organization(ORG) if is_books else hq
    with pytest.raises(LedgerHQError, match="429"):
        await all_of(getattr(handle, name)(*arguments, **keywords, **once))
    sent = [
        (request.headers.get("X-Trace"), round(request.extensions["timeout"]["read"]))
        for request in script.requests
    ]
    # The OAuth endpoints are asked again when, and as often as, they say so themselves.
    assert sent == [("7", 7)] * (1 if name in OAUTH else 2)


@pytest.mark.anyio
async def test_connecting_honors_them(surface: Surface, clock: FakeClock) -> None:
    registration = {"client_id": "c_1", "redirect_uris": [CALLBACK], "client_id_issued_at": 1}
    script = Script(httpx.Response(201, json=registration), 429)
    settings = settings_of("authorization_request")
    hq = connect(surface, clock, transport=httpx.MockTransport(script), **settings)
    request = await resolve(hq.authorization_request(CALLBACK))
    came_back = f"{CALLBACK}?code=code-of-some-length&state={request.state}"
    with pytest.raises(LedgerHQError):
        await resolve(hq.connect(came_back, request, headers={"X-Trace": "7"}))
    assert [one.headers.get("X-Trace") for one in script.requests] == [None, "7"]


def settings_of(name: str) -> dict[str, Any]:
    """Return the settings of a client on which a method can be called."""
    if name in OAUTH:
        return {"access_token": None, "token_store": MemoryTokenStore()}
    return {}


async def all_of(value: Any) -> Any:
    """Await what is awaited, and read a list to its end."""
    if hasattr(value, "pages"):
        return await collect(value)
    return await resolve(value)


@pytest.mark.parametrize("kind", [AsyncOrganization, AsyncLedgerHQ])
def test_nothing_is_sent_beside_the_options(kind: type) -> None:
    """A method of several requests sends all of them over the handle that has the options."""
    beside: list[str] = []
    for name in methods(kind) - OTHERS | {"connect"} & methods(kind):
        source = textwrap.dedent(inspect.getsource(getattr(kind, name)))
        beside += [f"{name}: {use}" for use in uses_of_self(source)]
    assert beside == []


def uses_of_self(source: str) -> list[str]:
    """Return what a method asks of its own handle without handing the options on."""
    tree = ast.parse(source)
    handed_on: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and any(one.arg is None for one in node.keywords):
            handed_on.add(node.func)
    return [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "self"
        if node not in handed_on and node.attr not in {*HARMLESS, "_with"}
    ]


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["accounts", "contacts", "post"])
async def test_an_unknown_one_names_the_near_word(
    surface: Surface, clock: FakeClock, name: str
) -> None:
    script = Script(200)
    books = connect(surface, clock, transport=httpx.MockTransport(script)).organization(ORG)
    arguments, keywords = BOOKS[name]
    with pytest.raises(TypeError, match=r"'timout' is not an argument .* mean timeout"):
        await resolve(getattr(books, name)(*arguments, **keywords, timout=3))
    with pytest.raises(TypeError, match="timeout, deadline, retries, headers"):
        await resolve(getattr(books, name)(*arguments, **keywords, colour="red"))
    assert script.requests == []


@pytest.mark.anyio
async def test_an_unknown_one_names_what_the_method_itself_takes(
    surface: Surface, clock: FakeClock
) -> None:
    script = Script(200)
    books = connect(surface, clock, transport=httpx.MockTransport(script)).organization(ORG)
    with pytest.raises(TypeError, match=r"of bank_transactions. Did you mean start"):
        await resolve(books.bank_transactions(start_date="2026-06-01"))
    with pytest.raises(TypeError, match=r"are name, email, tax_number, timeout, deadline"):
        await resolve(books.contact(colour="red"))
    with pytest.raises(TypeError, match=r"of post. Did you mean source"):
        await resolve(books.with_raw_response.post(*BOOKS["post"][0], sourc=("till", "1")))
    assert script.requests == []


@pytest.mark.anyio
async def test_an_unknown_one_is_refused_also_where_nothing_has_to_be_sent(
    surface: Surface, clock: FakeClock
) -> None:
    script = Script(httpx.Response(200, json=COMPANY))
    books = connect(surface, clock, transport=httpx.MockTransport(script)).organization(ORG)
    await resolve(books.record())
    with pytest.raises(TypeError, match="'color' is not an argument of record"):
        await resolve(books.record(color="red"))
    with pytest.raises(TypeError, match="'currency' is not an argument of cents"):
        await resolve(books.cents("12.50", currency="EUR"))
    with pytest.raises(TypeError, match=r"'toda' is not an argument of period. .* mean today"):
        await resolve(books.period("2026-06-01", "2026-06-30", toda="2026-07-01"))
    with pytest.raises(InputError, match="deadline"):
        await resolve(books.period("2026-06-01", "2026-06-30", deadline=-1))
    assert len(script.requests) == 1


@pytest.mark.anyio
async def test_a_wrong_value_is_refused_before_anything_is_sent(
    surface: Surface, clock: FakeClock
) -> None:
    script = Script(200)
    books = connect(surface, clock, transport=httpx.MockTransport(script)).organization(ORG)
    for option, value in {"timeout": 0, "deadline": "x", "retries": -1, "headers": "x"}.items():
        with pytest.raises(InputError, match=option):
            await resolve(books.accounts(**{option: value}))
    assert script.requests == []


@pytest.mark.anyio
async def test_they_are_of_one_call_alone(surface: Surface, clock: FakeClock) -> None:
    script = Script(accounts)
    hq = connect(surface, clock, transport=httpx.MockTransport(script), **options(headers=FIRST))
    books = hq.organization(ORG)
    raw = await resolve(books.with_raw_response.accounts(headers={"X-Two": "2"}))
    await resolve(books.accounts(timeout=None, headers=None))
    assert raw.status == 200
    sent = [(one.headers.get("X-One"), one.headers.get("X-Two")) for one in script.requests]
    assert sent == [("1", "2"), ("1", None)]


@pytest.mark.anyio
async def test_the_record_is_read_once_whatever_the_options(
    surface: Surface, clock: FakeClock
) -> None:
    script = Script(httpx.Response(200, json=COMPANY))
    books = connect(surface, clock, transport=httpx.MockTransport(script)).organization(ORG)
    assert await resolve(books.cents("12.50", deadline=9)) == 1250
    assert (await resolve(books.record())).name == "Maple"
    assert len(script.requests) == 1
