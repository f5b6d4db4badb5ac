"""Management packs: profit and loss by groups, cash flow, ratios, ageing, bank reconciliations.

    from ledgerhq_ext.pack import read_pack

    pack = read_pack(books, "last month", groups={"6600": "depreciation"})
    print(pack.result.operating_profit, pack.cash_flow().change)
    for problem in pack.problems():
        print("does not tie:", problem)

``async_read_pack`` takes an ``AsyncOrganization``. All of it follows from the routes that there
are: it needs nothing beside the core. ``ledgerhq_ext.render`` makes documents of a pack.
"""

from ledgerhq_ext.pack._ageing import BUCKETS, Ageing, AgeingLine, Bucket
from ledgerhq_ext.pack._bank import BankReconciliation, OutstandingItem
from ledgerhq_ext.pack._blocking import read_pack
from ledgerhq_ext.pack._cash_flow import ACTIVITIES, Activity, CashFlow, CashFlowLine
from ledgerhq_ext.pack._groups import GROUPS, Group
from ledgerhq_ext.pack._pack import ManagementPack
from ledgerhq_ext.pack._ratios import Ratio, RatioUnit
from ledgerhq_ext.pack._reading import Progress, async_read_pack
from ledgerhq_ext.pack._results import Result

__all__ = [
    "ACTIVITIES",
    "BUCKETS",
    "GROUPS",
    "Activity",
    "Ageing",
    "AgeingLine",
    "BankReconciliation",
    "Bucket",
    "CashFlow",
    "CashFlowLine",
    "Group",
    "ManagementPack",
    "OutstandingItem",
    "Progress",
    "Ratio",
    "RatioUnit",
    "Result",
    "async_read_pack",
    "read_pack",
]
