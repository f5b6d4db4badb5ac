"""Fifteen small changes of the vendored contract, and the rows that each judge of `make regenerate`
has for them.

The first judge holds what the layer sends and reads against the new contract. The second one is
drift: what it calls breaking for the layer is a row too, unless the first judge has one for the
same call.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from scripts.contract.layout import ROOT, Layout
from scripts.contract.normalise import normalise
from scripts.contract.seam import Misfit, load_needs, misfits
from scripts.contract.source import Fetched
from scripts.drift.judge import judge

pytestmark = pytest.mark.slow

Json = dict[str, Any]
Row = tuple[str, str, str, str]
HERE = Layout(ROOT)
VENDORED = HERE.contract.read_bytes()


def schemas(contract: Json) -> Json:
    found: Json = contract["components"]["schemas"]
    return found


def gone(contract: Json) -> None:
    del contract["paths"]["/api/v1/bills"]


def optional(contract: Json) -> None:
    schemas(contract)["Contact"]["required"].remove("name")


def nullable(contract: Json) -> None:
    schemas(contract)["Contact"]["properties"]["name"]["type"] = ["string", "null"]


def another_type(contract: Json) -> None:
    schemas(contract)["Contact"]["properties"]["name"]["type"] = "integer"


def renamed(contract: Json) -> None:
    contact = schemas(contract)["Contact"]
    contact["properties"]["fullName"] = contact["properties"].pop("name")
    contact["required"] = ["fullName" if name == "name" else name for name in contact["required"]]


def moved(contract: Json) -> None:
    contract["paths"]["/api/v2/tax-rates"] = contract["paths"].pop("/api/v1/tax-rates")


def another_format(contract: Json) -> None:
    schemas(contract)["Bill"]["properties"]["dueDate"]["format"] = "date-time"


def a_bound(contract: Json) -> None:
    for parameter in contract["paths"]["/api/v1/organizations"]["get"]["parameters"]:
        if parameter.get("name") == "limit":
            parameter["schema"]["maximum"] = 100


def fewer_words(contract: Json) -> None:
    schemas(contract)["MatchRequest"]["properties"]["matchType"]["enum"].remove("bill")


def a_constant(contract: Json) -> None:
    schemas(contract)["TransferRequest"]["properties"]["memo"] = {"const": "transfer"}


def another_status(contract: Json) -> None:
    """The layer reads any success of a verb alike."""
    responses = contract["paths"]["/api/v1/entries/{id}/void"]["post"]["responses"]
    responses["202"] = responses.pop("200")


def another_status_of_a_posting(contract: Json) -> None:
    """There it tells what was posted now from what was there before."""
    for path in ("/api/v1/transfers", "/api/v1/companies/{companyId}/transfers"):
        responses = contract["paths"][path]["post"]["responses"]
        responses["202"] = responses.pop("200")


def without_creation_of_contacts(contract: Json) -> None:
    """An optional operation."""
    del contract["paths"]["/api/v1/contacts"]["post"]


def one_more_field_of_contacts(contract: Json) -> None:
    contact = schemas(contract)["ContactCreate"]
    contact["properties"]["country"] = {"type": "string"}
    contact["required"].append("country")


def one_more_field_to_send(contract: Json) -> None:
    transfer = schemas(contract)["TransferRequest"]
    transfer["properties"]["approvedBy"] = {"type": "string"}
    transfer["required"].append("approvedBy")


def judged(change: Callable[[Json], None]) -> tuple[list[Row], list[Row]]:
    contract = json.loads(VENDORED)
    change(contract)
    content = json.dumps(contract).encode()
    needs = load_needs()
    assert needs
    first = misfits(normalise(contract), needs)
    second, _ = judge(Fetched(content, "new"), HERE, needs, first)
    return [_row(row) for row in first], [_row(row) for row in second]


def _row(row: Misfit) -> Row:
    return row.operation, row.where, row.expected, row.found


ITEM = "/responses/200/properties/data/items/properties"
CONTACTS, BILLS, TRANSFER = (
    "Organization.contacts",
    "Organization.bills",
    "Organization.post(Transfer)",
)
STATUSES = "statuses 201, 202, 400, 401, 403, 404, 409, 422, 429, 500"


def of_the_name(expected: str, found: str) -> list[Row]:
    """Return a row for each call that reads the name of contacts."""
    created = "/responses/201/properties/contact/properties/name"
    return [
        (CONTACTS, f"{ITEM}/name", expected, found),
        ("Organization.create_contact", created, expected, found),
    ]


@pytest.mark.parametrize(
    ("change", "shape", "drift"),
    [
        (gone, [(BILLS, "", "the route", "no such route")], []),
        (optional, of_the_name("string, always there", "may be missing"), []),
        (nullable, of_the_name("string, never null", "may be null"), []),
        (another_type, of_the_name("string", "integer"), []),
        (renamed, of_the_name("string", "no such property"), []),
        (moved, [("Organization.tax_rates", "", "the route", "no such route")], []),
        (another_format, [(BILLS, f"{ITEM}/dueDate", "string (date)", "string (date-time)")], []),
        (
            a_bound,
            [("LedgerHQ.organizations", "/parameters/query/limit", "takes 250", "maximum 100")],
            [],
        ),
        (
            fewer_words,
            [],
            [
                (
                    "Organization.match",
                    "/components/schemas/MatchRequest/properties/matchType/enum",
                    "bill",
                    "request-enum-value-removed: nothing",
                )
            ],
        ),
        (
            a_constant,
            [],
            [
                (
                    TRANSFER,
                    "/components/schemas/TransferRequest/properties/memo",
                    "",
                    'request-enum-closed: ["transfer"]',
                )
            ],
        ),
        (another_status, [], []),
        (without_creation_of_contacts, [], []),
        (
            one_more_field_of_contacts,
            [
                (
                    "Organization.create_contact",
                    "/requestBody/properties/country",
                    "nothing else required",
                    "required: string",
                )
            ],
            [],
        ),
        (
            another_status_of_a_posting,
            [(TRANSFER, "/responses/200", "status 200", STATUSES)],
            [],
        ),
        (
            one_more_field_to_send,
            [
                (
                    TRANSFER,
                    "/requestBody/properties/approvedBy",
                    "nothing else required",
                    "required: string",
                )
            ],
            [],
        ),
    ],
)
def test_the_rows_of_each_judge(
    change: Callable[[Json], None], shape: list[Row], drift: list[Row]
) -> None:
    assert judged(change) == (shape, drift)


@pytest.mark.sample
def test_what_is_there_instead_of_what_was_moved_or_renamed() -> None:
    contract = json.loads(VENDORED)
    moved(contract)
    renamed(contract)
    rows = misfits(normalise(contract), load_needs() or ())
    assert [row.near for row in rows] == ["fullName", "fullName", "GET /api/v2/tax-rates"]
