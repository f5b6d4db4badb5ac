from __future__ import annotations

from .. import models
from ..records import CompanyAnswer, frozen


@frozen(kw_only=True, repr=False)
class Match(CompanyAnswer):
    """What ``match`` did: the entry or payment that existed, or the new ``payment``.

    In the contract: matchType, paymentId and journalEntryId for something that exists; payment and a
    document status for a new payment.
    """

    bill_status: str | None = None
    invoice_status: str | None = None
    journal_entry_id: str | None = None
    match_type: str | None = None
    payment: models.Payment | None = None
    payment_id: str | None = None
