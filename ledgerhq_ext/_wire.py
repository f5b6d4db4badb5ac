"""attrs classes to JSON and back: strict about types, lenient about what is new.

A class's annotations say what its JSON looks like. Names are camelCase on the wire. ``Cents`` is an integer,
or a decimal string where the operation is declared so. Unknown properties are ignored, missing required ones
and wrong types are a ``ContractError`` with a JSON pointer. The same annotations give the shape that
regeneration and drift checks compare with the contract.

``Record`` is the base of what is read: it can be written down as a dict or as JSON, and read back.
"""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Literal, Self, TypeVar

import attrs

from ledgerhq_ext._plain import brief
from ledgerhq_ext.errors import ContractError, InputError
from ledgerhq_ext.money import LIMIT, Cents, to_cents

T = TypeVar("T")
_DIGITS = 40
_LEAP_SECOND = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:59:60", re.ASCII)
Spelling = Literal["cents", "decimal"]
Shape = Any
"""A dict (object; ``?`` after a name the layer can live without), a one-element list, or a type's name.

A format may follow a type: ``string:date``.
"""


@attrs.frozen
class Reading:
    """What reading an answer depends on beside the answer: how money is spelled, and whose it is.

    ``complete``: the document comes from ``Record.to_dict``, which also holds what is not on the wire.
    """

    spelling: Spelling = "cents"
    currency: str | None = None
    organization_id: str = ""
    complete: bool = False


class _Misfit(Exception):  # noqa: N818 - internal signal
    def __init__(self, expected: str, found: object) -> None:
        super().__init__(expected)
        self.expected, self.found = expected, found
        self.path: list[str] = []


_Reader = Callable[[Any, Reading], Any]


@attrs.frozen
class _Field:
    """A field of a class and the JSON property it stands for.

    ``attribute`` is where the value is, ``name`` what users and the constructor call it.
    """

    attribute: str
    name: str
    wire: str
    hint: Any
    on_wire: bool
    stamp: str | None


@attrs.frozen
class _Property:
    """How one property is read."""

    name: str
    wire: str
    read: _Reader
    required: bool


def stamped(name: str) -> Any:
    """A field that the layer fills from the ``Reading``; where the wire has it too, it must be the same."""
    return attrs.field(default="", metadata={"stamp": name}, repr=False)


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
    return str(attribute.metadata.get("wire") or _camel(attribute.alias or attribute.name))


@cache
def _fields(cls: Any) -> tuple[_Field, ...]:
    hints = typing.get_type_hints(cls, include_extras=True)
    return tuple(
        _Field(
            attribute=attribute.name,
            name=attribute.alias or attribute.name,
            wire=wire_name(attribute),
            hint=hints[attribute.name],
            on_wire="stamp" not in attribute.metadata,
            stamp=attribute.metadata.get("stamp"),
        )
        for attribute in attrs.fields(cls)
    )


@cache
def wire_fields(cls: Any) -> tuple[tuple[str, str, Any], ...]:
    """(name, wire name, type) of every field of an attrs class that is on the wire.

    The name is the constructor's keyword argument, which users know; the attribute may be private.
    """
    return tuple((field.name, field.wire, field.hint) for field in _fields(cls) if field.on_wire)


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


def _whole(raw: Any) -> int | None:
    """Return a JSON number that is whole, however it is spelled (1250.0, 1.25e3); None for any other value."""
    if type(raw) is int:
        return raw
    if isinstance(raw, float):
        raw = Decimal(raw)
    # JSON has no NaN; and 1e999999999 is a number that nobody can count with.
    if isinstance(raw, Decimal) and raw.is_finite() and raw.adjusted() < _DIGITS and raw == raw.to_integral_value():
        return int(raw)
    return None


def _integer(raw: Any, _: Reading) -> int:
    number = _whole(raw)
    if number is None:
        raise _Misfit("an integer", raw)
    return number


def _cents(raw: Any, reading: Reading) -> int:
    if reading.spelling == "cents":
        number = _whole(raw)
        if number is None or not -LIMIT <= number <= LIMIT:
            raise _Misfit("integer cents", raw)
        return number
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
    if not isinstance(raw, str) or len(raw) <= 10:
        raise _Misfit("a timestamp", raw)
    # RFC 3339 allows small letters.
    text = raw.upper()
    is_leap = _LEAP_SECOND.match(text) is not None
    if is_leap:
        text = f"{text[:17]}59{text[19:]}"
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        # Python counts no leap seconds: it becomes the second after.
        return moment + timedelta(seconds=1) if is_leap else moment
    except (ValueError, OverflowError):
        raise _Misfit("a timestamp", raw) from None


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
    properties = [_property(field) for field in _fields(cls) if field.on_wire]
    others = [_property(field) for field in _fields(cls) if not field.on_wire]
    stamps = [(field.name, field.wire, field.stamp) for field in _fields(cls) if field.stamp]

    def read_object(raw: Any, reading: Reading) -> Any:
        if not isinstance(raw, dict):
            raise _Misfit("an object", raw)
        if reading.spelling == "decimal" and isinstance(raw.get("currencyCode"), str):
            reading = attrs.evolve(reading, currency=raw["currencyCode"])
        values: dict[str, Any] = {}
        for property in properties:
            values[property.name] = _value(property, raw, reading)
        if not reading.complete:
            for name, wire, stamp in stamps:
                values[name] = getattr(reading, stamp)
                actual = raw.get(wire)
                if actual is not None and actual != values[name]:
                    _check_stamp(wire, values[name], actual)
            return cls(**values)
        for property in others:
            # Nothing leaves the constructor's default.
            if raw.get(property.wire) is not None:
                values[property.name] = _value(property, raw, reading)
        return cls(**values)

    return read_object


def _check_stamp(wire: str, value: str, actual: object) -> None:
    """Refuse a record that says something else than the layer knows of it, if the layer knows anything."""
    if not value:
        return
    misfit = _Misfit(f"{value!r}, which was asked for", actual)
    misfit.path.append(wire)
    raise misfit


def _property(field: _Field) -> _Property:
    inner, optional = _optional(field.hint)
    return _Property(field.name, field.wire, _reader(inner), not optional)


def _value(property: _Property, raw: dict[str, Any], reading: Reading) -> Any:
    value = raw.get(property.wire)
    try:
        if value is not None:
            return property.read(value, reading)
        if property.required:
            raise _Misfit("a value", "null" if property.wire in raw else "nothing")
    except _Misfit as misfit:
        misfit.path.append(property.wire)
        raise
    return None


_LEAVES: dict[Any, tuple[_Reader, str]] = {
    str: (_string, "string"),
    bool: (_boolean, "boolean"),
    int: (_integer, "integer"),
    Cents: (_cents, "integer"),
    date: (_date, "string:date"),
    datetime: (_datetime, "string:date-time"),
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
    return ContractError(_complaint(misfit), pointer=_pointer(misfit, pointer))


def _pointer(misfit: _Misfit, pointer: str) -> str:
    steps = [step.replace("~", "~0").replace("/", "~1") for step in reversed(misfit.path)]
    return "/".join([pointer, *steps])


def _complaint(misfit: _Misfit) -> str:
    found = misfit.found if misfit.found in ("null", "nothing") else _brief(misfit.found)
    return f"expected {misfit.expected}, found {found}"


def _brief(found: object) -> str:
    if isinstance(found, dict | list):
        return "an object" if isinstance(found, dict) else "an array"
    return (str(found) if isinstance(found, Decimal) else repr(found))[:60]


# --- writing and shapes


def to_wire(value: Any) -> Any:
    """The JSON of an attrs instance: absent (``None``) properties left out, dates as ``YYYY-MM-DD``."""
    return _written(value, complete=False)


def _written(value: Any, *, complete: bool) -> Any:
    kind: Any = type(value)
    if attrs.has(kind):
        return _written_object(value, complete=complete)
    if isinstance(value, tuple | list):
        return [_written(item, complete=complete) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _written_object(value: Any, *, complete: bool) -> dict[str, Any]:
    kind: Any = type(value)
    document = {}
    for field in _fields(kind):
        inner = getattr(value, field.attribute)
        # An empty stamp says that nobody knows whose the record is.
        absent = inner is None or (field.stamp and not inner)
        if (field.on_wire or complete) and not absent:
            document[field.wire] = _written(inner, complete=complete)
    return document


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


# --- records as data

_TEXT_SHOWN = 80
_SURROGATE = re.compile("[\ud800-\udfff]")


class ShortRepr:
    """The base of values whose ``repr`` fits a line: what is required, and ``…`` for the rest."""

    __slots__ = ()

    def __repr__(self) -> str:
        kind: Any = type(self)
        fields = [field for field in attrs.fields(kind) if field.repr]
        shown = [field for field in fields if field.default is attrs.NOTHING]
        if not shown:
            shown = [field for field in fields if getattr(self, field.name) is not None]

        parts = [f"{field.alias}={_short(getattr(self, field.name))}" for field in shown]
        rest = [field for field in fields if field not in shown]
        if any(getattr(self, field.name) != field.default for field in rest):
            parts.append("…")
        return f"{kind.__name__}({', '.join(parts)})"


def _short(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{len(value)}]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return repr(brief(value, _TEXT_SHOWN))
    return repr(value)


class Record(ShortRepr):
    """The base of what the service answers: values that can be written down and read back."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the record as JSON types, under the contract's names, in the order of its fields.

        Dates are ISO text, money is integer cents, properties without a value are left out. What is
        not on the wire is written too: ``organizationId`` where it is known, a receipt's ``replayed``.
        """
        return written(self)

    def to_json(self) -> str:
        """Return ``to_dict()`` as compact JSON text that can be encoded in UTF-8."""
        return json_text(self.to_dict())

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Self:
        """Read what ``to_dict`` wrote; properties that are not known are ignored.

        Raises ``InputError`` that says what does not fit, and where (a JSON pointer).
        """
        return read_back(cls, document)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what ``to_json`` wrote; errors as ``from_dict``."""
        return cls.from_dict(json_document(cls.__name__, text))


def written(value: object) -> dict[str, Any]:
    """Return an attrs instance as JSON types, also what is not on the wire."""
    return _written_object(value, complete=True)


def read_back(cls: type[T], document: Any, *, name: str = "") -> T:
    """Read what ``written`` returned.

    ``InputError`` names the class (or ``name``), and by JSON pointer where it does not fit.
    """
    return typing.cast(T, _read_back(_reader(cls), document, name or cls.__name__))


def read_back_many(cls: type[T], document: Any, *, name: str, pointer: str) -> tuple[T, ...]:
    """Read an array of what ``written`` returned; errors as ``read_back``."""
    return typing.cast("tuple[T, ...]", _read_back(_many(_reader(cls)), document, name, pointer))


def _read_back(reader: _Reader, document: Any, name: str, pointer: str = "") -> Any:
    try:
        return reader(document, Reading(complete=True))
    except _Misfit as misfit:
        complaint = _complaint(misfit)
        where = _pointer(misfit, pointer) or "the whole document"
    # Not raised from the handler, as in ``read``.
    raise InputError(f"this is not a valid {name}: {complaint} (at {where}).")


def json_text(document: object) -> str:
    """Return compact JSON text, not escaped to ASCII."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    # Half of a surrogate pair cannot be encoded: it stays escaped, as it came.
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def json_document(name: str, text: str) -> Any:
    """Return the document of a JSON text; ``InputError`` names what it should have been."""
    complaint = "expected a text"
    if isinstance(text, str | bytes):
        try:
            return json.loads(text)
        except RecursionError:
            complaint = "it is nested too deeply"
        except ValueError as error:
            complaint = "it is not JSON"
            if isinstance(error, json.JSONDecodeError):
                complaint += f" from character {error.pos} on"
    raise InputError(f"this is not a valid {name}: {complaint}.")
