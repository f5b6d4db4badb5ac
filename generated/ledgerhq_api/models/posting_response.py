from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class PostingResponse(Answer):
    """PostingResponse of the contract.

    Attributes:
        data: The same for all five posting resources.
    """

    data: models.Receipt
