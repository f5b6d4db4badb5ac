from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SplitResultPaymentsItem")


@_attrs_define
class SplitResultPaymentsItem:
    """
    Attributes:
        amount (int): Integer cents (minor units of the currency).
        document_id (str):
        id (str):
        payment_number (str):
    """

    amount: int
    document_id: str
    id: str
    payment_number: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        amount = self.amount

        document_id = self.document_id

        id = self.id

        payment_number = self.payment_number

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "amount": amount,
                "documentId": document_id,
                "id": id,
                "paymentNumber": payment_number,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        amount = d.pop("amount")

        document_id = d.pop("documentId")

        id = d.pop("id")

        payment_number = d.pop("paymentNumber")

        split_result_payments_item = cls(
            amount=amount,
            document_id=document_id,
            id=id,
            payment_number=payment_number,
        )

        split_result_payments_item.additional_properties = d
        return split_result_payments_item

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
