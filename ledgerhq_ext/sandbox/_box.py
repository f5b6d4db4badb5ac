"""The parts of one sandbox, behind its application."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from ledgerhq_ext.sandbox._contract import Contract, Operation
from ledgerhq_ext.sandbox._errors import conflict
from ledgerhq_ext.sandbox._faults import Faults
from ledgerhq_ext.sandbox._routes import JSON, Settings
from ledgerhq_ext.sandbox._state import State


class Box:
    """State, contract, faults, and the records that tests look at."""

    def __init__(self, state: State, contract: Contract, settings: Settings) -> None:
        self.state = state
        self.contract = contract
        self.settings = settings
        self.faults = Faults()
        # Bounded, since a box may serve for days.
        self.requests: deque[JSON] = deque(maxlen=20_000)
        self.contract_violations: list[JSON] = []
        self.filled: set[str] = set()
        self.keys_in_flight: set[tuple[str, str]] = set()
        self._served = 0

    def reset(self, state: State) -> None:
        """Go on with another state, and forget what was recorded."""
        self.state = state
        self.faults.clear()
        self.requests.clear()
        self.contract_violations.clear()
        self.filled.clear()
        # Another set: a request that began before it takes its key out of the old one.
        self.keys_in_flight = set()

    def request_id(self) -> str:
        """Return the id of the next request."""
        self._served += 1
        return f"req_{self._served:08x}"

    def violate(self, operation: Operation, status: int, complaint: str) -> None:
        """Record an answer that does not fit the contract."""
        violation = {
            "operation": f"{operation.method} {operation.path}",
            "status": status,
            "complaint": complaint,
        }
        self.contract_violations.append(violation)

    @contextmanager
    def in_flight(self, key: tuple[str, str] | None) -> Iterator[None]:
        """Hold an idempotency key while its posting is being worked on."""
        if key is None:
            yield
            return
        keys = self.keys_in_flight
        if key in keys:
            message = "A request with this Idempotency-Key is still in progress"
            raise conflict(message, "IDEMPOTENCY_IN_PROGRESS", retryable=True)
        keys.add(key)
        try:
            yield
        finally:
            keys.discard(key)

    def summary(self) -> JSON:
        """Return counts: entries and postings by organization, tokens, contract violations."""
        return {
            "now": self.state.now(),
            "entries": self._count("entries", "organizationId"),
            "postings": self._count("postings", "organizationId"),
            "bankRows": self._count("bankRows", "organizationId"),
            "oauth": self._count("oauthLog", "event || ' ' || outcome"),
            "refreshTokensPresentedTwice": len(self.presented_twice()),
            "requests": self._served,
            "contractViolations": self.contract_violations,
        }

    def presented_twice(self) -> list[str]:
        """Return the hashes of refresh tokens that were presented more than once."""
        sql = """SELECT tokenHash FROM oauthLog WHERE event = 'refresh'
            GROUP BY tokenHash HAVING count(*) > 1"""
        return [row["tokenHash"] for row in self.state.rows(sql)]

    def _count(self, table: str, by: str) -> JSON:
        sql = f"SELECT {by} AS what, count(*) AS n FROM {table} GROUP BY {by}"  # noqa: S608
        return {row["what"]: row["n"] for row in self.state.rows(sql)}
