from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="JournalLine")


@_attrs_define
class JournalLine:
    """One side is zero, the other is not.

    Attributes:
        account_id (str):
        credit_amount (int): Integer cents (minor units of the currency).
        debit_amount (int): Integer cents (minor units of the currency).
        description (str | Unset):
    """

    account_id: str
    credit_amount: int
    debit_amount: int
    description: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        account_id = self.account_id

        credit_amount = self.credit_amount

        debit_amount = self.debit_amount

        description = self.description

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "accountId": account_id,
                "creditAmount": credit_amount,
                "debitAmount": debit_amount,
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

        debit_amount = d.pop("debitAmount")

        description = d.pop("description", UNSET)

        journal_line = cls(
            account_id=account_id,
            credit_amount=credit_amount,
            debit_amount=debit_amount,
            description=description,
        )

        return journal_line
