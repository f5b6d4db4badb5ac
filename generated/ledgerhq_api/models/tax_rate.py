from __future__ import annotations

from .. import models
from ..records import CompanyAnswer, frozen


@frozen(kw_only=True, repr=False)
class TaxRate(CompanyAnswer):
    """A tax rate; ``rate`` in basis points (1000 is 10.00 %). ``type``: sales, purchase, both.

    Attributes:
        rate: Integer basis points: 1000 is 10.00 %.
    """

    id: str
    name: str
    rate: int
    type: models.TaxRateType | str
    is_active: bool
    is_default: bool | None = None
    kind: models.TaxRateKind | str | None = None
    recoverable_percent: int | None = None

    @property
    def type_(self) -> models.TaxRateType | str:
        """The generator's name for ``type``"""
        return self.type
