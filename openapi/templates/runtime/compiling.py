"""Straight-line readers: for each class a function, made once, that reads the objects it expects.

It gives up (``None``) where anything is out of the ordinary: a value of another type, a name that nobody knows, money
in decimals. Then ``reading.py`` reads the object, which knows every rule. So no rule stands here twice.
"""

from __future__ import annotations

import datetime as dt
import enum
import typing
from collections.abc import Callable
from typing import Any

import attrs

from .fields import Field, fields, outside_field
from .types import Cents
from .values import LIMIT, NOTHING_ELSE, Misfit, Reader, Reading

Straight = Callable[[dict[str, Any], Reading], Any]

_TESTS = {
    str: "{v}.__class__ is str",
    int: "{v}.__class__ is int",
    bool: "{v}.__class__ is bool",
    Cents: f"{{v}}.__class__ is int and {-LIMIT} <= {{v}} <= {LIMIT}",
    dt.date: "{v}.__class__ is str and len({v}) == 10 and {v}[4] == '-' == {v}[7]",
    # Not a small letter, a leap second, another zone.
    dt.datetime: "{v}.__class__ is str and len({v}) == 24 and {v}[10] == 'T' and {v}[17:19] != '60' and {v}[23] == 'Z'",
}
"""What an ordinary value of each type is."""
_MADE = {dt.date: "day({v})", dt.datetime: "moment({v})"}
"""What becomes of it, unless it stays what it is."""


def straight(cls: Any, readers: dict[str, Reader]) -> Straight | None:
    """Return the function for a class; None for one whose values are checked or changed as they are made."""
    rest = outside_field(cls)
    attributes = {each.name: each for each in attrs.fields(cls)}
    if rest is None or not rest.init or "__slots__" not in vars(cls) or hasattr(cls, "__attrs_post_init__"):
        return None
    if any(each.validator or (each.converter and each is not rest) for each in attributes.values()):
        return None

    names: dict[str, Any] = {"Blank": _blank(cls), "Whole": cls, "Misfit": Misfit, "NOTHING_ELSE": NOTHING_ELSE}
    names |= {"day": dt.date.fromisoformat, "moment": dt.datetime.fromisoformat}
    names["known"] = frozenset(each.wire for each in fields(cls))
    lines = ["if reading.spelling == 'decimal' or not known.issuperset(raw): return None", "get = raw.get"]
    for at, each in enumerate(fields(cls)):
        default = attributes[each.attribute].default
        if isinstance(default, attrs.Factory):  # type: ignore[arg-type] # a class, whatever the stubs say
            return None
        names[f"default_v{at}"] = None if default is attrs.NOTHING else default
        lines += _lines(each, f"v{at}", readers, names)
    lines.append("record = Blank()")
    lines += [f"record.{each.attribute} = v{at}" for at, each in enumerate(fields(cls))]
    lines += [f"record.{rest.name} = NOTHING_ELSE", "record.__class__ = Whole", "return record"]
    body = "".join(f"    {line}\n" for line in lines)
    source = f"def read(raw, reading):\n  try:\n{body}  except (Misfit, ValueError):\n    return None\n"
    exec(compile(source, f"<reader of {cls.__qualname__}>", "exec"), names)  # noqa: S102 - made of declarations alone
    return typing.cast(Straight, names["read"])


def _blank(cls: Any) -> Any:
    """Return a class of the same layout whose attributes can be set: its instances become those of the frozen one."""
    slots = tuple(name for name in vars(cls)["__slots__"] if name != "__weakref__")
    plain = {name: getattr(object, name) for name in ("__init__", "__setattr__", "__delattr__")}
    return type(cls.__name__, cls.__bases__, {"__slots__": slots, "__module__": cls.__module__, **plain})


def _lines(field: Field, v: str, readers: dict[str, Reader], names: dict[str, Any]) -> list[str]:
    """Return the lines that read a field into a variable."""
    if field.stamp:
        stamp = f"{v} = reading.{field.stamp}"
        return [stamp, f"if {v}.__class__ is not str or get({field.wire!r}, {v}) != {v}: return None"]
    if not field.on_wire:
        return [f"{v} = default_{v}"]

    options = [option for option in typing.get_args(field.hint) if option is not type(None)]
    hint = options[0] if len(options) == 1 else field.hint
    if hint not in _TESTS or field.is_decimal:
        names[f"read_{v}"] = readers[field.name]
    test, made = _TESTS.get(hint, "True"), _MADE.get(hint, "{v}")
    if f"read_{v}" in names:
        test, made = "True", f"read_{v}({{v}}, reading)"
    kinds = [option for option in options or [hint] if isinstance(option, type) and issubclass(option, enum.StrEnum)]
    if len(kinds) == 1 and str in options:
        names[f"words_{v}"] = {member.value: member for member in kinds[0]}
        test, made = _TESTS[str], f"words_{v}.get({{v}}) or read_{v}({{v}}, reading)"
    read_it = f"{v} = get({field.wire!r})"
    fits = [f"if not ({test}): return None".format(v=v)] if test != "True" else []
    becomes = [f"{v} = {made}".format(v=v)] if made != "{v}" else []
    if field.needed:
        return [read_it, f"if {v} is None: return None", *fits, *becomes]
    return [
        read_it,
        f"if {v} is not None:",
        *[f"  {line}" for line in [*fits, *becomes, "pass"]],
        f"else: {v} = default_{v}",
    ]
