from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="TrialBalanceLine")


@_attrs_define
class TrialBalanceLine:
    """
    Attributes:
        account_id (str):
        code (str):
        credit_balance (int): Integer cents (minor units of the currency).
        debit_balance (int): Integer cents (minor units of the currency).
        name (str):
        type_ (str):
    """

    account_id: str
    code: str
    credit_balance: int
    debit_balance: int
    name: str
    type_: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        account_id = self.account_id

        code = self.code

        credit_balance = self.credit_balance

        debit_balance = self.debit_balance

        name = self.name

        type_ = self.type_

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "accountId": account_id,
                "code": code,
                "creditBalance": credit_balance,
                "debitBalance": debit_balance,
                "name": name,
                "type": type_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        account_id = d.pop("accountId")

        code = d.pop("code")

        credit_balance = d.pop("creditBalance")

        debit_balance = d.pop("debitBalance")

        name = d.pop("name")

        type_ = d.pop("type")

        trial_balance_line = cls(
            account_id=account_id,
            code=code,
            credit_balance=credit_balance,
            debit_balance=debit_balance,
            name=name,
            type_=type_,
        )

        trial_balance_line.additional_properties = d
        return trial_balance_line

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
