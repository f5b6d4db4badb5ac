from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.bank_feed_account_health import BankFeedAccountHealth


T = TypeVar("T", bound="BankFeedHealth")


@_attrs_define
class BankFeedHealth:
    """Health of one connection.

    Attributes:
        accounts (list[BankFeedAccountHealth]):
        id (str):
        institution_name (str):
        status (str): An open set, such as healthy, stale, error, disconnected.
        error (None | str | Unset):
        last_synced_at (None | str | Unset):
    """

    accounts: list[BankFeedAccountHealth]
    id: str
    institution_name: str
    status: str
    error: None | str | Unset = UNSET
    last_synced_at: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        accounts = []
        for accounts_item_data in self.accounts:
            accounts_item = accounts_item_data.to_dict()
            accounts.append(accounts_item)

        id = self.id

        institution_name = self.institution_name

        status = self.status

        error: None | str | Unset
        if isinstance(self.error, Unset):
            error = UNSET
        else:
            error = self.error

        last_synced_at: None | str | Unset
        if isinstance(self.last_synced_at, Unset):
            last_synced_at = UNSET
        else:
            last_synced_at = self.last_synced_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "accounts": accounts,
                "id": id,
                "institutionName": institution_name,
                "status": status,
            }
        )
        if error is not UNSET:
            field_dict["error"] = error
        if last_synced_at is not UNSET:
            field_dict["lastSyncedAt"] = last_synced_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bank_feed_account_health import BankFeedAccountHealth  # noqa: PLC0415

        d = dict(src_dict)
        accounts = []
        _accounts = d.pop("accounts")
        for accounts_item_data in _accounts:
            accounts_item = BankFeedAccountHealth.from_dict(accounts_item_data)

            accounts.append(accounts_item)

        id = d.pop("id")

        institution_name = d.pop("institutionName")

        status = d.pop("status")

        def _parse_error(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        error = _parse_error(d.pop("error", UNSET))

        def _parse_last_synced_at(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        last_synced_at = _parse_last_synced_at(d.pop("lastSyncedAt", UNSET))

        bank_feed_health = cls(
            accounts=accounts,
            id=id,
            institution_name=institution_name,
            status=status,
            error=error,
            last_synced_at=last_synced_at,
        )

        bank_feed_health.additional_properties = d
        return bank_feed_health

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
