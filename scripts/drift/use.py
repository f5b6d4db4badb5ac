"""The use that the layer makes of a place in the contract, worked out from its seam.

A `Use` walks along with the comparison: from an operation of the table into the classes that are
sent or read, property by property. Where it ends, nothing of the layer is touched.
"""

import importlib
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..contract.seam import Need, key_of, load_needs

Route = tuple[str, str]
_NEEDS = "scripts.contract.needs"


@dataclass(frozen=True)
class Use:
    """A place that the layer uses: the function, the field of a class, and what the class says is
    there.

    `hint` is a type, a tuple of (name, hint) for an envelope, or None where it does not matter what
    is inside. What `may_be_none` can be left out when it is sent, and be anything when it is read.
    """

    function: str
    field: str = ""
    hint: Any = None
    may_be_none: bool = False

    @property
    def is_money(self) -> bool:
        """True for an amount in cents."""
        return self.hint is not None and self.hint is _layer("ledgerhq_ext.money").Cents

    def touches(self) -> tuple[str, ...]:
        """Return the names a user of the layer knows."""
        return (self.field, self.function) if self.field else (self.function,)

    def property(self, name: str) -> "Use | None":
        """Return the use of a property of this place, None where the layer does not know it."""
        for wire, field, hint in _inside(self.hint):
            if wire != name:
                continue

            present = _present(hint)
            return Use(self.function, field or self.field, present, present is not hint)
        return None

    def company(self) -> "Use | None":
        """Return the use of the company that a record of this place names, None where it does not
        matter: it may be left out, but the layer takes no other one than it asked for.
        """
        if not hasattr(self.hint, "organization_id"):
            return None
        return Use(self.function, f"{self.hint.__name__}.organization_id", str, may_be_none=True)

    def item(self) -> "Use | None":
        """Return the use of the items of this place, None where it is no list."""
        if typing.get_origin(self.hint) is not tuple:
            return None
        return Use(self.function, self.field, typing.get_args(self.hint)[0])


def _inside(hint: Any) -> Iterator[tuple[str, str, Any]]:
    """Return (name on the wire, field, type) of all that the layer knows in a place."""
    if isinstance(hint, tuple):
        for name, inner in hint:
            yield name, "", inner
        return
    if not hasattr(hint, "__attrs_attrs__"):
        return
    wire_fields = _layer("ledgerhq_ext._wire").wire_fields
    for name, wire, inner in wire_fields(hint):
        yield wire, f"{hint.__name__}.{name}", inner


def _present(hint: Any) -> Any:
    """Return a type without None."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return next(part for part in typing.get_args(hint) if part is not type(None))
    return hint


def _layer(module: str) -> Any:
    # Drift compares contracts where there is no layer, too.
    return importlib.import_module(module)


class Used:
    """An operation of the contract as the layer uses it."""

    def __init__(self, operation: Any, need: Need) -> None:
        self.name: str = operation.name
        self.envelopes: tuple[str, str] | None = _layer(_NEEDS).envelopes(operation)
        self.tells_replays = need.tells_replays
        self.reads_whole_list: bool = operation.listing == "whole"
        self.request = Use(self.name, "", operation.body_class)
        self.response = Use(self.name, "", _result(operation, need.response))
        self._parameters = {_parameter(place, name) for place, name in need.parameters}

    @property
    def itself(self) -> Use:
        """The use of the operation as such."""
        return Use(self.name)

    def parameter(self, place: str, name: str) -> Use | None:
        """Return the use of a parameter of the normalised contract."""
        is_used = place == "path" or (place, name) in self._parameters
        return self.itself if is_used else None


def _parameter(place: str, name: str) -> tuple[str, str]:
    # Headers have no letter case; normalising writes them small.
    return (place, name.lower()) if place == "header" else (place, name)


def _result(operation: Any, response: Any) -> Any:
    if operation.declared_envelope is None:
        return operation.result

    inner = tuple[operation.result, ...] if operation.listing else operation.result
    beside = dict(_known(response))
    return tuple({**beside, operation.declared_envelope: inner}.items())


def _known(shape: Any) -> Any:
    """Return what the layer knows of something without a class: its properties, or no more than
    that it is there.
    """
    if isinstance(shape, Mapping):
        return tuple(_known_property(key, inner) for key, inner in shape.items())
    return str


def _known_property(key: str, shape: Any) -> tuple[str, Any]:
    name = key.removesuffix("?")
    return (name, _known(shape)) if name == key else (name, str | None)


def uses(needs: Sequence[Need] | None = None) -> Mapping[Route, Used]:
    """Return the operations of the layer's table, by method and shape of the path; none when there
    is no layer.

    With `needs`, only of the operations that these name.
    """
    everything = load_needs()
    if everything is None:
        return {}
    names = {need.operation for need in (everything if needs is None else needs)}

    # By name: the layer may not be there, and drift works without it.
    layer = _layer(_NEEDS)
    by_route: dict[Route, Used] = {}
    for operation in layer.operations():
        if operation.name in names:
            for offer, need in _offers(operation, layer):
                by_route[key_of(need)] = Used(offer, need)
    return by_route


def _offers(operation: Any, layer: Any) -> Iterator[tuple[Any, Need]]:
    """Yield an operation on each route that the client has for it, with what it needs there."""
    offers = {offer.module: offer for offer in operation.offers("header")}
    for location in operation.locations:
        # The client may lack a route that the table names: then another one carries the call.
        offer = offers.get(location.module)
        if offer is not None:
            yield offer, layer.need_of(offer, location)
