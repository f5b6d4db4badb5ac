"""Money as integer cents: minor units of its currency (yen have none, dinars have three digits).

Nothing here rounds. Anything that is not an exact number of cents, and every float and bool, raises
``InputError``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from ledgerhq_api.types import Cents as Cents

from ledgerhq_ext.errors import InputError

LIMIT = 2**53 - 1
"""The largest amount, either way: what JSON numbers carry exactly everywhere."""

# ISO 4217 as published on 1 January 2026: the active codes by the digits of their minor unit.
_CODES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
        CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP
        GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK
        LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO
        NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS
        SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST
        XAD XCD XCG YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DIGITS = {code: places for places, codes in _CODES.items() for code in codes.split()}
_WITHOUT_MINOR_UNIT = {
    **dict.fromkeys(["XAG", "XAU", "XPD", "XPT"], "a precious metal"),
    **dict.fromkeys(["XBA", "XBB", "XBC", "XBD"], "a unit of the bond market"),
    **dict.fromkeys(["XDR", "XSU", "XUA"], "a unit of account"),
    "XTS": "the code for tests",
    "XXX": "the code for no currency",
}
_LENGTH = 40
_MOST_PARTS = 1_000_000
"""More are a mistake, such as an amount in the place of the parts, and would fill the memory."""
_CODE = re.compile("[A-Z]{3}", re.ASCII)
_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)


def digits(currency: str) -> int:
    """Return the number of digits in the currency's minor unit: 2 for USD, 0 for JPY, 3 for KWD.

    Raises ``InputError`` for anything but an active ISO 4217 currency code, and for the codes that
    have no minor unit.
    """
    if not (isinstance(currency, str) and _CODE.fullmatch(currency)):
        raise InputError(f"{currency!r} is not an ISO 4217 currency code such as 'EUR'.")
    places = _DIGITS.get(currency)
    if places is not None:
        return places

    thing = _WITHOUT_MINOR_UNIT.get(currency)
    if thing is None:
        raise InputError(f"{currency!r} is not an active ISO 4217 currency code.")
    raise InputError(f"{currency!r} has no minor unit in ISO 4217, because it is {thing}.")


def check_cents(value: object, what: str = "amount", *, least: int = -LIMIT) -> int:
    """Return the value itself when it is an ``int`` of cents between ``least`` and ``LIMIT``.

    Raises ``InputError``, which calls it ``what``, for anything else.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(
            f"{what} must be an int in cents, not {value!r}. Use to_cents('12.50', currency) to "
            "convert an amount."
        )
    if not least <= value <= LIMIT:
        raise InputError(f"{what} must be between {least} and {LIMIT} cents.")
    return value


def to_cents(value: str | Decimal, currency: str) -> int:
    """Return an amount in major units as cents.

    ``to_cents("12.50", "EUR") == 1250``, ``to_cents("1250", "JPY") == 1250``. The amount is a
    ``Decimal`` or a plain string (``-1234.50``; no separators, no exponent). The currency is an ISO
    4217 code; ``Organization.cents`` uses the company's own. Raises ``InputError`` for floats, for
    ints (which could already be cents), and for fractions of a cent.
    """
    places = digits(currency)
    if isinstance(value, str) and len(value) <= _LENGTH and _PLAIN.fullmatch(value):
        amount = Decimal(value)
    elif isinstance(value, Decimal) and value.is_finite():
        amount = value
    else:
        raise InputError(
            f"{value!r} is not an exact amount. Pass a Decimal, or a string such as '12.50'."
        )
    is_negative, figures, exponent = amount.as_tuple()
    assert isinstance(exponent, int)
    # 10**exponent below would fill the memory for "1E+1000000000".
    if len(figures) > _LENGTH or abs(exponent) > _LENGTH:
        raise InputError("The amount has too many digits.")

    # Decimal arithmetic would round to the context's precision; integers do not.
    number = int("".join(map(str, figures)))
    shift = exponent + places
    if shift >= 0:
        number *= 10**shift
    else:
        number, rest = divmod(number, 10**-shift)
        if rest:
            raise InputError(f"{value!r} {currency} has more decimal places than the currency.")
    return check_cents(-number if is_negative else number, "the amount")


def to_decimal(cents: int, currency: str) -> Decimal:
    """Return the exact amount in major units: ``to_decimal(1250, "EUR") == Decimal("12.50")``."""
    amount = check_cents(cents)
    # By its digits: a division would round to the context's precision.
    figures = tuple(int(figure) for figure in str(abs(amount)))
    return Decimal((int(amount < 0), figures, -digits(currency)))


def to_string(cents: int, currency: str) -> str:
    """Return the plain decimal string that ``to_cents`` reads back: ``"-12.50"``."""
    return f"{to_decimal(cents, currency):f}"


def format_cents(cents: int, currency: str) -> str:
    """Return the amount formatted for people, in every locale: ``"1,234.50 EUR"``, ``"-1,250
    JPY"``.
    """
    return f"{to_decimal(cents, currency):,f} {currency}"


def split_cents(cents: int, shares: int | Sequence[int]) -> list[int]:
    """Split an amount into equal parts, or by a sequence of weights, without losing a cent.

    The parts add up to the amount exactly. Leftover cents go to the largest remainders, first ones
    first, so that equal parts differ by at most one cent. Raises ``InputError`` if there are no
    parts or more than a million, or no weight is greater than zero.
    """
    amount = check_cents(cents)
    weights = _weights(shares)
    total = sum(weights)
    if total == 0:
        raise InputError("At least one weight must be greater than zero.")

    # Split without its sign: // rounds towards minus infinity, and a refund splits as its sale did.
    size = abs(amount)
    parts = [size * weight // total for weight in weights]
    remainders = [size * weight % total for weight in weights]
    # Sorting is stable: of equal remainders the first one stays first.
    largest_first = sorted(range(len(weights)), key=remainders.__getitem__, reverse=True)
    for at in largest_first[: size - sum(parts)]:
        parts[at] += 1

    if amount < 0:
        return [-part for part in parts]
    return parts


def _weights(shares: int | Sequence[int]) -> list[int]:
    """Return the weights of the parts: equal ones for a number of parts."""
    if isinstance(shares, int) and not isinstance(shares, bool):
        if shares > _MOST_PARTS:
            raise InputError(f"shares must be at most {_MOST_PARTS} parts, not {shares}.")
        shares = [1] * shares

    # A text is a sequence too, of texts; and no part is no split.
    is_text = isinstance(shares, str | bytes)
    if is_text or not isinstance(shares, Sequence) or not shares:
        raise InputError(
            "shares must be a whole number of parts (at least 1), or a sequence of weights."
        )
    return [check_cents(weight, "a weight", least=0) for weight in shares]
