"""The fields of a record: the JSON property and the type of each one."""

from __future__ import annotations

import typing
from functools import cache
from typing import Any, NamedTuple

import attrs

DECIMAL: dict[str, object] = {"decimal": True}
"""The metadata of an amount that the contract may spell as a decimal string of major units."""

STAMP: dict[str, object] = {"stamp": "organization_id"}
"""The metadata of a field that reading fills in; where the wire has it too, it must be the same."""

LOCAL: dict[str, object] = {"stamp": None}
"""The metadata of a field that is not on the wire at all."""

EXACT: dict[str, object] = {"exact": True}
"""The metadata of a field that may be left out, and has to fit where it is not."""

PARTIAL: dict[str, object] = {"partial": True}
"""The metadata of a field that only some of the records have that are one here."""

OUTSIDE: dict[str, object] = {"outside": True}
"""The metadata of the field that holds what no other field does."""


class Field(NamedTuple):
    """A field of a class and the JSON property it stands for.

    ``attribute`` is where the value is, ``name`` what the constructor calls it. A field without a default is
    needed. ``stamp`` names what a ``Reading`` fills it with; a field that is neither on the wire nor stamped is
    the program's own.
    """

    attribute: str
    name: str
    wire: str
    hint: Any
    needed: bool
    has_default: bool
    on_wire: bool
    stamp: str | None
    is_decimal: bool
    is_exact: bool
    is_partial: bool
    constant: Any

    @property
    def may_be_odd(self) -> bool:
        """Whether a value that does not fit is kept as it came, and no ``Misfit``."""
        return not (self.needed or self.is_exact)


def wire(name: str) -> dict[str, object]:
    """Return the metadata of a field whose name on the wire is not the camelCase of its own."""
    return {"wire": name}


def constant(value: object) -> dict[str, object]:
    """Return the metadata of a field that always has one value: by it a record among several is known."""
    return {"constant": value}


def camel(name: str) -> str:
    """Return the name on the wire that an attribute of this name stands for, unless it says otherwise."""
    head, *rest = name.strip("_").split("_")
    return head + "".join(part.title() for part in rest)


@cache
def fields(cls: Any) -> tuple[Field, ...]:
    """Return the fields of an attrs class; those that are not on the wire come last."""
    hints = typing.get_type_hints(cls, include_extras=True)
    described = [_field(attribute, hints) for attribute in attrs.fields(cls) if not attribute.metadata.get("outside")]
    return tuple(sorted(described, key=lambda each: not each.on_wire))


def _field(attribute: attrs.Attribute[Any], hints: dict[str, Any]) -> Field:
    metadata = attribute.metadata
    name = attribute.alias or attribute.name
    hint = hints[attribute.name]
    has_default = attribute.default is not attrs.NOTHING
    return Field(
        attribute=attribute.name,
        name=name,
        wire=str(metadata.get("wire") or camel(name)),
        hint=hint,
        needed=not has_default and type(None) not in (hint, *typing.get_args(hint)),
        has_default=has_default,
        on_wire="stamp" not in metadata,
        stamp=metadata.get("stamp"),
        is_decimal=bool(metadata.get("decimal")),
        is_exact=bool(metadata.get("exact")),
        is_partial=bool(metadata.get("partial")),
        constant=metadata.get("constant"),
    )


@cache
def outside_field(cls: Any) -> attrs.Attribute[Any] | None:
    """Return the field that holds what no other field does, if the class has one."""
    return next((attribute for attribute in attrs.fields(cls) if attribute.metadata.get("outside")), None)
