from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class GetCompaniesByIdReconciliationsResponse(Answer):
    """GetCompaniesByIdReconciliationsResponse of the contract."""

    data: tuple[models.Reconciliation, ...]
    pagination: models.Pagination
