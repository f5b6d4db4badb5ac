from __future__ import annotations

from .. import models
from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class GetTaxRatesResponse(Answer):
    """GetTaxRatesResponse of the contract."""

    tax_rates: tuple[models.TaxRate, ...]
