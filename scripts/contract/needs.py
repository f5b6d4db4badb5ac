"""What the layer needs of a contract: of each operation of its table (`ledgerhq_ext._seam`), what
it sends, and what it promises to read (`openapi/public.json`).
"""

import re
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from attrs import has
from ledgerhq_api import models
from ledgerhq_api.fields import camel, fields

from ledgerhq_ext._carriers import Location
from ledgerhq_ext._http.messages import KEY_HEADER, SCOPE_HEADER
from ledgerhq_ext._operations import AnyOperation
from ledgerhq_ext._seam import operations
from ledgerhq_ext._wire import Spelling
from ledgerhq_ext.money import Cents

from .detours import read_detours
from .errors import StepError
from .fitting import Shape
from .layout import Layout
from .promise import OPTIONAL, Promise, read_promise
from .seam import Need

# The JSON of each word of the promise.
_WORDS = {
    "str": "string",
    "bool": "boolean",
    "int": "integer",
    "float": "number",
    "Cents": "integer",
    "date": "string:date",
    "datetime": "string:date-time",
}
_LEAVES: dict[Any, str] = {
    **{kind: _WORDS[kind.__name__] for kind in (str, bool, int, float, date, datetime)},
    Cents: _WORDS["Cents"],
}
_ARRAY = re.compile(r"tuple\[(.*), \.\.\.\]")


def needs() -> Sequence[Need]:
    """Return what the layer needs of the contract, worked out from the table.

    An operation that the generated client has nowhere is left out: nothing says what its answer
    would look like. Of an optional one there is what is sent: a contract that has it again is held
    against that.
    """
    every: list[Need] = []
    for operation in operations():
        alternatives = _alternatives(operation)
        if alternatives:
            every.append(replace(alternatives[0], instead=tuple(alternatives[1:])))
    return every


def _alternatives(operation: AnyOperation[Any]) -> list[Need]:
    """Return what the layer needs on each route that an operation may stand on, the one with the
    header first.
    """
    offers = {offer.module: offer for offer in operation.offers("header")}
    if not offers:
        return [_sent(operation, each) for each in operation.locations if operation.is_optional]

    needs: list[Need] = []
    first = next(iter(offers.values()))
    for location in operation.locations:
        # Where this client lacks a route, it is as on the one that there is.
        need = need_of(offers.get(location.module, first), location)
        needs.append(need)
        needs += _in_the_other_envelope(operation, need)
    return needs


def envelopes(operation: AnyOperation[Any]) -> tuple[str, str] | None:
    """Return the envelope that an operation declares and the other one that the layer reads as
    well, None where there is no choice.
    """
    if operation.envelope in (None, "data"):
        return None

    # The company path may have either; which one is a guess until a contract says so.
    names = (operation.envelope, "data")
    return names if operation.declared_envelope == operation.envelope else names[::-1]


def _in_the_other_envelope(operation: AnyOperation[Any], need: Need) -> list[Need]:
    names = envelopes(operation)
    if names is None or not isinstance(need.response, Mapping):
        return []

    declared, other = names
    response: dict[str, Shape] = {}
    for name, inner in need.response.items():
        response[other if name == declared else name] = inner
    return [replace(need, response=response)]


def need_of(operation: AnyOperation[Any], location: Location) -> Need:
    """Return what the layer needs of one operation, on one route."""
    return replace(
        _sent(operation, location),
        request_media="application/x-www-form-urlencoded" if operation.form else "application/json",
        response=_response_shape(operation),
        statuses=operation.statuses,
    )


def _sent(operation: AnyOperation[Any], location: Location) -> Need:
    """Return the part of a need that no generated client is asked for: what is sent, and where."""
    parameters = [
        ("query", name) for name in operation.query if name not in dict(location.constants)
    ]
    if operation.keyed:
        parameters.insert(0, ("header", KEY_HEADER))
    if operation.scoped and not location.is_below_a_company:
        parameters.insert(0, ("header", SCOPE_HEADER))
    return Need(
        method=location.method,
        path=location.route,
        operation=operation.name,
        parameters=tuple(parameters),
        request=shape_of(operation.body_class) if operation.body_class else None,
        statuses=(),
        tells_replays=operation.keyed,
        is_partial=bool(location.constants),
        refusal=read_detours(Layout()).get(str(location), ""),
        is_optional=operation.is_optional,
    )


def _response_shape(operation: AnyOperation[Any]) -> Shape | None:
    if not has(operation.result):
        return None
    result = promised_shape(operation.result.__name__, operation.money)
    if operation.declared_envelope is None:
        return result
    envelope: dict[str, Shape] = {
        operation.declared_envelope: [result] if operation.listing else result
    }
    if operation.listing == "cursor":
        envelope["nextCursor?"] = "string"
    if operation.listing == "numbered":
        envelope["pagination"] = {"limit": "integer", "total": "integer"}
    return envelope


def promised_shape(record: str, spelling: Spelling) -> Shape:
    """Return what the JSON of a record must look like to be what `openapi/public.json` promises.

    Raises `StepError` for a record that it does not name.
    """
    promise = read_promise(Layout()) or {}
    if record not in promise:
        raise StepError(
            "seam",
            f"openapi/public.json does not name {record}, which the layer reads",
            todo="name it in openapi/records.json, then regenerate from openapi/openapi.json",
        )
    return _Promised(promise, spelling).record(record)


class _Promised:
    """The JSON of promised records, in one spelling of money."""

    def __init__(self, promise: Promise, spelling: Spelling) -> None:
        self._promise = promise
        self._spelling = spelling

    def record(self, name: str, inside: tuple[str, ...] = ()) -> Shape:
        """Return the properties of a record; ``inside`` are the records around it."""
        record_fields = {field.attribute: field for field in fields(getattr(models, name))}
        properties: dict[str, Shape] = {}
        for attribute, words in self._promise[name].items():
            field = record_fields.get(attribute)
            if field is not None and field.is_partial:
                continue

            wire = camel(attribute) if field is None else field.wire

            needed = words.removesuffix(OPTIONAL)
            free = "" if needed == words else "?"
            properties[wire + free] = self._value(needed, (*inside, name))
        return properties

    def _value(self, words: str, inside: tuple[str, ...]) -> Shape:
        array = _ARRAY.fullmatch(words)
        if array is not None:
            return [self._value(array[1], inside)]
        if words == "Cents" and self._spelling == "decimal":
            return "string"

        # A record inside itself has no shape that ends: there it may be anything.
        is_record = words in self._promise
        if is_record and words not in inside:
            return self.record(words, inside)
        return _WORDS.get(words, "any")


def shape_of(hint: Any, spelling: Spelling = "cents", *, inside: tuple[Any, ...] = ()) -> Shape:
    """Return the shape of a class that is sent; ``inside`` are the classes around it."""
    if hint is Cents and spelling == "decimal":
        return "string"
    if typing.get_origin(hint) is tuple:
        return [shape_of(typing.get_args(hint)[0], spelling, inside=inside)]
    if not has(hint) or hint in inside:
        return _LEAVES.get(hint, "any")

    properties: dict[str, Shape] = {}
    for each in fields(hint):
        # What is partial stands on one carrier of the company alone, so nobody leans on it.
        if each.is_partial or not each.on_wire:
            continue

        inner, is_optional = _optional(each.hint)
        name = f"{each.wire}?" if is_optional else each.wire
        properties[name] = shape_of(inner, spelling, inside=(*inside, hint))
    return properties


def _optional(hint: Any) -> tuple[Any, bool]:
    """Return a type without None, and whether None was one of its options."""
    is_union = isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union
    if not is_union:
        return hint, False

    options = typing.get_args(hint)
    several = [option for option in options if option is not type(None)]
    is_optional = len(several) < len(options)
    if str in several:
        # An open enum is any text.
        return str, is_optional
    inner = several[0] if len(several) == 1 else Any
    return inner, is_optional
