"""The financial packet, its statements, what ties in them and between them, and periods; in integer cents."""

from ledgerhq_ext.reports.check import Check, CheckVerdict
from ledgerhq_ext.reports.comparison import Change, diff
from ledgerhq_ext.reports.packet import REPORTS, FinancialPacket, PacketOrganization, PacketPeriod, PacketWarning
from ledgerhq_ext.reports.periods import Period, parse_period
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
