from __future__ import annotations

from attrs import frozen

from .. import models
from ..fields import decimal
from ..records import Answer
from ..types import Cents


@frozen(kw_only=True, repr=False)
class StatementSection(Answer):
    """StatementSection of the contract.

    Attributes:
        total: Integer cents (minor units of the currency).
    """

    accounts: tuple[models.StatementLine, ...]
    total: Cents = decimal()
