from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.entry_status import EntryStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.entry_line import EntryLine


T = TypeVar("T", bound="Entry")


@_attrs_define
class Entry:
    """A journal entry.

    Attributes:
        created_at (str):
        date (str):
        description (str):
        entry_number (int):
        id (str):
        lines (list[EntryLine]):
        status (EntryStatus):
        posted_at (None | str | Unset):
        reference (None | str | Unset):
        source_id (None | str | Unset):
        source_type (None | str | Unset):
        void_reason (None | str | Unset):
        voided_at (None | str | Unset):
    """

    created_at: str
    date: str
    description: str
    entry_number: int
    id: str
    lines: list[EntryLine]
    status: EntryStatus
    posted_at: None | str | Unset = UNSET
    reference: None | str | Unset = UNSET
    source_id: None | str | Unset = UNSET
    source_type: None | str | Unset = UNSET
    void_reason: None | str | Unset = UNSET
    voided_at: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        created_at = self.created_at

        date = self.date

        description = self.description

        entry_number = self.entry_number

        id = self.id

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        status = self.status.value

        posted_at: None | str | Unset
        if isinstance(self.posted_at, Unset):
            posted_at = UNSET
        else:
            posted_at = self.posted_at

        reference: None | str | Unset
        if isinstance(self.reference, Unset):
            reference = UNSET
        else:
            reference = self.reference

        source_id: None | str | Unset
        if isinstance(self.source_id, Unset):
            source_id = UNSET
        else:
            source_id = self.source_id

        source_type: None | str | Unset
        if isinstance(self.source_type, Unset):
            source_type = UNSET
        else:
            source_type = self.source_type

        void_reason: None | str | Unset
        if isinstance(self.void_reason, Unset):
            void_reason = UNSET
        else:
            void_reason = self.void_reason

        voided_at: None | str | Unset
        if isinstance(self.voided_at, Unset):
            voided_at = UNSET
        else:
            voided_at = self.voided_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "createdAt": created_at,
                "date": date,
                "description": description,
                "entryNumber": entry_number,
                "id": id,
                "lines": lines,
                "status": status,
            }
        )
        if posted_at is not UNSET:
            field_dict["postedAt"] = posted_at
        if reference is not UNSET:
            field_dict["reference"] = reference
        if source_id is not UNSET:
            field_dict["sourceId"] = source_id
        if source_type is not UNSET:
            field_dict["sourceType"] = source_type
        if void_reason is not UNSET:
            field_dict["voidReason"] = void_reason
        if voided_at is not UNSET:
            field_dict["voidedAt"] = voided_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.entry_line import EntryLine  # noqa: PLC0415

        d = dict(src_dict)
        created_at = d.pop("createdAt")

        date = d.pop("date")

        description = d.pop("description")

        entry_number = d.pop("entryNumber")

        id = d.pop("id")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = EntryLine.from_dict(lines_item_data)

            lines.append(lines_item)

        status = EntryStatus(d.pop("status"))

        def _parse_posted_at(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        posted_at = _parse_posted_at(d.pop("postedAt", UNSET))

        def _parse_reference(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reference = _parse_reference(d.pop("reference", UNSET))

        def _parse_source_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        source_id = _parse_source_id(d.pop("sourceId", UNSET))

        def _parse_source_type(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        source_type = _parse_source_type(d.pop("sourceType", UNSET))

        def _parse_void_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        void_reason = _parse_void_reason(d.pop("voidReason", UNSET))

        def _parse_voided_at(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        voided_at = _parse_voided_at(d.pop("voidedAt", UNSET))

        entry = cls(
            created_at=created_at,
            date=date,
            description=description,
            entry_number=entry_number,
            id=id,
            lines=lines,
            status=status,
            posted_at=posted_at,
            reference=reference,
            source_id=source_id,
            source_type=source_type,
            void_reason=void_reason,
            voided_at=voided_at,
        )

        entry.additional_properties = d
        return entry

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
