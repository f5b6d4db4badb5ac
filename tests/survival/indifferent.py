"""What the layer takes either way: a client of the vendored contract would notice, an app does not.

Drift warns of it, regenerating fits, and the flow runs on what was regenerated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .edits import Json, answer, operation, property_of, schema

BELOW = "/api/v1/companies/{companyId}"


@dataclass(frozen=True)
class Either:
    """A change, the rule that warns of it and what it touches."""

    change: Callable[[Json], object]
    rule: str
    touches: tuple[str, ...]


INDIFFERENT: dict[str, Either] = {}


def either(
    rule: str, *touches: str
) -> Callable[[Callable[[Json], object]], Callable[[Json], object]]:
    """A variant that the layer takes as well as the vendored contract."""

    def add(change: Callable[[Json], object]) -> Callable[[Json], object]:
        INDIFFERENT[change.__name__] = Either(change, rule, touches)
        return change

    return add


def rename_envelope(contract: Json, route: str, old: str, new: str) -> None:
    found = answer(contract, route)
    found["properties"][new] = found["properties"].pop(old)
    found["required"] = [new if name == old else name for name in found["required"]]


@either("response-envelope-renamed", "Organization.bank_accounts")
def envelope_called_data(contract: Json) -> None:
    rename_envelope(contract, "GET /api/v1/bank-accounts", "bankAccounts", "data")


@either("response-envelope-renamed", "Organization.accounts", "Organization.bank_accounts")
def envelopes_of_company_paths_called_data(contract: Json) -> None:
    rename_envelope(contract, f"GET {BELOW}/accounts", "accounts", "data")
    rename_envelope(contract, f"GET {BELOW}/bank-accounts", "bankAccounts", "data")


@either("response-envelope-renamed", "Organization.entry")
def envelope_of_one_record_called_data(contract: Json) -> None:
    rename_envelope(contract, "GET /api/v1/entries/{id}", "entry", "data")


@either("response-became-optional", "TaxRate.is_default", "Organization.tax_rates")
def what_may_be_none_became_optional(contract: Json) -> None:
    schema(contract, "TaxRate")["required"].remove("isDefault")


@either("response-became-nullable", "Bill.created_at", "Organization.bills")
def what_may_be_none_became_nullable(contract: Json) -> None:
    property_of(contract, "Bill.createdAt")["type"] = ["string", "null"]


@either("response-media-type-changed", "Organization.tax_rates")
def answer_in_json_of_the_vendor(contract: Json) -> None:
    content = operation(contract, "GET /api/v1/tax-rates")["responses"]["200"]["content"]
    content["application/vnd.ledgerhq+json"] = content.pop("application/json")


@either("request-no-longer-nullable", "Reclassify.contact_id", "Organization.reclassify")
def null_that_is_never_sent_refused(contract: Json) -> None:
    property_of(contract, "ReclassifyRequest.contactId")["type"] = "string"


@either("operation-removed", "Organization.create_contact")
def creation_of_contacts_gone(contract: Json) -> None:
    """An optional operation: its method says that the contract lacks it, and all else works."""
    del contract["paths"]["/api/v1/contacts"]["post"]


@either("operation-moved", "Organization.create_contact")
def creation_of_contacts_moved_elsewhere(contract: Json) -> None:
    item = contract["paths"]["/api/v1/contacts"]
    contract["paths"]["/api/v2/contacts"] = {"post": item.pop("post")}


@either("response-status-changed", "Organization.create_entry")
def another_success_of_a_draft(contract: Json) -> None:
    answers = operation(contract, "POST /api/v1/entries")["responses"]
    answers["200"] = answers.pop("201")


@either("request-became-required", "MatchTo.match_type", "Organization.match")
def what_is_always_sent_became_required(contract: Json) -> None:
    schema(contract, "MatchRequest").setdefault("required", []).append("matchType")
