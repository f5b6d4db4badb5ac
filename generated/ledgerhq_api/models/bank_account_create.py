from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.bank_account_type import BankAccountType
from ..types import UNSET, Unset

T = TypeVar("T", bound="BankAccountCreate")


@_attrs_define
class BankAccountCreate:
    """
    Attributes:
        account_name (str):
        account_number (None | str | Unset):
        account_type (BankAccountType | Unset):
        bank_name (None | str | Unset):
        chart_account_id (None | str | Unset):
        color (str | Unset):
        country_code (None | str | Unset):
        currency_code (str | Unset): ISO 4217 currency code.
    """

    account_name: str
    account_number: None | str | Unset = UNSET
    account_type: BankAccountType | Unset = UNSET
    bank_name: None | str | Unset = UNSET
    chart_account_id: None | str | Unset = UNSET
    color: str | Unset = UNSET
    country_code: None | str | Unset = UNSET
    currency_code: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        account_name = self.account_name

        account_number: None | str | Unset
        if isinstance(self.account_number, Unset):
            account_number = UNSET
        else:
            account_number = self.account_number

        account_type: str | Unset = UNSET
        if not isinstance(self.account_type, Unset):
            account_type = self.account_type.value

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

        color = self.color

        country_code: None | str | Unset
        if isinstance(self.country_code, Unset):
            country_code = UNSET
        else:
            country_code = self.country_code

        currency_code = self.currency_code

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "accountName": account_name,
            }
        )
        if account_number is not UNSET:
            field_dict["accountNumber"] = account_number
        if account_type is not UNSET:
            field_dict["accountType"] = account_type
        if bank_name is not UNSET:
            field_dict["bankName"] = bank_name
        if chart_account_id is not UNSET:
            field_dict["chartAccountId"] = chart_account_id
        if color is not UNSET:
            field_dict["color"] = color
        if country_code is not UNSET:
            field_dict["countryCode"] = country_code
        if currency_code is not UNSET:
            field_dict["currencyCode"] = currency_code

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        account_name = d.pop("accountName")

        def _parse_account_number(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        account_number = _parse_account_number(d.pop("accountNumber", UNSET))

        _account_type = d.pop("accountType", UNSET)
        account_type: BankAccountType | Unset
        if isinstance(_account_type, Unset):
            account_type = UNSET
        else:
            account_type = BankAccountType(_account_type)

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

        color = d.pop("color", UNSET)

        def _parse_country_code(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        country_code = _parse_country_code(d.pop("countryCode", UNSET))

        currency_code = d.pop("currencyCode", UNSET)

        bank_account_create = cls(
            account_name=account_name,
            account_number=account_number,
            account_type=account_type,
            bank_name=bank_name,
            chart_account_id=chart_account_id,
            color=color,
            country_code=country_code,
            currency_code=currency_code,
        )

        return bank_account_create
