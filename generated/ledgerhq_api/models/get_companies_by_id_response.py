from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class GetCompaniesByIdResponse(Answer):
    """GetCompaniesByIdResponse of the contract.

    Attributes:
        data: A firm, or one of its client companies.
    """

    data: models.OrganizationRecord
