"""Amounts as files spell them, in the form that ``to_cents`` takes."""

from __future__ import annotations

import re

from ledgerhq_ext import InputError
from ledgerhq_ext._amounts import comma_amount, point_amount

_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+\.[0-9]+", re.ASCII)
_GROUPS = re.compile(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+", re.ASCII)
_EXACT = re.compile(r"-?[0-9]+\.[0-9]+", re.ASCII)


def amount_text(text: str, decimal: str) -> str:
    """Return an amount with a decimal point and no separators of thousands.

    ``decimal`` is the mark of the file: with a comma, ``1.234,50`` is taken, and ``1.234`` is
    refused, since it could be either. With a point, ``1,234.50`` is taken, and ``1,234`` is
    refused. Raises ``InputError``.
    """
    if decimal == ",":
        return comma_amount(text, "the amount")
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if _EXACT.fullmatch(text):
        # With any number of digits: whether they are too many depends on the currency.
        return text
    if _GROUPS.fullmatch(text):
        raise InputError(
            f"the amount {text!r} is ambiguous: it could be thousands or a fraction. Write "
            f"{text.replace(',', '')} for thousands, or set decimal under [format] in the mapping "
            "file."
        )
    if "," in text:
        raise InputError(
            f"the amount {text!r} has a comma, but the decimal mark of this file is a point. Write "
            'it with a point, or set decimal = "," under [format] in the mapping file.'
        )
    return point_amount(text, "the amount")
