from __future__ import annotations

import datetime as dt

from .. import models
from ..fields import LOCAL
from ..records import CompanyAnswer, field, frozen


@frozen(kw_only=True, repr=False)
class Receipt(CompanyAnswer):
    """What a posting made. Store it against the source transaction. ``replayed`` is true when the service
    answered with the receipt of an earlier time (status 200, not 201).

    In the contract: The same for all five posting resources.

    Attributes:
        resource_type: The vendor's pages show purchase; the other four words are assumed.
        status: posted
    """

    id: str
    resource_type: models.PostingReceiptResourceType | str
    journal_entry_id: str
    bank_transaction_ids: tuple[str, ...]
    status: str
    posted_at: dt.datetime
    idempotency_key: str
    replayed: bool = field(default=False, metadata=LOCAL)
