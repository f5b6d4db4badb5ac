from __future__ import annotations

from ..fields import DECIMAL
from ..records import CompanyAnswer, field, frozen
from ..types import Cents


@frozen(kw_only=True, repr=False)
class EntryLine(CompanyAnswer):
    """A line of a journal entry, in cents: one side is zero.

    In the contract: Money as decimal strings.

    Attributes:
        debit_amount: Integer cents with ``ledgerhq_ext``, else a ``Decimal``. On the wire: Decimal string in major units,
            such as "12.50".
        credit_amount: Integer cents with ``ledgerhq_ext``, else a ``Decimal``. On the wire: Decimal string in major units,
            such as "12.50".
        currency_code: ISO 4217 currency code.
    """

    id: str
    account_id: str
    debit_amount: Cents = field(metadata=DECIMAL)
    credit_amount: Cents = field(metadata=DECIMAL)
    currency_code: str | None = None
    description: str | None = None
