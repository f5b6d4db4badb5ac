"""What breaks the releases that are installed, and is healed by regenerating: one of the two
carriers of the company vanishes, and what it carried stands on the other one.

They are the contracts that the flow runs on: with the header only, and with everything below the
company.
"""

from __future__ import annotations

from collections.abc import Callable

from .edits import METHODS, Json

BELOW = "/api/v1/companies/{companyId}/"
HEADER = {"$ref": "#/components/parameters/OrganizationId"}
COMPANY = {"$ref": "#/components/parameters/CompanyId"}
HEALED: dict[str, Callable[[Json], None]] = {}


def healed(change: Callable[[Json], None]) -> Callable[[Json], None]:
    """A variant that regenerating heals."""
    HEALED[change.__name__] = change
    return change


@healed
def company_paths_gone(contract: Json) -> None:
    """As before the vendor had them."""
    for path in list(contract["paths"]):
        if path.startswith("/api/v1/companies"):
            del contract["paths"][path]


@healed
def header_routes_gone(contract: Json) -> None:
    """Where a company path does the same, the route with the header is gone; the others stay, and
    the list of firms.
    """
    paths = contract["paths"]
    for below in [path for path in paths if path.startswith(BELOW)]:
        for method in METHODS:
            if method in paths[below]:
                _remove(paths, _with_header(below, method), method)


@healed
def everything_moved_below_the_company(contract: Json) -> None:
    """No operation takes the header any more."""
    header_routes_gone(contract)
    paths = contract["paths"]
    for path in list(paths):
        for method in METHODS:
            each = paths.get(path, {}).get(method)
            if each is not None and HEADER in each.get("parameters", []):
                each["parameters"] = [COMPANY, *(p for p in each["parameters"] if p != HEADER)]
                paths.setdefault(path.replace("/api/v1/", BELOW), {})[method] = each
                _remove(paths, path, method)
    del contract["components"]["parameters"]["OrganizationId"]


def _with_header(below: str, method: str) -> str:
    name = below.removeprefix(BELOW)
    # The entries have another name below the company.
    return "/api/v1/entries" if (name, method) == ("journal-entries", "get") else f"/api/v1/{name}"


def _remove(paths: Json, path: str, method: str) -> None:
    if path in paths:
        paths[path].pop(method, None)
        if not paths[path].keys() & set(METHODS):
            del paths[path]
