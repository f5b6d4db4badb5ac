"""The operations of the contract as the layer uses them: what an entry of the table in ``_seam``
says, and what the generated operation knows besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Generic, Literal, Self, TypeVar, cast

from attrs import evolve, field, frozen

from ledgerhq_ext import models
from ledgerhq_ext._carriers import Location, company_location, header_location
from ledgerhq_ext._comparison import Names
from ledgerhq_ext._generated import (
    Generated,
    declared_envelope,
    generated,
    is_detoured,
    is_generated,
    missing_route,
    result_of,
)
from ledgerhq_ext._http.messages import Carrier
from ledgerhq_ext._http.retries import Kind
from ledgerhq_ext._wire import Spelling

T = TypeVar("T")
Listing = Literal["whole", "cursor", "numbered"]


@frozen(eq=False)
class AnyOperation(Generic[T]):
    """One operation of the contract, as the layer uses it, whatever it gives.

    What the contract says of it (route, statuses, the type of its result) the generated operation
    knows: ``module`` is where that stands. The annotations in the table are held against it by a
    test.
    """

    name: str
    module: str
    envelope: str | None = field(default=None, kw_only=True)
    query: tuple[str, ...] = field(default=(), kw_only=True)
    body: str | None = field(default=None, kw_only=True)
    """The module and the name of the class that is sent."""
    scoped: bool = field(default=True, kw_only=True)
    keyed: bool = field(default=False, kw_only=True)
    public: bool = field(default=False, kw_only=True)
    money: Spelling = field(default="cents", kw_only=True)
    listing: Listing | None = field(default=None, kw_only=True)
    names: Names = field(default=(), kw_only=True)
    company_path: Location | None = field(default=None, kw_only=True)
    """Where it stands below the company, if that does not follow from ``module``."""
    constants: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)
    """Filters that always hold on this route, which takes no parameter for them."""
    alternative: str | None = field(default=None, kw_only=True)
    """For an operation that a contract may lack: what to do instead, as a command to the user."""

    def on(self, carrier: Carrier, query: Mapping[str, Any] | None = None) -> Self:
        """Return the operation on the carrier that is preferred, or on the other one where the
        contract lacks that.

        A route that lacks a parameter of the table, or that always filters otherwise than ``query``
        asks, is the last choice. Raises ``InputError`` where the contract has neither route.
        """
        offers = self.offers(carrier)
        if not offers:
            raise missing_route(*self.locations, operation=self.name, alternative=self.alternative)

        values = query or {}
        for offer in offers:
            # A path that lists clients alone does for a caller who asks for clients.
            if all(values.get(name) == value for name, value in offer.constants):
                return offer
        return offers[0]

    def offers(self, carrier: Carrier) -> tuple[Self, ...]:
        """Return the operation on each route that the contract has for it and the layer fits, the
        best one first; one that does not fit is left out only beside one that does.
        """
        return _offers(self, carrier)

    @property
    def is_optional(self) -> bool:
        """True for an operation that a contract may lack: only its own method fails then."""
        return self.alternative is not None

    @property
    def locations(self) -> tuple[Location, ...]:
        """The routes it may stand on: the one with the header, and below the company."""
        header = header_location(self.module)
        if self.company_path is not None:
            return header, self.company_path
        return (header, company_location(self.module)) if self.scoped else (header,)

    @property
    def generated(self) -> Generated:
        """The generated operation, imported on first use."""
        return generated(self.module)

    @property
    def method(self) -> str:
        """The HTTP method, in capitals."""
        return self.generated.method

    @property
    def path(self) -> str:
        """The path, with names in braces for what is filled in."""
        return self.generated.route

    @property
    def statuses(self) -> tuple[int, ...]:
        """The statuses of success."""
        return tuple(int(status) for status in self.generated.answers)

    @property
    def form(self) -> bool:
        """True when the body is a form."""
        body = self.generated.body
        return body is not None and body[0] == "data"

    @property
    def declared_envelope(self) -> str | None:
        """The envelope of the result as the contract declares it: the table's, or ``data``."""
        return None if self.envelope is None else declared_envelope(self.module, self.envelope)

    @property
    def body_class(self) -> type | None:
        """The class that is sent; its module is imported on first use."""
        if self.body is None:
            return None
        from ledgerhq_ext import _bodies, postings

        module, _, name = self.body.partition(".")
        modules = {"_bodies": _bodies, "postings": postings}
        return cast(type, getattr(modules[module], name))

    @property
    def result(self) -> type[T]:
        """The class of what it gives, or of the items of its list."""
        return cast("type[T]", models.record_class(result_of(self.module, self.declared_envelope)))

    @property
    def kind(self) -> Kind:
        """How it may be repeated (see ``_http.retries``)."""
        if self.method == "GET":
            return "read"
        return "keyed" if self.keyed else "mutation"


@cache
def _offers(operation: Any, carrier: Carrier) -> tuple[Any, ...]:
    """Return an operation on each route that the client has for it, the best one first."""
    locations = [each for each in operation.locations if is_generated(each.module)]
    fitting = [each for each in locations if not is_detoured(each)]
    offers: list[AnyOperation[Any]] = []
    for location in fitting or locations:
        offers.append(evolve(operation, module=location.module, constants=location.constants))
    if carrier == "path":
        offers.reverse()
    if len(offers) < 2 or _takes_its_filters(offers[0]):
        return tuple(offers)

    # Without the filters a route gives every row: it comes last where the other one has them.
    if _takes_its_filters(offers[1]):
        offers.reverse()
    return tuple(offers)


def _takes_its_filters(operation: AnyOperation[Any]) -> bool:
    parameters = {*operation.generated.query.values(), *dict(operation.constants)}
    return parameters.issuperset(operation.query)


class Operation(AnyOperation[T]):
    """An operation that gives one ``T``."""


class ListOperation(AnyOperation[T]):
    """An operation that lists several ``T``: all of them at once, or a page."""

    envelope: str
    listing: Listing
