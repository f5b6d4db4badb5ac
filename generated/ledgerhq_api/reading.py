"""JSON to records: lenient about what is new, strict about what is needed.

What a field says it is, is what it holds afterwards. A needed field that is missing or of another type is a
``Misfit``, with its JSON pointer. Any other field is then ``None`` and its raw value stands in ``extra``, beside
everything that no field stands for.
"""

from __future__ import annotations

import enum
import types
import typing
from functools import cache, cached_property
from typing import Any, Literal

import attrs

from .compiling import Straight, straight
from .fields import Field, fields, outside_field
from .types import Cents, Unset
from .values import LEAVES, Misfit, Reader, Reading, money

_MANY = 20


def read(hint: Any, raw: Any, reading: Reading) -> Any:
    """Return a JSON value as what a type hint says. Raises ``Misfit``."""
    return reader(hint)(raw, reading)


@cache
def reader(hint: Any, is_decimal: bool = False) -> Reader:
    """Return what reads values of a type: made once, when it is first asked for."""
    if hint is Cents and is_decimal:
        return money
    if hint in LEAVES:
        return LEAVES[hint]
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return _constant(inner)
    if origin in (typing.Union, types.UnionType):
        return _union([option for option in inner if option not in (type(None), Unset)], is_decimal)
    if origin is tuple:
        return _many(reader(inner[0]), tuple)
    if origin is list:
        return _many(reader(inner[0]), list)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return _enum(hint)
    return _Objects(hint)


def _constant(values: tuple[Any, ...]) -> Reader:
    def read_constant(raw: Any, _: Reading) -> Any:
        if raw in values:
            return raw
        raise Misfit(" or ".join(map(repr, values)), raw)

    return read_constant


def _enum(kind: type[enum.Enum]) -> Reader:
    plain = LEAVES[str if issubclass(kind, str) else int]
    members = {member.value: member for member in kind}

    def read_enum(raw: Any, reading: Reading) -> Any:
        if type(raw) is str and raw in members:
            return members[raw]
        # Enums are open: of any other text or integer they make a member.
        return kind(plain(raw, reading))

    return read_enum


def _many(item: Reader, container: type) -> Reader:
    def read_items(raw: Any, reading: Reading) -> Any:
        if not isinstance(raw, list):
            raise Misfit("an array", raw)
        items: list[Any] = []
        try:
            if isinstance(item, _Objects):
                item.append(raw, reading, items)
            else:
                if reading.odd is not None:
                    reading.odd(raw)
                for entry in raw:
                    items.append(item(entry, reading))
        except Misfit as misfit:
            # All before it are there.
            misfit.path.append(str(len(items)))
            raise
        return container(items)

    return read_items


def _union(options: list[Any], is_decimal: bool) -> Reader:
    kinds = [option for option in options if isinstance(option, type) and issubclass(option, enum.Enum)]
    if kinds and str in options:
        # Every text is a value of an open enum.
        options = [option for option in options if option is not str]
    readers = [reader(option, is_decimal) for option in options] or [LEAVES[type(None)]]
    if len(readers) == 1:
        return readers[0]

    def read_one(raw: Any, reading: Reading) -> Any:
        order = sorted(range(len(options)), key=lambda at: -_likeness(options[at], raw))
        first: Misfit | None = None
        for at in order:
            try:
                return readers[at](raw, reading)
            except Misfit as misfit:
                first = first or misfit
        assert first is not None
        raise first

    return read_one


def _likeness(option: Any, raw: Any) -> int:
    """Return how well an object fits a class: constants that are right or wrong count more than names."""
    if not (isinstance(raw, dict) and attrs.has(option)):
        return 0
    score = 0
    for field in fields(option):
        value = raw.get(field.wire)
        if value is not None:
            score += 1
        elif field.needed:
            score -= 10
        constants = _constants(field.hint) if field.constant is None else (field.constant,)
        if constants and value is not None:
            score += 1000 if value in constants else -1000
    return score


@cache
def _constants(hint: Any) -> tuple[Any, ...]:
    """Return the one value that a type of a single constant has."""
    if hint is type(None):
        return (None,)
    for option in typing.get_args(hint) or (hint,):
        if isinstance(option, type) and issubclass(option, enum.Enum) and len(option) == 1:
            return tuple(member.value for member in option)
    return ()


class _Plan:
    """How the objects of a class are read: worked out when the first one comes, since classes hold one another."""

    def __init__(self, cls: Any) -> None:
        described = fields(cls)
        outside = outside_field(cls)
        self.on_wire = [(each, reader(each.hint, each.is_decimal)) for each in described if each.on_wire]
        self.everything = self.on_wire + [(each, reader(each.hint)) for each in described if not each.on_wire]
        self.stamps = [each for each in described if each.stamp]
        self.names = frozenset(each.wire for each in described)
        self.keeps_rest = outside is not None
        self.make = _made_body if outside and not outside.init else _made

    def values(self, raw: dict[str, Any], reading: Reading, rest: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of an object by their names; what does not fit and is not needed goes into ``rest``."""
        values: dict[str, Any] = {}
        for each, read_value in self.everything if reading.complete else self.on_wire:
            value = raw.get(each.wire)
            if value is None:
                if each.needed:
                    raise _absent(each, raw)
                if not each.has_default:
                    values[each.name] = None
                continue
            try:
                values[each.name] = read_value(value, reading)
            except Misfit as misfit:
                if not (self.keeps_rest and each.on_wire and each.may_be_odd) or misfit.is_final:
                    misfit.path.append(each.wire)
                    raise
                rest[each.wire] = value
        for each in () if reading.complete else self.stamps:
            values[each.name] = _stamp(each, raw, reading)
        return values


class _Objects:
    """The reader of the objects of a class."""

    def __init__(self, cls: Any) -> None:
        self._cls = cls
        self._reads = 0
        self._straight: Straight | None = None

    def __call__(self, raw: Any, reading: Reading) -> Any:
        records: list[Any] = []
        self.append([raw], reading, records)
        return records[0]

    def append(self, raws: list[Any], reading: Reading, records: list[Any]) -> None:
        """Append the record of each object to a list, which ends before the one that raises ``Misfit``."""
        if self._reads < _MANY:
            self._count(raws)
        if self._straight is None or reading.complete or reading.spelling == "decimal":
            for raw in raws:
                records.append(self._read(raw, reading))
        else:
            self._straight(raws, reading, records, self._read)

    def _count(self, raws: list[Any]) -> None:
        """Make the straight reader when there are many: for a few it would cost more than it saves."""
        self._reads += len(raws)
        if self._reads >= _MANY:
            readers = {each.name: read_value for each, read_value in self._plan.everything}
            usual = list(raws[-1]) if isinstance(raws[-1], dict) else []
            self._straight = straight(self._cls, readers, usual)

    @cached_property
    def _plan(self) -> _Plan:
        return _Plan(self._cls)

    def _read(self, raw: Any, reading: Reading) -> Any:
        if not isinstance(raw, dict):
            raise Misfit("an object", raw)
        if reading.odd is not None:
            reading.odd(raw)
        plan = self._plan
        currency = raw.get("currencyCode")
        if reading.spelling == "decimal" and isinstance(currency, str):
            reading = reading.in_currency(currency)
        rest: dict[str, Any] = {}
        if plan.keeps_rest and not raw.keys() <= plan.names:
            rest = {name: value for name, value in raw.items() if name not in plan.names}
        values = plan.values(raw, reading, rest)
        return plan.make(self._cls, values, rest, raw)


def _made(cls: Any, values: dict[str, Any], rest: dict[str, Any], _: dict[str, Any]) -> Any:
    return cls(**values, extra=rest) if rest else cls(**values)


def _made_body(cls: Any, values: dict[str, Any], rest: dict[str, Any], raw: dict[str, Any]) -> Any:
    """Return what is sent: there a null is not the same as nothing."""
    for each in fields(cls):
        if each.wire in raw and raw[each.wire] is None and each.wire not in rest:
            values[each.name] = None
    body = cls(**values)
    body.additional_properties = rest
    return body


def _absent(field: Field, raw: dict[str, Any]) -> Misfit:
    misfit = Misfit("a value", "null" if field.wire in raw else "nothing")
    misfit.path.append(field.wire)
    return misfit


def _stamp(field: Field, raw: dict[str, Any], reading: Reading) -> str:
    """Return what a stamped field is filled with. Refuses a record that says something else of itself."""
    assert field.stamp is not None
    expected = getattr(reading, field.stamp)
    actual = raw.get(field.wire)
    if expected is None:
        return actual if isinstance(actual, str) else ""
    if expected and actual is not None and actual != expected:
        misfit = Misfit(f"the requested {expected!r}", actual, is_final=True)
        misfit.path.append(field.wire)
        raise misfit
    return str(expected)
