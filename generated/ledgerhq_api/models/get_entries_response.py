from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class GetEntriesResponse(Answer):
    """GetEntriesResponse of the contract."""

    data: tuple[models.Entry, ...]
    pagination: models.Pagination
