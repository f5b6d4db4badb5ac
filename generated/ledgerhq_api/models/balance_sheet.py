from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.statement_section import StatementSection


T = TypeVar("T", bound="BalanceSheet")


@_attrs_define
class BalanceSheet:
    """Equity includes the line Current Year Earnings, so assets = liabilities + equity.

    Attributes:
        assets (StatementSection):
        equity (StatementSection):
        liabilities (StatementSection):
    """

    assets: StatementSection
    equity: StatementSection
    liabilities: StatementSection
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        assets = self.assets.to_dict()

        equity = self.equity.to_dict()

        liabilities = self.liabilities.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "assets": assets,
                "equity": equity,
                "liabilities": liabilities,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.statement_section import StatementSection  # noqa: PLC0415

        d = dict(src_dict)
        assets = StatementSection.from_dict(d.pop("assets"))

        equity = StatementSection.from_dict(d.pop("equity"))

        liabilities = StatementSection.from_dict(d.pop("liabilities"))

        balance_sheet = cls(
            assets=assets,
            equity=equity,
            liabilities=liabilities,
        )

        balance_sheet.additional_properties = d
        return balance_sheet

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
