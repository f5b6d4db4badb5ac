from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.bank_transaction import BankTransaction


T = TypeVar("T", bound="ReclassifyResult")


@_attrs_define
class ReclassifyResult:
    """
    Attributes:
        transaction (BankTransaction): A row of the bank register.
        journal_entry_id (None | str | Unset):
        journal_line_id (None | str | Unset):
    """

    transaction: BankTransaction
    journal_entry_id: None | str | Unset = UNSET
    journal_line_id: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        transaction = self.transaction.to_dict()

        journal_entry_id: None | str | Unset
        if isinstance(self.journal_entry_id, Unset):
            journal_entry_id = UNSET
        else:
            journal_entry_id = self.journal_entry_id

        journal_line_id: None | str | Unset
        if isinstance(self.journal_line_id, Unset):
            journal_line_id = UNSET
        else:
            journal_line_id = self.journal_line_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "transaction": transaction,
            }
        )
        if journal_entry_id is not UNSET:
            field_dict["journalEntryId"] = journal_entry_id
        if journal_line_id is not UNSET:
            field_dict["journalLineId"] = journal_line_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bank_transaction import BankTransaction  # noqa: PLC0415

        d = dict(src_dict)
        transaction = BankTransaction.from_dict(d.pop("transaction"))

        def _parse_journal_entry_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        journal_entry_id = _parse_journal_entry_id(d.pop("journalEntryId", UNSET))

        def _parse_journal_line_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        journal_line_id = _parse_journal_line_id(d.pop("journalLineId", UNSET))

        reclassify_result = cls(
            transaction=transaction,
            journal_entry_id=journal_entry_id,
            journal_line_id=journal_line_id,
        )

        reclassify_result.additional_properties = d
        return reclassify_result

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
