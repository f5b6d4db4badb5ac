"""What the layer needs of a contract, worked out from its table of operations (`ledgerhq_ext._seam`)."""

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from attrs import has
from ledgerhq_api.fields import fields

from ledgerhq_ext._carriers import Location
from ledgerhq_ext._http.messages import KEY_HEADER, SCOPE_HEADER
from ledgerhq_ext._operations import AnyOperation
from ledgerhq_ext._seam import operations
from ledgerhq_ext._wire import Spelling
from ledgerhq_ext.money import Cents

from .fitting import Shape
from .seam import Need

_LEAVES: dict[Any, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    Cents: "integer",
    date: "string:date",
    datetime: "string:date-time",
}


def needs() -> Sequence[Need]:
    """Return what the layer needs of the contract, worked out from the table.

    An operation that the generated client has nowhere is left out: nothing says what it would look
    like.
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
    needs: list[Need] = []
    for location in operation.locations if offers else ():
        # Where this client lacks a route, it is as on the one that there is.
        need = need_of(offers.get(location.module) or next(iter(offers.values())), location)
        needs.append(need)
        if location.is_below_a_company:
            needs += _with_the_other_envelope(operation, need)
    return needs


def _with_the_other_envelope(operation: AnyOperation[Any], need: Need) -> list[Need]:
    """Return the need of a company path in the other of the two envelopes that it may use."""
    envelope = operation.envelope
    if envelope is None or not isinstance(need.response, Mapping):
        return []
    names = {envelope: "data", "data": envelope}
    response = {names.get(name, name): inner for name, inner in need.response.items()}
    return [] if response == need.response else [replace(need, response=response)]


def need_of(operation: AnyOperation[Any], location: Location) -> Need:
    """Return what the layer needs of one operation, on one route."""
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
        request=shape_of(operation.body) if operation.body else None,
        request_media="application/x-www-form-urlencoded" if operation.form else "application/json",
        response=_response_shape(operation),
        statuses=operation.statuses,
    )


def _response_shape(operation: AnyOperation[Any]) -> Shape | None:
    if not has(operation.result):
        return None
    result = shape_of(operation.result, operation.money)
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


def shape_of(hint: Any, spelling: Spelling = "cents", *, inside: tuple[Any, ...] = ()) -> Shape:
    """Return what the JSON of a type must look like; ``inside`` are the classes around it."""
    if hint is Cents and spelling == "decimal":
        return "string"
    if typing.get_origin(hint) is tuple:
        return [shape_of(typing.get_args(hint)[0], spelling, inside=inside)]
    if not has(hint) or hint in inside:
        return _LEAVES.get(hint, "any")

    properties: dict[str, Shape] = {}
    for each in fields(hint):
        if each.on_wire and not each.is_partial:
            inner, is_optional = _optional(each.hint)
            name = f"{each.wire}?" if is_optional else each.wire
            properties[name] = shape_of(inner, spelling, inside=(*inside, hint))
    return properties


def _optional(hint: Any) -> tuple[Any, bool]:
    """Return a type without None, and whether None was one of its options."""
    if not (isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union):
        return hint, False
    options = typing.get_args(hint)
    several = [option for option in options if option is not type(None)]
    if str in several:
        # An open enum is any text.
        return str, len(several) < len(options)
    inner = several[0] if len(several) == 1 else Any
    return inner, len(several) < len(options)
