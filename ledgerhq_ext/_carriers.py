"""The two carriers of a client company on the wire: a header, or a segment of the path.

An operation may stand on either, as the contract offers it. Modules of the generated client are
named after method and route (``make regenerate`` sees to it), so the one leads to the other, also
for what is not in the contract.
"""

from __future__ import annotations

import re

from attrs import field, frozen

HEADER_ARGUMENT = "x_organization_id"
COMPANY_ARGUMENT = "company_id"
"""What generated operations call the header, and the segment of the path."""
_ROOT = "/api/v1/"
_BELOW = "/api/v1/companies/{companyId}/"
_UNVERSIONED = ("health", "oauth")
_COMPANY = re.compile(r"/companies/\{[^{}]*\}/")


@frozen
class Location:
    """Where an operation may stand in the contract: the module of the generated client, and the
    route.

    ``constants`` are filters that always hold there, so that the route takes no parameter for them.
    """

    module: str
    route: str
    constants: tuple[tuple[str, str], ...] = field(default=())

    @property
    def method(self) -> str:
        """The HTTP method, in capitals."""
        return self.module.rpartition(".")[2].partition("_")[0].upper()

    @property
    def is_below_a_company(self) -> bool:
        """Whether a segment of the path names the company."""
        return self.route.startswith(_BELOW)

    def __str__(self) -> str:
        return f"{self.method} {self.route}"


def header_location(module: str) -> Location:
    """Return where an operation stands that a header carries the company of, or that is of no
    company.
    """
    package, _, name = module.partition(".")
    words = name.partition("_")[2]
    segments = [package]
    first, *others = words.split("_by_id")
    segments.append(first.removeprefix(package).strip("_"))
    for part in others:
        segments += ["{id}", part.strip("_")]
    root = _ROOT if package not in _UNVERSIONED else "/api/"
    return Location(module, root + "/".join(filter(None, segments)).replace("_", "-"))


def company_location(module: str) -> Location:
    """Return where an operation stands below the company, by the module of the route with the
    header.
    """
    method, _, words = module.partition(".")[2].partition("_")
    below = header_location(module).route.removeprefix(_ROOT)
    return Location(f"companies.{method}_companies_by_id_{words}", _BELOW + below)


def plain_route(route: str) -> str:
    """Return a route whose company has one name, whatever the contract calls that parameter."""
    return _COMPANY.sub("/companies/{companyId}/", route)
