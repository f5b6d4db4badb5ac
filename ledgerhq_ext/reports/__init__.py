"""The financial packet, its statements, the checks within and between them, and periods. Amounts
are integer cents.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from ledgerhq_ext._filters import REPORTS

if TYPE_CHECKING:
    from ledgerhq_ext.reports.check import Check, CheckVerdict
    from ledgerhq_ext.reports.comparison import Change, diff
    from ledgerhq_ext.reports.packet import (
        FinancialPacket,
        PacketOrganization,
        PacketPeriod,
        PacketWarning,
    )
    from ledgerhq_ext.reports.period_words import parse_period
    from ledgerhq_ext.reports.periods import Period
    from ledgerhq_ext.reports.statements import (
        BalanceSheet,
        BankReconciliationAccount,
        BankReconciliationStatus,
        GeneralLedger,
        LastReconciliation,
        LedgerLine,
        Problem,
        ProfitAndLoss,
        StatementLine,
        StatementSection,
        TrialBalance,
        TrialBalanceLine,
        Unreconciled,
        UnreconciledAging,
    )
else:
    _MODULES = ("periods", "period_words", "check", "comparison", "packet", "statements")

    def __getattr__(name: str) -> object:
        """Import a public name when it is first used."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        for module_name in _MODULES:
            module = import_module(f"{__name__}.{module_name}")
            if hasattr(module, name):
                break
        value = getattr(module, name)
        globals()[name] = value
        return value


__all__ = [
    "REPORTS",
    "BalanceSheet",
    "BankReconciliationAccount",
    "BankReconciliationStatus",
    "Change",
    "Check",
    "CheckVerdict",
    "FinancialPacket",
    "GeneralLedger",
    "LastReconciliation",
    "LedgerLine",
    "PacketOrganization",
    "PacketPeriod",
    "PacketWarning",
    "Period",
    "Problem",
    "ProfitAndLoss",
    "StatementLine",
    "StatementSection",
    "TrialBalance",
    "TrialBalanceLine",
    "Unreconciled",
    "UnreconciledAging",
    "diff",
    "parse_period",
]
