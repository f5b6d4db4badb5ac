from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.bank_transaction import BankTransaction
    from ..models.split_result_payments_item import SplitResultPaymentsItem


T = TypeVar("T", bound="SplitResult")


@_attrs_define
class SplitResult:
    """
    Attributes:
        transaction (BankTransaction): A row of the bank register.
        payments (list[SplitResultPaymentsItem] | Unset):
    """

    transaction: BankTransaction
    payments: list[SplitResultPaymentsItem] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        transaction = self.transaction.to_dict()

        payments: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.payments, Unset):
            payments = []
            for payments_item_data in self.payments:
                payments_item = payments_item_data.to_dict()
                payments.append(payments_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "transaction": transaction,
            }
        )
        if payments is not UNSET:
            field_dict["payments"] = payments

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bank_transaction import BankTransaction  # noqa: PLC0415
        from ..models.split_result_payments_item import SplitResultPaymentsItem  # noqa: PLC0415

        d = dict(src_dict)
        transaction = BankTransaction.from_dict(d.pop("transaction"))

        _payments = d.pop("payments", UNSET)
        payments: list[SplitResultPaymentsItem] | Unset = UNSET
        if _payments is not UNSET:
            payments = []
            for payments_item_data in _payments:
                payments_item = SplitResultPaymentsItem.from_dict(payments_item_data)

                payments.append(payments_item)

        split_result = cls(
            transaction=transaction,
            payments=payments,
        )

        split_result.additional_properties = d
        return split_result

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
