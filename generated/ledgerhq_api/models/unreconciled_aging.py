from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="UnreconciledAging")


@_attrs_define
class UnreconciledAging:
    """Numbers of rows by age.

    Attributes:
        month (int):
        older (int):
        two_months (int):
        week (int):
    """

    month: int
    older: int
    two_months: int
    week: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        month = self.month

        older = self.older

        two_months = self.two_months

        week = self.week

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "month": month,
                "older": older,
                "twoMonths": two_months,
                "week": week,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        month = d.pop("month")

        older = d.pop("older")

        two_months = d.pop("twoMonths")

        week = d.pop("week")

        unreconciled_aging = cls(
            month=month,
            older=older,
            two_months=two_months,
            week=week,
        )

        unreconciled_aging.additional_properties = d
        return unreconciled_aging

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
