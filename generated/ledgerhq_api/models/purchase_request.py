from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.posting_line import PostingLine


T = TypeVar("T", bound="PurchaseRequest")


@_attrs_define
class PurchaseRequest:
    """Money spent from a bank, cash, credit card or liability account.

    Attributes:
        lines (list[PostingLine]):
        payee_name (str):
        source_account_id (str):
        txn_date (str):
        contact_id (str | Unset):
        currency_code (str | Unset): ISO 4217 currency code.
        memo (str | Unset):
    """

    lines: list[PostingLine]
    payee_name: str
    source_account_id: str
    txn_date: str
    contact_id: str | Unset = UNSET
    currency_code: str | Unset = UNSET
    memo: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        payee_name = self.payee_name

        source_account_id = self.source_account_id

        txn_date = self.txn_date

        contact_id = self.contact_id

        currency_code = self.currency_code

        memo = self.memo

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "lines": lines,
                "payeeName": payee_name,
                "sourceAccountId": source_account_id,
                "txnDate": txn_date,
            }
        )
        if contact_id is not UNSET:
            field_dict["contactId"] = contact_id
        if currency_code is not UNSET:
            field_dict["currencyCode"] = currency_code
        if memo is not UNSET:
            field_dict["memo"] = memo

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.posting_line import PostingLine  # noqa: PLC0415

        d = dict(src_dict)
        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = PostingLine.from_dict(lines_item_data)

            lines.append(lines_item)

        payee_name = d.pop("payeeName")

        source_account_id = d.pop("sourceAccountId")

        txn_date = d.pop("txnDate")

        contact_id = d.pop("contactId", UNSET)

        currency_code = d.pop("currencyCode", UNSET)

        memo = d.pop("memo", UNSET)

        purchase_request = cls(
            lines=lines,
            payee_name=payee_name,
            source_account_id=source_account_id,
            txn_date=txn_date,
            contact_id=contact_id,
            currency_code=currency_code,
            memo=memo,
        )

        return purchase_request
