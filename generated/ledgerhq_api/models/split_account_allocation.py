from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="SplitAccountAllocation")


@_attrs_define
class SplitAccountAllocation:
    """
    Attributes:
        account_id (str):
        amount (int): Integer cents, more than zero.
        memo (str | Unset):
        tax_rate_id (str | Unset):
    """

    account_id: str
    amount: int
    memo: str | Unset = UNSET
    tax_rate_id: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        account_id = self.account_id

        amount = self.amount

        memo = self.memo

        tax_rate_id = self.tax_rate_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "accountId": account_id,
                "amount": amount,
            }
        )
        if memo is not UNSET:
            field_dict["memo"] = memo
        if tax_rate_id is not UNSET:
            field_dict["taxRateId"] = tax_rate_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        account_id = d.pop("accountId")

        amount = d.pop("amount")

        memo = d.pop("memo", UNSET)

        tax_rate_id = d.pop("taxRateId", UNSET)

        split_account_allocation = cls(
            account_id=account_id,
            amount=amount,
            memo=memo,
            tax_rate_id=tax_rate_id,
        )

        return split_account_allocation
