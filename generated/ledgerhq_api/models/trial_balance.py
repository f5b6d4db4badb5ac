from __future__ import annotations

from attrs import frozen

from .. import models
from ..fields import decimal
from ..records import Answer
from ..types import Cents


@frozen(kw_only=True, repr=False)
class TrialBalance(Answer):
    """TrialBalance of the contract.

    Attributes:
        total_debits: Integer cents (minor units of the currency).
        total_credits: Integer cents (minor units of the currency).
    """

    accounts: tuple[models.TrialBalanceLine, ...]
    total_debits: Cents = decimal()
    total_credits: Cents = decimal()
