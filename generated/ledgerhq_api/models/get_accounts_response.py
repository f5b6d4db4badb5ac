from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class GetAccountsResponse(Answer):
    """GetAccountsResponse of the contract."""

    accounts: tuple[models.Account, ...]
