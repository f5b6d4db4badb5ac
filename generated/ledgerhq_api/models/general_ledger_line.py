from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="GeneralLedgerLine")


@_attrs_define
class GeneralLedgerLine:
    """
    Attributes:
        account_code (str):
        account_id (str):
        account_name (str):
        credit (int): Integer cents (minor units of the currency).
        date (str):
        debit (int): Integer cents (minor units of the currency).
        entry_number (int):
        running_balance (int): Integer cents (minor units of the currency).
        description (None | str | Unset):
        reference (None | str | Unset):
    """

    account_code: str
    account_id: str
    account_name: str
    credit: int
    date: str
    debit: int
    entry_number: int
    running_balance: int
    description: None | str | Unset = UNSET
    reference: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        account_code = self.account_code

        account_id = self.account_id

        account_name = self.account_name

        credit = self.credit

        date = self.date

        debit = self.debit

        entry_number = self.entry_number

        running_balance = self.running_balance

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        reference: None | str | Unset
        if isinstance(self.reference, Unset):
            reference = UNSET
        else:
            reference = self.reference

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "accountCode": account_code,
                "accountId": account_id,
                "accountName": account_name,
                "credit": credit,
                "date": date,
                "debit": debit,
                "entryNumber": entry_number,
                "runningBalance": running_balance,
            }
        )
        if description is not UNSET:
            field_dict["description"] = description
        if reference is not UNSET:
            field_dict["reference"] = reference

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        account_code = d.pop("accountCode")

        account_id = d.pop("accountId")

        account_name = d.pop("accountName")

        credit = d.pop("credit")

        date = d.pop("date")

        debit = d.pop("debit")

        entry_number = d.pop("entryNumber")

        running_balance = d.pop("runningBalance")

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        def _parse_reference(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reference = _parse_reference(d.pop("reference", UNSET))

        general_ledger_line = cls(
            account_code=account_code,
            account_id=account_id,
            account_name=account_name,
            credit=credit,
            date=date,
            debit=debit,
            entry_number=entry_number,
            running_balance=running_balance,
            description=description,
            reference=reference,
        )

        general_ledger_line.additional_properties = d
        return general_ledger_line

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
