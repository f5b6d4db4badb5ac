from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.posting_line import PostingLine


T = TypeVar("T", bound="DepositRequest")


@_attrs_define
class DepositRequest:
    """Money received into a bank, cash, asset or clearing account.

    Attributes:
        destination_account_id (str):
        lines (list[PostingLine]):
        txn_date (str):
        contact_id (str | Unset):
        currency_code (str | Unset): ISO 4217 currency code.
        memo (str | Unset):
        payer_name (str | Unset):
    """

    destination_account_id: str
    lines: list[PostingLine]
    txn_date: str
    contact_id: str | Unset = UNSET
    currency_code: str | Unset = UNSET
    memo: str | Unset = UNSET
    payer_name: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        destination_account_id = self.destination_account_id

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        txn_date = self.txn_date

        contact_id = self.contact_id

        currency_code = self.currency_code

        memo = self.memo

        payer_name = self.payer_name

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "destinationAccountId": destination_account_id,
                "lines": lines,
                "txnDate": txn_date,
            }
        )
        if contact_id is not UNSET:
            field_dict["contactId"] = contact_id
        if currency_code is not UNSET:
            field_dict["currencyCode"] = currency_code
        if memo is not UNSET:
            field_dict["memo"] = memo
        if payer_name is not UNSET:
            field_dict["payerName"] = payer_name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.posting_line import PostingLine  # noqa: PLC0415

        d = dict(src_dict)
        destination_account_id = d.pop("destinationAccountId")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = PostingLine.from_dict(lines_item_data)

            lines.append(lines_item)

        txn_date = d.pop("txnDate")

        contact_id = d.pop("contactId", UNSET)

        currency_code = d.pop("currencyCode", UNSET)

        memo = d.pop("memo", UNSET)

        payer_name = d.pop("payerName", UNSET)

        deposit_request = cls(
            destination_account_id=destination_account_id,
            lines=lines,
            txn_date=txn_date,
            contact_id=contact_id,
            currency_code=currency_code,
            memo=memo,
            payer_name=payer_name,
        )

        return deposit_request
