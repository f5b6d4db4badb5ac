from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PostingLine")


@_attrs_define
class PostingLine:
    """
    Attributes:
        account_id (str):
        amount (int): Integer cents, more than zero.
        description (str | Unset):
        tax_rate_id (str | Unset):
    """

    account_id: str
    amount: int
    description: str | Unset = UNSET
    tax_rate_id: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        account_id = self.account_id

        amount = self.amount

        description = self.description

        tax_rate_id = self.tax_rate_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "accountId": account_id,
                "amount": amount,
            }
        )
        if description is not UNSET:
            field_dict["description"] = description
        if tax_rate_id is not UNSET:
            field_dict["taxRateId"] = tax_rate_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        account_id = d.pop("accountId")

        amount = d.pop("amount")

        description = d.pop("description", UNSET)

        tax_rate_id = d.pop("taxRateId", UNSET)

        posting_line = cls(
            account_id=account_id,
            amount=amount,
            description=description,
            tax_rate_id=tax_rate_id,
        )

        return posting_line
