from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.journal_line import JournalLine


T = TypeVar("T", bound="JournalEntryRequest")


@_attrs_define
class JournalEntryRequest:
    """For true adjustments only. Debits equal credits.

    Attributes:
        lines (list[JournalLine]):
        txn_date (str):
        memo (str | Unset):
        reference (str | Unset):
    """

    lines: list[JournalLine]
    txn_date: str
    memo: str | Unset = UNSET
    reference: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        txn_date = self.txn_date

        memo = self.memo

        reference = self.reference

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "lines": lines,
                "txnDate": txn_date,
            }
        )
        if memo is not UNSET:
            field_dict["memo"] = memo
        if reference is not UNSET:
            field_dict["reference"] = reference

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.journal_line import JournalLine  # noqa: PLC0415

        d = dict(src_dict)
        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = JournalLine.from_dict(lines_item_data)

            lines.append(lines_item)

        txn_date = d.pop("txnDate")

        memo = d.pop("memo", UNSET)

        reference = d.pop("reference", UNSET)

        journal_entry_request = cls(
            lines=lines,
            txn_date=txn_date,
            memo=memo,
            reference=reference,
        )

        return journal_entry_request
