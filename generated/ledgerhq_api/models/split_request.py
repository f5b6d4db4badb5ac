from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.split_allocation import SplitAllocation


T = TypeVar("T", bound="SplitRequest")


@_attrs_define
class SplitRequest:
    """
    Attributes:
        allocations (list[SplitAllocation]):
        date (str):
        method (str | Unset):
    """

    allocations: list[SplitAllocation]
    date: str
    method: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        allocations = []
        for allocations_item_data in self.allocations:
            allocations_item = allocations_item_data.to_dict()
            allocations.append(allocations_item)

        date = self.date

        method = self.method

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "allocations": allocations,
                "date": date,
            }
        )
        if method is not UNSET:
            field_dict["method"] = method

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.split_allocation import SplitAllocation  # noqa: PLC0415

        d = dict(src_dict)
        allocations = []
        _allocations = d.pop("allocations")
        for allocations_item_data in _allocations:
            allocations_item = SplitAllocation.from_dict(allocations_item_data)

            allocations.append(allocations_item)

        date = d.pop("date")

        method = d.pop("method", UNSET)

        split_request = cls(
            allocations=allocations,
            date=date,
            method=method,
        )

        return split_request
