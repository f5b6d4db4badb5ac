from __future__ import annotations

from attrs import frozen

from ..fields import decimal
from ..records import Answer
from ..types import Cents


@frozen(kw_only=True, repr=False)
class StatementLine(Answer):
    """StatementLine of the contract.

    Attributes:
        balance: Integer cents (minor units of the currency).
        account_id: Absent on computed lines such as Current Year Earnings.
    """

    account_name: str
    balance: Cents = decimal()
    account_code: str | None = None
    account_id: str | None = None
