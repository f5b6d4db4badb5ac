from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class GetContactsResponse(Answer):
    """GetContactsResponse of the contract."""

    data: tuple[models.Contact, ...]
    pagination: models.Pagination
