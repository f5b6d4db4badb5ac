"""What a change touches in the layer is worked out from the seam: everything it names there is
found.
"""

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from scripts.contract.layout import Layout
from scripts.contract.needs import needs
from scripts.contract.routes import shape
from scripts.contract.seam import Need, load_needs
from scripts.contract.source import Fetched
from scripts.drift import use as using
from scripts.drift.compare import compare
from scripts.drift.documents import Document, read_document
from scripts.drift.findings import BREAKING, HEALED, INFO, WARNING, Finding, Level
from scripts.drift.use import Route, Use, Used, uses
from tests.support.checkouts import FakeNeed

HERE = Layout()
CONTRACT = HERE.contract.read_bytes()


# Nothing here changes what comparisons read, so it is worked out once.
@functools.cache
def layer_uses() -> Mapping[Route, Used]:
    return uses()


@functools.cache
def layer_needs() -> Sequence[Need]:
    return load_needs() or ()


@functools.cache
def vendored() -> Document:
    return read_document(Fetched(CONTRACT, "x"), HERE)


def document(contract: Any) -> Document:
    return read_document(Fetched(json.dumps(contract).encode(), "x"), HERE)


def covered(use: Use | None, expected: Any, where: str) -> None:
    """Everything that the shape names is a use, with a name that a user of the layer knows."""
    assert use is not None, where
    if isinstance(expected, Mapping):
        for key, inner in expected.items():
            name = key.removesuffix("?")
            covered(use.property(name), inner, f"{where}/{name}")
    elif isinstance(expected, list):
        covered(use.item(), expected[0], f"{where}/items")


@pytest.mark.parametrize("need", needs(), ids=lambda need: f"{need.method} {need.path}")
def test_everything_the_seam_names_is_used(need: Any) -> None:
    used = layer_uses()[need.method.lower(), shape(need.path)]
    assert used.name == need.operation
    for place, name in need.parameters:
        assert used.parameter(place, name.lower() if place == "header" else name) == Use(
            need.operation
        )
    if isinstance(need.response, Mapping):
        covered(used.response, need.response, "response")
    if need.request is not None:
        covered(used.request, need.request, "request")


def test_a_place_has_the_names_a_user_knows() -> None:
    rows = layer_uses()["get", "/api/v1/bank-transactions"].response
    data = rows.property("data")
    assert data is not None
    item = data.item()
    assert item is not None
    amount = item.property("amount")
    assert amount is not None
    assert amount.touches() == ("BankTransaction.amount", "Organization.bank_transactions")
    assert amount.property("anything") is None
    assert item.property("unknown") is None
    total = rows.property("pagination")
    assert total is not None
    assert total.property("total") == Use("Organization.bank_transactions", "", str)


def found(change: Callable[[Any], object]) -> list[Finding]:
    contract = json.loads(CONTRACT)
    change(contract)
    return compare(vendored(), document(contract), layer_uses(), layer_needs()).findings


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda contract: contract["paths"].pop("/.well-known/oauth-authorization-server"), "operation-removed"),
        (lambda contract: contract["paths"]["/api/v1/accounts/{id}"].pop("patch"), "operation-removed"),
        (lambda contract: contract["components"]["schemas"]["BankAccount"]["properties"].pop("organizationId"),
         "response-property-removed"),
    ],
)  # fmt: skip
def test_what_nobody_uses_touches_nothing(change: Callable[[Any], object], rule: str) -> None:
    [finding] = found(change)
    assert finding.rule == rule
    assert finding.touches == ()
    assert finding.to_json()["touches"] == ["nothing used here"]


def test_a_firm_connects_by_a_code() -> None:
    def change(contract: Any) -> None:
        flows = contract["components"]["securitySchemes"]["oauth2"]["flows"]
        flows["clientCredentials"] = flows.pop("authorizationCode")

    [finding] = [each for each in found(change) if each.level == BREAKING]
    assert (finding.rule, finding.touches) == ("oauth-flow-removed", ("LedgerHQ.connect",))


def test_the_company_of_a_record_is_used_where_it_is_there() -> None:
    def change(contract: Any) -> None:
        account = contract["components"]["schemas"]["Account"]
        account["properties"]["organizationId"] = {"type": "integer"}

    [finding] = [each for each in found(change) if each.touches]
    assert (finding.level, finding.rule) == (BREAKING, "response-type-changed")
    assert finding.touches[:2] == ("Account.organization_id", "Organization.accounts")


def test_what_is_used_is_breaking_though_it_was_optional() -> None:
    def change(contract: Any) -> None:
        del contract["components"]["schemas"]["BankAccount"]["properties"]["color"]

    [finding] = found(change)
    assert finding.level == BREAKING
    assert finding.touches == ("BankAccount.color", "Organization.bank_accounts")


def test_what_the_layer_takes_is_told_apart_from_what_breaks_others() -> None:
    """Routes that only scripts call answer the same record."""

    def change(contract: Any) -> None:
        contract["components"]["schemas"]["Account"]["required"].remove("createdAt")

    others, layer = found(change)
    assert (others.level, others.touches) == (BREAKING, ())
    assert "GET /api/v1/accounts/{id}" in others.routes
    assert layer.level == WARNING
    assert layer.touches[:2] == ("Account.created_at", "Organization.accounts")


@pytest.mark.parametrize(("more", "level"), [({}, WARNING), ({"meta": {"type": "object"}}, HEALED)])
def test_an_envelope_that_is_renamed(more: Any, level: Level) -> None:
    """Installed releases read the other one where it stands alone, new clients wherever it stands."""

    def change(contract: Any) -> None:
        operation = contract["paths"]["/api/v1/companies/{companyId}/accounts"]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        schema["properties"] = {"data": schema["properties"]["accounts"], **more}
        schema["required"] = ["data"]

    [finding, *rest] = found(change)
    assert (finding.level, finding.rule) == (level, "response-envelope-renamed")
    assert (finding.before, finding.after) == ("accounts", "data")
    assert finding.touches == ("Organization.accounts",)
    assert all(each.level == INFO for each in rest)


def test_what_is_inside_a_renamed_envelope_is_compared() -> None:
    def change(contract: Any) -> None:
        operation = contract["paths"]["/api/v1/bank-accounts"]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        schema["properties"] = {"data": schema["properties"]["bankAccounts"]}
        schema["required"] = ["data"]
        del contract["components"]["schemas"]["BankAccount"]["properties"]["color"]

    rules = {each.rule: each for each in found(change) if each.level == BREAKING}
    assert "BankAccount.color" in rules["response-property-removed"].touches
    assert "Organization.bank_accounts" in rules["response-property-removed"].touches


@pytest.mark.parametrize(
    ("route", "name", "level"),
    [
        ("/api/v1/purchases", "IdempotencyKey", WARNING),
        ("/api/v1/accounts", "OrganizationId", WARNING),
    ],
)
def test_a_header_that_is_always_sent_may_become_required(
    route: str, name: str, level: Level
) -> None:
    def with_header(required: bool) -> Any:
        contract = json.loads(CONTRACT)
        contract["components"]["parameters"][name]["required"] = required
        item = contract["paths"][route]
        contract["paths"] = {route: {key: item[key] for key in ("get", "post") if key in item}}
        return document(contract)

    needed = [need for need in needs() if need.path == route]
    findings = compare(with_header(False), with_header(True), layer_uses(), needed).findings
    assert {(each.level, each.rule) for each in findings} == {(level, "parameter-became-required")}


@pytest.mark.parametrize(
    ("place", "words", "broken", "calls"),
    [
        ("PostingReceipt.status", ["posted", "queued"], set(), set()),
        ("PostingReceipt.status", ["completed"], {"response-enum-closed"},
         {"Receipt.status", "Organization.post(Purchase)", "Organization.post(Transfer)"}),
        # How two words are spelled does not matter there; which words they are does.
        ("PostingReceipt.resourceType",
         ["purchase", "deposit", "transfer", "bill-payment", "journalEntry"], set(), set()),
        ("PostingReceipt.resourceType",
         ["purchase", "deposit", "transfer", "payment", "journal_entry"],
         {"response-enum-value-removed"},
         {"Receipt.resource_type", "Organization.post(BillPayment)"}),
        ("Entry.status", ["draft", "final", "void"], {"response-enum-value-removed"},
         {"Entry.status", "Organization.entry", "Organization.entries"}),
        ("FinancialPacket.amountUnit", ["decimal"], {"response-enum-closed"},
         {"FinancialPacket.amount_unit", "Organization.financial_packet"}),
    ],
)  # fmt: skip
def test_words_that_the_layer_goes_by_break_it_where_an_answer_has_them_no_more(
    place: str, words: list[str], broken: set[str], calls: set[str]
) -> None:
    def change(contract: Any) -> None:
        record, name = place.split(".")
        schema = contract["components"]["schemas"][record]["properties"][name]
        schema.pop("const", None)
        schema["enum"] = words

    hits = [finding for finding in found(change) if finding.level == BREAKING]
    touched = {touch for finding in hits for touch in finding.touches}
    assert {finding.rule for finding in hits} == broken
    assert calls <= touched
    assert bool(touched) == bool(calls)


@pytest.mark.parametrize(
    ("place", "minimum", "is_broken"),
    [
        ("BankTransaction.amount", 0, True),
        ("BankTransaction.amount", -1_000_000, False),
        # What is never below zero is not known by its sign.
        ("Bill.total", 0, False),
    ],
)
def test_an_amount_without_its_sign_breaks_the_layer_where_it_goes_by_that(
    place: str, minimum: int, is_broken: bool
) -> None:
    def change(contract: Any) -> None:
        record, name = place.split(".")
        contract["components"]["schemas"][record]["properties"][name]["minimum"] = minimum

    [finding] = found(change)
    assert finding.rule == "response-bound-tightened"
    assert (finding.level == BREAKING) == is_broken


@pytest.mark.parametrize(
    ("route", "name", "schema", "is_broken"),
    [
        ("/api/v1/tax-rates", "limit", {"type": "integer", "default": 100}, True),
        ("/api/v1/tax-rates", "per_page", {"type": "integer", "default": 100}, True),
        # Whoever sends none gets the whole list.
        ("/api/v1/tax-rates", "limit", {"type": "integer"}, False),
        ("/api/v1/tax-rates", "kind", {"type": "string", "default": "standard"}, False),
        # A list that the layer walks over, and one that it does not read.
        ("/api/v1/contacts", "size", {"type": "integer", "default": 100}, False),
        ("/api/v1/accounts/{id}", "limit", {"type": "integer", "default": 100}, False),
    ],
)
def test_a_list_that_is_read_whole_and_gets_a_size_breaks_the_layer(
    route: str, name: str, schema: Any, is_broken: bool
) -> None:
    def change(contract: Any) -> None:
        parameter = {"name": name, "in": "query", "schema": schema}
        contract["paths"][route]["get"]["parameters"].append(parameter)

    [finding] = found(change)
    assert finding.rule == ("response-in-pages" if is_broken else "parameter-added")
    assert (finding.level == BREAKING) == is_broken


@pytest.mark.parametrize(
    ("bounds", "is_broken"),
    [({"minimum": 0, "default": 0}, True), ({"minimum": 0, "default": 1}, False)],
)
def test_pages_that_are_counted_from_0_break_the_layer(bounds: Any, is_broken: bool) -> None:
    def change(contract: Any) -> None:
        contract["components"]["parameters"]["Page"]["schema"].update(bounds)

    hits = [finding for finding in found(change) if finding.level == BREAKING]
    calls = {touch for finding in hits for touch in finding.touches}
    assert ("Organization.bank_transactions" in calls) == is_broken
    assert bool(hits) == is_broken


@pytest.mark.parametrize(
    ("place", "flag", "touches"),
    [
        ("PurchaseRequest.memo", "readOnly", ("Purchase.memo", "Organization.post(Purchase)")),
        ("BankAccount.balance", "writeOnly", ("BankAccount.balance", "Organization.bank_accounts")),
        ("BankAccount.balance", "readOnly", ()),
    ],
)
def test_what_the_layer_sends_or_reads_stays_where_it_is(
    place: str, flag: str, touches: tuple[str, ...]
) -> None:
    def change(contract: Any) -> None:
        record, name = place.split(".")
        contract["components"]["schemas"][record]["properties"][name][flag] = True

    hits = [finding for finding in found(change) if finding.level == BREAKING]
    assert [finding.touches for finding in hits if finding.touches] == (
        [touches] if touches else []
    )


@pytest.mark.parametrize(
    ("name", "keyword", "was", "now", "level"),
    [
        ("Limit", "maximum", 250, 100, WARNING),
        ("Limit", "maximum", None, 100, WARNING),
        ("Limit", "maximum", 250, 99, BREAKING),
        ("IdempotencyKey", "maxLength", 300, 255, WARNING),
        ("IdempotencyKey", "maxLength", 300, 254, BREAKING),
        # A user's own keys and the last page of a walk may be shorter than any sample.
        ("IdempotencyKey", "minLength", 1, 5, BREAKING),
        ("Limit", "minimum", 1, 2, BREAKING),
        # And no sample says how far a walk goes.
        ("Page", "maximum", 1_000_000, 1_000, BREAKING),
    ],
)
def test_a_ceiling_breaks_the_layer_where_it_is_below_what_the_layer_sends(
    name: str, keyword: str, was: Any, now: Any, level: Level
) -> None:
    documents = []
    for bound in (was, now):
        contract = json.loads(CONTRACT)
        schema = contract["components"]["parameters"][name]["schema"]
        schema.pop(keyword, None)
        schema.update({keyword: bound} if bound is not None else {})
        documents.append(document(contract))
    old, new = documents
    findings = compare(old, new, layer_uses(), layer_needs()).findings
    mine = [each for each in findings if each.touches]
    assert {(each.rule, each.level) for each in mine} == {("request-bound-tightened", level)}
    others = [each for each in findings if not each.touches]
    assert {each.level for each in others} <= {BREAKING}, "of others nobody knows what they send"


@pytest.mark.parametrize(
    ("place", "was", "now", "level"),
    [
        (("Contact", "email"), "email", "idn-email", WARNING),
        (("Contact", "email"), None, "email", INFO),
        (("Contact", "createdAt"), "date-time", "date", BREAKING),
    ],
)
def test_formats_matter_where_the_layer_reads_days_and_moments(
    place: tuple[str, str], was: str | None, now: str, level: Level
) -> None:
    documents = []
    for form in (was, now):
        contract = json.loads(CONTRACT)
        contact = contract["components"]["schemas"][place[0]]["properties"][place[1]]
        contact.pop("format", None)
        contact.update({"format": form} if form else {})
        documents.append(document(contract))
    old, new = documents
    [finding] = compare(old, new, layer_uses(), ()).findings
    assert finding.level == level
    assert finding.touches[-2:] == ("Organization.contacts", "Organization.create_contact")


def test_a_call_that_a_contract_may_lack_moves_away_with_changes() -> None:
    contract = json.loads(CONTRACT)
    paths = contract["paths"]
    paths["/api/v2/contacts"] = {"post": paths["/api/v1/contacts"].pop("post")}
    contract["components"]["schemas"]["ContactCreate"]["properties"]["name"]["maxLength"] = 5
    [finding] = compare(vendored(), document(contract), layer_uses(), layer_needs()).findings
    assert (finding.rule, finding.level) == ("operation-moved", WARNING)
    assert finding.touches == ("Organization.create_contact",)


def test_a_misfit_that_no_rule_tells_is_told() -> None:
    contract = json.loads(CONTRACT)
    del contract["components"]["schemas"]["BankAccount"]["properties"]["color"]
    need = FakeNeed(
        "GET", "/api/v1/bank-accounts", response={"bankAccounts": [{"color?": "string"}]}
    )
    new = document(contract)
    told, other = compare(vendored(), new, {}, [need]).findings
    assert (told.rule, told.level, told.touches) == ("seam-misfit", BREAKING, (need.operation,))
    assert (told.routes, told.after) == (("GET /api/v1/bank-accounts",), "no such property")
    assert other.rule == "response-property-removed"
    assert compare(new, new, {}, [need]).findings == [], "it did not fit before either"


def test_without_a_layer_nothing_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(using, "load_needs", lambda: None)
    assert uses() == {}
