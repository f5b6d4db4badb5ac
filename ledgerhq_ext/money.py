"""Money as integer cents: minor units of its currency (yen have none, dinars three digits).

Nothing here rounds. What is not an exact number of cents, and every float and bool, is an ``InputError``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from ledgerhq_ext.errors import InputError

Cents = Annotated[int, "cents"]
"""An ``int`` of minor units, in annotations."""

LIMIT = 2**53 - 1
"""The largest amount, either way: what JSON numbers carry exactly everywhere."""

# ISO 4217: every currency that is not listed has two digits.
_DIGITS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}
_LENGTH = 40
_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)


def digits(currency: str) -> int:
    """How many digits the currency's minor unit has: 2 for USD, 0 for JPY, 3 for KWD."""
    if not (isinstance(currency, str) and re.fullmatch("[A-Z]{3}", currency, re.ASCII)):
        raise InputError(f"{currency!r} is not an ISO 4217 currency code such as 'USD'.")
    return _DIGITS.get(currency, 2)


def check_cents(value: object, what: str = "amount", *, least: int = -LIMIT) -> int:
    """The value itself when it is an ``int`` of cents between ``least`` and ``LIMIT``; else ``InputError``."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{what} must be an int of cents, not {value!r}; to_cents('12.50') makes one.")
    if not least <= value <= LIMIT:
        raise InputError(f"{what} must lie between {least} and {LIMIT} cents.")
    return value


def to_cents(value: str | Decimal, currency: str = "USD") -> int:
    """Cents of an amount in major units: ``to_cents("12.50") == 1250``, ``to_cents("1250", "JPY") == 1250``.

    Takes a ``Decimal`` or a plain string (``-1234.50``; no separators, no exponent). Raises ``InputError``
    for floats, for ints (which could as well be cents already), and for fractions of a cent.
    """
    places = digits(currency)
    if isinstance(value, str) and len(value) <= _LENGTH and _PLAIN.fullmatch(value):
        amount = Decimal(value)
    elif isinstance(value, Decimal) and value.is_finite():
        amount = value
    else:
        raise InputError(f"{value!r} is no exact amount: give a Decimal, or a string such as '12.50'.")
    sign, figures, exponent = amount.as_tuple()
    assert isinstance(exponent, int)
    if len(figures) > _LENGTH or abs(exponent) > _LENGTH:
        raise InputError("the amount has more digits than any that this package takes.")
    # Decimal arithmetic would round to the context's precision; integers do not.
    number, shift = int("".join(map(str, figures))), exponent + places
    scaled, rest = (number * 10 ** max(shift, 0), 0) if shift >= 0 else divmod(number, 10**-shift)
    if rest:
        raise InputError(f"{value!r} {currency} is finer than the currency's smallest unit.")
    return check_cents(-scaled if sign else scaled, "the amount")


def to_decimal(cents: int, currency: str = "USD") -> Decimal:
    """The exact amount in major units: ``to_decimal(1250) == Decimal("12.50")``."""
    amount = check_cents(cents)
    figures = tuple(int(figure) for figure in str(abs(amount)))
    return Decimal((int(amount < 0), figures, -digits(currency)))


def to_string(cents: int, currency: str = "USD") -> str:
    """The plain decimal string ``to_cents`` reads back: ``"-12.50"``."""
    return f"{to_decimal(cents, currency):f}"


def format_cents(cents: int, currency: str = "USD") -> str:
    """For people, the same everywhere: ``"1,234.50 USD"``, ``"-1,250 JPY"``, ``"1.250 KWD"``."""
    return f"{to_decimal(cents, currency):,f} {currency}"


def split_cents(cents: int, shares: int | Sequence[int]) -> list[int]:
    """Split an amount into ``shares`` equal parts, or by a sequence of weights, without losing a cent.

    The parts sum to the amount exactly; what does not divide goes to the largest remainders, first ones
    first, so that equal parts differ by a cent at the most.
    """
    amount = check_cents(cents)
    weights = [1] * shares if isinstance(shares, int) and not isinstance(shares, bool) else shares
    if not isinstance(weights, Sequence) or isinstance(weights, str | bytes) or not weights:
        raise InputError("shares must be a whole number of parts, one or more, or a sequence of weights.")
    checked = [check_cents(weight, "a weight", least=0) for weight in weights]
    whole = sum(checked)
    if not whole:
        raise InputError("at least one weight must be more than zero.")
    parts = [abs(amount) * weight // whole for weight in checked]
    remainders = [abs(amount) * weight % whole for weight in checked]
    order = sorted(range(len(checked)), key=lambda at: -remainders[at])
    for at in order[: abs(amount) - sum(parts)]:
        parts[at] += 1
    return [-part for part in parts] if amount < 0 else parts
