from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.journal_line import JournalLine


T = TypeVar("T", bound="EntryCreate")


@_attrs_define
class EntryCreate:
    """A draft entry; amounts are integer cents.

    Attributes:
        date (str):
        description (str):
        lines (list[JournalLine]):
        reference (None | str | Unset):
    """

    date: str
    description: str
    lines: list[JournalLine]
    reference: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        date = self.date

        description = self.description

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        reference: None | str | Unset
        if isinstance(self.reference, Unset):
            reference = UNSET
        else:
            reference = self.reference

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "date": date,
                "description": description,
                "lines": lines,
            }
        )
        if reference is not UNSET:
            field_dict["reference"] = reference

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.journal_line import JournalLine  # noqa: PLC0415

        d = dict(src_dict)
        date = d.pop("date")

        description = d.pop("description")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = JournalLine.from_dict(lines_item_data)

            lines.append(lines_item)

        def _parse_reference(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reference = _parse_reference(d.pop("reference", UNSET))

        entry_create = cls(
            date=date,
            description=description,
            lines=lines,
            reference=reference,
        )

        return entry_create
