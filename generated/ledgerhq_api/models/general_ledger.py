from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.general_ledger_line import GeneralLedgerLine


T = TypeVar("T", bound="GeneralLedger")


@_attrs_define
class GeneralLedger:
    """
    Attributes:
        lines (list[GeneralLedgerLine]):
        total_lines (int):
        truncated (bool):
    """

    lines: list[GeneralLedgerLine]
    total_lines: int
    truncated: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        total_lines = self.total_lines

        truncated = self.truncated

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "lines": lines,
                "totalLines": total_lines,
                "truncated": truncated,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.general_ledger_line import GeneralLedgerLine  # noqa: PLC0415

        d = dict(src_dict)
        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = GeneralLedgerLine.from_dict(lines_item_data)

            lines.append(lines_item)

        total_lines = d.pop("totalLines")

        truncated = d.pop("truncated")

        general_ledger = cls(
            lines=lines,
            total_lines=total_lines,
            truncated=truncated,
        )

        general_ledger.additional_properties = d
        return general_ledger

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
