from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.tax_rate import TaxRate


T = TypeVar("T", bound="GetTaxRatesResponse")


@_attrs_define
class GetTaxRatesResponse:
    """
    Attributes:
        tax_rates (list[TaxRate]):
    """

    tax_rates: list[TaxRate]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        tax_rates = []
        for tax_rates_item_data in self.tax_rates:
            tax_rates_item = tax_rates_item_data.to_dict()
            tax_rates.append(tax_rates_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "taxRates": tax_rates,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.tax_rate import TaxRate  # noqa: PLC0415

        d = dict(src_dict)
        tax_rates = []
        _tax_rates = d.pop("taxRates")
        for tax_rates_item_data in _tax_rates:
            tax_rates_item = TaxRate.from_dict(tax_rates_item_data)

            tax_rates.append(tax_rates_item)

        get_tax_rates_response = cls(
            tax_rates=tax_rates,
        )

        get_tax_rates_response.additional_properties = d
        return get_tax_rates_response

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
