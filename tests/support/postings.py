"""Requests of each kind to post, and a draft."""

from __future__ import annotations

from datetime import date

from ledgerhq_ext import (
    BillPayment,
    Deposit,
    DraftEntry,
    JournalEntry,
    JournalLine,
    Posting,
    PostingLine,
    Purchase,
    Transfer,
)

DAY = date(2026, 6, 8)
LINE = PostingLine(account_id="acc_2", amount=4299, description="Paper and toner")
BALANCED = (
    JournalLine(account_id="acc_1", debit_amount=700),
    JournalLine(account_id="acc_2", credit_amount=700),
)

PURCHASE = Purchase(
    txn_date=DAY, payee_name="Office Depot", source_account_id="acc_1", lines=[LINE], memo="café ☕"
)
POSTINGS: dict[str, Posting] = {
    "purchases": PURCHASE,
    "deposits": Deposit(
        txn_date=DAY, destination_account_id="acc_1", lines=[LINE], payer_name="Ann"
    ),
    "transfers": Transfer(txn_date=DAY, from_account_id="acc_1", to_account_id="acc_3", amount=100),
    "bill-payments": BillPayment(
        txn_date=DAY, bill_id="bill_1", source_account_id="acc_1", amount=2500
    ),
    "journal-entries": JournalEntry(txn_date=DAY, lines=BALANCED, reference="ADJ-1"),
}
DRAFT = DraftEntry(date=DAY, description="Accrual", lines=BALANCED)
