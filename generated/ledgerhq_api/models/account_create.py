from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.account_type import AccountType
from ..types import UNSET, Unset

T = TypeVar("T", bound="AccountCreate")


@_attrs_define
class AccountCreate:
    """
    Attributes:
        code (str):
        name (str):
        type_ (AccountType):
        currency_code (str | Unset): ISO 4217 currency code.
        default_tax_rate_id (None | str | Unset):
        description (None | str | Unset):
        parent_id (None | str | Unset):
        sub_type (None | str | Unset):
    """

    code: str
    name: str
    type_: AccountType
    currency_code: str | Unset = UNSET
    default_tax_rate_id: None | str | Unset = UNSET
    description: None | str | Unset = UNSET
    parent_id: None | str | Unset = UNSET
    sub_type: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        name = self.name

        type_ = self.type_.value

        currency_code = self.currency_code

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

        field_dict.update(
            {
                "code": code,
                "name": name,
                "type": type_,
            }
        )
        if currency_code is not UNSET:
            field_dict["currencyCode"] = currency_code
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

        name = d.pop("name")

        type_ = AccountType(d.pop("type"))

        currency_code = d.pop("currencyCode", UNSET)

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

        account_create = cls(
            code=code,
            name=name,
            type_=type_,
            currency_code=currency_code,
            default_tax_rate_id=default_tax_rate_id,
            description=description,
            parent_id=parent_id,
            sub_type=sub_type,
        )

        return account_create
