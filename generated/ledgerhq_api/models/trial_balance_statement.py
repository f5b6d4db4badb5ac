from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.decimal_trial_balance_line import DecimalTrialBalanceLine


T = TypeVar("T", bound="TrialBalanceStatement")


@_attrs_define
class TrialBalanceStatement:
    """Money as decimal strings.

    Attributes:
        accounts (list[DecimalTrialBalanceLine]):
        total_credits (str): Decimal string in major units, such as "12.50".
        total_debits (str): Decimal string in major units, such as "12.50".
    """

    accounts: list[DecimalTrialBalanceLine]
    total_credits: str
    total_debits: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        accounts = []
        for accounts_item_data in self.accounts:
            accounts_item = accounts_item_data.to_dict()
            accounts.append(accounts_item)

        total_credits = self.total_credits

        total_debits = self.total_debits

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "accounts": accounts,
                "totalCredits": total_credits,
                "totalDebits": total_debits,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.decimal_trial_balance_line import DecimalTrialBalanceLine  # noqa: PLC0415

        d = dict(src_dict)
        accounts = []
        _accounts = d.pop("accounts")
        for accounts_item_data in _accounts:
            accounts_item = DecimalTrialBalanceLine.from_dict(accounts_item_data)

            accounts.append(accounts_item)

        total_credits = d.pop("totalCredits")

        total_debits = d.pop("totalDebits")

        trial_balance_statement = cls(
            accounts=accounts,
            total_credits=total_credits,
            total_debits=total_debits,
        )

        trial_balance_statement.additional_properties = d
        return trial_balance_statement

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
