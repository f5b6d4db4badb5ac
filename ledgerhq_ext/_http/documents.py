"""JSON texts as documents: by orjson for long ones, where it is installed, with the same values.

orjson reads a fraction as a ``float``, an integer beyond 64 bits too, and refuses some texts that
``json`` takes (a byte-order mark, UTF-16, half of a surrogate pair). So its document is taken where
it holds no float; any other text is read by ``json``, which also says what is wrong with it. In a
list, only what its readers call odd is looked through (``list_call`` in ``_calls``).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

_LONG = 4_096
"""Bytes: a shorter text is read as fast by ``json``."""
_LEVELS = 32
"""Deeper documents are left to ``json``, which refuses those that are too deep for Python."""


def document_of(content: bytes) -> Any:
    """Return the document of a JSON text; its fractions are ``Decimal``.

    Raises ``ValueError`` for a text that is not JSON, ``RecursionError`` for one that is too deep.
    """
    document = rough_document_of(content)
    if document is not None and is_exact(document):
        return document
    return exact_document_of(content)


def rough_document_of(content: bytes) -> Any:
    """Return the document of a long JSON text as orjson reads it, unless ``is_exact`` says that it
    may not be taken; None where orjson is not installed, or does not read it.
    """
    parse = parser() if len(content) >= _LONG else None
    if parse is None:
        return None
    try:
        return parse(content)
    except ValueError:
        return None  # json decides.


def exact_document_of(content: bytes) -> Any:
    """Return the document as ``json`` reads it; errors as ``document_of``."""
    # As json.loads does it, which makes a decoder for each text.
    text = content.decode(json.detect_encoding(content), "surrogatepass")
    try:
        return _decoder(int).decode(text)
    except json.JSONDecodeError:
        raise
    except ValueError:
        # An integer has more digits than Python reads (4,300, by default).
        return _decoder(_exact).decode(text)


@cache
def _decoder(parse_int: Callable[[str], Any]) -> json.JSONDecoder:
    # NaN and Infinity, which JSON does not have, are no numbers either.
    return json.JSONDecoder(parse_float=_exact, parse_int=parse_int, parse_constant=_exact)


@cache
def parser() -> Callable[[bytes], Any] | None:
    """Return what reads long texts; None without orjson."""
    try:
        import orjson
    except ImportError:
        return None
    return orjson.loads


def _exact(text: str) -> Decimal:
    """Return a JSON number as it is; one whose exponent nobody can count with is not a number."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def is_exact(document: Any) -> bool:
    """Return whether a document holds no float, and is not deeper than any that we know."""
    values = [document]
    for _ in range(_LEVELS):
        kinds = set(map(type, values))
        if float in kinds:
            return False
        if dict not in kinds and list not in kinds:
            return True
        values = _inner(values)
    return False


def _inner(values: list[Any]) -> list[Any]:
    """Return what stands in the objects and arrays among some values."""
    inner: list[Any] = []
    for value in values:
        if type(value) is dict:
            inner += value.values()
        elif type(value) is list:
            inner += value
    return inner
