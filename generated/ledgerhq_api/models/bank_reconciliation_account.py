from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.bank_reconciliation_account_unreconciled import (
        BankReconciliationAccountUnreconciled,
    )
    from ..models.last_reconciliation import LastReconciliation


T = TypeVar("T", bound="BankReconciliationAccount")


@_attrs_define
class BankReconciliationAccount:
    """
    Attributes:
        account_name (str):
        balance (int): Integer cents (minor units of the currency).
        balance_discrepancy (int): Integer cents (minor units of the currency).
        id (str):
        unreconciled (BankReconciliationAccountUnreconciled):
        last_reconciliation (LastReconciliation | None | Unset):
    """

    account_name: str
    balance: int
    balance_discrepancy: int
    id: str
    unreconciled: BankReconciliationAccountUnreconciled
    last_reconciliation: LastReconciliation | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.last_reconciliation import LastReconciliation  # noqa: PLC0415

        account_name = self.account_name

        balance = self.balance

        balance_discrepancy = self.balance_discrepancy

        id = self.id

        unreconciled = self.unreconciled.to_dict()

        last_reconciliation: dict[str, Any] | None | Unset
        if isinstance(self.last_reconciliation, Unset):
            last_reconciliation = UNSET
        elif isinstance(self.last_reconciliation, LastReconciliation):
            last_reconciliation = self.last_reconciliation.to_dict()
        else:
            last_reconciliation = self.last_reconciliation

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "accountName": account_name,
                "balance": balance,
                "balanceDiscrepancy": balance_discrepancy,
                "id": id,
                "unreconciled": unreconciled,
            }
        )
        if last_reconciliation is not UNSET:
            field_dict["lastReconciliation"] = last_reconciliation

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bank_reconciliation_account_unreconciled import (
            BankReconciliationAccountUnreconciled,  # noqa: PLC0415
        )
        from ..models.last_reconciliation import LastReconciliation  # noqa: PLC0415

        d = dict(src_dict)
        account_name = d.pop("accountName")

        balance = d.pop("balance")

        balance_discrepancy = d.pop("balanceDiscrepancy")

        id = d.pop("id")

        unreconciled = BankReconciliationAccountUnreconciled.from_dict(d.pop("unreconciled"))

        def _parse_last_reconciliation(data: object) -> LastReconciliation | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                last_reconciliation_type_0 = LastReconciliation.from_dict(data)

                return last_reconciliation_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LastReconciliation | None | Unset, data)

        last_reconciliation = _parse_last_reconciliation(d.pop("lastReconciliation", UNSET))

        bank_reconciliation_account = cls(
            account_name=account_name,
            balance=balance,
            balance_discrepancy=balance_discrepancy,
            id=id,
            unreconciled=unreconciled,
            last_reconciliation=last_reconciliation,
        )

        bank_reconciliation_account.additional_properties = d
        return bank_reconciliation_account

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
