from __future__ import annotations

from ..fields import PARTIAL
from ..records import CompanyAnswer, field, frozen
from ..types import Cents


@frozen(kw_only=True, repr=False)
class Payment(CompanyAnswer):
    """A payment that matching or splitting made.

    Attributes:
        amount: Integer cents (minor units of the currency).
    """

    id: str
    payment_number: str
    amount: Cents | None = field(default=None, metadata=PARTIAL)
    document_id: str | None = field(default=None, metadata=PARTIAL)
