from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.organization_type import OrganizationType
from ..types import UNSET, Unset

T = TypeVar("T", bound="Organization")


@_attrs_define
class Organization:
    """A firm, or one of its client companies.

    Attributes:
        created_at (str):
        default_currency (str): ISO 4217 currency code.
        fiscal_year_start_month (int):
        id (str):
        name (str):
        slug (str):
        type_ (OrganizationType):
        country_code (None | str | Unset):
    """

    created_at: str
    default_currency: str
    fiscal_year_start_month: int
    id: str
    name: str
    slug: str
    type_: OrganizationType
    country_code: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        created_at = self.created_at

        default_currency = self.default_currency

        fiscal_year_start_month = self.fiscal_year_start_month

        id = self.id

        name = self.name

        slug = self.slug

        type_ = self.type_.value

        country_code: None | str | Unset
        if isinstance(self.country_code, Unset):
            country_code = UNSET
        else:
            country_code = self.country_code

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "createdAt": created_at,
                "defaultCurrency": default_currency,
                "fiscalYearStartMonth": fiscal_year_start_month,
                "id": id,
                "name": name,
                "slug": slug,
                "type": type_,
            }
        )
        if country_code is not UNSET:
            field_dict["countryCode"] = country_code

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        created_at = d.pop("createdAt")

        default_currency = d.pop("defaultCurrency")

        fiscal_year_start_month = d.pop("fiscalYearStartMonth")

        id = d.pop("id")

        name = d.pop("name")

        slug = d.pop("slug")

        type_ = OrganizationType(d.pop("type"))

        def _parse_country_code(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        country_code = _parse_country_code(d.pop("countryCode", UNSET))

        organization = cls(
            created_at=created_at,
            default_currency=default_currency,
            fiscal_year_start_month=fiscal_year_start_month,
            id=id,
            name=name,
            slug=slug,
            type_=type_,
            country_code=country_code,
        )

        organization.additional_properties = d
        return organization

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
