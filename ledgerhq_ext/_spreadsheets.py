"""What a cell of a spreadsheet can hold: texts, days, and numbers that stay exact."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ledgerhq_ext._plain import brief
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.money import to_decimal

FIRST_DAY = dt.date(1900, 3, 1)
"""Excel has a 29th of February in 1900; LibreOffice counts the days before it in another way."""
_CELL = 32_767
"""The characters that a cell can hold."""


def fitting(text: str) -> str:
    """Return a text as far as a cell can hold it."""
    return brief(text, _CELL)


def exact(cents: int, currency: str) -> float:
    """Return an amount, from cents, as the number that a sheet holds.

    Raises ``InputError`` where that would not be the amount (beyond 15 digits).
    """
    amount = to_decimal(cents, currency)
    number = float(amount)
    if Decimal(f"{number:.15g}") != amount:
        raise InputError(
            f"{amount} {currency} has more digits than a spreadsheet can hold. Write it as CSV."
        )
    return number
