from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.bank_account_type import BankAccountType
from ..types import UNSET, Unset

T = TypeVar("T", bound="BankAccount")


@_attrs_define
class BankAccount:
    """
    Attributes:
        account_name (str):
        account_type (BankAccountType):
        balance (int): Integer cents (minor units of the currency).
        color (str):
        created_at (str):
        currency_code (str): ISO 4217 currency code.
        id (str):
        is_active (bool):
        organization_id (str):
        account_number (None | str | Unset): Masked.
        bank_name (None | str | Unset):
        chart_account_id (None | str | Unset): The general-ledger account.
        country_code (None | str | Unset):
    """

    account_name: str
    account_type: BankAccountType
    balance: int
    color: str
    created_at: str
    currency_code: str
    id: str
    is_active: bool
    organization_id: str
    account_number: None | str | Unset = UNSET
    bank_name: None | str | Unset = UNSET
    chart_account_id: None | str | Unset = UNSET
    country_code: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        account_name = self.account_name

        account_type = self.account_type.value

        balance = self.balance

        color = self.color

        created_at = self.created_at

        currency_code = self.currency_code

        id = self.id

        is_active = self.is_active

        organization_id = self.organization_id

        account_number: None | str | Unset
        if isinstance(self.account_number, Unset):
            account_number = UNSET
        else:
            account_number = self.account_number

        bank_name: None | str | Unset
        if isinstance(self.bank_name, Unset):
            bank_name = UNSET
        else:
            bank_name = self.bank_name

        chart_account_id: None | str | Unset
        if isinstance(self.chart_account_id, Unset):
            chart_account_id = UNSET
        else:
            chart_account_id = self.chart_account_id

        country_code: None | str | Unset
        if isinstance(self.country_code, Unset):
            country_code = UNSET
        else:
            country_code = self.country_code

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "accountName": account_name,
                "accountType": account_type,
                "balance": balance,
                "color": color,
                "createdAt": created_at,
                "currencyCode": currency_code,
                "id": id,
                "isActive": is_active,
                "organizationId": organization_id,
            }
        )
        if account_number is not UNSET:
            field_dict["accountNumber"] = account_number
        if bank_name is not UNSET:
            field_dict["bankName"] = bank_name
        if chart_account_id is not UNSET:
            field_dict["chartAccountId"] = chart_account_id
        if country_code is not UNSET:
            field_dict["countryCode"] = country_code

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        account_name = d.pop("accountName")

        account_type = BankAccountType(d.pop("accountType"))

        balance = d.pop("balance")

        color = d.pop("color")

        created_at = d.pop("createdAt")

        currency_code = d.pop("currencyCode")

        id = d.pop("id")

        is_active = d.pop("isActive")

        organization_id = d.pop("organizationId")

        def _parse_account_number(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        account_number = _parse_account_number(d.pop("accountNumber", UNSET))

        def _parse_bank_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        bank_name = _parse_bank_name(d.pop("bankName", UNSET))

        def _parse_chart_account_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        chart_account_id = _parse_chart_account_id(d.pop("chartAccountId", UNSET))

        def _parse_country_code(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        country_code = _parse_country_code(d.pop("countryCode", UNSET))

        bank_account = cls(
            account_name=account_name,
            account_type=account_type,
            balance=balance,
            color=color,
            created_at=created_at,
            currency_code=currency_code,
            id=id,
            is_active=is_active,
            organization_id=organization_id,
            account_number=account_number,
            bank_name=bank_name,
            chart_account_id=chart_account_id,
            country_code=country_code,
        )

        bank_account.additional_properties = d
        return bank_account

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
