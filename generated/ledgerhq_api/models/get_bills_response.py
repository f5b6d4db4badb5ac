from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class GetBillsResponse(Answer):
    """GetBillsResponse of the contract."""

    data: tuple[models.Bill, ...]
    pagination: models.Pagination
