"""A table and a report that are written to files; processes of tests import them and little else."""

from __future__ import annotations

import datetime as dt

from ledgerhq_ext import BankTransaction, review

ROW = BankTransaction(
    id="row-1",
    bank_account_id="bank-1",
    date=dt.date(2026, 6, 8),
    description="Zoë 株式会社 🧾",
    amount=-1250,
    status="unreconciled",
    source_type="plaid_bank_feed",
    pending=False,
    currency_code="USD",
)
TABLE = review.table([ROW], as_of=dt.date(2026, 6, 30))
REPORT = review.Report(
    (review.Result(review.Decision(line=2, transaction_id="row-1", action="exclude"), "done"),)
)
