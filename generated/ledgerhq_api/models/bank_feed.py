from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="BankFeed")


@_attrs_define
class BankFeed:
    """
    Attributes:
        id (str):
        institution_name (str):
        provider (str): plaid
        status (str): An open set, such as active, error, disconnected.
        bank_account_id (None | str | Unset):
        last_synced_at (None | str | Unset):
    """

    id: str
    institution_name: str
    provider: str
    status: str
    bank_account_id: None | str | Unset = UNSET
    last_synced_at: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        institution_name = self.institution_name

        provider = self.provider

        status = self.status

        bank_account_id: None | str | Unset
        if isinstance(self.bank_account_id, Unset):
            bank_account_id = UNSET
        else:
            bank_account_id = self.bank_account_id

        last_synced_at: None | str | Unset
        if isinstance(self.last_synced_at, Unset):
            last_synced_at = UNSET
        else:
            last_synced_at = self.last_synced_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "institutionName": institution_name,
                "provider": provider,
                "status": status,
            }
        )
        if bank_account_id is not UNSET:
            field_dict["bankAccountId"] = bank_account_id
        if last_synced_at is not UNSET:
            field_dict["lastSyncedAt"] = last_synced_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        institution_name = d.pop("institutionName")

        provider = d.pop("provider")

        status = d.pop("status")

        def _parse_bank_account_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        bank_account_id = _parse_bank_account_id(d.pop("bankAccountId", UNSET))

        def _parse_last_synced_at(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        last_synced_at = _parse_last_synced_at(d.pop("lastSyncedAt", UNSET))

        bank_feed = cls(
            id=id,
            institution_name=institution_name,
            provider=provider,
            status=status,
            bank_account_id=bank_account_id,
            last_synced_at=last_synced_at,
        )

        bank_feed.additional_properties = d
        return bank_feed

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
