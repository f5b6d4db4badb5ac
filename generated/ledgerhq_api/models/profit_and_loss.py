from __future__ import annotations

from .. import models
from ..records import Answer, frozen
from ..types import Cents


@frozen(kw_only=True, repr=False)
class ProfitAndLoss(Answer):
    """Revenue, expenses and net income of a period, in cents.

    Attributes:
        total_revenue: Integer cents (minor units of the currency).
        total_expenses: Integer cents (minor units of the currency).
        net_income: Integer cents (minor units of the currency).
    """

    revenue: tuple[models.StatementLine, ...]
    total_revenue: Cents
    expenses: tuple[models.StatementLine, ...]
    total_expenses: Cents
    net_income: Cents
