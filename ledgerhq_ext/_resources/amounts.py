"""Amounts in the currency of an organization."""

from __future__ import annotations

from decimal import Decimal

from ledgerhq_ext._resources.scope import Scope
from ledgerhq_ext.money import to_cents


class AmountMethods(Scope):
    """Money of an organization."""

    async def cents(self, amount: str | Decimal) -> int:
        """Return the cents of an amount in major units of the organization's own currency.

        ``books.cents("12.50")`` is 1250 where the books are in dollars, and an ``InputError`` where
        they are in yen. The record, which names the currency, is read once (as ``record`` says).
        Raises what ``to_cents`` does.
        """
        return to_cents(amount, (await self.record()).default_currency)
