from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.posting_receipt_resource_type import PostingReceiptResourceType

T = TypeVar("T", bound="PostingReceipt")


@_attrs_define
class PostingReceipt:
    """The same for all five posting resources.

    Attributes:
        bank_transaction_ids (list[str]):
        id (str):
        idempotency_key (str):
        journal_entry_id (str):
        posted_at (str):
        resource_type (PostingReceiptResourceType): purchase is V; the other four are assumed to be named likewise.
        status (str): posted
    """

    bank_transaction_ids: list[str]
    id: str
    idempotency_key: str
    journal_entry_id: str
    posted_at: str
    resource_type: PostingReceiptResourceType
    status: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        bank_transaction_ids = self.bank_transaction_ids

        id = self.id

        idempotency_key = self.idempotency_key

        journal_entry_id = self.journal_entry_id

        posted_at = self.posted_at

        resource_type = self.resource_type.value

        status = self.status

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "bankTransactionIds": bank_transaction_ids,
                "id": id,
                "idempotencyKey": idempotency_key,
                "journalEntryId": journal_entry_id,
                "postedAt": posted_at,
                "resourceType": resource_type,
                "status": status,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        bank_transaction_ids = cast(list[str], d.pop("bankTransactionIds"))

        id = d.pop("id")

        idempotency_key = d.pop("idempotencyKey")

        journal_entry_id = d.pop("journalEntryId")

        posted_at = d.pop("postedAt")

        resource_type = PostingReceiptResourceType(d.pop("resourceType"))

        status = d.pop("status")

        posting_receipt = cls(
            bank_transaction_ids=bank_transaction_ids,
            id=id,
            idempotency_key=idempotency_key,
            journal_entry_id=journal_entry_id,
            posted_at=posted_at,
            resource_type=resource_type,
            status=status,
        )

        posting_receipt.additional_properties = d
        return posting_receipt

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
