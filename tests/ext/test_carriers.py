"""What names the client company on the wire: a header or a segment of the path, as the contract
offers it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from ledgerhq_api.api.companies import (
    get_companies_by_id_accounts,
    get_companies_by_id_journal_entries,
)
from ledgerhq_api.models import GetOrganizationsResponse
from ledgerhq_api.operations import json

from ledgerhq_ext import (
    CallSummary,
    ContractError,
    InputError,
    LedgerHQ,
    ServerError,
    ValidationError,
    _generated,
    _operations,
    _seam,
)
from ledgerhq_ext.sandbox._contract import vendored_contract
from scripts.contract.needs import needs
from scripts.contract.normalise import normalise
from scripts.contract.seam import misfits
from tests.support.clients import BASE, ORG, client
from tests.support.postings import POSTINGS, PURCHASE
from tests.support.responses import Script, account, accounts, bank_row, receipt
from tests.support.routes import forget_routes

SCOPE = "x-organization-id"
BELOW = f"/api/v1/companies/{ORG}"
COMPANY = {
    "id": ORG,
    "name": "Maple",
    "type": "client",
    "slug": "maple",
    "defaultCurrency": "USD",
    "createdAt": "2026-06-08T16:00:00.000Z",
    "fiscalYearStartMonth": 1,
}
Lacking = Callable[..., None]


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lacking]:
    """Return what takes modules out of the generated client: a route that the contract does not
    have.
    """

    real = _generated.is_generated

    def take_out(*names: str) -> None:
        def is_generated(name: str) -> bool:
            return name not in names and real(name)

        forget_routes()
        for module in (_operations, _generated):
            monkeypatch.setattr(module, "is_generated", is_generated)

    yield take_out
    forget_routes()


def books(script: Script, carrier: str = "path") -> Any:
    return client(script, carrier=carrier).organization(ORG)


def listing(*rows: dict[str, Any]) -> httpx.Response:
    pagination = {"page": 1, "limit": 100, "total": len(rows), "totalPages": 1}
    return httpx.Response(
        200, json={"data": list(rows), "pagination": pagination, "nextCursor": None}
    )


# --- what travels


@pytest.mark.parametrize("path", POSTINGS)
def test_a_posting_goes_below_the_company_without_the_header(path: str) -> None:
    below = Script(receipt)
    with_header = Script(receipt)
    books(below).post(POSTINGS[path], source=("till", "1"))
    books(with_header, "header").post(POSTINGS[path], source=("till", "1"))

    [request] = below.requests
    [other] = with_header.requests
    assert request.url.path == f"{BELOW}/{path}"
    assert other.url.path == f"/api/v1/{path}"
    assert SCOPE not in request.headers
    assert other.headers[SCOPE] == ORG
    assert request.headers["idempotency-key"] == other.headers["idempotency-key"]
    assert request.content == other.content


READS: list[tuple[Callable[[Any], Any], str]] = [
    (lambda b: b.accounts(), "/accounts"),
    (lambda b: b.bank_accounts(), "/bank-accounts"),
    (lambda b: list(b.bank_transactions(status="excluded")), "/bank-transactions"),
    (lambda b: list(b.entries(status="posted", start="2026-01-01")), "/journal-entries"),
    (lambda b: b.profit_and_loss("2026-01-01", "2026-06-30"), "/reports/profit-and-loss"),
    (lambda b: b.general_ledger("2026-01-01", "2026-06-30", limit=5), "/reports/general-ledger"),
]


@pytest.mark.parametrize(("read", "path"), READS, ids=[path for _, path in READS])
def test_a_read_goes_below_the_company_without_the_header(
    read: Callable[[Any], Any], path: str
) -> None:
    script = Script(500)
    with pytest.raises(ServerError) as caught:
        read(books(script).with_options(retries=0))
    assert {(request.url.path, request.headers.get(SCOPE)) for request in script.requests} == {
        (BELOW + path, None)
    }
    assert (caught.value.path, caught.value.organization) == (BELOW + path, ORG)


@pytest.mark.parametrize("carrier", ["header", "path"])
def test_what_stands_on_the_header_only_is_sent_there(carrier: str) -> None:
    script = Script(lambda _: listing())
    list(books(script, carrier).contacts())
    [request] = script.requests
    assert (request.url.path, request.headers[SCOPE]) == ("/api/v1/contacts", ORG)


@pytest.mark.parametrize("carrier", ["header", "path"])
def test_what_stands_below_the_company_only_is_sent_there(carrier: str, lacking: Lacking) -> None:
    lacking("accounts.get_accounts")
    script = Script(accounts)
    assert books(script, carrier).accounts().by_code("1010").id == "acc_1"
    [request] = script.requests
    assert (request.url.path, SCOPE in request.headers) == (f"{BELOW}/accounts", False)


def test_a_company_with_a_strange_id_is_one_segment() -> None:
    script = Script(accounts)
    client(script, carrier="path").organization("../a?b").accounts()
    assert script.requests[0].url.raw_path == b"/api/v1/companies/..%2Fa%3Fb/accounts"


def test_a_call_and_its_repeats_go_to_one_route() -> None:
    script = Script(503, 503, receipt)
    books(script).post(PURCHASE, source=("till", "1"))
    assert [request.url.path for request in script.requests] == [f"{BELOW}/purchases"] * 3
    assert len({request.headers["idempotency-key"] for request in script.requests}) == 1


def test_hooks_and_errors_name_the_route_that_was_used() -> None:
    calls: list[CallSummary] = []

    class Hook:
        def start(self, call: CallSummary) -> None:
            calls.append(call)

        def end(self, call: CallSummary, result: object, state: object) -> None:
            pass

    hq = client(Script(422), carrier="path", hooks=[Hook()])
    with pytest.raises(ValidationError) as caught:
        hq.organization(ORG).post(PURCHASE, source=("till", "1"))
    error = caught.value
    assert (error.method, error.path, error.organization) == ("POST", f"{BELOW}/purchases", ORG)
    assert f"POST {BELOW}/purchases" in str(error)
    assert [(call.path, call.organization) for call in calls] == [(f"{BELOW}/purchases", ORG)]


def test_an_error_made_beside_a_call_names_the_route_that_was_used() -> None:
    row = bank_row()
    pagination = {"page": 1, "limit": 100, "total": 2, "totalPages": 1}
    script = Script(httpx.Response(200, json={"data": [row], "pagination": pagination}))
    with pytest.raises(ContractError) as caught:
        list(books(script).bank_transactions())
    assert caught.value.path == f"{BELOW}/bank-transactions"


# --- organizations and companies


@pytest.mark.parametrize(
    ("carrier", "type", "path", "query"),
    [
        ("header", "client", "/api/v1/organizations", {"type": "client", "limit": "250"}),
        ("path", "client", "/api/v1/companies", {"limit": "250"}),
        # The firm itself is no company.
        ("path", "firm", "/api/v1/organizations", {"type": "firm", "limit": "250"}),
        ("path", None, "/api/v1/organizations", {"limit": "250"}),
    ],
)
def test_clients_are_listed_where_the_carrier_says(
    carrier: str, type: Any, path: str, query: dict[str, str]
) -> None:
    script = Script(lambda _: listing(COMPANY))
    found = list(client(script, carrier=carrier).organizations(type=type))
    [request] = script.requests
    assert [record.id for record in found] == [ORG]
    assert (request.url.path, dict(request.url.params)) == (path, query)


def test_a_contract_with_companies_only(lacking: Lacking) -> None:
    lacking("organizations.get_organizations")
    script = Script(lambda _: listing(COMPANY))
    hq = client(script)
    assert [record.id for record in hq.organizations()] == [ORG]
    assert hq.organization(ORG).record().name == "Maple"
    assert {request.url.path for request in script.requests} == {"/api/v1/companies"}

    sent = len(script.requests)
    with pytest.raises(
        InputError, match=r"GET /api/v1/companies has no filter type\. Leave it out"
    ):
        list(hq.organizations(type="firm"))
    assert len(script.requests) == sent


# --- filters that one of the routes lacks


def without_filter(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    query = {argument: wire for argument, wire in module.OPERATION.query.items() if wire != name}
    monkeypatch.setattr(module, "OPERATION", module.OPERATION._replace(query=query))
    forget_routes()


@pytest.mark.parametrize("status", ["posted", None])
def test_a_route_that_lacks_a_filter_is_the_last_choice(
    monkeypatch: pytest.MonkeyPatch, lacking: Lacking, status: Any
) -> None:
    """Whatever is asked for: pages of one list, and lists of one app, come from one place."""
    lacking()
    without_filter(monkeypatch, get_companies_by_id_journal_entries, "status")
    script = Script(lambda _: listing())
    list(books(script).entries(status=status))
    assert script.requests[0].url.path == "/api/v1/entries"


def test_a_filter_is_never_dropped(monkeypatch: pytest.MonkeyPatch, lacking: Lacking) -> None:
    lacking("entries.get_entries")
    without_filter(monkeypatch, get_companies_by_id_journal_entries, "status")
    script = Script(lambda _: listing())
    with pytest.raises(
        InputError, match=r"Organization\.entries: GET .*/journal-entries has no filter status"
    ):
        list(books(script).entries(status="posted"))
    assert script.requests == []

    list(books(script).entries())
    assert script.requests[0].url.path == f"{BELOW}/journal-entries"


# --- what the contract has nowhere


def test_an_operation_that_the_contract_lacks_is_named(lacking: Lacking) -> None:
    lacking(
        "tax_rates.get_tax_rates",
        "purchases.post_purchases",
        "companies.post_companies_by_id_purchases",
        "companies.get_companies_by_id_tax_rates",
    )
    script = Script(accounts)
    with pytest.raises(InputError) as caught:
        books(script).tax_rates()
    assert "Organization.tax_rates" in str(caught.value)
    assert "GET /api/v1/tax-rates or GET /api/v1/companies/{companyId}/tax-rates" in str(
        caught.value
    )
    with pytest.raises(InputError, match=r"post\(Purchase\).* POST /api/v1/purchases or POST "):
        books(script).post(PURCHASE, source=("till", "1"))
    assert script.requests == []
    assert books(script).accounts()


@pytest.mark.parametrize("carrier", ["header", "path"])
def test_an_optional_operation_that_the_contract_lacks_says_what_to_do(
    lacking: Lacking, carrier: str
) -> None:
    lacking("contacts.post_contacts")
    script = Script(200)
    with pytest.raises(InputError) as caught:
        books(script, carrier).create_contact(name="Toner Town", type="supplier")
    assert "has no POST /api/v1/contacts" in str(caught.value)
    assert "Create the contact in LedgerHQ and look it up with contact()" in str(caught.value)
    assert script.requests == []


def test_a_public_operation_that_the_contract_lacks_is_named(lacking: Lacking) -> None:
    lacking("health.get_health")
    with pytest.raises(InputError, match="has no GET /api/health"):
        client(Script(200)).health()


def test_what_the_contract_lacks_is_no_need(lacking: Lacking) -> None:
    lacking("tax_rates.get_tax_rates", "companies.get_companies_by_id_tax_rates")
    names = [need.operation for need in needs()]
    assert "Organization.tax_rates" not in names
    assert len(names) == len(_seam.operations()) - 1


def test_of_an_optional_operation_that_the_contract_lacks_what_is_sent_is_a_need(
    lacking: Lacking,
) -> None:
    lacking("contacts.post_contacts")
    [need] = [each for each in needs() if each.operation == "Organization.create_contact"]
    assert (need.is_optional, need.response, need.statuses) == (True, None, ())
    contract = vendored_contract()
    assert misfits(normalise(contract), [need]) == []

    contract["components"]["schemas"]["ContactCreate"]["required"].append("email")
    [row] = misfits(normalise(contract), [need])
    assert row.where == "/requestBody/properties/email"
    assert row.found.startswith("required always")
    del contract["paths"]["/api/v1/contacts"]["post"]
    assert misfits(normalise(contract), [need]) == []


@pytest.mark.parametrize("carrier", ["Header", "", None, 5, ["path"]])
def test_a_carrier_is_one_of_two_words(carrier: Any) -> None:
    with pytest.raises(InputError, match="carrier must be 'header' or 'path'"):
        LedgerHQ(base_url=BASE, access_token="mcp_at_x", carrier=carrier)


# --- where things stand


@pytest.mark.parametrize("operation", _seam.operations(), ids=lambda operation: operation.name)
def test_locations_are_the_routes_of_the_contract(operation: Any) -> None:
    """They are worked out from names, since a client may lack one of them: so hold them against
    those there are.
    """
    routes = {location.module: location for location in operation.locations}
    for offer in operation.offers("header"):
        location = routes[offer.module]
        assert location.method == offer.method
        assert re.sub(r"{.*?}", "{}", location.route) == re.sub(r"{.*?}", "{}", offer.path)


def test_as_published_fourteen_operations_have_a_company_path() -> None:
    """A route of the contract that does the same under another name would not be noticed otherwise."""
    below = {operation.on("path", {"type": "client"}).module for operation in _seam.operations()}
    assert len([module for module in below if module.startswith("companies.")]) == 14


# --- envelopes


@pytest.mark.parametrize("carrier", ["header", "path"])
@pytest.mark.parametrize("envelope", ["accounts", "data"])
def test_either_envelope_is_read(carrier: str, envelope: str) -> None:
    script = Script(httpx.Response(200, json={envelope: [account()]}))
    assert [each.id for each in books(script, carrier).accounts()] == ["acc_1"]


@pytest.mark.parametrize("envelope", ["accounts", "data"])
def test_either_envelope_may_be_the_declared_one(
    monkeypatch: pytest.MonkeyPatch, lacking: Lacking, envelope: str
) -> None:
    """As after a regeneration from a contract whose company path says ``data``."""
    lacking()
    module = get_companies_by_id_accounts
    answers = {"200": json(GetOrganizationsResponse)}
    monkeypatch.setattr(module, "OPERATION", module.OPERATION._replace(answers=answers))
    for cached in (_generated.declared_envelope, _generated.result_of):
        cached.cache_clear()
    try:
        assert _seam.ACCOUNTS.on("path").declared_envelope == "data"
        organization = {**COMPANY, "organizationId": ORG}
        script = Script(httpx.Response(200, json={envelope: [organization]}))
        assert [each.id for each in books(script).accounts()] == [ORG]
    finally:
        for cached in (_generated.declared_envelope, _generated.result_of):
            cached.cache_clear()


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({"rows": [account()]}, "/accounts"),
        ({"data": [account()], "rows": []}, "/accounts"),
        ({"accounts": [account()], "nextCursor": "c2"}, "/nextCursor"),
        ({"accounts": [account()], "hasMore": True}, "/nextCursor"),
        ({"accounts": [account()], "truncated": True}, "/truncated"),
        ({"accounts": [account()], "total": 2}, "/total"),
        ({"accounts": [account()], "pagination": {"total": 2}}, "/pagination/total"),
        ({"accounts": [account()], "total": 2.0}, "/total"),
        ({"accounts": [account()], "total": 2, "pagination": {}}, "/total"),
        (
            {"accounts": [account()], "pagination": {"page": 1, "totalPages": 2}},
            "/pagination/nextCursor",
        ),
        ({"accounts": [account()], "pagination": {"hasMore": True}}, "/pagination/nextCursor"),
        ({"accounts": [account()], "pagination": {"nextCursor": "c2"}}, "/pagination/nextCursor"),
        ({"accounts": [account()], "pagination": {"truncated": True}}, "/pagination/truncated"),
        ([account()], "/accounts"),
    ],
)
@pytest.mark.parametrize("carrier", ["header", "path"])
def test_what_may_not_be_the_whole_list_is_none(carrier: str, document: Any, pointer: str) -> None:
    script = Script(httpx.Response(200, json=document))
    with pytest.raises(ContractError) as caught:
        books(script, carrier).accounts()
    assert caught.value.pointer == pointer


def test_a_whole_list_may_say_that_it_is_whole() -> None:
    document = {
        "accounts": [account()],
        "nextCursor": None,
        "hasMore": False,
        "pagination": {"page": 1, "total": 1, "totalPages": 1, "truncated": False},
    }
    assert len(books(Script(httpx.Response(200, json=document))).accounts()) == 1


@pytest.mark.parametrize("carrier", ["header", "path"])
def test_an_account_that_a_list_has_twice_comes_once(carrier: str) -> None:
    script = Script(httpx.Response(200, json={"accounts": [account(), account()]}))
    accounts = books(script, carrier).accounts()
    assert len(accounts) == 1
    assert accounts[accounts[0].code] == accounts[0]


@pytest.mark.parametrize("carrier", ["header", "path"])
def test_a_list_that_has_one_account_twice_instead_of_two_is_cut(carrier: str) -> None:
    document = {"accounts": [account(), account()], "pagination": {"total": 2}}
    with pytest.raises(ContractError, match="has 2 rows") as caught:
        books(Script(httpx.Response(200, json=document)), carrier).accounts()
    assert caught.value.pointer == "/pagination/total"


@pytest.mark.parametrize("carrier", ["header", "path"])
def test_two_accounts_that_differ_under_one_id_stay_two(carrier: str) -> None:
    answer = {"accounts": [account(), {**account(), "name": "Another"}]}
    accounts = books(Script(httpx.Response(200, json=answer)), carrier).accounts()
    assert len(accounts) == 2
