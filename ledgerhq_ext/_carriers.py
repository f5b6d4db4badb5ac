"""The two carriers of a client company on the wire: a header, or a segment of the path.

An operation may stand on either, as the contract offers it. Modules of the generated client are
named after method and route (``make regenerate`` sees to it), so the one leads to the other, also
for what is not in the contract.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

HEADER_ARGUMENT = "x_organization_id"
COMPANY_ARGUMENT = "company_id"
"""The arguments of generated operations for the header, and for the segment of the path."""
_ROOT = "/api/v1/"
_BELOW = "/api/v1/companies/{companyId}/"
_UNVERSIONED = ("health", "oauth")
_COMPANY = r"/companies/\{[^{}]*\}/"


class Location(NamedTuple):
    """A place in the contract where an operation may stand: its module, and its route.

    The module is one of the generated client. ``constants`` are filters that always hold there, so
    that the route takes no parameter for them.
    """

    module: str
    route: str
    constants: tuple[tuple[str, str], ...] = ()

    @property
    def method(self) -> str:
        """The HTTP method, in capitals."""
        return self.module.rpartition(".")[2].partition("_")[0].upper()

    @property
    def is_below_a_company(self) -> bool:
        """True when a segment of the path names the company."""
        return self.route.startswith(_BELOW)

    def __str__(self) -> str:
        return f"{self.method} {self.route}"


def header_location(module: str) -> Location:
    """Return the place of an operation whose company goes by the header, or that is of no company.

    ``bills.get_bills_by_id`` stands on ``GET /api/v1/bills/{id}``.
    """
    package, _, name = module.partition(".")
    _, _, words = name.partition("_")
    first, *others = words.split("_by_id")
    segments = [package, first.removeprefix(package).strip("_")]
    for part in others:
        segments += ["{id}", part.strip("_")]

    root = "/api/" if package in _UNVERSIONED else _ROOT
    # Names of modules have underscores where routes have hyphens.
    path = "/".join(segment for segment in segments if segment)
    return Location(module, root + path.replace("_", "-"))


def company_location(module: str) -> Location:
    """Return the place of an operation below the company.

    ``module`` is that of its route with the header.
    """
    _, _, name = module.partition(".")
    method, _, words = name.partition("_")
    below = header_location(module).route.removeprefix(_ROOT)
    return Location(f"companies.{method}_companies_by_id_{words}", _BELOW + below)


@cache
def plain_route(route: str) -> str:
    """Return a route whose company has one name, whatever the contract calls that parameter."""
    return re.sub(_COMPANY, "/companies/{companyId}/", route)
