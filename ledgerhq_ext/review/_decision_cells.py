"""The cells of a decision file that are filled in beforehand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ledgerhq_ext._plain import no_formula
from ledgerhq_ext.money import to_string

if TYPE_CHECKING:
    from ledgerhq_ext.review._tables import ReviewRow


_DATES = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_KEPT = re.compile(rf"(?i)[1-9][0-9]{{0,14}}|(?!{_DATES}|true|false)[^\W\d_].*")
"""A code that every spreadsheet keeps: not 0420, 5000.10, 1-2, DEC-1 or =1."""


def cells_of(row: ReviewRow) -> dict[str, str]:
    """Return the cells of a row of the decisions that are filled in beforehand."""
    own = row.transaction
    # An account that the row has already is no suggestion: it would be booked there again.
    account = ""
    if row.suggestion is not None and not own.account_id:
        code = row.suggestion.account_code or ""
        account = code if _KEPT.fullmatch(code) else row.suggestion.account_id
    entry = f"entry:{own.journal_entry_id}" if own.journal_entry_id else ""
    if row.entry is not None:
        entry = f"{entry} ({row.booked})"
    return {
        "transaction_id": own.id,
        "organization": own.organization_id,
        "date": own.date.isoformat(),
        "bank_account": no_formula(row.bank),
        "payee": no_formula(row.who),
        "memo": no_formula(row.memo),
        "amount": to_string(own.amount, row.currency),
        "currency": row.currency,
        "pending": "pending" if own.pending else "",
        "entry": entry,
        "candidates": " | ".join(row.candidate_targets),
        "likely": no_formula(row.likely),
        "account": account,
        "status": own.status,
    }
