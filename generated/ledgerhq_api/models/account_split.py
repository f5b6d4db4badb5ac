from __future__ import annotations

from ..records import CompanyAnswer, frozen


@frozen(kw_only=True, repr=False)
class AccountSplit(CompanyAnswer):
    """What splitting over accounts did: one balanced entry."""

    journal_entry_id: str
