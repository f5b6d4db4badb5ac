from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class GetOrganizationsResponse(Answer):
    """GetOrganizationsResponse of the contract.

    Attributes:
        next_cursor: null on the last page.
    """

    data: tuple[models.OrganizationRecord, ...]
    next_cursor: str | None = None
