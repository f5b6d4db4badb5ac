from __future__ import annotations

from typing import Any

import pytest

from .api import Api


def draft(api: Api, amount: int = 1250, date: str = "2026-06-10") -> dict[str, Any]:
    lines = [
        {"accountId": api.account("6600"), "debitAmount": amount, "creditAmount": 0},
        {
            "accountId": api.account("1590"),
            "debitAmount": 0,
            "creditAmount": amount,
            "description": "June",
        },
    ]
    response = api.post("/entries", {"date": date, "description": "Depreciation", "lines": lines})
    assert response.status_code == 201, response.text
    entry: dict[str, Any] = response.json()["entry"]
    return entry


def expenses(api: Api) -> Any:
    return api.packet(include="profitAndLoss")["profitAndLoss"]["totalExpenses"]


def test_a_draft_is_shown_in_decimals_and_counts_for_nothing(maple: Api) -> None:
    before = expenses(maple)
    entry = draft(maple)
    assert (entry["status"], entry["postedAt"]) == ("draft", None)
    assert [(line["debitAmount"], line["creditAmount"]) for line in entry["lines"]] == [
        ("12.50", "0.00"),
        ("0.00", "12.50"),
    ]
    assert maple.get(f"/entries/{entry['id']}").json()["entry"] == entry
    assert expenses(maple) == before


def test_a_draft_is_posted_once_and_voided_once(maple: Api) -> None:
    before = expenses(maple)
    path = f"/entries/{draft(maple)['id']}"
    assert maple.post(path + "/void").status_code == 409
    posted = maple.post(path + "/post").json()["entry"]
    assert (posted["status"], posted["postedAt"] is not None) == ("posted", True)
    assert expenses(maple) == before + 1250
    assert maple.post(path + "/post").status_code == 409
    voided = maple.post(path + "/void", {"reason": "wrong month"}).json()["entry"]
    assert (voided["status"], voided["voidReason"]) == ("void", "wrong month")
    assert expenses(maple) == before
    assert maple.post(path + "/void").status_code == 409
    assert maple.post(path + "/post").status_code == 409


def test_a_void_needs_no_body(maple: Api) -> None:
    path = f"/entries/{draft(maple)['id']}"
    maple.post(path + "/post")
    assert maple.request("POST", path + "/void").json()["entry"]["voidReason"] is None


def test_a_locked_period_keeps_its_entries(maple: Api) -> None:
    entry, posted = draft(maple), draft(maple)
    maple.post(f"/entries/{posted['id']}/post")
    maple.box.lock_period(maple.org, through="2026-06-10")
    assert maple.post(f"/entries/{entry['id']}/post").status_code == 422
    assert maple.post(f"/entries/{posted['id']}/void").status_code == 422


def test_a_voided_bill_payment_makes_its_bill_due_again(maple: Api) -> None:
    bill = maple.bill("BILL-1013")
    body = {"txnDate": "2026-06-20", "billId": bill["id"], "amount": 9915}
    paid = maple.submit("bill-payments", body | {"sourceAccountId": maple.account("1010")}).json()[
        "data"
    ]
    assert maple.bill("BILL-1013")["status"] == "paid"
    maple.post(f"/entries/{paid['journalEntryId']}/void")
    assert (maple.bill("BILL-1013")["status"], maple.bill("BILL-1013")["amountPaid"]) == (
        "received",
        0,
    )


def test_numbers_count_up_in_each_company(maple: Api, harbor: Api) -> None:
    numbers = [draft(maple)["entryNumber"] for _ in range(2)]
    assert numbers[1] == numbers[0] + 1
    draft(harbor)
    assert draft(maple)["entryNumber"] == numbers[1] + 1


def test_entries_are_listed_newest_first_and_filtered(maple: Api) -> None:
    entry = draft(maple, date="2026-06-29")
    assert [row["id"] for row in maple.get("/entries", status="draft").json()["data"]] == [
        entry["id"]
    ]
    listed = maple.get("/entries", startDate="2026-05-01", endDate="2026-05-31", limit=100).json()
    dates = [row["date"] for row in listed["data"]]
    assert dates == sorted(dates, reverse=True)
    assert {date[:7] for date in dates} == {"2026-05"}
    assert listed["pagination"]["total"] == len(dates)


@pytest.mark.parametrize("date", ["2026-6-1", "yesterday", "2026-02-29"])
def test_dates_are_real(maple: Api, date: str) -> None:
    assert maple.get("/entries", startDate=date).status_code == 400


def test_an_unbalanced_draft_is_refused(maple: Api) -> None:
    lines = [
        {"accountId": maple.account("6600"), "debitAmount": 5, "creditAmount": 0},
        {"accountId": maple.account("1590"), "debitAmount": 0, "creditAmount": 4},
    ]
    response = maple.post("/entries", {"date": "2026-06-10", "description": "x", "lines": lines})
    assert response.status_code == 400
    assert "debits 5 do not equal credits 4" in response.json()["error"]
