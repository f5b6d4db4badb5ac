from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.tax_rate_kind import TaxRateKind
from ..models.tax_rate_type import TaxRateType

T = TypeVar("T", bound="TaxRate")


@_attrs_define
class TaxRate:
    """
    Attributes:
        id (str):
        is_active (bool):
        is_default (bool):
        kind (TaxRateKind):
        name (str):
        rate (int): Integer basis points: 1000 is 10.00 %.
        recoverable_percent (int):
        type_ (TaxRateType):
    """

    id: str
    is_active: bool
    is_default: bool
    kind: TaxRateKind
    name: str
    rate: int
    recoverable_percent: int
    type_: TaxRateType
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        is_active = self.is_active

        is_default = self.is_default

        kind = self.kind.value

        name = self.name

        rate = self.rate

        recoverable_percent = self.recoverable_percent

        type_ = self.type_.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "isActive": is_active,
                "isDefault": is_default,
                "kind": kind,
                "name": name,
                "rate": rate,
                "recoverablePercent": recoverable_percent,
                "type": type_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        is_active = d.pop("isActive")

        is_default = d.pop("isDefault")

        kind = TaxRateKind(d.pop("kind"))

        name = d.pop("name")

        rate = d.pop("rate")

        recoverable_percent = d.pop("recoverablePercent")

        type_ = TaxRateType(d.pop("type"))

        tax_rate = cls(
            id=id,
            is_active=is_active,
            is_default=is_default,
            kind=kind,
            name=name,
            rate=rate,
            recoverable_percent=recoverable_percent,
            type_=type_,
        )

        tax_rate.additional_properties = d
        return tax_rate

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
