from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.bill_status import BillStatus

T = TypeVar("T", bound="Bill")


@_attrs_define
class Bill:
    """
    Attributes:
        amount_due (int): Integer cents (minor units of the currency).
        amount_paid (int): Integer cents (minor units of the currency).
        bill_number (str):
        contact_id (str):
        created_at (str):
        currency_code (str): ISO 4217 currency code.
        due_date (str):
        id (str):
        issue_date (str):
        status (BillStatus):
        total (int): Integer cents (minor units of the currency).
    """

    amount_due: int
    amount_paid: int
    bill_number: str
    contact_id: str
    created_at: str
    currency_code: str
    due_date: str
    id: str
    issue_date: str
    status: BillStatus
    total: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        amount_due = self.amount_due

        amount_paid = self.amount_paid

        bill_number = self.bill_number

        contact_id = self.contact_id

        created_at = self.created_at

        currency_code = self.currency_code

        due_date = self.due_date

        id = self.id

        issue_date = self.issue_date

        status = self.status.value

        total = self.total

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "amountDue": amount_due,
                "amountPaid": amount_paid,
                "billNumber": bill_number,
                "contactId": contact_id,
                "createdAt": created_at,
                "currencyCode": currency_code,
                "dueDate": due_date,
                "id": id,
                "issueDate": issue_date,
                "status": status,
                "total": total,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        amount_due = d.pop("amountDue")

        amount_paid = d.pop("amountPaid")

        bill_number = d.pop("billNumber")

        contact_id = d.pop("contactId")

        created_at = d.pop("createdAt")

        currency_code = d.pop("currencyCode")

        due_date = d.pop("dueDate")

        id = d.pop("id")

        issue_date = d.pop("issueDate")

        status = BillStatus(d.pop("status"))

        total = d.pop("total")

        bill = cls(
            amount_due=amount_due,
            amount_paid=amount_paid,
            bill_number=bill_number,
            contact_id=contact_id,
            created_at=created_at,
            currency_code=currency_code,
            due_date=due_date,
            id=id,
            issue_date=issue_date,
            status=status,
            total=total,
        )

        bill.additional_properties = d
        return bill

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
