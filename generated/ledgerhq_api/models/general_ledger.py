from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class GeneralLedger(Answer):
    """The ledger of a period; ``truncated`` when it has more lines than were asked for."""

    lines: tuple[models.LedgerLine, ...]
    truncated: bool
    total_lines: int
