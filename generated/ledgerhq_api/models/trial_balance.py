from __future__ import annotations

from .. import models
from ..fields import DECIMAL
from ..records import Answer, field, frozen
from ..types import Cents


@frozen(kw_only=True, repr=False)
class TrialBalance(Answer):
    """All accounts with their balances, in cents.

    Attributes:
        total_debits: Integer cents (minor units of the currency).
        total_credits: Integer cents (minor units of the currency).
    """

    accounts: tuple[models.TrialBalanceLine, ...]
    total_debits: Cents = field(metadata=DECIMAL)
    total_credits: Cents = field(metadata=DECIMAL)
