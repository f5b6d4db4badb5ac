from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="PostedLine")


@_attrs_define
class PostedLine:
    """A line of a posted entry, with its entry. Money as decimal strings. All fields are assumed.

    Attributes:
        account_id (str):
        credit_amount (str): Decimal string in major units, such as "12.50".
        currency_code (str): ISO 4217 currency code.
        date (str):
        debit_amount (str): Decimal string in major units, such as "12.50".
        entry_number (int):
        id (str):
        journal_entry_id (str):
        description (None | str | Unset):
    """

    account_id: str
    credit_amount: str
    currency_code: str
    date: str
    debit_amount: str
    entry_number: int
    id: str
    journal_entry_id: str
    description: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        account_id = self.account_id

        credit_amount = self.credit_amount

        currency_code = self.currency_code

        date = self.date

        debit_amount = self.debit_amount

        entry_number = self.entry_number

        id = self.id

        journal_entry_id = self.journal_entry_id

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "accountId": account_id,
                "creditAmount": credit_amount,
                "currencyCode": currency_code,
                "date": date,
                "debitAmount": debit_amount,
                "entryNumber": entry_number,
                "id": id,
                "journalEntryId": journal_entry_id,
            }
        )
        if description is not UNSET:
            field_dict["description"] = description

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        account_id = d.pop("accountId")

        credit_amount = d.pop("creditAmount")

        currency_code = d.pop("currencyCode")

        date = d.pop("date")

        debit_amount = d.pop("debitAmount")

        entry_number = d.pop("entryNumber")

        id = d.pop("id")

        journal_entry_id = d.pop("journalEntryId")

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        posted_line = cls(
            account_id=account_id,
            credit_amount=credit_amount,
            currency_code=currency_code,
            date=date,
            debit_amount=debit_amount,
            entry_number=entry_number,
            id=id,
            journal_entry_id=journal_entry_id,
            description=description,
        )

        posted_line.additional_properties = d
        return posted_line

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
