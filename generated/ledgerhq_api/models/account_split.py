from __future__ import annotations

from attrs import frozen

from ..records import CompanyAnswer


@frozen(kw_only=True, repr=False)
class AccountSplit(CompanyAnswer):
    """What splitting over accounts did: one balanced entry."""

    journal_entry_id: str
