from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.split_allocation_document_type import SplitAllocationDocumentType

T = TypeVar("T", bound="SplitAllocation")


@_attrs_define
class SplitAllocation:
    """
    Attributes:
        amount (int): Integer cents, more than zero.
        document_id (str):
        document_type (SplitAllocationDocumentType):
    """

    amount: int
    document_id: str
    document_type: SplitAllocationDocumentType

    def to_dict(self) -> dict[str, Any]:
        amount = self.amount

        document_id = self.document_id

        document_type = self.document_type.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "amount": amount,
                "documentId": document_id,
                "documentType": document_type,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        amount = d.pop("amount")

        document_id = d.pop("documentId")

        document_type = SplitAllocationDocumentType(d.pop("documentType"))

        split_allocation = cls(
            amount=amount,
            document_id=document_id,
            document_type=document_type,
        )

        return split_allocation
