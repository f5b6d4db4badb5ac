from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class PostContactsResponse(Answer):
    """PostContactsResponse of the contract."""

    contact: models.Contact
