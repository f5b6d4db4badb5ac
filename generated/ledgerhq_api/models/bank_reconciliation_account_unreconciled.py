from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.unreconciled_aging import UnreconciledAging


T = TypeVar("T", bound="BankReconciliationAccountUnreconciled")


@_attrs_define
class BankReconciliationAccountUnreconciled:
    """
    Attributes:
        aging (UnreconciledAging): Numbers of rows by age.
        count (int):
        total (int): Integer cents (minor units of the currency).
    """

    aging: UnreconciledAging
    count: int
    total: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        aging = self.aging.to_dict()

        count = self.count

        total = self.total

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "aging": aging,
                "count": count,
                "total": total,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.unreconciled_aging import UnreconciledAging  # noqa: PLC0415

        d = dict(src_dict)
        aging = UnreconciledAging.from_dict(d.pop("aging"))

        count = d.pop("count")

        total = d.pop("total")

        bank_reconciliation_account_unreconciled = cls(
            aging=aging,
            count=count,
            total=total,
        )

        bank_reconciliation_account_unreconciled.additional_properties = d
        return bank_reconciliation_account_unreconciled

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
