"""schemathesis against the sandbox, in process: generated requests, answers held against the
contract.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ledgerhq_ext.sandbox import Sandbox
from ledgerhq_ext.sandbox._contract import vendored_contract
from tests.support.companies import MAPLE, organization_id

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SETTINGS = settings(
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# Proof that generated requests get further than the first check.
REACHED = {
    "/api/v1/purchases": {201, 400},
    "/api/v1/transfers": {201, 400},
    "/api/v1/bank-transactions/{id}/reclassify": {200},
}
OPERATIONS = [
    (method.upper(), path)
    for path, item in vendored_contract()["paths"].items()
    for method in item
    if method in ("get", "post", "patch", "delete")
]


class Target:
    """A sandbox, and the contract with ids that exist in it, so that requests get past the first
    check.
    """

    def __init__(self) -> None:
        self.box = Sandbox(seed=1)
        self.org = organization_id(self.box, MAPLE)
        self.headers = {
            "authorization": f"Bearer {self.box.access_token()}",
            "x-organization-id": self.org,
        }
        self.schema = schemathesis.openapi.from_dict(
            self._with_ids(copy.deepcopy(vendored_contract()))
        )
        self.schema.app = self.box.app

    def _with_ids(self, document: dict[str, Any]) -> dict[str, Any]:
        names = {
            "accountId": self._ids("accounts"),
            "sourceAccountId": self._ids("accounts", "code IN ('1010', '2100', '4000')"),
            "destinationAccountId": self._ids("accounts", "code IN ('1010', '1200')"),
            "fromAccountId": self._ids("accounts", "code IN ('1010', '2100')"),
            "toAccountId": self._ids("accounts", "code IN ('1020', '4000')"),
            "billId": self._ids("documents", "kind = 'bill'"),
            "documentId": self._ids("documents"),
            "paymentId": self._ids("payments"),
            "journalEntryId": self._ids("entries")[-30:],
            "contactId": self._ids("contacts"),
            "taxRateId": self._ids("taxRates"),
            "chartAccountId": self._ids("accounts"),
            "parentId": self._ids("accounts"),
        }
        for schema in document["components"]["schemas"].values():
            for name, ids in names.items():
                if (
                    name in schema.get("properties", {})
                    and schema.get("additionalProperties") is False
                ):
                    schema["properties"][name] = {"type": "string", "enum": [*ids, "nowhere"]}
        tables = {
            "accounts": "accounts",
            "bank-accounts": "bankAccounts",
            "entries": "entries",
            "bank-transactions": "bankRows",
        }
        for path, item in document["paths"].items():
            if "{id}" in path:
                ids = self._ids(tables[path.split("/")[3]])
                own = {
                    "name": "id",
                    "in": "path",
                    "required": True,
                    "schema": {"enum": [*ids[-60:], "nowhere"]},
                }
                for operation in item.values():
                    kept = [
                        p
                        for p in operation["parameters"]
                        if p.get("$ref") != "#/components/parameters/Id"
                    ]
                    operation["parameters"] = [*kept, own]
        return document

    def _ids(self, table: str, condition: str = "1") -> list[str]:
        sql = f"SELECT id FROM {table} WHERE organizationId = ? AND {condition}"
        return [row["id"] for row in self.box.rows(sql, self.org)]


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    """One box for all operations; whatever was posted and voided in it, the books tie at the end."""
    target = Target()
    yield target
    unbalanced = (
        "SELECT journalEntryId FROM lines GROUP BY journalEntryId HAVING sum(debit) <> sum(credit)"
    )
    assert target.box.rows(unbalanced) == []
    assert (
        target.box.rows("SELECT id FROM documents WHERE amountPaid NOT BETWEEN 0 AND total") == []
    )
    assert target.box.rows(_ROWS_THAT_DO_NOT_TIE) == []
    target.box.close()


_ROWS_THAT_DO_NOT_TIE = """
SELECT r.id FROM bankRows r JOIN bankAccounts b ON b.id = r.bankAccountId
WHERE r.journalEntryId IS NOT NULL AND r.amount <> (
    SELECT sum(l.debit - l.credit) FROM lines l
    WHERE l.journalEntryId = r.journalEntryId AND l.accountId = b.chartAccountId)
"""


def cases() -> Iterator[Any]:
    """Yield each operation with a number of examples: few do not reach every status."""
    for method, path in OPERATIONS:
        if path in REACHED:
            yield method, path, 25
        else:
            yield method, path, 8
            yield pytest.param(method, path, 25, marks=pytest.mark.slow)


@pytest.mark.parametrize(("method", "path", "examples"), [*cases()])
def test_answers_keep_to_the_contract(
    target: Target, method: str, path: str, examples: int
) -> None:
    statuses = set()

    @seed(20260630)
    @settings(SETTINGS, max_examples=examples)
    @given(case=target.schema[path][method].as_strategy())
    def run(case: Any) -> None:
        case.headers = dict(case.headers or {}) | target.headers
        response = case.call_and_validate(base_url="http://box", checks=CHECKS)
        statuses.add(response.status_code)

    run()
    assert target.box.contract_violations == []
    assert target.box.filled == set()
    assert REACHED.get(path, statuses) <= statuses
