"""Amounts in the currency of an organization."""

from __future__ import annotations

from decimal import Decimal
from typing import Unpack

from ledgerhq_ext._http.options import CallOptions
from ledgerhq_ext._resources.scope import Scope
from ledgerhq_ext.money import to_cents


class AmountMethods(Scope):
    """Amounts in an organization's own currency."""

    async def cents(self, amount: str | Decimal, **options: Unpack[CallOptions]) -> int:
        """Return the cents of an amount in major units of the organization's own currency.

        ``books.cents("12.50")`` is 1250 if the books are in dollars, and raises ``InputError`` if
        they are in yen. The organization's record, which names the currency, is read once (see
        ``record``). Raises the same errors as ``to_cents``.
        """
        record = await self._with(options).record()
        return to_cents(amount, record.default_currency)
