from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class GetBankFeedsResponse(Answer):
    """GetBankFeedsResponse of the contract."""

    bank_feeds: tuple[models.BankFeed, ...]
