"""The rules for keywords that speak of one value: bounds, enums, formats and the like."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..contract.pointers import Object, canonical_json
from .findings import BREAKING, INFO, WARNING, Level

_FLOORS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_CEILINGS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_DAYS = ("1999-12-31", "2026-06-08")
_OTHER = ("pattern", "multipleOf", "uniqueItems")
HANDLED = frozenset(
    {
        *_FLOORS,
        *_CEILINGS,
        *_OTHER,
        "enum",
        "format",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
    }
)


@dataclass(frozen=True)
class Step:
    """A change of one keyword of a schema."""

    level: Level
    rule: str
    keyword: str
    before: Any
    after: Any


def changes(old: Object, new: Object, *, sends: bool) -> Iterator[Step]:
    """Return what has changed in these keywords, from the point of view of one who sends the value,
    or reads it.
    """
    yield from _enum(old.get("enum"), new.get("enum"), sends=sends)
    yield from _format(old.get("format"), new.get("format"), sends=sends)
    for keyword in (*_FLOORS, *_CEILINGS, *_OTHER):
        if keyword == "pattern" and _takes_days(old, new):
            continue
        yield from _bound(keyword, old.get(keyword), new.get(keyword), sends=sends)
    yield from _access(old, new)
    if sends and canonical_json(old.get("default")) != canonical_json(new.get("default")):
        yield Step(WARNING, "default-changed", "default", old.get("default"), new.get("default"))


def _enum(was: Any, now: Any, *, sends: bool) -> Iterator[Step]:
    fewer = BREAKING if sends else INFO
    # Our enums are open: an unknown value is read, but nobody knows yet what it means.
    more = INFO if sends else WARNING
    if was is None and now is None:
        return
    if was is None:
        yield Step(fewer, "enum-closed", "enum", None, now)
        return
    if now is None:
        yield Step(more, "enum-opened", "enum", was, None)
        return

    for value in _without(was, now):
        yield Step(fewer, "enum-value-removed", "enum", value, None)
    for value in _without(now, was):
        yield Step(more, "enum-value-added", "enum", None, value)


def _without(values: list[Any], others: list[Any]) -> list[Any]:
    texts = set(map(canonical_json, others))
    return [value for value in values if canonical_json(value) not in texts]


def _format(was: Any, now: Any, *, sends: bool) -> Iterator[Step]:
    if was == now:
        return
    if was is None:
        # A reader may have read the text as what it is now.
        level = BREAKING if sends else INFO
        yield Step(level, "format-added", "format", None, now)
    elif now is None:
        level = INFO if sends else WARNING
        yield Step(level, "format-removed", "format", was, None)
    else:
        yield Step(BREAKING, "format-changed", "format", was, now)


def _takes_days(old: Object, new: Object) -> bool:
    """Return whether a pattern only says in its own way what the format of a day said."""
    if old.get("format") != "date" or "pattern" not in new:
        return False
    try:
        return all(re.search(new["pattern"], day) for day in _DAYS)
    except (re.error, TypeError):
        return False


def _bound(keyword: str, was: Any, now: Any, *, sends: bool) -> Iterator[Step]:
    if canonical_json(was) == canonical_json(now):
        return

    # Who sends is hurt by a tighter bound, who reads by a looser one.
    if _is_tighter(keyword, was, now):
        level = BREAKING if sends else INFO
        yield Step(level, "bound-tightened", keyword, was, now)
    else:
        level = INFO if sends else WARNING
        yield Step(level, "bound-loosened", keyword, was, now)


def _is_tighter(keyword: str, was: Any, now: Any) -> bool:
    """Return whether a bound that has changed takes less than before."""
    if was is None or now is None:
        return was is None
    if not _are_numbers(was, now):
        # Of two patterns nobody can tell which takes more.
        return True

    if keyword in _FLOORS:
        return bool(now > was)
    if keyword in _CEILINGS:
        return bool(now < was)

    if keyword != "multipleOf" or now == 0:
        return True
    # What divides the old step takes every multiple of it.
    return bool(was % now)


def _are_numbers(*values: Any) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _access(old: Object, new: Object) -> Iterator[Step]:
    """Yield what has changed in how a value may be used."""
    if new.get("deprecated") and not old.get("deprecated"):
        yield Step(WARNING, "deprecated", "deprecated", None, True)

    for keyword in ("readOnly", "writeOnly"):
        was = old.get(keyword)
        now = new.get(keyword)
        # A flag that is false and one that is not there mean the same.
        if bool(was) != bool(now):
            yield Step(WARNING, "access-changed", keyword, was, now)
