"""A thin client for one organization of a sandbox, for these tests."""

from __future__ import annotations

import itertools
from typing import Any

import httpx

from ledgerhq_ext.sandbox import Sandbox
from tests.support.companies import MAPLE, Company, organization_id

_KEYS = itertools.count(1)


class Api(Company):
    """Requests to one organization, by default to Maple Street Coffee."""

    def __init__(
        self,
        box: Sandbox,
        http: httpx.Client,
        organization: str | None = None,
        token: str | None = None,
    ) -> None:
        super().__init__(box, organization or organization_id(box, MAPLE))
        self.http = http
        self.headers = {
            "authorization": f"Bearer {token or box.access_token()}",
            "x-organization-id": self.org,
        }

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = self.headers | options.pop("headers", {})
        return self.http.request(method, f"{self.box.url}/api/v1{path}", headers=headers, **options)

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.request("GET", path, params=params)

    def post(self, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        headers = {"idempotency-key": key} if key else {}
        return self.request("POST", path, json=body, headers=headers)

    def submit(self, resource: str, body: Any) -> httpx.Response:
        """Post under a key of its own."""
        return self.post(f"/{resource}", body, key=f"test-{next(_KEYS)}")

    def row(self, description: str) -> dict[str, Any]:
        """A bank row, as the API gives it, by its description."""
        rows = [row for row in self.box.bank_rows(self.org) if row["description"] == description]
        return self.transaction(rows[-1]["id"])

    def transaction(self, row_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/bank-transactions/{row_id}").json()["transaction"]
        return found

    def act(self, row_id: str, verb: str, body: Any = None) -> httpx.Response:
        return self.post(f"/bank-transactions/{row_id}/{verb}", body)

    def purchase(self, amount: int = 4299, **changes: Any) -> dict[str, Any]:
        """The body of a purchase."""
        line = {
            "accountId": self.account("6100"),
            "amount": amount,
            "description": "Paper and toner",
        }
        body = {
            "txnDate": "2026-06-08",
            "payeeName": "Office Depot",
            "sourceAccountId": self.account("1010"),
        }
        return {**body, "lines": [line], **changes}

    def packet(
        self, start: str = "2026-01-01", end: str = "2026-06-30", **params: Any
    ) -> dict[str, Any]:
        response = self.get("/reports/financial-packet", startDate=start, endDate=end, **params)
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found


def code_of(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a structured error."""
    error = response.json()["error"]
    return response.status_code, error["code"]
