from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.decimal_statement_section import DecimalStatementSection


T = TypeVar("T", bound="BalanceSheetStatement")


@_attrs_define
class BalanceSheetStatement:
    """Money as decimal strings.

    Attributes:
        assets (DecimalStatementSection):
        equity (DecimalStatementSection):
        liabilities (DecimalStatementSection):
    """

    assets: DecimalStatementSection
    equity: DecimalStatementSection
    liabilities: DecimalStatementSection
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
        from ..models.decimal_statement_section import DecimalStatementSection  # noqa: PLC0415

        d = dict(src_dict)
        assets = DecimalStatementSection.from_dict(d.pop("assets"))

        equity = DecimalStatementSection.from_dict(d.pop("equity"))

        liabilities = DecimalStatementSection.from_dict(d.pop("liabilities"))

        balance_sheet_statement = cls(
            assets=assets,
            equity=equity,
            liabilities=liabilities,
        )

        balance_sheet_statement.additional_properties = d
        return balance_sheet_statement

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
