from __future__ import annotations

from attrs import frozen

from ..records import CompanyAnswer
from ..types import Cents


@frozen(kw_only=True, repr=False)
class Payment(CompanyAnswer):
    """Payment of the contract.

    Attributes:
        amount: Integer cents (minor units of the currency).
    """

    id: str
    payment_number: str
    amount: Cents | None = None
    document_id: str | None = None
