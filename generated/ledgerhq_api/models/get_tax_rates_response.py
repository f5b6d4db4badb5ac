from __future__ import annotations

from attrs import frozen

from .. import models
from ..records import Answer


@frozen(kw_only=True, repr=False)
class GetTaxRatesResponse(Answer):
    """GetTaxRatesResponse of the contract."""

    tax_rates: tuple[models.TaxRate, ...]
