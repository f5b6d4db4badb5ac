"""The seam: what the layer leans on in the contract, operation by operation, in one place.

Each operation names its module in the generated client, which knows its route, its parameters and
its answer, and says only what no contract says: what of it is sent, where the result stands in the
response, how money is spelled there, where the result names what was asked for, and whether it is
safe to repeat. ``needs`` tells both to ``make regenerate`` and ``make drift``, which compare it
with a contract.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Generic, Literal, Self, TypeVar, cast
from urllib.parse import quote

from attrs import evolve, field, frozen, has

from ledgerhq_ext import _bodies, models, postings
from ledgerhq_ext._carriers import (
    COMPANY_ARGUMENT,
    HEADER_ARGUMENT,
    Location,
    company_location,
    header_location,
)
from ledgerhq_ext._checks import check_id
from ledgerhq_ext._comparison import Expectations, Names, compare, compare_each, expectations
from ledgerhq_ext._generated import (
    Body,
    Generated,
    declared_envelope,
    from_generated,
    generated,
    is_generated,
    missing_route,
    operation_module,
    python_name,
    result_of,
)
from ledgerhq_ext._http.call import Call
from ledgerhq_ext._http.messages import KEY_HEADER, SCOPE_HEADER, Carrier, Request, Response
from ledgerhq_ext._idempotency import check_key
from ledgerhq_ext._wire import Reading, Shape, Spelling, read, read_many, shape, to_wire
from ledgerhq_ext.errors import ContractError, InputError, LedgerHQError, add_facts

T = TypeVar("T")
R = TypeVar("R")
E = TypeVar("E", bound=LedgerHQError)
Listing = Literal["whole", "cursor", "numbered"]

DEFAULT_BASE_URL = "https://app.ledgerhq.pro"
"""The service's address. Never taken from a regenerated contract's ``servers``."""


@frozen
class AnyOperation(Generic[T]):
    """One operation of the contract, as the layer uses it, whatever it gives.

    What the contract says of it (route, statuses, the type of its result) the generated operation
    knows: ``module`` is where that stands. The annotations in the table are held against it by a
    test.
    """

    name: str
    module: str
    envelope: str | None = field(default=None, kw_only=True)
    query: tuple[str, ...] = field(default=(), kw_only=True)
    body: type | None = field(default=None, kw_only=True)
    scoped: bool = field(default=True, kw_only=True)
    keyed: bool = field(default=False, kw_only=True)
    public: bool = field(default=False, kw_only=True)
    money: Spelling = field(default="cents", kw_only=True)
    listing: Listing | None = field(default=None, kw_only=True)
    names: Names = field(default=(), kw_only=True)
    company_path: Location | None = field(default=None, kw_only=True)
    """Where it stands below the company, if that does not follow from ``module``."""
    constants: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)
    """Filters that always hold on this route, which takes no parameter for them."""

    def on(self, carrier: Carrier, query: Mapping[str, Any] | None = None) -> Self:
        """Return the operation on the carrier that is preferred, or on the other one where the
        contract lacks that.

        A route that lacks a parameter of the table, or that always filters otherwise than ``query``
        asks, is the last choice. Raises ``InputError`` where the contract has neither route.
        """
        offers = self.offers(carrier)
        for offer in offers:
            if all((query or {}).get(name) == value for name, value in offer.constants):
                return offer
        if not offers:
            raise missing_route(*self.locations, operation=self.name)
        return offers[0]

    def offers(self, carrier: Carrier) -> tuple[Self, ...]:
        """Return the operation on each route that the contract has for it, the one to prefer first."""
        return _offers(self, carrier)

    @property
    def locations(self) -> tuple[Location, ...]:
        """Where it may stand: on the route with the header, and below the company."""
        header = header_location(self.module)
        if self.company_path is not None:
            return header, self.company_path
        return (header, company_location(self.module)) if self.scoped else (header,)

    @property
    def generated(self) -> Generated:
        """The generated operation, imported on first use."""
        return generated(self.module)

    @property
    def method(self) -> str:
        """The HTTP method, in capitals."""
        return self.generated.method

    @property
    def path(self) -> str:
        """The path, with names in braces for what is filled in."""
        return self.generated.route

    @property
    def statuses(self) -> tuple[int, ...]:
        """The statuses of success."""
        return tuple(int(status) for status in self.generated.answers)

    @property
    def form(self) -> bool:
        """Whether the body is a form."""
        body = self.generated.body
        return body is not None and body[0] == "data"

    @property
    def declared_envelope(self) -> str | None:
        """The envelope of the result as the contract declares it: the table's, or ``data``."""
        return None if self.envelope is None else declared_envelope(self.module, self.envelope)

    @property
    def result(self) -> type[T]:
        """The class of what it gives, or of the items of its list."""
        return cast("type[T]", models.record_class(result_of(self.module, self.declared_envelope)))

    @property
    def kind(self) -> Literal["read", "keyed", "mutation"]:
        """How it may be repeated (see ``_http.retries``)."""
        if self.method == "GET":
            return "read"
        return "keyed" if self.keyed else "mutation"


@cache
def _offers(operation: Any, carrier: Carrier) -> tuple[Any, ...]:
    offers: list[AnyOperation[Any]] = []
    for location in operation.locations:
        if is_generated(location.module):
            offers.append(evolve(operation, module=location.module, constants=location.constants))
    if carrier == "path":
        offers.reverse()
    if len(offers) > 1 and not _takes_its_filters(offers[0]) and _takes_its_filters(offers[1]):
        offers.reverse()
    return tuple(offers)


def _takes_its_filters(operation: AnyOperation[Any]) -> bool:
    parameters = {*operation.generated.query.values(), *dict(operation.constants)}
    return parameters.issuperset(operation.query)


@frozen
class Operation(AnyOperation[T]):
    """An operation that gives one ``T``."""


@frozen
class ListOperation(AnyOperation[T]):
    """An operation that lists several ``T``: all of them at once, or a page."""

    envelope: str = field(kw_only=True)
    listing: Listing = field(kw_only=True)


@frozen(kw_only=True)
class Need:
    """What the layer needs of one operation of the contract; shapes as in ``_wire.Shape``."""

    operation: str
    method: str
    path: str
    parameters: tuple[tuple[str, str], ...]
    request: Shape | None
    request_media: str
    response: Shape | None
    statuses: tuple[int, ...] = field(default=(200,))
    instead: tuple[Need, ...] = field(default=())
    """What does as well: the other carrier of the company, and the other envelope of a company
    path.
    """


# --- the table

_TX_MODULE = "bank_transactions.post_bank_transactions_by_id"
_ITSELF: Names = (("id", "id"),)
_ITS_TRANSACTION: Names = (("transaction/id", "id"),)

HEALTH: Operation[models.Health] = Operation(
    "LedgerHQ.health", "health.get_health", scoped=False, public=True
)
REGISTER: Operation[models.ClientRegistration] = Operation(
    "LedgerHQ.register_client",
    "oauth.post_oauth_register",
    body=_bodies.ClientRegistrationRequest,
    scoped=False,
    public=True,
)
TOKEN: Operation[Any] = Operation(
    "LedgerHQ.connect",
    "oauth.post_oauth_token",
    body=_bodies.TokenRequest,
    scoped=False,
    public=True,
)
AUTHORIZE: Operation[None] = Operation(
    "LedgerHQ.authorization_request",
    "oauth.get_oauth_authorize",
    scoped=False,
    public=True,
    query=(
        "client_id",
        "redirect_uri",
        "response_type",
        "code_challenge",
        "code_challenge_method",
        "state",
        "scope",
    ),
)
ORGANIZATIONS: ListOperation[models.OrganizationRecord] = ListOperation(
    "LedgerHQ.organizations",
    "organizations.get_organizations",
    envelope="data",
    listing="cursor",
    query=("limit", "type", "cursor"),
    scoped=False,
    company_path=Location(
        "companies.get_companies", "/api/v1/companies", constants=(("type", "client"),)
    ),
)
ACCOUNTS: ListOperation[models.Account] = ListOperation(
    "Organization.accounts", "accounts.get_accounts", envelope="accounts", listing="whole"
)
BANK_ACCOUNTS: ListOperation[models.BankAccount] = ListOperation(
    "Organization.bank_accounts",
    "bank_accounts.get_bank_accounts",
    envelope="bankAccounts",
    listing="whole",
)
CONTACTS: ListOperation[models.Contact] = ListOperation(
    "Organization.contacts",
    "contacts.get_contacts",
    envelope="data",
    listing="numbered",
    query=("page", "limit", "search", "type"),
)
TAX_RATES: ListOperation[models.TaxRate] = ListOperation(
    "Organization.tax_rates", "tax_rates.get_tax_rates", envelope="taxRates", listing="whole"
)
BILLS: ListOperation[models.Bill] = ListOperation(
    "Organization.bills",
    "bills.get_bills",
    envelope="data",
    listing="numbered",
    query=("page", "limit", "status"),
)


def _posting(segment: str, body: type[postings.Posting]) -> Operation[models.Receipt]:
    return Operation(
        f"Organization.post({body.__name__})",
        f"{segment}.post_{segment}",
        envelope="data",
        body=body,
        keyed=True,
        names=(("idempotencyKey", "key"),),
    )


POSTINGS: Mapping[type[postings.Posting], Operation[models.Receipt]] = {
    postings.Purchase: _posting("purchases", postings.Purchase),
    postings.Deposit: _posting("deposits", postings.Deposit),
    postings.Transfer: _posting("transfers", postings.Transfer),
    postings.BillPayment: _posting("bill_payments", postings.BillPayment),
    postings.JournalEntry: _posting("journal_entries", postings.JournalEntry),
}
ENTRIES: ListOperation[models.Entry] = ListOperation(
    "Organization.entries",
    "entries.get_entries",
    envelope="data",
    listing="numbered",
    money="decimal",
    query=("page", "limit", "status", "startDate", "endDate"),
    company_path=Location(
        "companies.get_companies_by_id_journal_entries",
        "/api/v1/companies/{companyId}/journal-entries",
    ),
)
ENTRY: Operation[models.Entry] = Operation(
    "Organization.entry",
    "entries.get_entries_by_id",
    envelope="entry",
    money="decimal",
    names=_ITSELF,
)
CREATE_ENTRY: Operation[models.Entry] = Operation(
    "Organization.create_entry",
    "entries.post_entries",
    envelope="entry",
    money="decimal",
    body=postings.DraftEntry,
)
POST_ENTRY: Operation[models.Entry] = Operation(
    "Organization.post_entry",
    "entries.post_entries_by_id_post",
    envelope="entry",
    money="decimal",
    names=_ITSELF,
)
VOID_ENTRY: Operation[models.Entry] = Operation(
    "Organization.void_entry",
    "entries.post_entries_by_id_void",
    envelope="entry",
    money="decimal",
    body=_bodies.VoidEntry,
    names=_ITSELF,
)
BANK_FEEDS: ListOperation[models.BankFeed] = ListOperation(
    "Organization.bank_feeds", "bank_feeds.get_bank_feeds", envelope="bankFeeds", listing="whole"
)
BANK_FEED_HEALTH: ListOperation[models.BankFeedHealth] = ListOperation(
    "Organization.bank_feed_health",
    "bank_feeds.get_bank_feeds_health",
    envelope="bankFeeds",
    listing="whole",
)
BANK_TRANSACTIONS: ListOperation[models.BankTransaction] = ListOperation(
    "Organization.bank_transactions",
    "bank_transactions.get_bank_transactions",
    envelope="data",
    listing="numbered",
    query=("page", "limit", "status", "bankAccountId", "startDate", "endDate", "sourceType"),
    names=(("bankAccountId", "bankAccountId"),),
)
BANK_ACCOUNT_TRANSACTIONS: ListOperation[models.BankTransaction] = ListOperation(
    "Organization.bank_account_transactions",
    "bank_accounts.get_bank_accounts_by_id_transactions",
    envelope="data",
    listing="numbered",
    query=("page", "limit", "status"),
    names=(("bankAccountId", "id"),),
)
BANK_TRANSACTION: Operation[models.BankTransaction] = Operation(
    "Organization.bank_transaction",
    "bank_transactions.get_bank_transactions_by_id",
    envelope="transaction",
    names=_ITSELF,
)
RECLASSIFY: Operation[models.Reclassification] = Operation(
    "Organization.reclassify",
    f"{_TX_MODULE}_reclassify",
    body=_bodies.Reclassify,
    names=_ITS_TRANSACTION,
)
MATCH: Operation[models.Match] = Operation(
    "Organization.match", f"{_TX_MODULE}_match", body=_bodies.MatchTo
)
SPLIT_DOCUMENTS: Operation[models.DocumentSplit] = Operation(
    "Organization.split", f"{_TX_MODULE}_split", body=_bodies.SplitDocuments, names=_ITS_TRANSACTION
)
SPLIT_ACCOUNTS: Operation[models.AccountSplit] = Operation(
    "Organization.split", f"{_TX_MODULE}_split_account", body=_bodies.SplitAccounts
)
RECONCILE: Operation[models.BankTransaction] = Operation(
    "Organization.reconcile",
    f"{_TX_MODULE}_reconcile",
    envelope="transaction",
    body=_bodies.Reconcile,
    names=_ITSELF,
)
EXCLUDE: Operation[models.BankTransaction] = Operation(
    "Organization.exclude", f"{_TX_MODULE}_exclude", envelope="transaction", names=_ITSELF
)


_SPAN = ("startDate", "endDate")
_PACKET: Names = (
    ("organization/id", "organization"),
    ("period/startDate", "startDate"),
    ("period/endDate", "endDate"),
)
FINANCIAL_PACKET: Operation[models.FinancialPacket] = Operation(
    "Organization.financial_packet",
    "reports.get_reports_financial_packet",
    query=(*_SPAN, "include", "generalLedgerLimit"),
    names=_PACKET,
)
TRIAL_BALANCE: Operation[models.TrialBalance] = Operation(
    "Organization.trial_balance", "reports.get_reports_trial_balance", query=_SPAN, money="decimal"
)
BALANCE_SHEET: Operation[models.BalanceSheet] = Operation(
    "Organization.balance_sheet",
    "reports.get_reports_balance_sheet",
    query=("endDate",),
    money="decimal",
)
PROFIT_AND_LOSS: Operation[models.ProfitAndLoss] = Operation(
    "Organization.profit_and_loss", "reports.get_reports_profit_and_loss", query=_SPAN
)
GENERAL_LEDGER: Operation[models.GeneralLedger] = Operation(
    "Organization.general_ledger", "reports.get_reports_general_ledger", query=(*_SPAN, "limit")
)
BANK_RECONCILIATION_STATUS: Operation[models.BankReconciliationStatus] = Operation(
    "Organization.bank_reconciliation_status", "reports.get_reports_bank_reconciliation_status"
)


def operations() -> tuple[AnyOperation[Any], ...]:
    """Return every operation of the table."""
    single = [value for value in globals().values() if isinstance(value, AnyOperation)]
    return (*single, *POSTINGS.values())


# --- what the contract must offer


def needs() -> Sequence[Need]:
    """Return what the layer needs of the contract, worked out from the table.

    An operation that the generated client has nowhere is left out: nothing says what it would look
    like.
    """
    every: list[Need] = []
    for operation in operations():
        alternatives = _alternatives(operation)
        if alternatives:
            every.append(evolve(alternatives[0], instead=tuple(alternatives[1:])))
    return every


def _alternatives(operation: AnyOperation[Any]) -> list[Need]:
    """Return what the layer needs on each route that an operation may stand on, the one with the
    header first.
    """
    offers = {offer.module: offer for offer in operation.offers("header")}
    needs: list[Need] = []
    for location in operation.locations if offers else ():
        # Where this client lacks a route, it is as on the one that there is.
        need = need_of(offers.get(location.module) or next(iter(offers.values())), location)
        needs.append(need)
        if location.is_below_a_company:
            needs += _with_the_other_envelope(operation, need)
    return needs


def _with_the_other_envelope(operation: AnyOperation[Any], need: Need) -> list[Need]:
    envelope = operation.envelope
    if envelope is None or not isinstance(need.response, Mapping):
        return []
    names = {envelope: "data", "data": envelope}
    response = {names.get(name, name): inner for name, inner in need.response.items()}
    return [] if response == need.response else [evolve(need, response=response)]


def need_of(operation: AnyOperation[Any], location: Location) -> Need:
    """Return what the layer needs of one operation, on one route."""
    parameters = [
        ("query", name) for name in operation.query if name not in dict(location.constants)
    ]
    if operation.keyed:
        parameters.insert(0, ("header", KEY_HEADER))
    if operation.scoped and not location.is_below_a_company:
        parameters.insert(0, ("header", SCOPE_HEADER))
    return Need(
        operation=operation.name,
        method=location.method,
        path=location.route,
        parameters=tuple(parameters),
        request=shape(operation.body) if operation.body else None,
        request_media="application/x-www-form-urlencoded" if operation.form else "application/json",
        response=_response_shape(operation),
        statuses=operation.statuses,
    )


def _response_shape(operation: AnyOperation[Any]) -> Shape | None:
    if not has(operation.result):
        return None
    result = shape(operation.result, operation.money)
    if operation.declared_envelope is None:
        return result
    envelope: dict[str, Shape] = {
        operation.declared_envelope: [result] if operation.listing else result
    }
    if operation.listing == "cursor":
        envelope["nextCursor?"] = "string"
    if operation.listing == "numbered":
        envelope["pagination"] = {"limit": "integer", "total": "integer"}
    return envelope


# --- calls of the table


def build(
    operation: AnyOperation[Any],
    *,
    organization_id: str | None = None,
    id: str | None = None,
    query: Mapping[str, Any] | None = None,
    body: object | None = None,
    key: str | None = None,
) -> Request:
    """Return the request of an operation. Query names are the wire's; None leaves one out."""
    module = operation_module(operation.module)
    arguments: dict[str, Any] = {}
    if operation.scoped:
        carrier = COMPANY_ARGUMENT if COMPANY_ARGUMENT in module.OPERATION.path else HEADER_ARGUMENT
        arguments[carrier] = check_id(organization_id, "organization id")
    if operation.keyed:
        arguments["idempotency_key"] = check_key(key)
    if id is not None:
        arguments["id"] = check_id(id)
    if operation.body is not None:
        arguments["body"] = Body(to_wire(body))

    for name, value in (query or {}).items():
        assert name in operation.query, f"{operation.name} is not declared to send {name}"
        if value is None or (name, value) in operation.constants:
            continue
        if name not in module.OPERATION.query.values():
            raise InputError(
                f"{operation.name}: {operation.method} {operation.path} has no filter {name}; "
                "leave it out."
            )
        arguments[python_name(module, name)] = value
    return from_generated(module, arguments)


def call(
    operation: Operation[T],
    *,
    organization_id: str | None = None,
    id: str | None = None,
    query: Mapping[str, Any] | None = None,
    body: object | None = None,
    key: str | None = None,
    currency: str | None = None,
) -> Call[T]:
    """Return the call of an operation that gives one result.

    What it reads raises ``ContractError`` where it does not fit, or is not what was asked for.
    """
    request = build(
        operation, organization_id=organization_id, id=id, query=query, body=body, key=key
    )
    reading = Reading(operation.money, currency, organization_id or "")
    expectations = _expectations(operation, organization_id, id, query, key)

    def read_result(response: Response) -> T:
        content, pointer = _content(operation, response.document())
        result = read(operation.result, content, reading, pointer=pointer)
        compare(expectations, content, pointer=pointer)
        return result

    return _call(operation, request, read_result)


def list_call(
    operation: ListOperation[T],
    make: Callable[[tuple[T, ...], dict[str, Any]], R],
    *,
    organization_id: str | None = None,
    id: str | None = None,
    query: Mapping[str, Any] | None = None,
) -> Call[R]:
    """Return the call of an operation that lists; ``make`` takes the items and the document they
    stand in.

    What it reads raises ``ContractError``, as that of ``call``.
    """
    request = build(operation, organization_id=organization_id, id=id, query=query)
    reading = Reading(operation.money, None, organization_id or "")
    expectations = _expectations(operation, organization_id, id, query)

    def read_list(response: Response) -> R:
        document = response.document()
        content, pointer = _content(operation, document)
        items = read_many(operation.result, content, reading, pointer=pointer)
        if operation.listing == "whole":
            _check_whole(document, len(items))
        compare_each(expectations, content, pointer=pointer)
        return make(items, document)

    return _call(operation, request, read_list)


def _check_whole(document: Any, count: int) -> None:
    """Raise ``ContractError`` where an answer that should hold the whole list speaks of more."""
    if not isinstance(document, dict):
        return
    if document.get("nextCursor") or document.get("hasMore") is True:
        raise ContractError(
            "the list goes on behind this answer, which should hold all of it",
            pointer="/nextCursor",
        )
    pagination = document.get("pagination")
    total = pagination.get("total") if isinstance(pagination, dict) else None
    if isinstance(total, int) and total > count:
        raise ContractError(
            f"the list has {total} rows, and only {count} of them came", pointer="/pagination/total"
        )


def _call(operation: AnyOperation[Any], request: Request, read: Callable[[Response], R]) -> Call[R]:
    return Call(
        operation=operation.name,
        request=request,
        kind=operation.kind,
        read=read,
        public=operation.public,
    )


def explain(
    error: E,
    operation: AnyOperation[Any],
    *,
    organization_id: str | None,
    id: str | None = None,
    has_outcome: bool = False,
) -> E:
    """Return an error that was made beside a call, with what there is to say of that call."""
    path = operation.path.replace("{company_id}", quote(organization_id or "", safe=""))
    add_facts(
        error,
        method=operation.method,
        path=path.replace("{id}", quote(id or "", safe="")),
        organization=organization_id,
        has_outcome=has_outcome,
    )
    return error


def _expectations(
    operation: AnyOperation[Any],
    organization_id: str | None,
    id: str | None,
    query: Mapping[str, Any] | None,
    key: str | None = None,
) -> Expectations:
    question = {**(query or {}), "organization": organization_id, "id": id, "key": key}
    return expectations(operation.names, question)


def _content(operation: AnyOperation[Any], document: Any) -> tuple[Any, str]:
    """Return what an answer holds, and where it stands."""
    envelope = operation.declared_envelope
    if envelope is None:
        return document, ""
    if not isinstance(document, dict):
        return None, f"/{envelope}"

    # Which of two envelopes a company path uses is a guess. The other one is read where nothing
    # stands beside it that could speak of more pages.
    other = operation.envelope if envelope == "data" else "data"
    if envelope not in document and document.keys() == {other}:
        envelope = other
    return document.get(envelope), f"/{envelope}"
