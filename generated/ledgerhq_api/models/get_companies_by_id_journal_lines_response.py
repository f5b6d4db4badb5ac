from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class GetCompaniesByIdJournalLinesResponse(Answer):
    """GetCompaniesByIdJournalLinesResponse of the contract."""

    data: tuple[models.PostedLine, ...]
    pagination: models.Pagination
