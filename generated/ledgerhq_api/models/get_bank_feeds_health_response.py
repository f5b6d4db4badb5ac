from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class GetBankFeedsHealthResponse(Answer):
    """GetBankFeedsHealthResponse of the contract."""

    bank_feeds: tuple[models.BankFeedHealth, ...]
