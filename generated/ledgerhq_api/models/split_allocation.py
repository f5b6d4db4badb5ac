from __future__ import annotations

from .. import models
from ..records import Body, define


@define
class SplitAllocation(Body):
    """SplitAllocation of the contract.

    Attributes:
        amount: Integer cents, more than zero.
    """

    amount: int
    document_id: str
    document_type: models.SplitAllocationDocumentType | str
