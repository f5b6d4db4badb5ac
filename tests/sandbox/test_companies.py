"""The company paths: the same books as on the routes with a header, without the header."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from ledgerhq_ext.sandbox import Sandbox

from .api import Api, code_of


def below(api: Api, method: str, path: str, **options: Any) -> httpx.Response:
    """Send a request below the company of `api`, without the header."""
    headers = {"authorization": api.headers["authorization"]} | options.pop("headers", {})
    url = f"{api.box.url}/api/v1/companies/{api.org}/{path}"
    return api.http.request(method, url, headers=headers, **options)


def test_companies_are_the_client_organizations(maple: Api) -> None:
    companies = maple.get("/companies", limit=3).json()
    rest = maple.get("/companies", limit=3, cursor=companies["nextCursor"]).json()

    assert (
        companies["data"] + rest["data"]
        == maple.get("/organizations", type="client").json()["data"]
    )
    assert rest["nextCursor"] is None


def test_one_company(maple: Api) -> None:
    [record] = [row for row in maple.get("/companies").json()["data"] if row["id"] == maple.org]

    assert maple.get(f"/companies/{maple.org}").json() == {"data": record}
    assert maple.get("/companies/org_nowhere").status_code == 404


def test_the_firm_is_not_a_company(maple: Api) -> None:
    [firm] = maple.get("/organizations", type="firm").json()["data"]
    assert maple.get(f"/companies/{firm['id']}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "accounts",
        "bank-accounts",
        "bank-transactions?limit=7&page=2&status=unreconciled",
        "reports/trial-balance?startDate=2026-01-01&endDate=2026-06-30",
        "reports/balance-sheet?endDate=2026-06-30",
        "reports/profit-and-loss?startDate=2026-01-01&endDate=2026-06-30",
        "reports/general-ledger?startDate=2026-01-01&endDate=2026-06-30&limit=40",
    ],
)
def test_a_read_is_the_same_on_both_carriers(harbor: Api, path: str) -> None:
    answer = below(harbor, "GET", path)
    assert answer.status_code == 200
    assert answer.json() == harbor.request("GET", f"/{path}").json()


def test_journal_entries_are_the_entries(maple: Api) -> None:
    assert (
        below(maple, "GET", "journal-entries?limit=20").json()
        == maple.get("/entries", limit=20).json()
    )


def test_journal_lines_are_those_of_posted_entries(maple: Api) -> None:
    period = {"startDate": "2026-03-01", "endDate": "2026-03-31", "limit": 100}
    entries = maple.get("/entries", status="posted", **period).json()["data"]
    page = below(maple, "GET", "journal-lines", params=period).json()

    expected = [(entry["id"], line) for entry in entries for line in entry["lines"]]
    lines = [
        (
            line.pop("journalEntryId"),
            {name: line[name] for name in line if name not in ("entryNumber", "date")},
        )
        for line in page["data"]
    ]
    assert page["pagination"]["total"] == len(expected)
    assert lines == expected[:100]


def test_reconciliations(maple: Api) -> None:
    page = below(maple, "GET", "reconciliations").json()
    accounts = {row["id"] for row in maple.get("/bank-accounts").json()["bankAccounts"]}

    assert page["data"]
    assert {row["bankAccountId"] for row in page["data"]} <= accounts


def test_one_key_is_one_entry_on_both_carriers(maple: Api) -> None:
    body = maple.purchase()
    headers = {"idempotency-key": "acme-both-carriers"}

    first = below(maple, "POST", "purchases", json=body, headers=headers)
    again = maple.post("/purchases", body, key="acme-both-carriers")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


@pytest.mark.parametrize(
    "resource", ["purchases", "deposits", "transfers", "bill-payments", "journal-entries"]
)
def test_a_posting_needs_its_key(maple: Api, resource: str) -> None:
    response = below(maple, "POST", resource, json={})
    assert response.status_code == 400
    assert "idempotency-key" in response.text.lower()


def test_another_firm_sees_nothing(box: Sandbox, maple: Api) -> None:
    stranger = box.add_firm("Strange & Co")
    maple.headers["authorization"] = f"Bearer {box.access_token(stranger)}"

    assert below(maple, "GET", "accounts").status_code == 403
    assert maple.get(f"/companies/{maple.org}").status_code == 404
    assert maple.get("/companies").json()["data"] == []


def test_an_api_key_sees_its_own_company(box: Sandbox, maple: Api, harbor: Api) -> None:
    key = {"authorization": f"Bearer {box.api_key(maple.org)}"}
    maple.headers = key
    harbor.headers = key

    assert [row["id"] for row in maple.get("/companies").json()["data"]] == [maple.org]
    assert below(maple, "GET", "accounts").status_code == 200
    assert below(harbor, "GET", "accounts").status_code == 403
    assert maple.get(f"/companies/{harbor.org}").status_code == 404


def test_a_route_that_stands_on_the_header_only_is_not_below_a_company(maple: Api) -> None:
    assert below(maple, "GET", "contacts").status_code == 404


def test_an_unknown_company(maple: Api) -> None:
    maple.org = "org_nowhere"
    assert below(maple, "GET", "accounts").status_code == 404


def test_the_period_lock_holds_below_a_company(box: Sandbox, maple: Api) -> None:
    box.lock_period(maple.org, "2026-06-30")
    response = below(
        maple,
        "POST",
        "purchases",
        json=maple.purchase(),
        headers={"idempotency-key": "acme-locked"},
    )
    assert code_of(response) == (422, "PERIOD_LOCKED")
