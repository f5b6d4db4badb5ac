from __future__ import annotations

from .. import models
from ..fields import DECIMAL
from ..records import Answer, field, frozen
from ..types import Cents


@frozen(kw_only=True, repr=False)
class StatementSection(Answer):
    """A section of the balance sheet.

    Attributes:
        total: Integer cents (minor units of the currency).
    """

    accounts: tuple[models.StatementLine, ...]
    total: Cents = field(metadata=DECIMAL)
