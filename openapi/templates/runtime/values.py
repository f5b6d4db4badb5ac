"""Single JSON values as Python values: text, numbers, money, dates, timestamps, and values of unknown type."""

from __future__ import annotations

import datetime as dt
import re
import typing
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

import attrs

from .types import Cents

LIMIT = 2**53 - 1
"""The largest amount of cents, either way: what JSON numbers carry exactly everywhere."""

Spelling = Literal["cents", "decimal"]
_DIGITS = 40
_LEAP_SECOND = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:59:60", re.ASCII)
_DECIMAL = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)


class Misfit(Exception):  # noqa: N818 - caught before users see it
    """A value that does not fit: what was expected and what was found; ``path`` leads there, from the inside out.

    A final one is an error whatever the field: a record that says it is another one.
    """

    def __init__(self, expected: str, actual: object, *, is_final: bool = False) -> None:
        super().__init__(expected)
        self.expected = expected
        self.actual = actual
        self.is_final = is_final
        self.path: list[str] = []

    def pointer(self, prefix: str = "") -> str:
        """Return the JSON pointer of the place, below one of the whole."""
        steps = [step.replace("~", "~0").replace("/", "~1") for step in reversed(self.path)]
        return "/".join([prefix, *steps])

    def complaint(self) -> str:
        """Return what is wrong, in words."""
        actual = self.actual
        if isinstance(actual, dict | list):
            text = "an object" if isinstance(actual, dict) else "an array"
        elif actual not in ("null", "nothing"):
            text = (str(actual) if isinstance(actual, Decimal) else repr(actual))[:60]
        else:
            text = str(actual)
        return f"expected {self.expected}, found {text}"


class Reading(NamedTuple):
    """What reading an answer depends on beside the answer.

    ``spelling`` is that of money, either one when None; ``to_cents`` takes a decimal string and a currency, and
    without it a decimal string becomes a ``Decimal``. ``organization_id`` is whose answer it is, None when nobody
    asked. ``complete``: the document comes from ``to_dict``, which also holds what is not on the wire. ``odd`` is
    called with the JSON that straight readers leave to the others: all else of a record is text, true, false or a
    whole number.
    """

    spelling: Spelling | None = None
    currency: str | None = None
    organization_id: str | None = None
    complete: bool = False
    to_cents: Callable[[str, str], int] | None = None
    odd: Callable[[Any], object] | None = None

    def in_currency(self, currency: str) -> Reading:
        """Return the same for amounts in a currency."""
        return Reading(self.spelling, currency, self.organization_id, self.complete, self.to_cents, self.odd)


Reader = Callable[[Any, Reading], Any]


def _string(raw: Any, _: Reading) -> str:
    if isinstance(raw, str):
        return raw
    raise Misfit("a string", raw)


def _boolean(raw: Any, _: Reading) -> bool:
    if isinstance(raw, bool):
        return raw
    raise Misfit("true or false", raw)


def _null(raw: Any, _: Reading) -> None:
    if raw is not None:
        raise Misfit("null", raw)


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
        raise Misfit("an integer", raw)
    return number


def _number(raw: Any, _: Reading) -> float:
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        try:
            return float(raw)
        except OverflowError:
            pass
    raise Misfit("a number", raw)


def _cents(raw: Any, reading: Reading) -> int:
    if reading.spelling == "decimal":
        amount: int = money(raw, reading)
        return amount
    number = _whole(raw)
    if number is None or not -LIMIT <= number <= LIMIT:
        raise Misfit("integer cents", raw)
    return number


def money(raw: Any, reading: Reading) -> Any:
    """Return an amount that may be spelled as a decimal string: as cents where a currency says how many they are."""
    is_text = isinstance(raw, str)
    if reading.spelling == "cents" or (reading.spelling is None and not is_text):
        return _cents(raw, Reading("cents"))
    if reading.to_cents is None and reading.spelling is None:
        return _decimal(raw)
    if not is_text or reading.currency is None or reading.to_cents is None:
        raise Misfit("a decimal string in a known currency", raw)
    try:
        return reading.to_cents(raw, reading.currency)
    except ValueError:
        raise Misfit(f"a decimal string of {reading.currency}", raw) from None


def _decimal(raw: str) -> Decimal:
    if _DECIMAL.fullmatch(raw):
        return Decimal(raw)
    raise Misfit("a decimal string", raw)


def _date(raw: Any, _: Reading) -> dt.date:
    # fromisoformat alone would take week dates and dates without dashes.
    if isinstance(raw, str) and len(raw) == 10 and raw[4] == "-" == raw[7]:
        try:
            return dt.date.fromisoformat(raw)
        except ValueError:
            pass
    raise Misfit("a date YYYY-MM-DD", raw)


def _datetime(raw: Any, _: Reading) -> dt.datetime:
    if not isinstance(raw, str) or len(raw) <= 10:
        raise Misfit("a timestamp", raw)
    # RFC 3339 allows small letters.
    text = raw.upper()
    is_leap = ":60" in text and _LEAP_SECOND.match(text) is not None
    if is_leap:
        text = f"{text[:17]}59{text[19:]}"
    try:
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        # Python counts no leap seconds: it becomes the second after.
        return moment + dt.timedelta(seconds=1) if is_leap else moment
    except (ValueError, OverflowError):
        raise Misfit("a timestamp", raw) from None


def _anything(raw: Any, _: Reading) -> Any:
    return frozen_json(raw)


class Extra(Mapping[str, Any]):
    """An immutable JSON object: hashable, and equal to a dict that says the same. Lists in it are tuples."""

    __slots__ = ("_values",)
    _values: dict[str, Any]

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        frozen = {str(name): frozen_json(value) for name, value in (values or {}).items()}
        object.__setattr__(self, "_values", frozen)

    def __setattr__(self, name: str, value: object) -> None:
        raise attrs.exceptions.FrozenInstanceError

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> typing.Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return repr(self._values)

    def __reduce__(self) -> tuple[type[Extra], tuple[dict[str, Any]]]:
        return type(self), (self._values,)


NOTHING_ELSE = Extra()
"""What most records hold beside their fields."""


def kept(values: Mapping[str, Any] | None) -> Extra:
    """Return a JSON object as an immutable one; the same, where it is one."""
    return values if type(values) is Extra else Extra(values)


def frozen_json(value: Any) -> Any:
    """Return a JSON value whose arrays are tuples and whose objects are ``Extra``."""
    if isinstance(value, dict):
        return Extra(value)
    return tuple(frozen_json(item) for item in value) if isinstance(value, list) else value


LEAVES: dict[Any, Reader] = {
    str: _string,
    bool: _boolean,
    int: _integer,
    float: _number,
    Cents: _cents,
    dt.date: _date,
    dt.datetime: _datetime,
    Any: _anything,
    object: _anything,
    type(None): _null,
}
