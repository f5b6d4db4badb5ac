from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.waiting import Gate, wait_until

from .api import Api, code_of


def moved(api: Api, entry_id: str) -> dict[str, int]:
    """Debits less credits by account code."""
    codes = {row["id"]: row["code"] for row in api.box.rows("SELECT id, code FROM accounts")}
    [entry] = [entry for entry in api.box.entries(api.org) if entry["id"] == entry_id]
    totals: dict[str, int] = {}
    for line in entry["lines"]:
        code = codes[line["accountId"]]
        totals[code] = totals.get(code, 0) + line["debit"] - line["credit"]
    return totals


def test_a_purchase_makes_its_entry_and_its_bank_row(maple: Api) -> None:
    response = maple.post("/purchases", maple.purchase(), key="acme-1")
    receipt = response.json()["data"]
    assert response.status_code == 201
    assert (receipt["resourceType"], receipt["status"]) == ("purchase", "posted")
    assert receipt["idempotencyKey"] == "acme-1"
    assert moved(maple, receipt["journalEntryId"]) == {"6100": 4299, "1010": -4299}
    [row_id] = receipt["bankTransactionIds"]
    row = maple.transaction(row_id)
    assert (row["amount"], row["sourceType"], row["status"]) == (
        -4299,
        "api_posting",
        "unreconciled",
    )
    assert (row["journalEntryId"], row["payee"]) == (receipt["journalEntryId"], "Office Depot")
    assert row["accountCode"] == "6100"


def test_a_purchase_by_card_is_money_out_too(maple: Api) -> None:
    body = maple.purchase(sourceAccountId=maple.account("2100"))
    [row_id] = maple.submit("purchases", body).json()["data"]["bankTransactionIds"]
    assert maple.transaction(row_id)["amount"] == -4299


def test_a_deposit_adds_up_its_lines(maple: Api) -> None:
    lines = [
        {"accountId": maple.account("4000"), "amount": 10_000},
        {"accountId": maple.account("2200"), "amount": 825},
    ]
    body = {"txnDate": "2026-06-09", "destinationAccountId": maple.account("1010"), "lines": lines}
    receipt = maple.submit("deposits", body).json()["data"]
    assert moved(maple, receipt["journalEntryId"]) == {
        "1010": 10_825,
        "4000": -10_000,
        "2200": -825,
    }
    assert maple.transaction(receipt["bankTransactionIds"][0])["amount"] == 10_825


def test_a_deposit_into_clearing_has_no_bank_row(maple: Api) -> None:
    lines = [{"accountId": maple.account("4000"), "amount": 5}]
    body = {"txnDate": "2026-06-09", "destinationAccountId": maple.account("1200"), "lines": lines}
    assert maple.submit("deposits", body).json()["data"]["bankTransactionIds"] == []


def test_a_transfer_between_two_banks_has_two_rows(maple: Api) -> None:
    body = {
        "txnDate": "2026-06-09",
        "fromAccountId": maple.account("1010"),
        "toAccountId": maple.account("1020"),
        "amount": 700,
    }
    receipt = maple.submit("transfers", body).json()["data"]
    rows = [maple.transaction(row_id) for row_id in receipt["bankTransactionIds"]]
    assert sorted(row["amount"] for row in rows) == [-700, 700]
    assert moved(maple, receipt["journalEntryId"]) == {"1020": 700, "1010": -700}


def test_bill_payments_move_the_bill_to_partial_then_paid(maple: Api) -> None:
    bill = maple.bill("BILL-1008")
    body = {"txnDate": "2026-06-09", "billId": bill["id"], "sourceAccountId": maple.account("1010")}
    receipt = maple.submit("bill-payments", body | {"amount": 25_000}).json()["data"]
    assert moved(maple, receipt["journalEntryId"]) == {"2000": 25_000, "1010": -25_000}
    assert maple.bill("BILL-1008")["status"] == "partial"
    assert code_of(maple.submit("bill-payments", body | {"amount": 100_001})) == (
        400,
        "VALIDATION_ERROR",
    )
    assert maple.submit("bill-payments", body | {"amount": 100_000}).status_code == 201
    assert maple.bill("BILL-1008")["status"] == "paid"
    assert code_of(maple.submit("bill-payments", body | {"amount": 1})) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("number", ["BILL-1001", "BILL-1014", "BILL-1015"])
def test_paid_void_and_draft_bills_cannot_be_paid(maple: Api, number: str) -> None:
    body = {"txnDate": "2026-06-09", "billId": maple.bill(number)["id"], "amount": 1}
    response = maple.submit("bill-payments", body | {"sourceAccountId": maple.account("1010")})
    assert code_of(response) == (400, "VALIDATION_ERROR")


def journal(api: Api, *lines: tuple[str, int, int]) -> dict[str, Any]:
    """The body of a journal entry."""
    return {
        "txnDate": "2026-06-09",
        "lines": [
            {"accountId": api.account(code), "debitAmount": debit, "creditAmount": credit}
            for code, debit, credit in lines
        ],
    }


def test_a_journal_entry_with_a_bank_line_makes_a_row(maple: Api) -> None:
    body = journal(maple, ("6600", 500, 0), ("1590", 0, 300), ("1010", 0, 200))
    receipt = maple.submit("journal-entries", body).json()["data"]
    assert [maple.transaction(row)["amount"] for row in receipt["bankTransactionIds"]] == [-200]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([("6600", 500, 0), ("1590", 0, 499)], "UNBALANCED_ENTRY"),
        ([("6600", 0, 0), ("1590", 0, 0)], "VALIDATION_ERROR"),
        ([("6600", 5, 5), ("1590", 5, 5)], "VALIDATION_ERROR"),
        ([("6600", 10**12 + 1, 0), ("1590", 0, 10**12 + 1)], "VALIDATION_ERROR"),
    ],
)
def test_journal_entries_that_do_not_balance_are_refused(
    maple: Api, lines: list[tuple[str, int, int]], code: str
) -> None:
    assert code_of(maple.submit("journal-entries", journal(maple, *lines))) == (400, code)


@pytest.mark.parametrize(
    ("resource", "change", "expected"),
    [
        ("purchases", {"sourceAccountId": "4000"}, (400, "VALIDATION_ERROR")),
        ("purchases", {"sourceAccountId": "nowhere"}, (404, "NOT_FOUND")),
        ("purchases", {"contactId": "nobody"}, (404, "NOT_FOUND")),
        ("purchases", {"currencyCode": "EUR"}, (422, "EXCHANGE_RATE_MISSING")),
        ("purchases", {"amount": 1}, (400, "VALIDATION_ERROR")),
        ("purchases", {"lines": []}, (400, "VALIDATION_ERROR")),
        ("purchases", {"txnDate": "2026-02-30"}, (400, "VALIDATION_ERROR")),
        ("purchases", {"payeeName": None}, (400, "VALIDATION_ERROR")),
    ],
)
def test_bad_purchases_are_refused(
    maple: Api, resource: str, change: dict[str, Any], expected: tuple[int, str]
) -> None:
    if change.get("sourceAccountId") == "4000":
        change = {"sourceAccountId": maple.account("4000")}
    assert code_of(maple.submit(resource, maple.purchase() | change)) == expected
    assert maple.box.postings() == []


def test_transfers_need_two_different_balance_sheet_accounts(maple: Api) -> None:
    body = {"txnDate": "2026-06-09", "fromAccountId": maple.account("1010"), "amount": 5}
    for code in ("1010", "4000"):
        response = maple.submit("transfers", body | {"toAccountId": maple.account(code)})
        assert code_of(response) == (400, "VALIDATION_ERROR")


def test_an_account_of_another_company_is_not_found(maple: Api, harbor: Api) -> None:
    body = maple.purchase(sourceAccountId=harbor.account("1010"))
    assert code_of(maple.submit("purchases", body)) == (404, "NOT_FOUND")


def test_an_inactive_account_is_refused(maple: Api) -> None:
    maple.request("PATCH", f"/accounts/{maple.account('6100')}", json={"isActive": False})
    response = maple.submit("purchases", maple.purchase())
    assert code_of(response) == (400, "VALIDATION_ERROR")
    assert "lines.0.accountId" in response.json()["error"]["message"]


def test_a_locked_period_refuses_what_falls_into_it(maple: Api) -> None:
    maple.box.lock_period(maple.org, through="2026-06-08")
    assert code_of(maple.post("/purchases", maple.purchase(), key="k")) == (422, "PERIOD_LOCKED")
    assert (
        maple.post("/purchases", maple.purchase(txnDate="2026-06-09"), key="k").status_code == 201
    )
    maple.box.unlock_period(maple.org)
    assert maple.submit("purchases", maple.purchase()).status_code == 201


def test_a_replay_gives_the_same_receipt_also_in_a_locked_period(maple: Api) -> None:
    first = maple.post("/purchases", maple.purchase(), key="acme-1")
    maple.box.lock_period(maple.org, through="2026-12-31")
    second = maple.post("/purchases", dict(reversed(maple.purchase().items())), key="acme-1")
    assert (second.status_code, second.json()) == (200, first.json())
    assert len(maple.box.postings(maple.org)) == 1


def test_another_payload_or_resource_under_a_key_is_a_conflict(maple: Api) -> None:
    maple.post("/purchases", maple.purchase(), key="acme-1")
    for response in (
        maple.post("/purchases", maple.purchase(4300), key="acme-1"),
        maple.post(
            "/journal-entries", journal(maple, ("6600", 5, 0), ("1590", 0, 5)), key="acme-1"
        ),
    ):
        assert code_of(response) == (409, "IDEMPOTENCY_CONFLICT")
        assert response.json()["error"]["retryable"] is False


def test_a_key_belongs_to_one_organization(maple: Api, harbor: Api) -> None:
    assert maple.post("/purchases", maple.purchase(), key="acme-1").status_code == 201
    assert harbor.post("/purchases", harbor.purchase(), key="acme-1").status_code == 201


def test_a_rejected_request_does_not_use_up_its_key(maple: Api) -> None:
    assert (
        maple.post("/purchases", maple.purchase(sourceAccountId="x"), key="acme-1").status_code
        == 404
    )
    assert maple.post("/purchases", maple.purchase(), key="acme-1").status_code == 201


def test_a_key_is_required_and_must_be_printable(maple: Api) -> None:
    assert code_of(maple.post("/purchases", maple.purchase())) == (400, "VALIDATION_ERROR")
    assert code_of(maple.post("/purchases", maple.purchase(), key="a b")) == (
        400,
        "VALIDATION_ERROR",
    )


def test_many_at_once_under_one_key_make_one_entry(maple: Api) -> None:
    before = len(maple.box.entries(maple.org))
    body = maple.purchase()
    with ThreadPoolExecutor(16) as pool:
        responses = list(pool.map(lambda _: maple.post("/purchases", body, key="same"), range(48)))
    receipts = {
        r.json()["data"]["journalEntryId"] for r in responses if r.status_code in (200, 201)
    }
    others = [code_of(r) for r in responses if r.status_code not in (200, 201)]
    assert [r.status_code for r in responses].count(201) == 1
    assert len(receipts) == 1
    assert set(others) <= {(409, "IDEMPOTENCY_IN_PROGRESS")}
    assert len(maple.box.entries(maple.org)) == before + 1


def test_a_key_in_flight_is_a_retryable_conflict(maple: Api, stall_gate: Gate) -> None:
    maple.box.fault("POST /api/v1/purchases", "stall", seconds=1)
    body = maple.purchase()
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(maple.post, "/purchases", body, "same")
        wait_until(lambda: maple.box.keys_in_flight == ["same"])
        quick = maple.post("/purchases", body, key="same")
        other = maple.post("/purchases", body, key="other")
        assert not slow.done()
        stall_gate.open()
        assert slow.result().status_code == 201
    assert code_of(quick) == (409, "IDEMPOTENCY_IN_PROGRESS")
    assert quick.json()["error"]["retryable"] is True
    assert other.status_code == 201


def test_postings_can_be_looked_at(maple: Api) -> None:
    receipt = maple.post("/purchases", maple.purchase(), key="acme-1").json()["data"]
    [posting] = maple.box.postings()
    assert posting["organizationId"] == maple.org
    assert (posting["resource"], posting["idempotencyKey"]) == ("purchase", "acme-1")
    assert posting["journalEntryId"] == receipt["journalEntryId"]
    assert posting["bankTransactionIds"] == receipt["bankTransactionIds"]
    assert posting["request"] == maple.purchase()


def test_yen_are_posted_and_shown_without_decimals(sakura: Api) -> None:
    receipt = sakura.submit("purchases", sakura.purchase(4299)).json()["data"]
    entry = sakura.get(f"/entries/{receipt['journalEntryId']}").json()["entry"]
    assert [line["debitAmount"] for line in entry["lines"]] == ["4299", "0"]
