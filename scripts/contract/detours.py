"""Detours: where the contract has two routes for an operation of the layer and only one of them
fits, the layer goes by that one, whatever an app prefers.

What the shapes of a contract say is worked out anew from each contract. What only its comparison
with the one before can say is written down in `openapi/detours.json`, and holds until somebody
takes the line out.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .errors import StepError
from .layout import Layout
from .pointers import Object, pretty
from .routes import shape
from .seam import Misfit, Need, Route, each_route, fitting, key_of

MODULE = "detours.py"
"""The module of the generated package that tells the layer."""
_HEAD = '''\
"""The routes that the layer does not go by, and why: the other one of the operation fits.

Written by `make regenerate`, from the contract and from `openapi/detours.json`.
"""
'''


@dataclass(frozen=True)
class Detour:
    """A route that the layer does not fit, what it lacks, and the route of the same operation that
    fits.
    """

    operation: str
    route: str
    instead: str
    rows: tuple[Misfit, ...]

    @property
    def why(self) -> str:
        """The things that the route lacks, in one line."""
        return "; ".join(_words(row) for row in self.rows)

    def __str__(self) -> str:
        return f"{self.operation}: {self.route} does not fit, {self.instead} is taken ({self.why})"


def _words(row: Misfit) -> str:
    place = row.where or "the route"
    return f"{place}: {row.expected or 'nothing'} is expected, {row.found} is there"


def detours(normalised: Object, needs: Sequence[Need]) -> list[Detour]:
    """Return the detours that the shapes of a contract ask for."""
    every: list[Detour] = []
    for need, shortfalls in each_route(normalised, needs):
        every += detours_of(need, shortfalls)
    return every


def detours_of(need: Need, shortfalls: Mapping[Route, Sequence[Misfit]]) -> Iterator[Detour]:
    """Yield the detours of one need: `shortfalls` says what each of its routes lacks."""
    better = fitting(need, shortfalls)
    if better is None:
        return
    names = {key_of(way): f"{way.method} {way.path}" for way in (need, *need.instead)}
    for key, rows in shortfalls.items():
        if rows:
            yield Detour(need.operation, names[key], names[better], tuple(rows))


def detour_rows(every: Iterable[Detour]) -> list[Misfit]:
    """Return the rows of detours for the table of misfits, each with the route that is taken."""
    return [replace(row, near=f"{each.instead} is taken") for each in every for row in each.rows]


def read_detours(layout: Layout) -> dict[str, str]:
    """Return why routes are not taken, by route, as it is written down; nothing when nothing is."""
    if not layout.detours.exists():
        return {}
    try:
        reasons: dict[str, str] = dict(json.loads(layout.detours.read_bytes()))
    except (ValueError, TypeError) as error:
        todo = "restore it from version control"
        raise StepError(
            "seam", "openapi/detours.json cannot be read", why=str(error), todo=todo
        ) from None
    return reasons


def write_detours(there: Layout, lasting: Mapping[str, str], every: Iterable[Detour]) -> None:
    """Write down the detours of a candidate: `lasting` are those that hold until somebody takes
    them out, by route.
    """
    reasons = {each.route: each.why for each in every}
    reasons.update(lasting)
    entries = [
        f"    {json.dumps(route)}: {json.dumps(reasons[route])},\n" for route in sorted(reasons)
    ]
    table = "".join(["{\n", *entries, "}"]) if entries else "{}"
    there.detours.write_bytes(pretty(dict(lasting)))
    module = f"{_HEAD}\nDETOURS: dict[str, str] = {table}\n"
    (there.package / MODULE).write_text(module, encoding="utf-8")


def lasting_detours(here: Layout, normalised: Object) -> dict[str, str]:
    """Return what is written down of the routes that a contract has."""
    routes = {
        f"{method.upper()} {shape(path)}"
        for path, item in normalised["paths"].items()
        for method in item
    }
    return {route: why for route, why in read_detours(here).items() if shape(route) in routes}
