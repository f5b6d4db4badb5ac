from __future__ import annotations

from .. import models
from ..records import CompanyAnswer, frozen


@frozen(kw_only=True, repr=False)
class Reclassification(CompanyAnswer):
    """What ``reclassify`` did: the row, and the entry and line that were moved, where one is linked.

    Attributes:
        transaction: A row of the bank register.
    """

    transaction: models.BankTransaction
    journal_entry_id: str | None = None
    journal_line_id: str | None = None
