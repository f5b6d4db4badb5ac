"""JSON to records and back: the reader of the generated client, with the layer's money and the
layer's errors.

A class's annotations say what its JSON looks like (``ledgerhq_api.fields``); records of the
contract and the classes that are written here are read alike. What is new stands in ``extra``. What
is needed and missing, or of another type, is a ``ContractError`` with a JSON pointer.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any, Self, TypeVar

from attrs import field, has
from ledgerhq_api import records, values
from ledgerhq_api.fields import EXACT, OUTSIDE, fields, outside_field
from ledgerhq_api.reading import read as read_as
from ledgerhq_api.records import (
    Record,
    ShortRepr,
    json_document,
    json_text,
    read_back,
    read_value,
    written,
)
from ledgerhq_api.values import Extra, Misfit, Spelling

from ledgerhq_ext.errors import ContractError, InputError
from ledgerhq_ext.money import to_cents

__all__ = [
    "EXACT",
    "NOTHING_ELSE",
    "OUTSIDE",
    "Extra",
    "Reading",
    "Record",
    "ShortRepr",
    "Spelling",
    "json_document",
    "json_text",
    "read",
    "read_back",
    "read_back_many",
    "read_many",
    "to_wire",
    "wire",
    "wire_fields",
    "written",
]

T = TypeVar("T")

NOTHING_ELSE = Extra()
"""What a request says beside its own fields, unless it says more."""

# Sent as they are. A class below one of them (an enum) may print itself in another way.
_PLAIN = frozenset({str, int, bool, float, type(None)})

# What a record's own ``from_dict`` raises belongs to the layer's tree of errors.
records.Errors.unreadable = InputError


def _to_cents(text: str, currency: str) -> int:
    try:
        return to_cents(text, currency)
    except InputError as error:
        raise ValueError(str(error)) from None


class Reading(values.Reading):
    """How an answer is read: the spelling of money, and whose it is."""

    __slots__ = ()

    def __new__(
        cls,
        spelling: Spelling = "cents",
        currency: str | None = None,
        organization_id: str = "",
        complete: bool = False,
        to_cents: Callable[[str, str], int] = _to_cents,
        odd: Callable[[Any], object] | None = None,
    ) -> Self:
        return super().__new__(cls, spelling, currency, organization_id, complete, to_cents, odd)


def wire(name: str, **options: Any) -> Any:
    """Return a field whose name on the wire is not the camelCase of its own."""
    return field(metadata={"wire": name}, **options)


def wire_fields(cls: Any) -> tuple[tuple[str, str, Any], ...]:
    """Return (name, wire name, type) of every field of an attrs class that is on the wire.

    The name is the constructor's keyword argument, which users know; the attribute may be private.
    """
    return tuple((each.name, each.wire, each.hint) for each in fields(cls) if each.on_wire)


def read(cls: type[T], raw: Any, reading: Reading | None = None, *, pointer: str = "") -> T:
    """Return a JSON value as an instance of an attrs class.

    Raises ``ContractError``, which says what does not fit, and where.
    """
    return typing.cast(T, _read(cls, raw, reading, pointer))


def read_many(
    cls: type[T], raw: Any, reading: Reading | None = None, *, pointer: str = ""
) -> tuple[T, ...]:
    """Return a JSON array as a tuple of instances; errors as ``read``."""
    return typing.cast("tuple[T, ...]", _read(_many(cls), raw, reading, pointer))


def _many(cls: Any) -> Any:
    return types.GenericAlias(tuple, (cls, ...))


def _read(hint: Any, raw: Any, reading: Reading | None, pointer: str) -> Any:
    try:
        return read_as(hint, raw, reading or Reading())
    except Misfit as misfit:
        error = ContractError(misfit.complaint(), pointer=misfit.pointer(pointer))
    # Not raised from the handler: the context would hold what was there, which may be a token.
    raise error


def read_back_many(cls: type[T], document: Any, *, name: str, pointer: str) -> tuple[T, ...]:
    """Read an array of what ``written`` returned; errors as ``read_back``."""
    return typing.cast("tuple[T, ...]", read_value(_many(cls), document, name, pointer))


def to_wire(value: Any, organization_id: str | None = None) -> Any:
    """Return the JSON of an attrs instance: absent (``None``) properties left out, dates as
    ``YYYY-MM-DD``.

    Raises ``InputError`` for a record of another organization than the one it is sent to.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is date:
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [to_wire(item, organization_id) for item in value]
    if not has(kind):
        return records.json_value(value, complete=False)
    # What was given no record of somebody, and what is no request, has none.
    owners = getattr(value, "_owners", None)
    if owners:
        _check_owners(owners, organization_id)

    document: dict[str, Any] = {}
    for attribute, wire_name in _sent(kind):
        inner = getattr(value, attribute)
        if inner is not None:
            is_plain = type(inner) in _PLAIN
            document[wire_name] = inner if is_plain else to_wire(inner, organization_id)
    rest = outside_field(kind)
    extra = NOTHING_ELSE if rest is None else getattr(value, rest.name)
    if extra is not NOTHING_ELSE:
        return {name: records.raw_json(inner) for name, inner in extra.items()} | document
    return document


def _check_owners(owners: Mapping[str, str], organization_id: str | None) -> None:
    """Raise ``InputError`` for records of another organization than the one they are sent to."""
    for owner, id in owners.items():
        if organization_id not in (None, owner):
            raise InputError(
                f"The record {id} belongs to organization {owner} and cannot be sent to "
                f"organization {organization_id}. Look it up there."
            )


@cache
def _sent(cls: Any) -> tuple[tuple[str, str], ...]:
    """Return the attribute and the name on the wire of every field that is sent."""
    return tuple((each.attribute, each.wire) for each in fields(cls) if each.on_wire)
