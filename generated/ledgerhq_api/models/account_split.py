from __future__ import annotations

from attrs import frozen

from ..records import CompanyAnswer


@frozen(kw_only=True, repr=False)
class AccountSplit(CompanyAnswer):
    """AccountSplit of the contract."""

    journal_entry_id: str
