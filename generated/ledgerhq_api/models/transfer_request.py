from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="TransferRequest")


@_attrs_define
class TransferRequest:
    """Between two balance-sheet accounts.

    Attributes:
        amount (int): Integer cents, more than zero.
        from_account_id (str):
        to_account_id (str):
        txn_date (str):
        memo (str | Unset):
    """

    amount: int
    from_account_id: str
    to_account_id: str
    txn_date: str
    memo: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        amount = self.amount

        from_account_id = self.from_account_id

        to_account_id = self.to_account_id

        txn_date = self.txn_date

        memo = self.memo

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "amount": amount,
                "fromAccountId": from_account_id,
                "toAccountId": to_account_id,
                "txnDate": txn_date,
            }
        )
        if memo is not UNSET:
            field_dict["memo"] = memo

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        amount = d.pop("amount")

        from_account_id = d.pop("fromAccountId")

        to_account_id = d.pop("toAccountId")

        txn_date = d.pop("txnDate")

        memo = d.pop("memo", UNSET)

        transfer_request = cls(
            amount=amount,
            from_account_id=from_account_id,
            to_account_id=to_account_id,
            txn_date=txn_date,
            memo=memo,
        )

        return transfer_request
