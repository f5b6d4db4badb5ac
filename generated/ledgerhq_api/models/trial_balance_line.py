from __future__ import annotations

from ..fields import DECIMAL
from ..records import Answer, field, frozen
from ..types import Cents


@frozen(kw_only=True, repr=False)
class TrialBalanceLine(Answer):
    """An account's balance, in cents, on its side.

    Attributes:
        debit_balance: Integer cents (minor units of the currency).
        credit_balance: Integer cents (minor units of the currency).
    """

    account_id: str
    code: str
    name: str
    type: str
    debit_balance: Cents = field(metadata=DECIMAL)
    credit_balance: Cents = field(metadata=DECIMAL)

    @property
    def type_(self) -> str:
        """The generator's name for ``type``"""
        return self.type
