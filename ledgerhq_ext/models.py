"""The service's records as immutable values. Money is integer cents, however it is sent on the
wire.

These are the records of the generated client (``ledgerhq_api.models``), under the same names, and
records joined from them. Each is imported on first use. Values such as ``status`` are strings: the
known ones are listed, but the service may send others. ``None`` means that the service omitted the
value. ``organization_id`` says which client company a record was read from; ``extra`` contains the
fields that have no attribute.

Every record can be serialized (``to_dict``, ``to_json``) and read back (``from_dict``,
``from_json``).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from attrs import frozen
from ledgerhq_api import models as contract

from ledgerhq_ext._wire import Record

if TYPE_CHECKING:
    from ledgerhq_api.models import (
        Account,
        AccountSplit,
        BankAccount,
        BankFeed,
        BankFeedAccountHealth,
        BankFeedHealth,
        BankReconciliationAccount,
        BankTransaction,
        Bill,
        ClientRegistration,
        Contact,
        DocumentSplit,
        Entry,
        EntryLine,
        Health,
        LastReconciliation,
        LedgerLine,
        Match,
        OrganizationRecord,
        PacketOrganization,
        PacketPeriod,
        PacketWarning,
        Payment,
        Receipt,
        Reclassification,
        StatementLine,
        StatementSection,
        TaxRate,
        TrialBalanceLine,
        Unreconciled,
        UnreconciledAging,
    )

    from ledgerhq_ext.reports.packet import FinancialPacket
    from ledgerhq_ext.reports.statements import (
        BalanceSheet,
        BankReconciliationStatus,
        GeneralLedger,
        ProfitAndLoss,
        TrialBalance,
    )

__all__ = [
    "Account",
    "AccountSplit",
    "BalanceSheet",
    "BankAccount",
    "BankConnection",
    "BankFeed",
    "BankFeedAccountHealth",
    "BankFeedHealth",
    "BankReconciliationAccount",
    "BankReconciliationStatus",
    "BankTransaction",
    "Bill",
    "ClientRegistration",
    "Contact",
    "DocumentSplit",
    "Entry",
    "EntryLine",
    "FinancialPacket",
    "GeneralLedger",
    "Health",
    "LastReconciliation",
    "LedgerLine",
    "Match",
    "OrganizationRecord",
    "PacketOrganization",
    "PacketPeriod",
    "PacketWarning",
    "Payment",
    "ProfitAndLoss",
    "Receipt",
    "Reclassification",
    "StatementLine",
    "StatementSection",
    "TaxRate",
    "TrialBalance",
    "TrialBalanceLine",
    "Unreconciled",
    "UnreconciledAging",
]

_STATEMENTS = frozenset(
    {"BalanceSheet", "BankReconciliationStatus", "GeneralLedger", "ProfitAndLoss", "TrialBalance"}
)


@frozen(kw_only=True, repr=False)
class BankConnection(Record):
    """The answer to "is the bank connected?": bank account, feed, health and last sync,
    combined.
    """

    bank_account: contract.BankAccount
    feed: contract.BankFeed | None
    status: str
    last_synced_at: dt.datetime | None
    error: str | None

    @property
    def is_connected(self) -> bool:
        """True if a feed syncs this account without errors."""
        if self.feed is None or self.error is not None:
            return False
        return self.status in ("active", "healthy", "ok")


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = _class_named(name)
    # From now on Python finds it without asking here.
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def record_class(kind: Any) -> Any:
    """Return the class that a record of the contract is read as.

    Statements and packets have methods of ours; any other record is read as it is.
    """
    name = getattr(kind, "__name__", "")
    if name == "FinancialPacket" or name in _STATEMENTS:
        return _class_named(name)
    return kind


def _class_named(name: str) -> Any:
    # They stand on the records of the contract, which nothing needs before the first answer.
    if name == "FinancialPacket":
        from ledgerhq_ext.reports.packet import FinancialPacket

        return FinancialPacket
    if name in _STATEMENTS:
        from ledgerhq_ext.reports import statements

        return getattr(statements, name)
    return getattr(contract, name)
