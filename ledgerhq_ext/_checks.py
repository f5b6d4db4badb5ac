"""Checks of what callers hand in, shared by the request classes. All raise ``InputError``."""

from __future__ import annotations

import datetime as dt
import inspect
import math
import sys
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from attrs import field
from attrs.validators import optional

from ledgerhq_ext._texts import check_spelling, comparable, described, normalized
from ledgerhq_ext._wire import EXACT, NOTHING_ELSE, OUTSIDE, Extra, wire_fields
from ledgerhq_ext.errors import InputError
from ledgerhq_ext.money import check_cents, digits

if TYPE_CHECKING:
    from attrs import Attribute

ID_LENGTH = 200


def check_id(value: object, what: str = "id") -> str:
    """Return the id itself when it can stand in a path and a header; else raise ``InputError``."""
    if not isinstance(value, str):
        raise InputError(f"{what} must be a string, not {type(value).__name__}.")
    if value.strip() in ("", ".", "..") or len(value) > ID_LENGTH:
        raise InputError(
            f"{what} {value!r} is not a valid id: it is empty, too long, or a path segment such "
            "as '..'."
        )
    check_spelling(value, what)
    if not value.isascii():
        at = next(at for at, char in enumerate(value) if not char.isascii())
        raise InputError(
            f"{what} must be printable ASCII, but it contains {described(value, at)}: {value!r}."
        )
    return value


def check_whole(value: object, what: str, least: int, most: int | None = None) -> int:
    """Return the value itself when it is a whole number within bounds; else raise ``InputError``.

    ``most=None`` is no upper bound.
    """
    highest = math.inf if most is None else most
    # True and False are ints to Python.
    is_bool = isinstance(value, bool)
    if isinstance(value, int) and not is_bool and least <= value <= highest:
        return value

    bounds = f"of {least} or more" if most is None else f"from {least} to {most}"
    raise InputError(f"{what} must be a whole number {bounds}, not {value!r}.")


def check_running() -> None:
    """Raise ``InputError`` when the interpreter ends: nothing can be imported or waited for.

    Functions of ``atexit`` run before that, and may make calls.
    """
    if sys.is_finalizing():
        raise too_late()


def too_late() -> InputError:
    """Return the error of a call at the end of the interpreter."""
    return InputError(
        "It is too late for a call because the interpreter is shutting down. Make it before "
        "the program ends or in an atexit function, not in __del__."
    )


def is_coroutine_function(function: object) -> bool:
    """Return True for a coroutine function, and for an object that is called like one."""
    if inspect.iscoroutinefunction(function):
        return True
    call = getattr(function, "__call__", None)  # noqa: B004 - it is looked at, not tested
    return inspect.iscoroutinefunction(call)


def to_date(value: dt.date | str) -> dt.date:
    """Return a day of the calendar, from a ``date`` or ``YYYY-MM-DD``.

    Raises ``InputError`` for anything else.
    """
    # A datetime is a date too; which day it is depends on the time zone.
    if isinstance(value, dt.datetime):
        raise InputError(
            f"A date is required, not a datetime: {value!r}. Call .date() on it in the "
            "company's time zone."
        )
    if type(value) is dt.date:
        return value
    # A class of its own may write itself in another way.
    if isinstance(value, dt.date):
        return dt.date(value.year, value.month, value.day)

    # fromisoformat() also reads 20260630 and 2026-W27-2.
    if isinstance(value, str) and len(value) == 10 and value[4] == "-" == value[7]:
        with suppress(ValueError):
            return dt.date.fromisoformat(value)
    raise InputError(f"{value!r} is not a valid date in the form YYYY-MM-DD.")


# Type checkers take a parameter's type from its converter, so there is one for each kind of field.
def to_text(value: str) -> str:
    """Return a free text with line feeds as line ends, in normal form C; anything else as it is."""
    return normalized(value) if isinstance(value, str) else value


def optional_text(value: str | None) -> str | None:
    """Return a free text as ``to_text`` does, or None."""
    return normalized(value) if isinstance(value, str) else value


def free_text(_: object, attribute: Attribute[Any], value: object) -> None:
    """Raise ``InputError`` unless it is text without control characters but tabs and line feeds."""
    if not isinstance(value, str):
        raise InputError(f"{attribute.name} must be a string, not {type(value).__name__}.")

    for at, char in enumerate(value):
        if char in "\t\n" or unicodedata.category(char) not in ("Cc", "Cs"):
            continue
        flaw = described(value, at)
        raise InputError(
            f"{attribute.name} must not contain control characters, but it contains {flaw}: "
            f"{value!r}."
        )


def some_text(instance: object, attribute: Attribute[Any], value: object) -> None:
    """Raise ``InputError`` unless it is text as in ``free_text`` that shows something."""
    free_text(instance, attribute, value)
    if not comparable(str(value)):
        raise InputError(f"{attribute.name} must not be empty.")


def optional_text_field() -> Any:
    """Return a field of free text, or None, which is its default."""
    return field(
        default=None, converter=optional_text, validator=optional(free_text), metadata=EXACT
    )


def to_extra(value: Mapping[str, Any]) -> Extra:
    """Return what a request sends beside its own fields: names on the wire, JSON values.

    Raises ``InputError`` for anything else.
    """
    if isinstance(value, Extra):
        return value
    if not isinstance(value, Mapping) or not all(map(_is_name, value)):
        raise InputError(f"extra must be a mapping of wire names to JSON values, not {value!r}.")

    try:
        return Extra(dict(value)) if value else NOTHING_ELSE
    except RecursionError:
        raise InputError("extra is nested too deeply, or contains itself.") from None


def _is_name(name: object) -> bool:
    return isinstance(name, str) and name != ""


def new_to(instance: Any, _: Attribute[Any], value: Extra) -> None:
    """Raise ``InputError`` for a name that a field of the request stands for."""
    names = {wire: name for name, wire, _ in wire_fields(type(instance))}
    for wire in value:
        name = names.get(wire)
        if name is not None:
            request = type(instance).__name__
            raise InputError(
                f"extra must not contain {wire!r}. Use the field {name}=… of {request}."
            )


def extra_field() -> Any:
    """Return the field of a request that holds what no other field does.

    Equal requests say the same in it too.
    """
    return field(
        default=NOTHING_ELSE, converter=to_extra, validator=new_to, metadata=OUTSIDE, repr=False
    )


def currency_code(_: object, __: Attribute[Any], value: Any) -> None:
    """Raise ``InputError`` unless it is an ISO 4217 code."""
    digits(value)


Validator = Callable[[object, "Attribute[Any]", object], None]


def check_number(
    value: Any, what: str, least: float, most: float = math.inf, kind: Any = (int, float)
) -> None:
    """Raise ``InputError`` unless the value is a number within bounds.

    ``most`` is no upper bound where it is infinite, and infinity is a number then.
    """
    # True and False are ints to Python.
    is_number = isinstance(value, kind) and not isinstance(value, bool)
    # No comparison with NaN holds.
    if is_number and least <= value <= most:
        return

    bounds = f"of {least} or more" if most == math.inf else f"between {least} and {most}"
    raise InputError(f"{what} must be a number {bounds}, not {value!r}.")


def number(least: float, most: float, kind: Any = (int, float)) -> Validator:
    """Return a validator that raises ``InputError`` unless a number is within bounds."""

    def check(_: object, attribute: Attribute[Any], value: Any) -> None:
        """Raise ``InputError`` unless the value is a number within bounds."""
        check_number(value, attribute.name, least, most, kind)

    return check


def positive_cents(_: object, attribute: Attribute[Any], value: object) -> None:
    """Raise ``InputError`` unless it is integer cents, more than zero."""
    check_cents(value, attribute.name, least=1)


def whole_days(_: object, attribute: Attribute[Any], value: object) -> None:
    """Raise ``InputError`` unless it is a number of days, zero or more."""
    check_whole(value, attribute.name, least=0)


def cents_or_zero(_: object, attribute: Attribute[Any], value: object) -> None:
    """Raise ``InputError`` unless it is integer cents, zero or more."""
    check_cents(value, attribute.name, least=0)
