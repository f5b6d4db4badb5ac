from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.split_account_allocation import SplitAccountAllocation


T = TypeVar("T", bound="SplitAccountRequest")


@_attrs_define
class SplitAccountRequest:
    """The amounts sum to the row's magnitude.

    Attributes:
        allocations (list[SplitAccountAllocation]):
    """

    allocations: list[SplitAccountAllocation]

    def to_dict(self) -> dict[str, Any]:
        allocations = []
        for allocations_item_data in self.allocations:
            allocations_item = allocations_item_data.to_dict()
            allocations.append(allocations_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "allocations": allocations,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.split_account_allocation import SplitAccountAllocation  # noqa: PLC0415

        d = dict(src_dict)
        allocations = []
        _allocations = d.pop("allocations")
        for allocations_item_data in _allocations:
            allocations_item = SplitAccountAllocation.from_dict(allocations_item_data)

            allocations.append(allocations_item)

        split_account_request = cls(
            allocations=allocations,
        )

        return split_account_request
