from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ReconcileRequest")


@_attrs_define
class ReconcileRequest:
    """A missing journalEntryId clears the row's link to its entry.

    Attributes:
        journal_entry_id (str | Unset):
        reconciliation_id (str | Unset):
    """

    journal_entry_id: str | Unset = UNSET
    reconciliation_id: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        journal_entry_id = self.journal_entry_id

        reconciliation_id = self.reconciliation_id

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if journal_entry_id is not UNSET:
            field_dict["journalEntryId"] = journal_entry_id
        if reconciliation_id is not UNSET:
            field_dict["reconciliationId"] = reconciliation_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        journal_entry_id = d.pop("journalEntryId", UNSET)

        reconciliation_id = d.pop("reconciliationId", UNSET)

        reconcile_request = cls(
            journal_entry_id=journal_entry_id,
            reconciliation_id=reconciliation_id,
        )

        return reconcile_request
