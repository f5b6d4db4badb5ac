from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.match_result_payment import MatchResultPayment


T = TypeVar("T", bound="MatchResult")


@_attrs_define
class MatchResult:
    """matchType, paymentId and journalEntryId for something that exists; payment and a document status for a new payment.

    Attributes:
        bill_status (str | Unset):
        invoice_status (str | Unset):
        journal_entry_id (None | str | Unset):
        match_type (str | Unset):
        payment (MatchResultPayment | Unset):
        payment_id (None | str | Unset):
    """

    bill_status: str | Unset = UNSET
    invoice_status: str | Unset = UNSET
    journal_entry_id: None | str | Unset = UNSET
    match_type: str | Unset = UNSET
    payment: MatchResultPayment | Unset = UNSET
    payment_id: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        bill_status = self.bill_status

        invoice_status = self.invoice_status

        journal_entry_id: None | str | Unset
        if isinstance(self.journal_entry_id, Unset):
            journal_entry_id = UNSET
        else:
            journal_entry_id = self.journal_entry_id

        match_type = self.match_type

        payment: dict[str, Any] | Unset = UNSET
        if not isinstance(self.payment, Unset):
            payment = self.payment.to_dict()

        payment_id: None | str | Unset
        if isinstance(self.payment_id, Unset):
            payment_id = UNSET
        else:
            payment_id = self.payment_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if bill_status is not UNSET:
            field_dict["billStatus"] = bill_status
        if invoice_status is not UNSET:
            field_dict["invoiceStatus"] = invoice_status
        if journal_entry_id is not UNSET:
            field_dict["journalEntryId"] = journal_entry_id
        if match_type is not UNSET:
            field_dict["matchType"] = match_type
        if payment is not UNSET:
            field_dict["payment"] = payment
        if payment_id is not UNSET:
            field_dict["paymentId"] = payment_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.match_result_payment import MatchResultPayment  # noqa: PLC0415

        d = dict(src_dict)
        bill_status = d.pop("billStatus", UNSET)

        invoice_status = d.pop("invoiceStatus", UNSET)

        def _parse_journal_entry_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        journal_entry_id = _parse_journal_entry_id(d.pop("journalEntryId", UNSET))

        match_type = d.pop("matchType", UNSET)

        _payment = d.pop("payment", UNSET)
        payment: MatchResultPayment | Unset
        if isinstance(_payment, Unset):
            payment = UNSET
        else:
            payment = MatchResultPayment.from_dict(_payment)

        def _parse_payment_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        payment_id = _parse_payment_id(d.pop("paymentId", UNSET))

        match_result = cls(
            bill_status=bill_status,
            invoice_status=invoice_status,
            journal_entry_id=journal_entry_id,
            match_type=match_type,
            payment=payment,
            payment_id=payment_id,
        )

        match_result.additional_properties = d
        return match_result

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
