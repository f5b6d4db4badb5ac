"""The base classes of what is read and sent: values that can be serialized and read back."""

from __future__ import annotations

import datetime as dt
import enum
import json
import math
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Self, TypeVar

import attrs

# What records are declared with stands here, beside their bases.
from attrs import define as define
from attrs import field as field
from attrs import frozen as frozen

from .errors import MisfitError
from .fields import OUTSIDE, STAMP, fields, outside_field
from .reading import read
from .types import File, Unset
from .values import NOTHING_ELSE, Extra, Misfit, Reading, kept

T = TypeVar("T")
_TEXT_SHOWN = 80
_SURROGATE = re.compile("[\ud800-\udfff]")


class Errors:
    """What ``from_dict`` and ``from_json`` raise: a package above this one may have an error of its own."""

    unreadable: type[Exception] = MisfitError

    @classmethod
    def of(cls, name: str, complaint: str, pointer: str | None) -> Exception:
        """Return the error for a document that is no such record; without a pointer it is no document at all."""
        if cls.unreadable is MisfitError:
            return MisfitError(name, complaint, pointer or "")
        where = "" if pointer is None else f" (at {pointer or 'the whole document'})"
        return cls.unreadable(f"this is not a valid {name}: {complaint}{where}.")


class ShortRepr:
    """The base of values whose ``repr`` fits a line: what is required, and ``…`` for the rest."""

    __slots__ = ()

    def __repr__(self) -> str:
        kind: Any = type(self)
        described = [field for field in attrs.fields(kind) if field.repr]
        shown = [field for field in described if field.default is attrs.NOTHING]
        if not shown:
            shown = [field for field in described if getattr(self, field.name) is not None]

        parts = [f"{field.alias}={_short(getattr(self, field.name))}" for field in shown]
        rest = [field for field in described if field not in shown]
        if any(getattr(self, field.name) != field.default for field in rest):
            parts.append("…")
        return f"{kind.__name__}({', '.join(parts)})"


class Record(ShortRepr):
    """The base class of the service's records, which can be serialized and read back."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the record as JSON types under the contract's names, required fields first.

        Dates are ISO strings, money is integer cents, properties without a value are left out, and the content of
        ``extra`` is included. Fields that are not on the wire are written too: ``organizationId`` if it is known, and
        a receipt's ``replayed``.
        """
        return written(self)

    def to_json(self) -> str:
        """Return ``to_dict()`` as compact JSON text that can be encoded in UTF-8."""
        return json_text(self.to_dict())

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Return a record from what ``to_dict`` wrote, or the service sent; unknown fields go into ``extra``.

        Raises ``InputError`` (``MisfitError`` without ``ledgerhq_ext``), which says what does not fit, and where (a
        JSON pointer).
        """
        return read_back(cls, document)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return a record from what ``to_json`` wrote. Raises the same errors as ``from_dict``."""
        return cls.from_dict(json_document(cls.__name__, text))


@attrs.frozen(kw_only=True, repr=False)
class Answer(Record):
    """The base class of the contract's records. ``extra`` contains the raw properties that have no field.

    ``extra`` is not part of equality, so a property that the service adds changes nothing until there is a field for
    it.
    """

    extra: Extra = attrs.field(default=NOTHING_ELSE, converter=kept, metadata=OUTSIDE, eq=False, repr=False)

    @property
    def additional_properties(self) -> dict[str, Any]:
        """Return a copy of ``extra`` as JSON types."""
        return {name: raw_json(value) for name, value in self.extra.items()}

    @property
    def additional_keys(self) -> list[str]:
        """Return the names in ``extra``."""
        return list(self.extra)

    def __getitem__(self, name: str) -> Any:
        return raw_json(self.extra[name])

    def __contains__(self, name: str) -> bool:
        return name in self.extra


@attrs.frozen(kw_only=True, repr=False)
class CompanyAnswer(Answer):
    """The base class of a client company's records. ``organization_id`` says which company, or is "" if unknown."""

    organization_id: str = attrs.field(default="", metadata=STAMP, repr=False)


@attrs.define
class Body:
    """The base class of what is sent. ``UNSET`` omits a property, ``None`` sends null."""

    additional_properties: dict[str, Any] = attrs.field(init=False, metadata=OUTSIDE, eq=False)

    def __attrs_post_init__(self) -> None:
        self.additional_properties = {}

    def to_dict(self) -> dict[str, Any]:
        """Return the body as JSON types under the contract's names, as it is sent."""
        return written(self, complete=False)

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Return a body from a JSON object. Raises ``MisfitError`` if it does not fit."""
        return read_back(cls, src_dict)

    @property
    def additional_keys(self) -> list[str]:
        """Return the names of the properties that the contract does not declare."""
        return list(self.additional_properties)

    def __getitem__(self, name: str) -> Any:
        return self.additional_properties[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.additional_properties[name] = value

    def __delitem__(self, name: str) -> None:
        del self.additional_properties[name]

    def __contains__(self, name: str) -> bool:
        return name in self.additional_properties

    def to_multipart(self, styles: Mapping[str, Any] | None = None) -> list[tuple[str, Any]]:
        """Return the body as the parts of a form with files, as httpx takes them; ``styles`` as those of ``parts``."""
        kind: Any = type(self)
        named = [(field.wire, getattr(self, field.attribute)) for field in fields(kind)]
        return parts([*named, *self.additional_properties.items()], styles)


def parts(values: Iterable[tuple[str, Any]], styles: Mapping[str, Any] | None = None) -> list[tuple[str, Any]]:
    """Return named values as the parts of a form with files; the items of a list are sent one by one.

    ``styles`` are the names of those that are written in a style of OpenAPI, each ``Styled``.
    """
    pairs: list[tuple[str, Any]] = []
    for name, value in values:
        for key, each in _written_out(name, value, (styles or {}).get(name)):
            items = each if isinstance(each, list | tuple) else [each]
            pairs += [(key, _part(item)) for item in items if not isinstance(item, Unset)]
    return pairs


def _written_out(name: str, value: Any, styled: Any) -> Iterable[tuple[str, Any]]:
    items = value if isinstance(value, list | tuple) else [value]
    # A file is sent as it is.
    if styled is None or any(isinstance(item, File | Unset) for item in items):
        return [(name, value)]
    pairs: dict[str, Any] = styled.pairs(json_value(value))
    return pairs.items()


def _part(value: object) -> Any:
    if isinstance(value, File):
        return value.to_tuple()
    document = json_value(value)
    if isinstance(document, dict | list):
        return None, json_text(document).encode(), "application/json"
    text = document if isinstance(document, str) else json.dumps(document)
    return None, text.encode(), "text/plain"


def written(value: object, *, complete: bool = True) -> dict[str, Any]:
    """Return an attrs instance as JSON types; ``complete``: also what is not on the wire."""
    kind: Any = type(value)
    sends_null = isinstance(value, Body)
    document = {}
    for each in fields(kind):
        inner = getattr(value, each.attribute)
        # An empty stamp says that nobody knows whose the record is.
        is_absent = isinstance(inner, Unset) or (inner is None and not sends_null) or (each.stamp and not inner)
        if (each.on_wire or complete) and not is_absent:
            document[each.wire] = json_value(inner, complete=complete)

    rest = outside_field(kind)
    for name, inner in getattr(value, rest.name).items() if rest else ():
        document.setdefault(name, raw_json(inner))
    return document


def json_value(value: Any, *, complete: bool = True) -> Any:
    """Return a value of a field as JSON types."""
    if value is None or type(value) in (str, int, bool, float):
        return value
    if isinstance(value, enum.Enum):
        return value.value
    if attrs.has(type(value)):
        return written(value, complete=complete)
    if isinstance(value, tuple | list):
        return [json_value(item, complete=complete) for item in value]
    if isinstance(value, Mapping):
        return {name: json_value(item, complete=complete) for name, item in value.items()}
    if isinstance(value, dt.date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value


def raw_json(value: Any) -> Any:
    """Return what was kept as it came, as JSON types: an exact fraction is a number again."""
    if isinstance(value, Mapping):
        return {name: raw_json(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [raw_json(item) for item in value]
    if isinstance(value, Decimal):
        number = float(value)
        return number if math.isfinite(number) else str(value)
    return json_value(value)


def read_back(cls: type[T], document: Any, *, name: str = "", pointer: str = "") -> T:
    """Read what ``written`` returned. The error names the class (or ``name``), and where it does not fit."""
    result: T = read_value(cls, document, name or cls.__name__, pointer)
    return result


def read_value(hint: Any, document: Any, name: str, pointer: str = "") -> Any:
    """Read what ``json_value`` returned as what a type hint says; errors as ``read_back``."""
    if isinstance(document, Mapping) and not isinstance(document, dict):
        document = dict(document)
    try:
        return read(hint, document, Reading(complete=True))
    except Misfit as misfit:
        error = Errors.of(name, misfit.complaint(), misfit.pointer(pointer))
    # Not raised from the handler: the context would hold the document.
    raise error


def json_text(document: object) -> str:
    """Return compact JSON text, not escaped to ASCII."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    # Half of a surrogate pair cannot be encoded: it stays escaped, as it came.
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def json_document(name: str, text: str) -> Any:
    """Return the document of a JSON text; the error names what it should have been."""
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
    raise Errors.of(name, complaint, None)


def _short(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{len(value)}]"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        text = str(value)
        return repr(text if len(text) <= _TEXT_SHOWN else f"{text[: _TEXT_SHOWN - 1].rstrip()}…")
    return repr(value)
