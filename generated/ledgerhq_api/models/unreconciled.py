from __future__ import annotations

from .. import models
from ..records import Answer, frozen
from ..types import Cents


@frozen(kw_only=True, repr=False)
class Unreconciled(Answer):
    """What is unreconciled: rows, and their sum in cents.

    Attributes:
        total: Integer cents (minor units of the currency).
        aging: Numbers of rows by age.
    """

    count: int
    total: Cents
    aging: models.UnreconciledAging
