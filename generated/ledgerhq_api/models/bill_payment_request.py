from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="BillPaymentRequest")


@_attrs_define
class BillPaymentRequest:
    """Pays an existing bill and allocates to it.

    Attributes:
        amount (int): Integer cents, more than zero.
        bill_id (str):
        source_account_id (str):
        txn_date (str):
        memo (str | Unset):
    """

    amount: int
    bill_id: str
    source_account_id: str
    txn_date: str
    memo: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        amount = self.amount

        bill_id = self.bill_id

        source_account_id = self.source_account_id

        txn_date = self.txn_date

        memo = self.memo

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "amount": amount,
                "billId": bill_id,
                "sourceAccountId": source_account_id,
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

        bill_id = d.pop("billId")

        source_account_id = d.pop("sourceAccountId")

        txn_date = d.pop("txnDate")

        memo = d.pop("memo", UNSET)

        bill_payment_request = cls(
            amount=amount,
            bill_id=bill_id,
            source_account_id=source_account_id,
            txn_date=txn_date,
            memo=memo,
        )

        return bill_payment_request
