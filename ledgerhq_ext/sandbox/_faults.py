"""Fault scripts: what fails, on which route, and how often."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

from ledgerhq_ext.sandbox._clock import is_day
from ledgerhq_ext.sandbox._contract import normal_path
from ledgerhq_ext.sandbox._errors import Problem, error_body
from ledgerhq_ext.sandbox._routes import JSON, Reply
from ledgerhq_ext.sandbox._state import PassingLock, State

Kind = Literal[
    "lose_response", "status", "status_after_commit", "cut_body", "stall", "close", "lock_period"
]
KINDS: tuple[str, ...] = get_args(Kind)
_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_CODES = {429: "RATE_LIMITED", 500: "INTERNAL_ERROR", 503: "SERVICE_UNAVAILABLE"}
_MOST_SECONDS = 86_400
_HEADER_VALUE = re.compile(r"[ -~]*")


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and value >= 0


def _is_between(value: Any, least: float, most: float) -> bool:
    # No comparison with NaN holds.
    return isinstance(value, int | float) and least <= value <= most


_OPTIONS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "route": (lambda value: isinstance(value, str), "a text such as 'POST /api/v1/purchases'"),
    "times": (lambda value: value is None or _is_count(value), "a number of requests, or None"),
    "after": (_is_count, "a number of requests"),
    "rate": (lambda value: value is None or _is_between(value, 0, 1), "a number from 0 to 1"),
    "status": (
        lambda value: isinstance(value, int) and 200 <= value <= 599,
        "a number from 200 to 599",
    ),
    "retry_after": (
        lambda value: value is None or _HEADER_VALUE.fullmatch(str(value)) is not None,
        "seconds, or a date in a text",
    ),
    "seconds": (
        lambda value: value is None or _is_between(value, 0, _MOST_SECONDS),
        "a number of seconds, at most a day",
    ),
    "when": (lambda value: value in ("before", "after"), "'before' or 'after'"),
    "through": (is_day, "a date such as '2026-06-30'"),
}
"""The options of a script: what each may be."""


@dataclass
class Fault:
    """A script for one kind of fault.

    close, status         before any work
    stall                 `seconds` before the work, or after the commit (`when`)
    status_after_commit   the work is done, the answer says otherwise
    lose_response         the work is done, the connection closes without an answer
    cut_body              the work is done, the answer ends in the middle of its body
    lock_period           the work is done, then the period is locked `through` a date, for
                          `seconds` or for good; with `lose` the answer is lost as well
    """

    route: str
    kind: Kind
    times: int | None = 1
    after: int = 0
    rate: float | None = None
    seed: int = 0
    status: int = 503
    retry_after: str | int | None = None
    body: Any = None
    seconds: float | None = None
    when: Literal["before", "after"] = "before"
    through: str = "9999-12-31"
    lose: bool = False
    hits: int = 0
    _random: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is not a known fault; use one of {', '.join(KINDS)}")

        # Scripts come as JSON too, where nothing has checked their types.
        for name, (is_valid, expected) in _OPTIONS.items():
            value = getattr(self, name)
            if not is_valid(value):
                raise ValueError(f"{name}={value!r} of a fault is not valid; give {expected}")
        self._random = random.Random(self.seed)  # noqa: S311

    @property
    def loses_response(self) -> bool:
        """True where the client gets no answer."""
        return self.kind == "lose_response" or (self.kind == "lock_period" and self.lose)

    def fires(self, method: str, paths: Iterable[str]) -> bool:
        """Return True if this request is one that goes wrong, and count it."""
        if self.times == self.hits or not self._covers(method, paths):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        # Drawn last, so that requests of other routes do not move the sequence of chances.
        is_spared = self.rate is not None and self._random.random() >= self.rate
        if is_spared:
            return False
        self.hits += 1
        return True

    def _covers(self, method: str, paths: Iterable[str]) -> bool:
        own_method, _, path_pattern = self.route.rpartition(" ")
        if own_method.upper() not in ("", "*", method):
            return False
        # A template or a path with ids in it, and shell wildcards in either.
        pattern = normal_path(path_pattern)
        return any(fnmatchcase(path, pattern) for path in paths)

    def reply(self, request_id: str) -> Reply:
        """Return the answer of a status fault: its own body, or the API's error of that status."""
        headers = {"x-request-id": request_id}
        if self.retry_after is not None:
            headers["retry-after"] = str(self.retry_after)
        if isinstance(self.body, str):
            return Reply(self.status, self.body, headers, "text/html")
        if self.body is not None:
            return Reply(self.status, self.body, headers)

        message = f"Fault script: {self.status}"
        code = _CODES.get(self.status, "FAULT")
        problem = Problem(self.status, message, code, retryable=self.status in _PASSING)
        return Reply(self.status, error_body(problem, "structured", request_id), headers)

    async def before(self) -> None:
        """Hold the work up, if that is what this fault does."""
        if self.kind == "stall" and self.when == "before":
            await asyncio.sleep(self.seconds or 0)

    async def after_commit(
        self, reply: Reply, state: State, record: JSON, request_id: str
    ) -> Reply:
        """Do what this fault does between the commit and the answer, and return the answer."""
        if self.kind == "status_after_commit":
            # What was asked for is done, and the caller is told otherwise.
            return self.reply(request_id)
        if self.kind == "stall" and self.when == "after":
            await asyncio.sleep(self.seconds or 0)

        organization = record.get("organizationId")
        # A request that was refused before its company was known locks nobody's books.
        if self.kind == "lock_period" and organization:
            lock_period(state, organization, self.through, self.seconds)
        return reply


class Faults:
    """The scripts in force, first come first served."""

    def __init__(self) -> None:
        self.scripts: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Put a script in force."""
        self.scripts.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Take one script out of force; nothing happens if it was taken out before."""
        if fault in self.scripts:
            self.scripts.remove(fault)

    def clear(self) -> None:
        """Take all scripts out of force."""
        self.scripts.clear()

    def take(self, method: str, template: str, path: str) -> Fault | None:
        """Return the fault that befalls this request, if any, and count it."""
        # Scripts name a route or one path.
        paths = (normal_path(template), path)
        for fault in self.scripts:
            if fault.fires(method, paths):
                return fault
        return None


def lock_period(
    state: State, organization: str, through: str | None, seconds: float | None = None
) -> None:
    """Lock the books through a date (None opens them), for some seconds or for good.

    ValueError for what is no date, LookupError where there is no such organization.
    """
    if through is not None and not is_day(through):
        raise ValueError(f"through={through!r} is not a valid date, such as '2026-06-30'")

    with state.transaction() as db:
        row = db.execute(
            "SELECT lockedThrough FROM organizations WHERE id = ?", (organization,)
        ).fetchone()
        if row is None:
            raise LookupError(f"there is no organization {organization}")
        db.execute(
            "UPDATE organizations SET lockedThrough = ? WHERE id = ?", (through, organization)
        )
        # Whatever comes after a lock for some seconds takes its place.
        earlier = state.passing_locks.pop(organization, None)
    if seconds is not None:
        lock = PassingLock(earlier.before if earlier else row["lockedThrough"])
        state.passing_locks[organization] = lock
        # By the loop's clock and not the sandbox's: that one may stand still.
        asyncio.get_running_loop().call_later(seconds, _end_lock, state, organization, lock)


def _end_lock(state: State, organization: str, lock: PassingLock) -> None:
    if state.passing_locks.get(organization) is not lock:
        return
    # The sandbox may have been closed or reset meanwhile.
    with contextlib.suppress(sqlite3.ProgrammingError):
        lock_period(state, organization, lock.before)
