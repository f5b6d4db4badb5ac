from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.balance_sheet import BalanceSheet
    from ..models.bank_reconciliation_status import BankReconciliationStatus
    from ..models.financial_packet_organization import FinancialPacketOrganization
    from ..models.financial_packet_period import FinancialPacketPeriod
    from ..models.general_ledger import GeneralLedger
    from ..models.packet_warning import PacketWarning
    from ..models.profit_and_loss import ProfitAndLoss
    from ..models.trial_balance import TrialBalance


T = TypeVar("T", bound="FinancialPacket")


@_attrs_define
class FinancialPacket:
    """Which statements it holds follows from include.

    Attributes:
        amount_unit (str): integer_cents
        generated_at (str):
        organization (FinancialPacketOrganization):
        period (FinancialPacketPeriod):
        warnings (list[PacketWarning]):
        balance_sheet (BalanceSheet | Unset): Equity includes the line Current Year Earnings, so assets = liabilities +
            equity.
        bank_reconciliation_status (BankReconciliationStatus | Unset):
        general_ledger (GeneralLedger | Unset):
        profit_and_loss (ProfitAndLoss | Unset):
        trial_balance (TrialBalance | Unset):
    """

    amount_unit: str
    generated_at: str
    organization: FinancialPacketOrganization
    period: FinancialPacketPeriod
    warnings: list[PacketWarning]
    balance_sheet: BalanceSheet | Unset = UNSET
    bank_reconciliation_status: BankReconciliationStatus | Unset = UNSET
    general_ledger: GeneralLedger | Unset = UNSET
    profit_and_loss: ProfitAndLoss | Unset = UNSET
    trial_balance: TrialBalance | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        amount_unit = self.amount_unit

        generated_at = self.generated_at

        organization = self.organization.to_dict()

        period = self.period.to_dict()

        warnings = []
        for warnings_item_data in self.warnings:
            warnings_item = warnings_item_data.to_dict()
            warnings.append(warnings_item)

        balance_sheet: dict[str, Any] | Unset = UNSET
        if not isinstance(self.balance_sheet, Unset):
            balance_sheet = self.balance_sheet.to_dict()

        bank_reconciliation_status: dict[str, Any] | Unset = UNSET
        if not isinstance(self.bank_reconciliation_status, Unset):
            bank_reconciliation_status = self.bank_reconciliation_status.to_dict()

        general_ledger: dict[str, Any] | Unset = UNSET
        if not isinstance(self.general_ledger, Unset):
            general_ledger = self.general_ledger.to_dict()

        profit_and_loss: dict[str, Any] | Unset = UNSET
        if not isinstance(self.profit_and_loss, Unset):
            profit_and_loss = self.profit_and_loss.to_dict()

        trial_balance: dict[str, Any] | Unset = UNSET
        if not isinstance(self.trial_balance, Unset):
            trial_balance = self.trial_balance.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "amountUnit": amount_unit,
                "generatedAt": generated_at,
                "organization": organization,
                "period": period,
                "warnings": warnings,
            }
        )
        if balance_sheet is not UNSET:
            field_dict["balanceSheet"] = balance_sheet
        if bank_reconciliation_status is not UNSET:
            field_dict["bankReconciliationStatus"] = bank_reconciliation_status
        if general_ledger is not UNSET:
            field_dict["generalLedger"] = general_ledger
        if profit_and_loss is not UNSET:
            field_dict["profitAndLoss"] = profit_and_loss
        if trial_balance is not UNSET:
            field_dict["trialBalance"] = trial_balance

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.balance_sheet import BalanceSheet  # noqa: PLC0415
        from ..models.bank_reconciliation_status import BankReconciliationStatus  # noqa: PLC0415
        from ..models.financial_packet_organization import FinancialPacketOrganization  # noqa: PLC0415
        from ..models.financial_packet_period import FinancialPacketPeriod  # noqa: PLC0415
        from ..models.general_ledger import GeneralLedger  # noqa: PLC0415
        from ..models.packet_warning import PacketWarning  # noqa: PLC0415
        from ..models.profit_and_loss import ProfitAndLoss  # noqa: PLC0415
        from ..models.trial_balance import TrialBalance  # noqa: PLC0415

        d = dict(src_dict)
        amount_unit = d.pop("amountUnit")

        generated_at = d.pop("generatedAt")

        organization = FinancialPacketOrganization.from_dict(d.pop("organization"))

        period = FinancialPacketPeriod.from_dict(d.pop("period"))

        warnings = []
        _warnings = d.pop("warnings")
        for warnings_item_data in _warnings:
            warnings_item = PacketWarning.from_dict(warnings_item_data)

            warnings.append(warnings_item)

        _balance_sheet = d.pop("balanceSheet", UNSET)
        balance_sheet: BalanceSheet | Unset
        if isinstance(_balance_sheet, Unset):
            balance_sheet = UNSET
        else:
            balance_sheet = BalanceSheet.from_dict(_balance_sheet)

        _bank_reconciliation_status = d.pop("bankReconciliationStatus", UNSET)
        bank_reconciliation_status: BankReconciliationStatus | Unset
        if isinstance(_bank_reconciliation_status, Unset):
            bank_reconciliation_status = UNSET
        else:
            bank_reconciliation_status = BankReconciliationStatus.from_dict(_bank_reconciliation_status)

        _general_ledger = d.pop("generalLedger", UNSET)
        general_ledger: GeneralLedger | Unset
        if isinstance(_general_ledger, Unset):
            general_ledger = UNSET
        else:
            general_ledger = GeneralLedger.from_dict(_general_ledger)

        _profit_and_loss = d.pop("profitAndLoss", UNSET)
        profit_and_loss: ProfitAndLoss | Unset
        if isinstance(_profit_and_loss, Unset):
            profit_and_loss = UNSET
        else:
            profit_and_loss = ProfitAndLoss.from_dict(_profit_and_loss)

        _trial_balance = d.pop("trialBalance", UNSET)
        trial_balance: TrialBalance | Unset
        if isinstance(_trial_balance, Unset):
            trial_balance = UNSET
        else:
            trial_balance = TrialBalance.from_dict(_trial_balance)

        financial_packet = cls(
            amount_unit=amount_unit,
            generated_at=generated_at,
            organization=organization,
            period=period,
            warnings=warnings,
            balance_sheet=balance_sheet,
            bank_reconciliation_status=bank_reconciliation_status,
            general_ledger=general_ledger,
            profit_and_loss=profit_and_loss,
            trial_balance=trial_balance,
        )

        financial_packet.additional_properties = d
        return financial_packet

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
