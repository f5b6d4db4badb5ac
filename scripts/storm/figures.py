"""What a storm counted, and what it should have counted."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass, field
from typing import Any

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["ledgerhq_ext.store", "cryptography.fernet", "psycopg"])


@dataclass
class Figures:
    """The figures of one storm: facts, and checks that must hold exactly."""

    name: str
    facts: dict[str, Any] = field(default_factory=dict)
    checks: list[tuple[str, Any, Any]] = field(default_factory=list)

    def check(self, what: str, found: Any, expected: Any) -> None:
        """A figure that must be what is expected."""
        self.checks.append((what, found, expected))

    @property
    def wrong(self) -> list[str]:
        """The figures that are off."""
        return [
            f"{what}: {found!r}, not {expected!r}"
            for what, found, expected in self.checks
            if found != expected
        ]

    def lines(self) -> list[str]:
        """What is printed."""
        told = [f"{self.name}"]
        told += [f"    {what:<58} {value}" for what, value in self.facts.items()]
        for what, found, expected in self.checks:
            told.append(
                f"    {what:<58} {found}"
                + ("" if found == expected else f"   WRONG, must be {expected}")
            )
        return told
