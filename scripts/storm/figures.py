"""The figures of a storm: facts to read, and counts that must be exact."""

from __future__ import annotations

import multiprocessing
from typing import Any

from attrs import Factory, define, frozen

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["ledgerhq_ext.store", "cryptography.fernet", "psycopg"])


@frozen
class Check:
    """A figure, and the value that it must have."""

    label: str
    value: Any
    expected: Any

    @property
    def holds(self) -> bool:
        """True when the figure is what it must be."""
        return bool(self.value == self.expected)


@define
class Figures:
    """The figures of one storm: facts, and checks that must hold exactly."""

    name: str
    facts: dict[str, Any] = Factory(dict)
    checks: list[Check] = Factory(list)

    def check(self, label: str, value: Any, expected: Any) -> None:
        """Note a figure that must be what is expected."""
        self.checks.append(Check(label, value, expected))

    @property
    def wrong(self) -> list[str]:
        """The figures that are off, a sentence each."""
        return [
            f"{check.label}: {check.value!r}, not {check.expected!r}"
            for check in self.checks
            if not check.holds
        ]

    def lines(self) -> list[str]:
        """Return what is printed: the facts, then the checks."""
        lines = [self.name]
        for label, value in self.facts.items():
            lines.append(f"    {label:<58} {value}")
        for check in self.checks:
            problem = "" if check.holds else f"   WRONG, must be {check.expected}"
            lines.append(f"    {check.label:<58} {check.value}{problem}")
        return lines
