"""Preflight: the records that postings refer to, and the findings about a posting."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import define, field, frozen

from ledgerhq_ext import models


@frozen
class Finding:
    """A problem with a posting, or something unusual about it."""

    position: int
    """The index of the posting among those that were checked, starting at 0."""
    field: str
    """The attribute of the posting, such as ``lines[1].account_id``."""
    message: str

    def __str__(self) -> str:
        return f"postings[{self.position}].{self.field}: {self.message}"


@define(kw_only=True)
class Records:
    """The records that postings refer to, by id; None for those that were not read."""

    accounts: Mapping[str, models.Account] = field(factory=dict)
    bank_account_ids: set[str | None] | None = None
    """The ledger accounts of bank accounts."""
    contacts: Mapping[str, models.Contact] | None = None
    tax_rates: Mapping[str, models.TaxRate] | None = None
    bills: Mapping[str, models.Bill] | None = None
    currency: str | None = None
    """The currency of the company's books."""
