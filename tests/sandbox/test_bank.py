from __future__ import annotations

from typing import Any

import pytest

from .api import Api, code_of


def lines(api: Api, entry_id: str) -> list[dict[str, Any]]:
    [entry] = [entry for entry in api.box.entries(api.org) if entry["id"] == entry_id]
    found: list[dict[str, Any]] = entry["lines"]
    return found


def linked_row(api: Api, size: int = 2) -> dict[str, Any]:
    """An open row whose entry has so many lines."""
    sql = """SELECT r.id FROM bankRows r WHERE organizationId = ? AND status = 'unreconciled'
        AND (SELECT count(*) FROM lines l WHERE l.journalEntryId = r.journalEntryId) = ? ORDER BY seq"""
    return api.transaction(api.box.rows(sql, api.org, size)[0]["id"])


def test_the_register_is_listed_newest_first_and_filtered(maple: Api) -> None:
    page = maple.get("/bank-transactions", limit=100).json()
    dates = [row["date"] for row in page["data"]]
    assert dates == sorted(dates, reverse=True)
    assert page["pagination"]["total"] > 100
    filters = {"status": "unreconciled", "startDate": "2026-06-01", "endDate": "2026-06-30"}
    for row in maple.get(
        "/bank-transactions", **filters, sourceType="plaid_bank_feed", limit=100
    ).json()["data"]:
        assert (row["status"], row["date"][:7], row["sourceType"]) == (
            "unreconciled",
            "2026-06",
            "plaid_bank_feed",
        )


def test_the_registers_of_the_accounts_make_up_the_whole(maple: Api) -> None:
    banks = maple.get("/bank-accounts").json()["bankAccounts"]
    totals = [
        maple.get(f"/bank-accounts/{b['id']}/transactions").json()["pagination"]["total"]
        for b in banks
    ]
    assert min(totals) > 10
    assert sum(totals) == maple.get("/bank-transactions").json()["pagination"]["total"]
    one = maple.get("/bank-transactions", bankAccountId=banks[0]["id"]).json()["pagination"][
        "total"
    ]
    assert one == totals[0]


def test_rows_come_in_from_the_feed(maple: Api) -> None:
    bank = maple.get("/bank-accounts").json()["bankAccounts"][0]
    row_id = maple.box.add_bank_row(bank["id"], -1234, description="COFFEE", date="2026-06-30")
    row = maple.transaction(row_id)
    assert (row["amount"], row["sourceType"], row["status"]) == (
        -1234,
        "plaid_bank_feed",
        "unreconciled",
    )
    assert maple.get("/bank-transactions", limit=1).json()["data"][0]["id"] == row_id
    with pytest.raises(LookupError):
        maple.box.add_bank_row("nowhere", 1)


def test_exclude_toggles(maple: Api) -> None:
    row = maple.row("WHOLESALE CLUB")
    statuses = [maple.act(row["id"], "exclude").json()["transaction"]["status"] for _ in range(3)]
    assert statuses == ["excluded", "unreconciled", "excluded"]


def test_an_excluded_row_is_not_settled_and_does_not_count(maple: Api) -> None:
    row = maple.row("WHOLESALE CLUB")
    before = {b["id"]: b["balance"] for b in maple.get("/bank-accounts").json()["bankAccounts"]}
    maple.act(row["id"], "exclude")
    after = {b["id"]: b["balance"] for b in maple.get("/bank-accounts").json()["bankAccounts"]}
    assert after[row["bankAccountId"]] == before[row["bankAccountId"]] - row["amount"]
    assert code_of(maple.act(row["id"], "reconcile", {})) == (400, "VALIDATION_ERROR")
    assert code_of(maple.act(row["id"], "match", {"billId": "x"})) == (400, "VALIDATION_ERROR")


def test_reconcile_keeps_the_entry_that_is_sent(maple: Api) -> None:
    row = linked_row(maple)
    done = maple.act(row["id"], "reconcile", {"journalEntryId": row["journalEntryId"]}).json()[
        "transaction"
    ]
    assert (done["status"], done["journalEntryId"]) == ("reconciled", row["journalEntryId"])
    assert code_of(maple.act(row["id"], "reconcile", {})) == (400, "VALIDATION_ERROR")
    assert code_of(maple.act(row["id"], "exclude")) == (400, "VALIDATION_ERROR")


def test_reconcile_without_an_entry_clears_the_link(maple: Api) -> None:
    row = linked_row(maple)
    assert maple.act(row["id"], "reconcile", {}).json()["transaction"]["journalEntryId"] is None


def test_reconcile_refuses_entries_that_do_not_fit(maple: Api) -> None:
    row, other = linked_row(maple), maple.row("WIRE IN OWNER")
    elsewhere = {"journalEntryId": row["journalEntryId"]}
    assert code_of(maple.act(other["id"], "reconcile", elsewhere)) == (400, "VALIDATION_ERROR")
    assert code_of(maple.act(row["id"], "reconcile", {"journalEntryId": "x"})) == (404, "NOT_FOUND")
    assert code_of(maple.act(row["id"], "reconcile", {"reconciliationId": "x"})) == (
        404,
        "NOT_FOUND",
    )


def test_a_row_posted_by_the_api_can_be_reconciled(maple: Api) -> None:
    receipt = maple.submit("purchases", maple.purchase()).json()["data"]
    body = {"journalEntryId": receipt["journalEntryId"]}
    done = maple.act(receipt["bankTransactionIds"][0], "reconcile", body)
    assert done.json()["transaction"]["status"] == "reconciled"


def test_reclassify_moves_the_line_of_the_entry(maple: Api) -> None:
    row, target = linked_row(maple), maple.account("6900")
    before = lines(maple, row["journalEntryId"])
    result = maple.act(
        row["id"], "reclassify", {"accountId": target, "reason": "wrong account"}
    ).json()
    after = lines(maple, row["journalEntryId"])
    assert result["transaction"]["accountCode"] == "6900"
    assert result["journalEntryId"] == row["journalEntryId"]
    [moved] = [line for line in after if line["accountId"] == target]
    assert result["journalLineId"] == moved["id"]
    assert [(x["debit"], x["credit"]) for x in after] == [(x["debit"], x["credit"]) for x in before]


def test_reclassify_asks_which_line_of_several(maple: Api) -> None:
    row, target = linked_row(maple, size=3), maple.account("6900")
    refused = maple.act(row["id"], "reclassify", {"accountId": target})
    assert code_of(refused) == (400, "VALIDATION_ERROR")
    assert "journalLineId" in refused.json()["error"]["message"]
    bank, first, second = lines(maple, row["journalEntryId"])
    body = {"accountId": target, "journalLineId": bank["id"]}
    assert code_of(maple.act(row["id"], "reclassify", body)) == (400, "VALIDATION_ERROR")
    body["journalLineId"] = second["id"]
    assert maple.act(row["id"], "reclassify", body).json()["journalLineId"] == second["id"]
    after = lines(maple, row["journalEntryId"])
    assert [line["accountId"] for line in after] == [bank["accountId"], first["accountId"], target]


def test_reclassify_without_an_entry_only_marks_the_row(maple: Api) -> None:
    row = maple.row("WHOLESALE CLUB")
    contact = maple.get("/contacts").json()["data"][0]["id"]
    body = {"accountId": maple.account("6100"), "contactId": contact}
    result = maple.act(row["id"], "reclassify", body).json()
    assert (result["journalEntryId"], result["journalLineId"]) == (None, None)
    assert (result["transaction"]["accountCode"], result["transaction"]["contactId"]) == (
        "6100",
        contact,
    )


def test_reclassify_respects_locks_voids_and_kinds_of_accounts(maple: Api) -> None:
    row = linked_row(maple)
    body = {"accountId": maple.account("6900")}
    assert code_of(maple.act(row["id"], "reclassify", {"accountId": maple.account("1020")})) == (
        400,
        "VALIDATION_ERROR",
    )
    assert code_of(maple.act(row["id"], "reclassify", {"accountId": "x"})) == (404, "NOT_FOUND")
    maple.box.lock_period(maple.org, through=row["date"])
    assert code_of(maple.act(row["id"], "reclassify", body)) == (422, "PERIOD_LOCKED")
    maple.box.unlock_period(maple.org)
    maple.post(f"/entries/{row['journalEntryId']}/void")
    assert code_of(maple.act(row["id"], "reclassify", body)) == (400, "VALIDATION_ERROR")


def test_a_payment_of_a_bill_is_not_reclassified(maple: Api) -> None:
    body = {"txnDate": "2026-06-20", "billId": maple.bill("BILL-1013")["id"], "amount": 9915}
    paid = maple.submit("bill-payments", body | {"sourceAccountId": maple.account("1010")}).json()[
        "data"
    ]
    response = maple.act(
        paid["bankTransactionIds"][0], "reclassify", {"accountId": maple.account("6900")}
    )
    assert code_of(response) == (400, "VALIDATION_ERROR")


def open_entry(api: Api, description: str) -> str:
    return str(next(e["id"] for e in api.box.entries(api.org) if e["description"] == description))


def test_match_with_an_entry_that_stands_there(maple: Api) -> None:
    row, entry = maple.row("WIRE IN OWNER"), open_entry(maple, "Owner contribution")
    result = maple.act(
        row["id"], "match", {"matchType": "existing_journal", "journalEntryId": entry}
    )
    assert result.json() == {
        "matchType": "existing_journal",
        "paymentId": None,
        "journalEntryId": entry,
    }
    assert maple.transaction(row["id"])["status"] == "reconciled"
    again = maple.act(
        row["id"], "match", {"matchType": "existing_journal", "journalEntryId": entry}
    )
    assert code_of(again) == (400, "VALIDATION_ERROR")


def test_match_with_a_payment_that_stands_there(maple: Api) -> None:
    row = maple.row("ACH CITY POWER & WATER")
    payment = next(p for p in maple.box.payments(maple.org) if p["amount"] == -row["amount"])
    result = maple.act(row["id"], "match", {"paymentId": payment["id"]}).json()
    assert result["matchType"] == "existing_payment"
    assert (result["paymentId"], result["journalEntryId"]) == (
        payment["id"],
        payment["journalEntryId"],
    )


def test_match_with_a_bill_pays_it(maple: Api) -> None:
    row, bill = maple.row("ACH METRO PARTS"), maple.bill("BILL-1003")
    result = maple.act(row["id"], "match", {"matchType": "bill", "billId": bill["id"]}).json()
    assert result["billStatus"] == "paid"
    assert result["payment"]["paymentNumber"].startswith("PAY-")
    done = maple.transaction(row["id"])
    assert done["status"] == "reconciled"
    assert [(x["debit"], x["credit"]) for x in lines(maple, done["journalEntryId"])] == [
        (0, 96_400),
        (96_400, 0),
    ]


def test_match_with_an_invoice_settles_it(maple: Api) -> None:
    row, invoice = maple.row("ACH IN EASTSIDE EVENTS"), maple.document("invoice", "INV-2001")
    assert (
        maple.act(row["id"], "match", {"invoiceId": invoice["id"]}).json()["invoiceStatus"]
        == "paid"
    )


@pytest.mark.parametrize(
    ("row", "body", "expected"),
    [
        ("ACH METRO PARTS", {}, 400),
        ("ACH METRO PARTS", {"matchType": "bill"}, 400),
        ("ACH METRO PARTS", {"billId": "x", "invoiceId": "y"}, 400),
        ("ACH METRO PARTS", {"billId": "x"}, 404),
        ("ACH METRO PARTS", {"paymentId": "x"}, 404),
        ("ACH METRO PARTS", {"journalEntryId": "x"}, 404),
        ("ACH METRO PARTS", {"billId": "BILL-1004"}, 400),
        ("ACH METRO PARTS", {"billId": "BILL-1015"}, 400),
        ("ACH METRO PARTS", {"billId": "BILL-1003", "amount": 5}, 400),
        ("ACH IN EASTSIDE EVENTS", {"billId": "BILL-1003"}, 400),
    ],
)
def test_matches_that_do_not_fit_are_refused(
    maple: Api, row: str, body: dict[str, Any], expected: int
) -> None:
    if str(body.get("billId")).startswith("BILL"):
        body = body | {"billId": maple.bill(body["billId"])["id"]}
    transaction = maple.row(row)
    assert maple.act(transaction["id"], "match", body).status_code == expected
    assert maple.transaction(transaction["id"]) == transaction


def test_a_draft_entry_cannot_be_matched(maple: Api) -> None:
    row = maple.row("WIRE IN OWNER")
    body = {
        "date": "2026-06-02",
        "description": "Draft",
        "lines": [
            {"accountId": maple.account("1010"), "debitAmount": 250_000, "creditAmount": 0},
            {"accountId": maple.account("3000"), "debitAmount": 0, "creditAmount": 250_000},
        ],
    }
    entry = maple.post("/entries", body).json()["entry"]["id"]
    assert maple.act(row["id"], "match", {"journalEntryId": entry}).status_code == 400
    maple.post(f"/entries/{entry}/post")
    assert maple.act(row["id"], "match", {"journalEntryId": entry}).status_code == 200


def split_over(api: Api, kind: str, **amounts: int) -> dict[str, Any]:
    allocations = [
        {
            "documentType": kind,
            "documentId": api.document(kind, number.replace("_", "-"))["id"],
            "amount": amount,
        }
        for number, amount in amounts.items()
    ]
    return {"allocations": allocations, "date": "2026-06-19"}


def test_split_over_two_bills(maple: Api) -> None:
    row = maple.row("BATCH PAYMENT SUPPLIERS")
    body = split_over(maple, "bill", BILL_1006=203_500, BILL_1007=29_860)
    result = maple.act(row["id"], "split", body).json()
    assert [payment["amount"] for payment in result["payments"]] == [203_500, 29_860]
    assert result["transaction"]["status"] == "reconciled"
    assert {maple.bill(number)["status"] for number in ("BILL-1006", "BILL-1007")} == {"paid"}


def test_split_over_two_invoices(maple: Api) -> None:
    row = maple.row("BATCH DEPOSIT CUSTOMERS")
    body = split_over(maple, "invoice", INV_2002=88_250, INV_2003=230_000)
    assert maple.act(row["id"], "split", body).status_code == 200
    assert maple.act(row["id"], "split", body).status_code == 400


@pytest.mark.parametrize(
    "amounts",
    [{"BILL_1006": 203_500}, {"BILL_1006": 203_500, "BILL_1007": 29_861}, {"BILL_1007": 233_360}],
)
def test_a_split_that_does_not_add_up_changes_nothing(maple: Api, amounts: dict[str, int]) -> None:
    row = maple.row("BATCH PAYMENT SUPPLIERS")
    assert maple.act(row["id"], "split", split_over(maple, "bill", **amounts)).status_code == 400
    assert maple.transaction(row["id"]) == row
    assert maple.bill("BILL-1006")["amountPaid"] == 0


def test_a_split_into_a_locked_period_is_refused(maple: Api) -> None:
    maple.box.lock_period(maple.org, through="2026-06-30")
    row = maple.row("BATCH PAYMENT SUPPLIERS")
    body = split_over(maple, "bill", BILL_1006=203_500, BILL_1007=29_860)
    assert code_of(maple.act(row["id"], "split", body)) == (422, "PERIOD_LOCKED")
    allocations = [{"accountId": maple.account("6100"), "amount": -row["amount"]}]
    refused = maple.act(row["id"], "split-account", {"allocations": allocations})
    assert code_of(refused) == (422, "PERIOD_LOCKED")


def test_split_over_accounts_makes_one_balanced_entry(maple: Api) -> None:
    row = maple.row("WHOLESALE CLUB")
    allocations = [
        {"accountId": maple.account("6100"), "amount": 20_000, "memo": "Paper"},
        {"accountId": maple.account("5000"), "amount": 3_940},
    ]
    response = maple.act(row["id"], "split-account", {"allocations": allocations})
    assert response.status_code == 201
    entry_id = response.json()["journalEntryId"]
    booked = [(x["debit"], x["credit"]) for x in lines(maple, entry_id)]
    assert booked == [(0, 23_940), (20_000, 0), (3_940, 0)]
    done = maple.transaction(row["id"])
    assert (done["status"], done["journalEntryId"]) == ("reconciled", entry_id)


@pytest.mark.parametrize(
    "allocations", [[("6100", 23_939)], [("6100", 23_940), ("5000", 1)], [("1020", 23_940)], []]
)
def test_splits_over_accounts_must_fit(maple: Api, allocations: list[tuple[str, int]]) -> None:
    row = maple.row("WHOLESALE CLUB")
    body = [{"accountId": maple.account(code), "amount": amount} for code, amount in allocations]
    response = maple.act(row["id"], "split-account", {"allocations": body})
    assert code_of(response) == (400, "VALIDATION_ERROR")
    assert maple.transaction(row["id"]) == row


def test_a_row_with_an_entry_is_not_split(maple: Api) -> None:
    row = linked_row(maple)
    body = {"allocations": [{"accountId": maple.account("6100"), "amount": abs(row["amount"])}]}
    assert code_of(maple.act(row["id"], "split-account", body)) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    "value",
    [
        {"amount": 12.5},
        {"amount": True},
        {"amount": "5"},
        {"amount": 10**30},
        {"date": "yesterday"},
        {"date": "2026-06-31"},
        {"date": ""},
        {"description": None},
    ],
)
def test_a_row_that_no_answer_can_have_is_refused(maple: Api, value: dict[str, Any]) -> None:
    """Else every list that it stands in is a 500."""
    bank = maple.box.rows("SELECT id FROM bankAccounts WHERE organizationId = ?", maple.org)[0]
    with pytest.raises(ValueError, match="is not a valid"):
        maple.box.add_bank_row(bank["id"], **{"amount": 5, **value})
    assert maple.get("/bank-transactions").status_code == 200
