from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class GetEntriesByIdResponse(Answer):
    """GetEntriesByIdResponse of the contract.

    Attributes:
        entry: A journal entry.
    """

    entry: models.Entry
