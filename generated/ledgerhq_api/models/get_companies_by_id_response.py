from __future__ import annotations

from attrs import frozen

from .. import models
from ..records import Answer


@frozen(kw_only=True, repr=False)
class GetCompaniesByIdResponse(Answer):
    """GetCompaniesByIdResponse of the contract.

    Attributes:
        data: A firm, or one of its client companies.
    """

    data: models.OrganizationRecord
