from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.statement_line import StatementLine


T = TypeVar("T", bound="ProfitAndLoss")


@_attrs_define
class ProfitAndLoss:
    """
    Attributes:
        expenses (list[StatementLine]):
        net_income (int): Integer cents (minor units of the currency).
        revenue (list[StatementLine]):
        total_expenses (int): Integer cents (minor units of the currency).
        total_revenue (int): Integer cents (minor units of the currency).
    """

    expenses: list[StatementLine]
    net_income: int
    revenue: list[StatementLine]
    total_expenses: int
    total_revenue: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        expenses = []
        for expenses_item_data in self.expenses:
            expenses_item = expenses_item_data.to_dict()
            expenses.append(expenses_item)

        net_income = self.net_income

        revenue = []
        for revenue_item_data in self.revenue:
            revenue_item = revenue_item_data.to_dict()
            revenue.append(revenue_item)

        total_expenses = self.total_expenses

        total_revenue = self.total_revenue

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "expenses": expenses,
                "netIncome": net_income,
                "revenue": revenue,
                "totalExpenses": total_expenses,
                "totalRevenue": total_revenue,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.statement_line import StatementLine  # noqa: PLC0415

        d = dict(src_dict)
        expenses = []
        _expenses = d.pop("expenses")
        for expenses_item_data in _expenses:
            expenses_item = StatementLine.from_dict(expenses_item_data)

            expenses.append(expenses_item)

        net_income = d.pop("netIncome")

        revenue = []
        _revenue = d.pop("revenue")
        for revenue_item_data in _revenue:
            revenue_item = StatementLine.from_dict(revenue_item_data)

            revenue.append(revenue_item)

        total_expenses = d.pop("totalExpenses")

        total_revenue = d.pop("totalRevenue")

        profit_and_loss = cls(
            expenses=expenses,
            net_income=net_income,
            revenue=revenue,
            total_expenses=total_expenses,
            total_revenue=total_revenue,
        )

        profit_and_loss.additional_properties = d
        return profit_and_loss

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
