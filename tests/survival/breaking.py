"""What breaks those who use the contract: each with the rule and the function of the layer that
drift must name.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

from .edits import (
    SCHEMAS,
    Json,
    add_property,
    answer,
    drop_property,
    operation,
    operations,
    property_of,
    schema,
)

STRING = {"type": "string"}
HEADER = {"$ref": "#/components/parameters/OrganizationId"}
KEY = {"$ref": "#/components/parameters/IdempotencyKey"}


@dataclass(frozen=True)
class Break:
    """A change, the rule that tells it and what it hits."""

    change: Callable[[Json], object]
    rule: str
    hits: tuple[str, ...]


BREAKING: dict[str, Break] = {}


def breaks(rule: str, *hits: str) -> Callable[[Callable[[Json], object]], Callable[[Json], object]]:
    """A variant that breaks."""

    def add(change: Callable[[Json], object]) -> Callable[[Json], object]:
        BREAKING[change.__name__] = Break(change, rule, hits)
        return change

    return add


def on_both_carriers(contract: Json, route: str) -> list[Json]:
    """An operation on its route with the header, and below the company: what breaks on one of them
    is healed by the other.
    """
    below = route.replace("/api/v1/", "/api/v1/companies/{companyId}/")
    return [operation(contract, route), operation(contract, below)]


@breaks("operation-removed", "Organization.bills")
def route_removed(contract: Json) -> None:
    del contract["paths"]["/api/v1/bills"]


@breaks("operation-moved", "Organization.contacts")
def route_moved_to_v2(contract: Json) -> None:
    contract["paths"]["/api/v2/contacts"] = contract["paths"].pop("/api/v1/contacts")


@breaks("server-changed", "Organization.post(Purchase)")
def postings_on_another_server(contract: Json) -> None:
    for each in on_both_carriers(contract, "POST /api/v1/purchases"):
        each["servers"] = [{"url": "https://post.ledgerhq.pro"}]


@breaks("operation-moved", "Organization.reclassify")
def method_changed(contract: Json) -> None:
    item = contract["paths"]["/api/v1/bank-transactions/{id}/reclassify"]
    item["put"] = item.pop("post")


@breaks("response-property-removed", "BankTransaction.amount", "Organization.bank_transactions")
def used_field_removed(contract: Json) -> None:
    drop_property(contract, "BankTransaction.amount")


@breaks("response-property-removed", "BankTransaction.payee", "Organization.bank_transaction")
def optional_used_field_removed(contract: Json) -> None:
    drop_property(contract, "BankTransaction.payee")


@breaks("response-property-removed", "Receipt.journal_entry_id", "Organization.post(Deposit)")
def field_renamed(contract: Json) -> None:
    add_property(
        contract, "PostingReceipt.entryId", drop_property(contract, "PostingReceipt.journalEntryId")
    )


@breaks("response-type-changed", "Account.id", "Organization.accounts")
def ids_became_integers(contract: Json) -> None:
    property_of(contract, "Account.id")["type"] = "integer"


@breaks("response-bound-tightened", "BankTransaction.amount", "Organization.split")
def amounts_lost_their_sign(contract: Json) -> None:
    property_of(contract, "BankTransaction.amount")["minimum"] = 0
    direction = {"type": "string", "enum": ["in", "out"]}
    add_property(contract, "BankTransaction.direction", direction, required=True)


@breaks("response-type-changed", "BankAccount.balance", "Organization.bank_accounts")
def cents_became_decimal_strings(contract: Json) -> None:
    for place in ("BankAccount.balance", "BankTransaction.amount", "Bill.total"):
        property_of(contract, place).clear()
        property_of(contract, place).update({"type": "string", "pattern": r"^-?\d+\.\d{2}$"})


@breaks("response-type-widened", "Bill.amount_due", "Organization.bills")
def cents_became_numbers(contract: Json) -> None:
    property_of(contract, "Bill.amountDue").update({"type": "number", "format": "double"})


@breaks("request-type-changed", "Transfer.amount", "Organization.post(Transfer)")
def sent_cents_became_decimal_strings(contract: Json) -> None:
    schema(contract, "TransferRequest")["properties"]["amount"] = {"type": "string"}


@breaks("request-type-widened", "PostingLine.amount", "Organization.post(Purchase)")
def sent_cents_became_numbers(contract: Json) -> None:
    """As in dollars, perhaps: 1250 would no longer be 12.50."""
    property_of(contract, "PostingLine.amount").clear()
    property_of(contract, "PostingLine.amount").update({"type": "number", "multipleOf": 0.01})


@breaks("response-became-optional", "Receipt.idempotency_key", "Organization.post(JournalEntry)")
def field_became_optional(contract: Json) -> None:
    schema(contract, "PostingReceipt")["required"].remove("idempotencyKey")


@breaks("response-became-nullable", "Contact.name", "Organization.contacts")
def field_became_nullable(contract: Json) -> None:
    property_of(contract, "Contact.name")["type"] = ["string", "null"]


@breaks("response-format-changed", "Bill.issue_date", "Organization.bills")
def date_became_a_timestamp(contract: Json) -> None:
    property_of(contract, "Bill.issueDate")["format"] = "date-time"


@breaks("request-required-property-added", "Organization.post(Purchase)")
def required_request_field_added(contract: Json) -> None:
    add_property(contract, "PurchaseRequest.approvedBy", dict(STRING), required=True)


@breaks(
    "request-required-property-added", "Organization.post(Purchase)", "Organization.post(Deposit)"
)
def required_line_field_added(contract: Json) -> None:
    add_property(contract, "PostingLine.taxCode", dict(STRING), required=True)


@breaks("seam-misfit", "Organization.post(Deposit)")
def one_of_two_request_fields_became_required(contract: Json) -> None:
    either = [{"required": ["payerName"]}, {"required": ["contactId"]}]
    schema(contract, "DepositRequest")["anyOf"] = either


@breaks("request-became-required", "Deposit.payer_name", "Organization.post(Deposit)")
def request_field_became_required(contract: Json) -> None:
    schema(contract, "DepositRequest")["required"].append("payerName")


@breaks("request-property-removed", "Transfer.memo", "Organization.post(Transfer)")
def request_field_removed(contract: Json) -> None:
    drop_property(contract, "TransferRequest.memo")


@breaks("request-type-changed", "Transfer.memo", "Organization.post(Transfer)")
def request_field_forbidden(contract: Json) -> None:
    schema(contract, "TransferRequest")["properties"]["memo"] = {"not": {}}


@breaks("request-property-removed", "Reclassify.account_id", "Organization.reclassify")
def request_field_renamed(contract: Json) -> None:
    moved = drop_property(contract, "ReclassifyRequest.accountId")
    add_property(contract, "ReclassifyRequest.ledgerAccountId", moved, required=True)


@breaks("request-enum-value-removed", "MatchTo.match_type", "Organization.match")
def request_enum_value_removed(contract: Json) -> None:
    property_of(contract, "MatchRequest.matchType")["enum"].remove("bill")


@breaks("request-bound-tightened", "Purchase.memo", "Organization.post(Purchase)")
def request_bound_tightened(contract: Json) -> None:
    property_of(contract, "PurchaseRequest.memo")["maxLength"] = 10


@breaks("required-parameter-added", "Organization.tax_rates")
def required_parameter_added(contract: Json) -> None:
    found = operation(contract, "GET /api/v1/tax-rates")["parameters"]
    found.append({"name": "country", "in": "query", "required": True, "schema": STRING})


@breaks("required-parameter-added", "Organization.contacts", "Organization.create_account")
def required_header_added(contract: Json) -> None:
    for each in operations(contract):
        if HEADER in each.get("parameters", []):
            each["parameters"].append(
                {"name": "x-api-version", "in": "header", "required": True, "schema": STRING}
            )


@breaks("parameter-removed", "Organization.post(Purchase)", "Organization.post(Transfer)")
def idempotency_header_removed(contract: Json) -> None:
    for each in operations(contract):
        each["parameters"] = [p for p in each.get("parameters", []) if p != KEY]


@breaks("required-parameter-added", "Organization.post(JournalEntry)")
def idempotency_header_renamed(contract: Json) -> None:
    contract["components"]["parameters"]["IdempotencyKey"]["name"] = "X-Request-Key"


@breaks("parameter-moved", "Organization.contacts", "Organization.financial_packet")
def organization_header_became_a_query_parameter(contract: Json) -> None:
    contract["components"]["parameters"]["OrganizationId"]["in"] = "query"


@breaks("parameter-removed", "Organization.bank_transactions")
def filter_removed(contract: Json) -> None:
    for found in on_both_carriers(contract, "GET /api/v1/bank-transactions"):
        found["parameters"] = [p for p in found["parameters"] if p.get("name") != "status"]


@breaks("parameter-removed", "LedgerHQ.organizations")
def cursor_parameter_removed(contract: Json) -> None:
    found = operation(contract, "GET /api/v1/organizations")
    found["parameters"] = [p for p in found["parameters"] if p["name"] != "cursor"]


@breaks("response-in-pages", "Organization.accounts")
def whole_list_came_in_pages(contract: Json) -> None:
    for each in on_both_carriers(contract, "GET /api/v1/accounts"):
        each["parameters"].append({"$ref": "#/components/parameters/Page"})
        found = each["responses"]["200"]["content"]["application/json"]["schema"]
        found["properties"]["pagination"] = {"$ref": f"{SCHEMAS}Pagination"}


@breaks("response-in-pages", "Organization.accounts")
def whole_list_ended_at_a_limit(contract: Json) -> None:
    """Nothing in the answer says that there are more."""
    size = {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}
    for each in on_both_carriers(contract, "GET /api/v1/accounts"):
        each["parameters"].append({"name": "pageSize", "in": "query", "schema": size})


@breaks("response-property-removed", "LedgerHQ.organizations")
def cursor_field_removed(contract: Json) -> None:
    found = answer(contract, "GET /api/v1/organizations")
    found["required"].remove("nextCursor")
    del found["properties"]["nextCursor"]


@breaks("response-property-removed", "Organization.entries", "Organization.contacts")
def page_total_removed(contract: Json) -> None:
    drop_property(contract, "Pagination.total")


@breaks("response-property-removed", "Organization.bank_accounts")
def envelope_renamed(contract: Json) -> None:
    for each in on_both_carriers(contract, "GET /api/v1/bank-accounts"):
        found = each["responses"]["200"]["content"]["application/json"]["schema"]
        found["properties"]["items"] = found["properties"].pop("bankAccounts")
        found["required"] = ["items"]


@breaks("response-type-changed", "Organization.tax_rates")
def list_became_a_map(contract: Json) -> None:
    rates = {"type": "object", "additionalProperties": {"$ref": f"{SCHEMAS}TaxRate"}}
    answer(contract, "GET /api/v1/tax-rates")["properties"]["taxRates"] = rates


@breaks("response-variant-added", "Organization.reconcile")
def answer_got_an_alternative(contract: Json) -> None:
    found = answer(contract, "POST /api/v1/bank-transactions/{id}/reconcile")["properties"]
    found["transaction"] = {"oneOf": [found["transaction"], STRING]}


@breaks("security-changed", "Organization.accounts", "Organization.post(Purchase)")
def security_scheme_swapped(contract: Json) -> None:
    contract["components"]["securitySchemes"] = {
        "key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}
    }
    contract["security"] = [{"key": []}]


@breaks("security-changed", "Organization.post(Purchase)")
def scope_added(contract: Json) -> None:
    for each in on_both_carriers(contract, "POST /api/v1/purchases"):
        each["security"] = [{"oauth2": ["mcp", "post"]}, {"apiKey": []}]
    contract["components"]["securitySchemes"]["oauth2"]["flows"]["authorizationCode"]["scopes"][
        "post"
    ] = "Post"


@breaks("security-added", "LedgerHQ.health")
def public_route_closed(contract: Json) -> None:
    del contract["paths"]["/api/health"]["get"]["security"]


@breaks("response-status-removed", "Organization.post(Deposit)")
def success_status_changed(contract: Json) -> None:
    for each in on_both_carriers(contract, "POST /api/v1/deposits"):
        answers = each["responses"]
        answers["202"] = answers.pop("201")


@breaks("response-media-type-removed", "Organization.trial_balance")
def answer_in_another_media_type(contract: Json) -> None:
    for each in on_both_carriers(contract, "GET /api/v1/reports/trial-balance"):
        each["responses"]["200"]["content"] = {"text/csv": {"schema": STRING}}


@breaks("response-media-type-removed", "Organization.exclude")
def answer_without_a_body(contract: Json) -> None:
    del operation(contract, "POST /api/v1/bank-transactions/{id}/exclude")["responses"]["200"][
        "content"
    ]


@breaks("request-media-type-removed", "LedgerHQ.connect")
def body_in_another_media_type(contract: Json) -> None:
    content = operation(contract, "POST /api/oauth/token")["requestBody"]["content"]
    content["application/json"] = content.pop("application/x-www-form-urlencoded")


@breaks("request-body-became-required", "Organization.void_entry")
def body_became_required(contract: Json) -> None:
    found = operation(contract, "POST /api/v1/entries/{id}/void")["requestBody"]
    assert not found.get("required"), "it is optional in the vendored contract"
    found["required"] = True


@breaks("response-property-removed", "ProfitAndLoss.net_income", "Organization.financial_packet")
def statement_total_removed(contract: Json) -> None:
    packet = copy.deepcopy(schema(contract, "ProfitAndLoss"))
    packet["required"].remove("netIncome")
    del packet["properties"]["netIncome"]
    contract["components"]["schemas"]["ProfitAndLoss"] = packet
