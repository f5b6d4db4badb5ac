from __future__ import annotations

import httpx
import pytest

from ledgerhq_ext.sandbox import Sandbox

from .api import Api, code_of


def test_health_needs_nothing(box: Sandbox, http: httpx.Client) -> None:
    response = http.get(box.url + "/api/health")
    assert response.json() == {"status": "ok"}
    assert response.headers["x-request-id"].startswith("req_")


def test_organizations_come_in_pages(maple: Api) -> None:
    seen, cursor = [], None
    for _ in range(10):
        params = {"limit": 2, "type": "client"} | ({"cursor": cursor} if cursor else {})
        page = maple.get("/organizations", **params).json()
        seen += [row["id"] for row in page["data"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(row["id"] for row in maple.box.clients)
    assert len(seen) == 4


def test_the_firm_is_an_organization_too(maple: Api) -> None:
    [firm] = maple.get("/organizations", type="firm").json()["data"]
    assert (firm["name"], firm["type"]) == ("Ledger & Co", "firm")


@pytest.mark.parametrize(
    "params", [{"limit": 0}, {"limit": 251}, {"limit": "x"}, {"type": "other"}, {"cursor": "?"}]
)
def test_bad_parameters_are_named(maple: Api, params: dict[str, object]) -> None:
    response = maple.get("/organizations", **params)
    assert response.status_code == 400
    assert f"query {next(iter(params))}" in response.json()["error"]


def test_the_scope_is_required_known_and_ones_own(maple: Api) -> None:
    del maple.headers["x-organization-id"]
    response = maple.get("/accounts")
    assert (response.status_code, "x-organization-id" in response.json()["error"]) == (400, True)
    maple.headers["x-organization-id"] = "org_nowhere"
    assert maple.get("/accounts").status_code == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/accounts", {"code": "1999", "name": "Chest", "type": "asset"}),
        ("/bank-accounts", {"accountName": "Chest", "accountType": "cash"}),
        ("/contacts", {"name": "Chest", "type": "supplier"}),
    ],
)
def test_a_code_outside_iso_4217_is_no_currency(
    maple: Api, path: str, body: dict[str, object]
) -> None:
    response = maple.post(path, body | {"currencyCode": "ZZZ"})
    assert response.status_code == 400
    assert "currencyCode: 'ZZZ'" in response.json()["error"]
    assert maple.post(path, body | {"currencyCode": "KWD"}).status_code == 201


def test_every_company_has_the_same_chart(maple: Api, sakura: Api) -> None:
    charts = [
        [row["code"] for row in api.get("/accounts").json()["accounts"]] for api in (maple, sakura)
    ]
    assert charts[0] == charts[1] == sorted(charts[0])
    assert {"1010", "1200", "2000", "3200", "4000", "6100"} <= set(charts[0])


def test_an_account_is_created_changed_and_deleted(maple: Api) -> None:
    created = maple.post("/accounts", {"code": "6110", "name": "Toner", "type": "expense"})
    account = created.json()["account"]
    assert (created.status_code, account["isActive"], account["currencyCode"]) == (201, True, "USD")
    path = f"/accounts/{account['id']}"
    changed = maple.request("PATCH", path, json={"name": "Ink", "isActive": False}).json()[
        "account"
    ]
    assert (changed["name"], changed["code"], changed["isActive"]) == ("Ink", "6110", False)
    assert maple.get(path).json()["account"] == changed
    assert maple.request("DELETE", path).json() == {"success": True}
    assert maple.get(path).status_code == 404


def test_a_code_is_unique_in_its_company(maple: Api, harbor: Api) -> None:
    body = {"code": "6111", "name": "Toner", "type": "expense"}
    assert [api.post("/accounts", body).status_code for api in (maple, maple, harbor)] == [
        201,
        409,
        201,
    ]
    path = f"/accounts/{maple.account('6100')}"
    assert maple.request("PATCH", path, json={"code": "6111"}).status_code == 409
    assert maple.request("PATCH", path, json={"code": "6100"}).status_code == 200


@pytest.mark.parametrize("code", ["6100", "1010", "2000"])
def test_a_used_or_system_account_stays(maple: Api, code: str) -> None:
    assert maple.request("DELETE", f"/accounts/{maple.account(code)}").status_code == 409


def test_a_parent_stays_and_cannot_be_its_own_child(maple: Api) -> None:
    parent = maple.post("/accounts", {"code": "7000", "name": "Other", "type": "expense"}).json()[
        "account"
    ]["id"]
    body = {"code": "7010", "name": "More", "type": "expense", "parentId": parent}
    child = maple.post("/accounts", body).json()["account"]["id"]
    assert maple.request("DELETE", f"/accounts/{parent}").status_code == 409
    assert (
        maple.request("PATCH", f"/accounts/{parent}", json={"parentId": child}).status_code == 400
    )


def test_objects_of_another_company_are_not_found(maple: Api, harbor: Api) -> None:
    account, row = harbor.account("6100"), harbor.row("WIRE IN OWNER")["id"]
    bank = harbor.get("/bank-accounts").json()["bankAccounts"][0]["id"]
    assert maple.get(f"/accounts/{account}").status_code == 404
    assert maple.get(f"/bank-transactions/{row}").status_code == 404
    assert maple.get(f"/bank-accounts/{bank}/transactions").status_code == 404
    assert maple.act(row, "exclude").status_code == 404
    assert maple.get("/bank-transactions", bankAccountId=bank).json()["data"] == []


def test_a_bank_account_is_linked_to_one_ledger_account(maple: Api) -> None:
    account = maple.post("/accounts", {"code": "1030", "name": "Reserve", "type": "asset"}).json()[
        "account"
    ]["id"]
    body = {
        "accountName": "Reserve",
        "accountNumber": "DK5000400440116243",
        "chartAccountId": account,
    }
    created = maple.post("/bank-accounts", body)
    bank = created.json()["bankAccount"]
    assert (created.status_code, bank["accountNumber"], bank["balance"]) == (201, "••••6243", 0)
    assert maple.post("/bank-accounts", body).status_code == 409
    assert (
        maple.post("/bank-accounts", body | {"chartAccountId": maple.account("4000")}).status_code
        == 400
    )
    assert maple.post("/bank-accounts", body | {"chartAccountId": "x"}).status_code == 404
    transfer = {
        "txnDate": "2026-06-09",
        "fromAccountId": maple.account("1010"),
        "toAccountId": account,
    }
    assert maple.submit("transfers", transfer | {"amount": 900}).status_code == 201
    balances = {
        row["accountName"]: row["balance"]
        for row in maple.get("/bank-accounts").json()["bankAccounts"]
    }
    assert balances["Reserve"] == 900


def test_contacts_are_searched_and_some_are_called_alike(maple: Api) -> None:
    both = maple.get("/contacts", search="office dep").json()
    assert [row["name"] for row in both["data"]] == ["Office Depot", "Office Depot"]
    assert both["pagination"] == {"page": 1, "limit": 50, "total": 2, "totalPages": 1}
    numbers = {row["taxNumber"] for row in both["data"]}
    assert numbers == {"TX-100733", "TX-100734"}
    assert maple.get("/contacts", search="TX-100734").json()["pagination"]["total"] == 1
    assert {row["type"] for row in maple.get("/contacts", type="customer").json()["data"]} == {
        "customer"
    }


def test_a_contact_is_created_and_another_one_of_the_same_name(maple: Api, sakura: Api) -> None:
    body = {"name": "Toner Town", "type": "supplier", "email": "ink@toner.example"}
    created = maple.post("/contacts", body)
    contact = created.json()["contact"]
    assert created.status_code == 201
    assert {name: contact[name] for name in body} == body
    assert (contact["currencyCode"], contact["paymentTermsDays"]) == ("USD", 30)
    assert maple.get("/contacts", search="toner town").json()["data"] == [contact]

    again = maple.post("/contacts", body | {"paymentTermsDays": 14}).json()["contact"]
    assert (again["paymentTermsDays"], again["id"] != contact["id"]) == (14, True)
    assert sakura.get("/contacts", search="toner town").json()["data"] == []


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"type": "supplier"}, "name"),
        ({"name": "", "type": "supplier"}, "name"),
        ({"name": "Toner Town", "type": "vendor"}, "type"),
        ({"name": "Toner Town", "paymentTermsDays": -1}, "paymentTermsDays"),
        ({"name": "Toner Town", "mail": "ink@toner.example"}, "mail"),
    ],
)
def test_a_contact_that_cannot_be_is_named(maple: Api, body: dict[str, object], place: str) -> None:
    response = maple.post("/contacts", body)
    assert response.status_code == 400
    assert place in response.json()["error"]


def test_pages_follow_each_other(maple: Api) -> None:
    pages = [maple.get("/contacts", page=page, limit=5).json() for page in (1, 2, 3, 4)]
    assert [len(page["data"]) for page in pages] == [5, 5, 4, 0]
    assert pages[0]["pagination"]["totalPages"] == 3
    assert len({row["id"] for page in pages for row in page["data"]}) == 14


def test_bills_by_status(maple: Api) -> None:
    assert [b["billNumber"] for b in maple.get("/bills", status="void").json()["data"]] == [
        "BILL-1014"
    ]
    for bill in maple.get("/bills").json()["data"]:
        assert bill["amountDue"] == bill["total"] - bill["amountPaid"]


def test_tax_rates_differ_by_country(maple: Api, sakura: Api) -> None:
    assert "Sales tax" in [row["name"] for row in maple.get("/tax-rates").json()["taxRates"]]
    assert 1000 in [row["rate"] for row in sakura.get("/tax-rates").json()["taxRates"]]


def test_a_broken_feed_shows_in_its_health(maple: Api) -> None:
    feeds = maple.get("/bank-feeds").json()["bankFeeds"]
    assert sorted(feed["status"] for feed in feeds) == ["active", "active", "error"]
    health = maple.get("/bank-feeds/health").json()["bankFeeds"]
    [broken] = [feed for feed in health if feed["status"] != "healthy"]
    assert (broken["error"], broken["accounts"][0]["accountName"]) == (
        "ITEM_LOGIN_REQUIRED",
        "Company card",
    )


def test_unknown_paths_and_methods(box: Sandbox, http: httpx.Client) -> None:
    assert http.get(box.url + "/api/v1/nothing").status_code == 404
    response = http.put(box.url + "/api/v1/accounts", json={})
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")
    assert code_of(response) == (405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"code": "\\ud800", "name": "x", "type": "asset"}',
        b"\xff",
        b"NaN",
        b"[" * 100_000,
    ],
)
def test_bodies_that_are_no_json_are_400(maple: Api, content: bytes) -> None:
    headers = {"content-type": "application/json"}
    response = maple.request("POST", "/accounts", content=content, headers=headers)
    assert response.status_code == 400
    assert response.json()["error"].startswith("body")


def test_another_content_type_is_400(maple: Api) -> None:
    response = maple.request("POST", "/accounts", data={"code": "1"})
    assert (response.status_code, "Content-Type" in response.json()["error"]) == (400, True)


def test_whole_floats_are_integers_in_the_ledger(maple: Api) -> None:
    body = maple.purchase()
    body["lines"][0]["amount"] = 100.0
    receipt = maple.post("/purchases", body, key="k").json()["data"]
    assert maple.transaction(receipt["bankTransactionIds"][0])["amount"] == -100
    body["lines"][0]["amount"] = 100
    assert maple.post("/purchases", body, key="k").status_code == 200


def test_ids_in_paths_may_hold_anything(maple: Api) -> None:
    for strange in ("%2F", "a%2Fb", "%00", "%FF", "..%2F..", "%25"):
        assert maple.get(f"/accounts/{strange}").status_code == 404
