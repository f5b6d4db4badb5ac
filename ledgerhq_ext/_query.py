"""Query parameters: Python values as they are spelled in an address."""

from __future__ import annotations

import datetime as dt
import enum
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from ledgerhq_ext.errors import InputError

QueryScalar: TypeAlias = str | bool | int | float | Decimal | dt.date | enum.Enum
QueryValue: TypeAlias = QueryScalar | Sequence[QueryScalar | None] | Mapping[str, Any] | None
"""None leaves a parameter out.

A list or tuple repeats it; a mapping is an object: ``filter[a]=1&filter[b]=2``.
"""

_KINDS = "a string, a number, True or False, a date, an Enum of these, None, or a list of them"
_DEPTH = 8
_DIGITS = 100
"""Powers of ten that a decimal may have, since it is written out."""


def query_pairs(query: Mapping[str, QueryValue] | None) -> tuple[tuple[str, str], ...]:
    """Return the parameters as pairs of texts, in their order.

    Raises ``InputError``, which names the parameter, for a value that cannot stand in an address.
    """
    if query is None:
        return ()
    if not isinstance(query, Mapping):
        raise InputError(f"query must be a mapping of names to values, not {type(query).__name__}.")

    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        if not _is_name(name):
            raise InputError(f"query: {name!r} is not a valid parameter name.")
        pairs += _pairs_of(name, value, _DEPTH)
    return tuple(pairs)


def _pairs_of(name: str, value: object, depth: int) -> list[tuple[str, str]]:
    """Return the pairs of one parameter.

    Those of a mapping, ``name[key]``, at most so many levels deep.
    """
    if not isinstance(value, Mapping):
        return [(name, text) for text in query_texts(name, value)]

    pairs: list[tuple[str, str]] = []
    for key, inner in value.items():
        # A mapping that holds itself has no end.
        if depth == 0 or not _is_name(key):
            raise InputError(
                f"query: {name} has a key that is not a string, or is nested too deeply: {key!r}."
            )
        pairs += _pairs_of(f"{name}[{key}]", inner, depth - 1)
    return pairs


def _is_name(name: object) -> bool:
    return isinstance(name, str) and name != "" and _is_encodable(name)


def query_texts(name: str, value: object) -> list[str]:
    """Return the texts of one parameter: none for None, several for a list.

    Booleans are ``true`` and ``false``, dates are ISO 8601, an ``Enum`` counts as its value. Raises
    ``InputError``, which names the parameter.
    """
    # Most are this already.
    if type(value) is str and value.isascii():
        return [value]
    values = value if isinstance(value, list | tuple) else (value,)
    return [_text(name, item) for item in values if item is not None]


def _text(name: str, value: object) -> str:
    if isinstance(value, enum.Enum):
        value = value.value
    # A bool is an int, and classes of one's own may print themselves in another way.
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _plain_text(name, value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int):
        return _integer_text(name, value)
    if isinstance(value, float | Decimal):
        return _fraction_text(name, value)
    raise InputError(f"query: {name} must be {_KINDS}, not {type(value).__name__}.")


def _plain_text(name: str, value: str) -> str:
    if not _is_encodable(value):
        problem = "contains half of a surrogate pair, which UTF-8 cannot express"
        raise InputError(f"query: {name} {problem}: {value!r}.")
    return str.__str__(value)


def _fraction_text(name: str, value: float | Decimal) -> str:
    # math.isfinite raises ValueError for a signaling NaN.
    is_finite = value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)
    if not is_finite:
        raise InputError(f"query: {name} must be a finite number, not {value}.")
    # The shortest text that reads as the same number.
    if isinstance(value, float):
        return float.__repr__(value)
    return _decimal_text(name, value)


def _integer_text(name: str, value: int) -> str:
    try:
        return int.__repr__(value)
    except ValueError:
        # Python writes out no more than 4,300 digits, by default.
        raise InputError(f"query: {name} is a number with too many digits.") from None


def _decimal_text(name: str, value: Decimal) -> str:
    # Before it is written out: 1E+1000000000 would be a text of a gigabyte.
    if abs(value.adjusted()) > _DIGITS:
        raise InputError(f"query: {name} is a number with too many digits.")
    return format(value, "f")


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
