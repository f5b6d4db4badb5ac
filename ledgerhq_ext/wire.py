"""attrs classes to JSON and back: strict about types, lenient about what is new.

A class's annotations say what its JSON looks like. Names are camelCase on the wire. ``Cents`` is an integer,
or a decimal string where the operation is declared so. Unknown properties are ignored, missing required ones
and wrong types are a ``ContractError`` with a JSON pointer. The same annotations give the shape that
regeneration and drift checks compare with the contract.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Literal, TypeVar

import attrs

from ledgerhq_ext.errors import ContractError, InputError
from ledgerhq_ext.money import LIMIT, Cents, to_cents

T = TypeVar("T")
Spelling = Literal["cents", "decimal"]
Shape = Any
"""A dict (object; ``?`` after a name the layer can live without), a one-element list, or a type's name."""


@attrs.frozen
class Reading:
    """What reading an answer depends on beside the answer: how money is spelled, and whose it is."""

    spelling: Spelling = "cents"
    currency: str | None = None
    organization_id: str = ""


class _Misfit(Exception):  # noqa: N818 - internal signal
    def __init__(self, expected: str, found: object) -> None:
        super().__init__(expected)
        self.expected, self.found = expected, found
        self.path: list[str] = []


_Reader = Callable[[Any, Reading], Any]


@attrs.frozen
class _Field:
    name: str
    wire: str
    read: _Reader
    required: bool


def stamped(name: str) -> Any:
    """A field that the layer fills from the ``Reading``, not from the wire."""
    return attrs.field(default="", metadata={"stamp": name}, repr=False, eq=False)


def local(default: Any) -> Any:
    """A field that is not on the wire at all."""
    return attrs.field(default=default, metadata={"stamp": None})


def wire(name: str, **options: Any) -> Any:
    """A field whose name on the wire is not the camelCase of its own."""
    return attrs.field(metadata={"wire": name}, **options)


def _camel(name: str) -> str:
    head, *rest = name.rstrip("_").split("_")
    return head + "".join(part.title() for part in rest)


def wire_name(attribute: attrs.Attribute[Any]) -> str:
    """The attribute's name on the wire."""
    return str(attribute.metadata.get("wire") or _camel(attribute.name))


@cache
def wire_fields(cls: Any) -> tuple[tuple[str, str, Any], ...]:
    """(name, wire name, type) of every field of an attrs class that is on the wire."""
    hints = typing.get_type_hints(cls, include_extras=True)
    return tuple(
        (attribute.name, wire_name(attribute), hints[attribute.name])
        for attribute in attrs.fields(cls)
        if "stamp" not in attribute.metadata
    )


def _optional(hint: Any) -> tuple[Any, bool]:
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        inner = [part for part in typing.get_args(hint) if part is not type(None)]
        assert len(inner) == 1, f"only X | None is understood, not {hint}"
        return inner[0], True
    return hint, False


# --- reading


def _string(raw: Any, _: Reading) -> str:
    if isinstance(raw, str):
        return raw
    raise _Misfit("a string", raw)


def _boolean(raw: Any, _: Reading) -> bool:
    if isinstance(raw, bool):
        return raw
    raise _Misfit("true or false", raw)


def _integer(raw: Any, _: Reading) -> int:
    if type(raw) is int:
        return raw
    raise _Misfit("an integer", raw)


def _cents(raw: Any, reading: Reading) -> int:
    if reading.spelling == "cents":
        if type(raw) is int and -LIMIT <= raw <= LIMIT:
            return raw
        raise _Misfit("integer cents", raw)
    if not isinstance(raw, str) or reading.currency is None:
        raise _Misfit("a decimal string in a known currency", raw)
    try:
        return to_cents(raw, reading.currency)
    except InputError:
        raise _Misfit(f"a decimal string of {reading.currency}", raw) from None


def _date(raw: Any, _: Reading) -> date:
    # fromisoformat alone would take week dates and dates without dashes.
    if isinstance(raw, str) and len(raw) == 10 and raw[4] == "-" == raw[7]:
        try:
            return date.fromisoformat(raw)
        except ValueError:
            pass
    raise _Misfit("a date YYYY-MM-DD", raw)


def _datetime(raw: Any, _: Reading) -> datetime:
    if isinstance(raw, str) and len(raw) > 10:
        try:
            moment = datetime.fromisoformat(raw)
        except ValueError:
            raise _Misfit("a timestamp", raw) from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    raise _Misfit("a timestamp", raw)


def _many(item: _Reader) -> _Reader:
    def read_items(raw: Any, reading: Reading) -> tuple[Any, ...]:
        if not isinstance(raw, list):
            raise _Misfit("an array", raw)
        items = []
        for at, entry in enumerate(raw):
            try:
                items.append(item(entry, reading))
            except _Misfit as misfit:
                misfit.path.append(str(at))
                raise
        return tuple(items)

    return read_items


def _object(cls: Any) -> _Reader:
    fields = [
        _Field(name, wire, _reader(_optional(hint)[0]), not _optional(hint)[1]) for name, wire, hint in wire_fields(cls)
    ]
    stamps = [(a.name, a.metadata["stamp"]) for a in attrs.fields(cls) if a.metadata.get("stamp")]

    def read_object(raw: Any, reading: Reading) -> Any:
        if not isinstance(raw, dict):
            raise _Misfit("an object", raw)
        if reading.spelling == "decimal" and isinstance(raw.get("currencyCode"), str):
            reading = attrs.evolve(reading, currency=raw["currencyCode"])
        values = {name: getattr(reading, stamp) for name, stamp in stamps}
        for field in fields:
            found = raw.get(field.wire)
            try:
                if found is not None:
                    values[field.name] = field.read(found, reading)
                elif field.required:
                    raise _Misfit("a value", "null" if field.wire in raw else "nothing")
                else:
                    values[field.name] = None
            except _Misfit as misfit:
                misfit.path.append(field.wire)
                raise
        return cls(**values)

    return read_object


_LEAVES: dict[Any, tuple[_Reader, str]] = {
    str: (_string, "string"),
    bool: (_boolean, "boolean"),
    int: (_integer, "integer"),
    Cents: (_cents, "integer"),
    date: (_date, "string"),
    datetime: (_datetime, "string"),
}


def _reader(hint: Any) -> _Reader:
    return _compiled(hint)


@cache
def _compiled(hint: Any) -> _Reader:
    if hint in _LEAVES:
        return _LEAVES[hint][0]
    if typing.get_origin(hint) is tuple:
        return _many(_reader(typing.get_args(hint)[0]))
    return _object(hint)


def read(cls: type[T], raw: Any, reading: Reading | None = None, *, pointer: str = "") -> T:
    """The JSON value as an instance of an attrs class; ``ContractError`` says what does not fit, and where."""
    try:
        return typing.cast(T, _reader(cls)(raw, reading or Reading()))
    except _Misfit as misfit:
        error = _misfit_error(misfit, pointer)
    # Not raised from the handler: the context would hold what was found, which may be a token.
    raise error


def read_many(cls: type[T], raw: Any, reading: Reading | None = None, *, pointer: str = "") -> tuple[T, ...]:
    """The JSON array as a tuple of instances; errors as ``read``."""
    try:
        return typing.cast("tuple[T, ...]", _many(_reader(cls))(raw, reading or Reading()))
    except _Misfit as misfit:
        error = _misfit_error(misfit, pointer)
    raise error


def _misfit_error(misfit: _Misfit, pointer: str) -> ContractError:
    steps = [step.replace("~", "~0").replace("/", "~1") for step in reversed(misfit.path)]
    where = "/".join([pointer, *steps])
    found = misfit.found if misfit.found in ("null", "nothing") else _brief(misfit.found)
    return ContractError(f"expected {misfit.expected}, found {found}", pointer=where)


def _brief(found: object) -> str:
    if isinstance(found, dict | list):
        return "an object" if isinstance(found, dict) else "an array"
    return repr(found)[:60]


# --- writing and shapes


def to_wire(value: Any) -> Any:
    """The JSON of an attrs instance: absent (``None``) properties left out, dates as ``YYYY-MM-DD``."""
    kind: Any = type(value)
    if attrs.has(kind):
        pairs = ((wire, getattr(value, name)) for name, wire, _ in wire_fields(kind))
        return {wire: to_wire(inner) for wire, inner in pairs if inner is not None}
    if isinstance(value, tuple | list):
        return [to_wire(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def shape(hint: Any, spelling: Spelling = "cents") -> Shape:
    """What the JSON of a type must look like (see ``Shape``)."""
    if hint is Cents and spelling == "decimal":
        return "string"
    if hint in _LEAVES:
        return _LEAVES[hint][1]
    if typing.get_origin(hint) is tuple:
        return [shape(typing.get_args(hint)[0], spelling)]
    described = ((wire, *_optional(inner)) for _, wire, inner in wire_fields(hint))
    return {wire + ("?" if optional else ""): shape(inner, spelling) for wire, inner, optional in described}
