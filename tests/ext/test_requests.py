"""Postings from the JSON that they are sent as."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ledgerhq_ext import (
    BillPayment,
    Deposit,
    DepositLine,
    InputError,
    JournalEntry,
    JournalLine,
    Posting,
    Purchase,
    PurchaseLine,
    Transfer,
    posting_from_dict,
)
from ledgerhq_ext._resources.posting import content_of

LINE = PurchaseLine(account_id="a", amount=1250, description="Paper")
POSTINGS: list[Posting] = [
    Purchase(
        txn_date="2026-06-08",
        payee_name="Depot",
        source_account_id="s",
        lines=[LINE],
        extra={"branch": "North"},
    ),
    Deposit(
        txn_date="2026-06-08",
        destination_account_id="d",
        lines=[DepositLine(account_id="a", amount=5)],
    ),
    Transfer(txn_date="2026-06-08", from_account_id="f", to_account_id="t", amount=1),
    BillPayment(txn_date="2026-06-08", bill_id="b", source_account_id="s", amount=7, memo="June"),
    JournalEntry(txn_date="2026-06-08", lines=[JournalLine.of("a", 3), JournalLine.of("b", -3)]),
]


TRANSFER = {"txnDate": "2026-06-08", "fromAccountId": "f", "toAccountId": "t", "amount": 1}


@pytest.mark.parametrize("posting", POSTINGS, ids=lambda posting: posting.resource)
def test_a_posting_comes_back_from_what_is_sent(posting: Posting) -> None:
    request = json.loads(content_of(posting))
    again = posting_from_dict(posting.resource, request)
    assert again == posting
    assert content_of(again) == content_of(posting)


@pytest.mark.parametrize(
    ("resource", "request_", "complaint"),
    [
        ("invoice", {}, "purchase, deposit, transfer"),
        ("transfer", [], "JSON object"),
        ("transfer", {"txnDate": "2026-06-08"}, "fromAccountId"),
        ("transfer", {"txnDate": "2026-06-31", "fromAccountId": "f"}, "txnDate"),
        ("transfer", TRANSFER | {"memo": 5}, r"expected a string, found 5 \(at /memo\)"),
        (
            "journal_entry",
            {"txnDate": "2026-06-08", "lines": [{"accountId": "a", "debitAmount": "3.00"}]},
            r"expected integer cents, found '3.00' \(at /lines/0/debitAmount\)",
        ),
    ],
)
def test_what_is_not_a_request_says_where(resource: str, request_: Any, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        posting_from_dict(resource, request_)
