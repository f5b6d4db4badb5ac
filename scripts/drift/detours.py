"""What breaks on one of two routes of an operation, while the layer fits the other one: releases
that are installed stop, and regenerating heals it. And what the layer can do without.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from ..contract.detours import Detour, detours_of
from ..contract.routes import shape
from ..contract.seam import Misfit, Need, Route, absent, each_route, fitting, key_of
from .documents import Document
from .findings import BREAKING, HEALED, WARNING, Finding, Level
from .use import Used

ByRoute: TypeAlias = dict[Route, list[Finding]]
"""Findings by the route of the new contract that they speak of."""


class Detours:
    """The detours of the layer in a new contract: for what its shapes lack, and for what breaks."""

    def __init__(self, new: Document, needs: Sequence[Need], by_route: ByRoute) -> None:
        self.every: list[Detour] = []
        self._healed: set[tuple[str, Route]] = set()
        self._absent = {need.operation for need in absent(new.normalised, needs)}
        for need, shortfalls in each_route(new.normalised, needs):
            for key, rows in shortfalls.items():
                shortfalls[key] = rows or _broken(need, by_route.get(key, []))
            self.every += detours_of(need, shortfalls)
            if fitting(need, shortfalls) is not None:
                routes = {key_of(way) for way in (need, *need.instead)}
                unfit = {key for key in routes if shortfalls.get(key) != []}
                self._healed.update((need.operation, key) for key in unfit)

    def healed(self, by_route: ByRoute) -> list[Finding]:
        """Return all findings, those of the healed level that regenerating heals."""
        findings: list[Finding] = []
        for key, several in by_route.items():
            findings += [replace(each, level=self._level(each, key)) for each in several]
        return findings

    def _level(self, finding: Finding, key: Route) -> Level:
        if finding.level != BREAKING:
            return finding.level
        if self._is_healed(finding, key):
            return HEALED
        # Only calls that a contract may lack are hit, and they are not there any more.
        is_of_absent = bool(finding.touches) and self._absent.issuperset(finding.touches)
        return WARNING if is_of_absent else BREAKING

    def _is_healed(self, finding: Finding, key: Route) -> bool:
        calls = [(touch, key) for touch in finding.touches]
        return not self._healed.isdisjoint(calls)

    def fresh_rows(
        self, old: Document, needs: Sequence[Need], uses: Mapping[Route, Used]
    ) -> list[Misfit]:
        """Return what is lacking on routes that the layer goes by, and was not before."""
        if not self.every:
            return []

        known: set[Misfit] = set()
        for _, shortfalls in each_route(old.normalised, needs):
            for lacks in shortfalls.values():
                known.update(lacks)

        rows: list[Misfit] = []
        for detour in self.every:
            for row in detour.rows:
                # Installed releases do not go by the other routes.
                is_used = _key(row) in uses
                if is_used and row not in known:
                    rows.append(row)
        return rows


def _broken(need: Need, findings: Sequence[Finding]) -> list[Misfit]:
    """Return as rows what breaks a call of the layer on a route."""
    return [
        Misfit(
            need.operation, each.routes[0], each.pointer, each.before, f"{each.rule}: {each.after}"
        )
        for each in findings
        if each.level == BREAKING and need.operation in each.touches
    ]


def _key(row: Misfit) -> Route:
    method, _, path = row.route.partition(" ")
    return method.lower(), shape(path)
