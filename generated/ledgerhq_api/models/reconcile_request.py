from __future__ import annotations

from ..records import Body, define
from ..types import UNSET, Unset


@define
class ReconcileRequest(Body):
    """A missing journalEntryId clears the row's link to its entry."""

    journal_entry_id: str | Unset = UNSET
    reconciliation_id: str | Unset = UNSET
