from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class BalanceSheet(Answer):
    """Assets, liabilities and equity, in cents. Equity includes Current Year Earnings.

    In the contract: Equity includes the line Current Year Earnings, so assets = liabilities + equity.
    """

    assets: models.StatementSection
    liabilities: models.StatementSection
    equity: models.StatementSection
