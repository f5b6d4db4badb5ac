from __future__ import annotations

from attrs import frozen

from ..fields import decimal
from ..records import Answer
from ..types import Cents


@frozen(kw_only=True, repr=False)
class TrialBalanceLine(Answer):
    """TrialBalanceLine of the contract.

    Attributes:
        debit_balance: Integer cents (minor units of the currency).
        credit_balance: Integer cents (minor units of the currency).
    """

    account_id: str
    code: str
    name: str
    type: str
    debit_balance: Cents = decimal()
    credit_balance: Cents = decimal()

    @property
    def type_(self) -> str:
        """The generator's name for ``type``"""
        return self.type
