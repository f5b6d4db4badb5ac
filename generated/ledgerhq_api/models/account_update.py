from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="AccountUpdate")


@_attrs_define
class AccountUpdate:
    """
    Attributes:
        code (str | Unset):
        default_tax_rate_id (None | str | Unset):
        description (None | str | Unset):
        is_active (bool | Unset):
        name (str | Unset):
        parent_id (None | str | Unset):
        sub_type (None | str | Unset):
    """

    code: str | Unset = UNSET
    default_tax_rate_id: None | str | Unset = UNSET
    description: None | str | Unset = UNSET
    is_active: bool | Unset = UNSET
    name: str | Unset = UNSET
    parent_id: None | str | Unset = UNSET
    sub_type: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        code = self.code

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

        is_active = self.is_active

        name = self.name

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

        field_dict.update({})
        if code is not UNSET:
            field_dict["code"] = code
        if default_tax_rate_id is not UNSET:
            field_dict["defaultTaxRateId"] = default_tax_rate_id
        if description is not UNSET:
            field_dict["description"] = description
        if is_active is not UNSET:
            field_dict["isActive"] = is_active
        if name is not UNSET:
            field_dict["name"] = name
        if parent_id is not UNSET:
            field_dict["parentId"] = parent_id
        if sub_type is not UNSET:
            field_dict["subType"] = sub_type

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code", UNSET)

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

        is_active = d.pop("isActive", UNSET)

        name = d.pop("name", UNSET)

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

        account_update = cls(
            code=code,
            default_tax_rate_id=default_tax_rate_id,
            description=description,
            is_active=is_active,
            name=name,
            parent_id=parent_id,
            sub_type=sub_type,
        )

        return account_update
