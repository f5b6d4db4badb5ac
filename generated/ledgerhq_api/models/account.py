from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.account_type import AccountType
from ..types import UNSET, Unset

T = TypeVar("T", bound="Account")


@_attrs_define
class Account:
    """An account of the chart of accounts.

    Attributes:
        code (str):
        created_at (str):
        currency_code (str): ISO 4217 currency code.
        id (str):
        is_active (bool):
        is_system (bool):
        name (str):
        organization_id (str):
        type_ (AccountType):
        default_tax_rate_id (None | str | Unset):
        description (None | str | Unset):
        parent_id (None | str | Unset):
        sub_type (None | str | Unset):
    """

    code: str
    created_at: str
    currency_code: str
    id: str
    is_active: bool
    is_system: bool
    name: str
    organization_id: str
    type_: AccountType
    default_tax_rate_id: None | str | Unset = UNSET
    description: None | str | Unset = UNSET
    parent_id: None | str | Unset = UNSET
    sub_type: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        created_at = self.created_at

        currency_code = self.currency_code

        id = self.id

        is_active = self.is_active

        is_system = self.is_system

        name = self.name

        organization_id = self.organization_id

        type_ = self.type_.value

        default_tax_rate_id: None | str | Unset
        if isinstance(self.default_tax_rate_id, Unset):
            default_tax_rate_id = UNSET
        else:
            default_tax_rate_id = self.default_tax_rate_id

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        parent_id: None | str | Unset
        if isinstance(self.parent_id, Unset):
            parent_id = UNSET
        else:
            parent_id = self.parent_id

        sub_type: None | str | Unset
        if isinstance(self.sub_type, Unset):
            sub_type = UNSET
        else:
            sub_type = self.sub_type

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "createdAt": created_at,
                "currencyCode": currency_code,
                "id": id,
                "isActive": is_active,
                "isSystem": is_system,
                "name": name,
                "organizationId": organization_id,
                "type": type_,
            }
        )
        if default_tax_rate_id is not UNSET:
            field_dict["defaultTaxRateId"] = default_tax_rate_id
        if description is not UNSET:
            field_dict["description"] = description
        if parent_id is not UNSET:
            field_dict["parentId"] = parent_id
        if sub_type is not UNSET:
            field_dict["subType"] = sub_type

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        created_at = d.pop("createdAt")

        currency_code = d.pop("currencyCode")

        id = d.pop("id")

        is_active = d.pop("isActive")

        is_system = d.pop("isSystem")

        name = d.pop("name")

        organization_id = d.pop("organizationId")

        type_ = AccountType(d.pop("type"))

        def _parse_default_tax_rate_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        default_tax_rate_id = _parse_default_tax_rate_id(d.pop("defaultTaxRateId", UNSET))

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        def _parse_parent_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        parent_id = _parse_parent_id(d.pop("parentId", UNSET))

        def _parse_sub_type(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        sub_type = _parse_sub_type(d.pop("subType", UNSET))

        account = cls(
            code=code,
            created_at=created_at,
            currency_code=currency_code,
            id=id,
            is_active=is_active,
            is_system=is_system,
            name=name,
            organization_id=organization_id,
            type_=type_,
            default_tax_rate_id=default_tax_rate_id,
            description=description,
            parent_id=parent_id,
            sub_type=sub_type,
        )

        account.additional_properties = d
        return account

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
