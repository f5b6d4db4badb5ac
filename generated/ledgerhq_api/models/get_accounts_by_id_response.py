from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class GetAccountsByIdResponse(Answer):
    """GetAccountsByIdResponse of the contract.

    Attributes:
        account: An account of the chart of accounts.
    """

    account: models.Account
