from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.match_request_match_type import MatchRequestMatchType
from ..types import UNSET, Unset

T = TypeVar("T", bound="MatchRequest")


@_attrs_define
class MatchRequest:
    """
    Attributes:
        amount (int | Unset): Integer cents, more than zero.
        bill_id (str | Unset):
        date (str | Unset):
        invoice_id (str | Unset):
        journal_entry_id (str | Unset):
        match_type (MatchRequestMatchType | Unset):
        method (str | Unset):
        payment_id (str | Unset):
    """

    amount: int | Unset = UNSET
    bill_id: str | Unset = UNSET
    date: str | Unset = UNSET
    invoice_id: str | Unset = UNSET
    journal_entry_id: str | Unset = UNSET
    match_type: MatchRequestMatchType | Unset = UNSET
    method: str | Unset = UNSET
    payment_id: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        amount = self.amount

        bill_id = self.bill_id

        date = self.date

        invoice_id = self.invoice_id

        journal_entry_id = self.journal_entry_id

        match_type: str | Unset = UNSET
        if not isinstance(self.match_type, Unset):
            match_type = self.match_type.value

        method = self.method

        payment_id = self.payment_id

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if amount is not UNSET:
            field_dict["amount"] = amount
        if bill_id is not UNSET:
            field_dict["billId"] = bill_id
        if date is not UNSET:
            field_dict["date"] = date
        if invoice_id is not UNSET:
            field_dict["invoiceId"] = invoice_id
        if journal_entry_id is not UNSET:
            field_dict["journalEntryId"] = journal_entry_id
        if match_type is not UNSET:
            field_dict["matchType"] = match_type
        if method is not UNSET:
            field_dict["method"] = method
        if payment_id is not UNSET:
            field_dict["paymentId"] = payment_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        amount = d.pop("amount", UNSET)

        bill_id = d.pop("billId", UNSET)

        date = d.pop("date", UNSET)

        invoice_id = d.pop("invoiceId", UNSET)

        journal_entry_id = d.pop("journalEntryId", UNSET)

        _match_type = d.pop("matchType", UNSET)
        match_type: MatchRequestMatchType | Unset
        if isinstance(_match_type, Unset):
            match_type = UNSET
        else:
            match_type = MatchRequestMatchType(_match_type)

        method = d.pop("method", UNSET)

        payment_id = d.pop("paymentId", UNSET)

        match_request = cls(
            amount=amount,
            bill_id=bill_id,
            date=date,
            invoice_id=invoice_id,
            journal_entry_id=journal_entry_id,
            match_type=match_type,
            method=method,
            payment_id=payment_id,
        )

        return match_request
