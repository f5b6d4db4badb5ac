"""Views of a box for tests: its books, its requests, its tokens. Money is in minor units."""

from __future__ import annotations

import json
from typing import Any

from ledgerhq_ext.sandbox._box import Box
from ledgerhq_ext.sandbox._firms import firms
from ledgerhq_ext.sandbox._routes import JSON


class Views:
    """The contents of a box."""

    _box: Box

    @property
    def organizations(self) -> list[JSON]:
        """The firms and their client companies."""
        return self.rows("SELECT * FROM organizations ORDER BY type DESC, name")

    @property
    def firms(self) -> list[JSON]:
        """The firms, in the order in which they were added."""
        return firms(self._box.state)

    @property
    def clients(self) -> list[JSON]:
        """The client companies, each with its `firmId`."""
        return [row for row in self.organizations if row["type"] == "client"]

    def entries(self, organization: str | None = None) -> list[JSON]:
        """Return journal entries with their lines, in minor units, ordered by number."""
        entries = self.rows(
            """SELECT * FROM entries WHERE organizationId = coalesce(?, organizationId)
            ORDER BY organizationId, entryNumber""",
            organization,
        )
        lines: dict[str, list[JSON]] = {}
        for line in self.rows("SELECT * FROM lines ORDER BY journalEntryId, position"):
            lines.setdefault(line["journalEntryId"], []).append(line)
        return [{**entry, "lines": lines.get(entry["id"], [])} for entry in entries]

    def postings(self, organization: str | None = None) -> list[JSON]:
        """Return what was posted under idempotency keys, in the order of posting."""
        postings = self.rows(
            "SELECT * FROM postings WHERE organizationId = coalesce(?, organizationId) ORDER BY "
            "seq",
            organization,
        )
        for posting in postings:
            posting["request"] = json.loads(posting["request"])
            posting["receipt"] = json.loads(posting["receipt"])
            posting["bankTransactionIds"] = posting["receipt"]["bankTransactionIds"]
        return postings

    def bank_rows(self, organization: str | None = None) -> list[JSON]:
        """Return the rows of the bank register, oldest first."""
        sql = """SELECT * FROM bankRows WHERE organizationId = coalesce(?, organizationId)
            ORDER BY date, seq"""
        return self.rows(sql, organization)

    def documents(self, organization: str, kind: str = "bill") -> list[JSON]:
        """Return bills, or invoices (which no route lists), by number."""
        sql = "SELECT * FROM documents WHERE organizationId = ? AND kind = ? ORDER BY number"
        return self.rows(sql, organization, kind)

    def payments(self, organization: str) -> list[JSON]:
        """Return payments of bills and invoices, which no route lists."""
        sql = "SELECT * FROM payments WHERE organizationId = ? ORDER BY paymentNumber"
        return self.rows(sql, organization)

    def rows(self, sql: str, *values: Any) -> list[JSON]:
        """Return the rows of a query of your own, in SQL, on the state."""
        return self._box.state.rows(sql, *values)

    @property
    def requests(self) -> list[JSON]:
        """The last requests: method, path, status, organization, idempotency key, fault.

        No tokens.
        """
        return list(self._box.requests)

    @property
    def keys_in_flight(self) -> list[str]:
        """Idempotency keys whose postings are being worked on."""
        return [key for _, key in self._box.keys_in_flight.copy()]

    @property
    def oauth_log(self) -> list[JSON]:
        """Codes and refresh tokens presented, as hashes, with the outcome."""
        return self.rows("SELECT * FROM oauthLog ORDER BY seq")

    @property
    def refresh_tokens_presented_twice(self) -> list[str]:
        """Hashes of refresh tokens that were presented more than once."""
        return self._box.presented_twice()

    @property
    def contract_violations(self) -> list[JSON]:
        """Answers of the sandbox that did not fit the contract. Should be empty."""
        return self._box.contract_violations

    @property
    def filled(self) -> set[str]:
        """Required response fields that the sandbox did not know, and made up from their schema."""
        return self._box.filled

    def summary(self) -> JSON:
        """Return counts: entries and postings by organization, tokens, contract violations."""
        return self._box.summary()

    def _require(self, organization: str) -> None:
        if not self.rows("SELECT 1 FROM organizations WHERE id = ?", organization):
            raise LookupError(f"there is no organization {organization}")
