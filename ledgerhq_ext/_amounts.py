"""Amounts of a file, as this package writes them or as a spreadsheet saves them."""

from __future__ import annotations

import re

from ledgerhq_ext.errors import InputError
from ledgerhq_ext.money import digits, to_cents

_POINT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,4})?", re.ASCII)
_COMMA = re.compile(r"-?([0-9]{1,15}|[1-9][0-9]{0,2}(\.[0-9]{3}){1,4}),[0-9]{1,4}", re.ASCII)
_GROUPS = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3}){1,4}", re.ASCII)


def point_amount(text: str, what: str) -> str:
    """Return an amount such as ``-1234.50`` as it is; ``InputError`` for anything else."""
    if not _POINT.fullmatch(text):
        raise InputError(f"{what} {text!r} is not an amount such as 12.50.")
    return text


def comma_amount(text: str, what: str) -> str:
    """Return an amount of a file with decimal commas, with a decimal point instead.

    A comma is the decimal mark, and dots before it group thousands: ``-1.234,50``. Without a comma
    several dots group (``1.234.567``), and one dot is the decimal mark that this package writes
    (``12.50``), unless three digits follow it: ``1.234`` could be either. Raises ``InputError``.
    """
    if _COMMA.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    if not _GROUPS.fullmatch(text):
        return point_amount(text, what)

    thousands = text.replace(".", "")
    if text.count(".") == 1:
        fraction = text.replace(".", ",")
        raise InputError(
            f"{what} {text!r} is ambiguous where commas may be decimal marks. Write {thousands} "
            f"for thousands, or {fraction} for a fraction."
        )
    return thousands


def cents_of(text: str, currency: str) -> int:
    """Return an amount of a file, with a decimal point, as cents.

    Raises ``InputError``, also for ``1.500`` in a currency of fewer than three digits: whichever
    mark the file has for it, somebody else groups thousands by that mark.
    """
    cents = to_cents(text, currency)
    if _GROUPS.fullmatch(text) and digits(currency) < 3:
        thousands = text.replace(".", "")
        raise InputError(
            f"the amount {text!r} is ambiguous: it could be {thousands} {currency}, or a fraction "
            "with three digits. Write thousands without a mark, and fractions with at most "
            f"{digits(currency)} digits."
        )
    return cents
