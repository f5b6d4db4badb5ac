from __future__ import annotations

from ..fields import DECIMAL
from ..records import Answer, field, frozen
from ..types import Cents


@frozen(kw_only=True, repr=False)
class StatementLine(Answer):
    """A line of a statement; ``account_id`` is None on computed lines (Current Year Earnings).

    Attributes:
        balance: Integer cents (minor units of the currency).
        account_id: Absent on computed lines such as Current Year Earnings.
    """

    account_name: str
    balance: Cents = field(metadata=DECIMAL)
    account_code: str | None = None
    account_id: str | None = None
