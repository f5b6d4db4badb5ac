"""Straight-line readers: for each class a function, made once, that reads the objects it expects.

It leaves an object to ``reading.py``, which knows every rule, where anything is out of the ordinary: a value of another
type, a name that nobody knows, money in decimals. So no rule stands here twice. Rows of a list repeat themselves: a
text that is the same as in the object before is checked and converted once, and is one object in memory; and where an
object has exactly the usual names, all of its values are taken in one step.
"""

from __future__ import annotations

import datetime as dt
import enum
import operator
import typing
from collections.abc import Callable
from typing import Any

import attrs

from .fields import Field, fields, outside_field
from .types import Cents
from .values import LIMIT, NOTHING_ELSE, Misfit, Reader, Reading

Straight = Callable[[list[Any], Reading, list[Any], Reader], None]
"""Reads objects and appends the records to a list; the other reader is for those that are out of the ordinary."""

# Whatever is raised says that the object is not an ordinary one, and the other reader says what is wrong.
_REFUSALS = (Misfit, ValueError, TypeError, LookupError)

_IS_TEXT = "type({v}) is str"
_TESTS = {
    str: _IS_TEXT,
    int: "type({v}) is int",
    bool: "{v} is True or {v} is False",
    Cents: f"type({{v}}) is int and {-LIMIT} <= {{v}} <= {LIMIT}",
    dt.date: f"{_IS_TEXT} and len({{v}}) == 10 and {{v}}[4] == '-' == {{v}}[7]",
    # Not a small letter, and no other character that Python takes for it.
    dt.datetime: f"{_IS_TEXT} and {{v}}[10] == 'T'",
}
"""What an ordinary value of each type is."""
_MADE = {
    dt.date: ["made = day({v})"],
    dt.datetime: ["made = moment({v})", "if made.tzinfo is not UTC: raise ValueError"],
}
"""What becomes of it, unless it stays what it is."""


def straight(cls: Any, readers: dict[str, Reader], usual: list[str]) -> Straight | None:
    """Return the function for a class; None for one whose values are checked or changed as they are made.

    ``usual`` are the names that most objects have.
    """
    rest = outside_field(cls)
    attributes = {each.name: each for each in attrs.fields(cls)}
    if rest is None or not rest.init or "__slots__" not in vars(cls) or hasattr(cls, "__attrs_post_init__"):
        return None
    if any(each.validator or (each.converter and each is not rest) for each in attributes.values()):
        return None
    if any(isinstance(each.default, attrs.Factory) for each in attributes.values()):  # type: ignore[arg-type] # a class
        return None

    described = list(enumerate(fields(cls)))
    names: dict[str, Any] = {"Blank": _blank(cls), "Whole": cls, "REFUSALS": _REFUSALS, "NOTHING_ELSE": NOTHING_ELSE}
    names |= {"day": dt.date.fromisoformat, "moment": dt.datetime.fromisoformat, "UTC": dt.UTC, "NEVER": object()}
    names["nothing"] = {each.wire: None for _, each in described}
    for at, each in described:
        default = attributes[each.attribute].default
        names[f"default_v{at}"] = None if default is attrs.NOTHING else default

    lines = _unpacking([each.wire for _, each in described], usual, names)
    for at, each in described:
        lines += _lines(each, f"v{at}", readers, names)
    lines.append("record = Blank()")
    lines += [f"record.{each.attribute} = v{at}" for at, each in described]
    lines += [f"record.{rest.name} = NOTHING_ELSE", "record.__class__ = Whole"]
    first = "".join(f"  text_v{at} = value_v{at} = NEVER\n" for at, _ in described)
    first += "".join(f"  stamp_v{at} = reading.{each.stamp}\n" for at, each in described if each.stamp)
    source = _FUNCTION.format(first=first, body="".join(f"      {line}\n" for line in lines))
    exec(compile(source, f"<reader of {cls.__qualname__}>", "exec"), names)  # noqa: S102 - made of declarations alone
    return typing.cast(Straight, names["read"])


# An error that the other reader raises is not raised from the handler: its context would hold the object.
_FUNCTION = """\
def read(raws, reading, records, other):
  odd = reading.odd
{first}\
  for raw in raws:
    try:
{body}\
    except REFUSALS:
      record = None
    if record is None: record = other(raw, reading)
    records.append(record)
"""


def _blank(cls: Any) -> Any:
    """Return a class of the same layout whose attributes can be set: its instances become those of the frozen one."""
    slots = tuple(name for name in vars(cls)["__slots__"] if name != "__weakref__")
    plain = {name: getattr(object, name) for name in ("__init__", "__setattr__", "__delattr__")}
    return type(cls.__name__, cls.__bases__, {"__slots__": slots, "__module__": cls.__module__, **plain})


def _unpacking(wires: list[str], usual: list[str], names: dict[str, Any]) -> list[str]:
    """Return the lines that take an object apart; of names that it does not have, the values are None."""
    everything = ", ".join(f"v{at}" for at in range(len(wires)))
    by_name = f"{everything}, = (nothing | raw).values()"
    if not usual or not set(usual).issubset(wires):
        return [by_name]

    # It refuses a list or a text, which is no object.
    names["usual_of"] = operator.itemgetter(*usual)
    some = ", ".join(f"v{wires.index(name)}" for name in usual)
    absent = "".join(f"v{at} = " for at, wire in enumerate(wires) if wire not in usual)
    lines = [f"if len(raw) == {len(usual)}:", f"  try: {some} = usual_of(raw)", f"  except KeyError: {by_name}"]
    if absent:
        lines.append(f"  else: {absent}None")
    return [*lines, f"else: {by_name}"]


def _lines(field: Field, v: str, readers: dict[str, Reader], names: dict[str, Any]) -> list[str]:
    """Return the lines that turn what stands in the JSON into the value of a field."""
    if field.stamp:
        is_odd = f"type(stamp_{v}) is not str or {v} is not None and {v} != stamp_{v}"
        return [f"if {is_odd}: raise ValueError", f"{v} = stamp_{v}"]
    if not field.on_wire:
        return [f"{v} = default_{v}"]

    value = _value_lines(field, v, readers, names)
    if field.needed:
        return [f"if {v} is None: raise ValueError", *value]
    rest = [] if names[f"default_{v}"] is None else [f"else: {v} = default_{v}"]
    return [f"if {v} is not None:", *[f"  {line}" for line in value], *rest]


def _value_lines(field: Field, v: str, readers: dict[str, Reader], names: dict[str, Any]) -> list[str]:
    options = [option for option in typing.get_args(field.hint) if option is not type(None)]
    hint = options[0] if len(options) == 1 else field.hint
    names[f"read_{v}"] = readers[field.name]
    kinds = [option for option in options or [hint] if isinstance(option, type) and issubclass(option, enum.StrEnum)]
    if len(kinds) == 1 and str in options:
        names[f"words_{v}"] = {member.value: member for member in kinds[0]}
        return _once(v, _IS_TEXT, [f"made = words_{v}.get({v}) or read_{v}({v}, reading)"])
    if hint not in _TESTS or field.is_decimal:
        # It may be a float, or hold one. The readers of objects and lists tell of it themselves.
        tells = not (attrs.has(hint) or typing.get_origin(hint) in (list, tuple))
        telling = [f"if odd is not None and type({v}) is not int: odd({v})"] if tells else []
        return [*telling, f"{v} = read_{v}({v}, reading)"]

    test = _TESTS[hint].format(v=v)
    if hint is str:
        return [f"if {v} == text_{v}: {v} = text_{v}", f"elif {test}: text_{v} = {v}", "else: raise ValueError"]
    if hint in _MADE:
        return _once(v, test, _MADE[hint])
    return [f"if not ({test}): raise ValueError"]


def _once(v: str, test: str, made: list[str]) -> list[str]:
    """Return the lines that check and convert a text, unless it is that of the object before."""
    return [
        f"if {v} == text_{v}: {v} = value_{v}",
        f"elif {test.format(v=v)}:",
        *[f"  {line}".format(v=v) for line in made],
        f"  text_{v} = {v}",
        f"  value_{v} = {v} = made",
        "else: raise ValueError",
    ]
