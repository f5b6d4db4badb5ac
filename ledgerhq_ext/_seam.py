"""The seam: what the layer leans on in the contract, operation by operation, in one place.

Each operation names its route and the module of the generated client that builds its request, says
what is sent and where the result stands in the response, how money is spelled there, and where the
result names what was asked for. ``needs`` tells the same to ``make regenerate`` and ``make drift``,
which compare it with a contract.
Responses are read by ``_wire``, not by the generated readers: those take ``"12.5"`` or ``true`` for
integer cents and break with a ``KeyError`` on a missing field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

from attrs import field, frozen

from ledgerhq_ext import _bodies, models, postings
from ledgerhq_ext._checks import check_id
from ledgerhq_ext._comparison import Expectations, Names, compare, compare_each, expectations
from ledgerhq_ext._generated import Body, from_generated, operation_module, python_name
from ledgerhq_ext._http.call import Call
from ledgerhq_ext._http.messages import KEY_HEADER, SCOPE_HEADER, Request, Response
from ledgerhq_ext._idempotency import check_key
from ledgerhq_ext._wire import Reading, Shape, Spelling, read, read_many, shape, to_wire
from ledgerhq_ext.errors import LedgerHQError, add_facts
from ledgerhq_ext.reports import packet, statements

T = TypeVar("T")
R = TypeVar("R")
E = TypeVar("E", bound=LedgerHQError)
Listing = Literal["whole", "cursor", "numbered"]

DEFAULT_BASE_URL = "https://app.ledgerhq.pro"
"""The service's address. Never taken from a regenerated contract's ``servers``."""


@frozen(kw_only=True)
class AnyOperation(Generic[T]):
    """One operation of the contract, as the layer uses it, whatever it gives."""

    name: str
    method: str
    path: str
    module: str
    result: type[T]
    envelope: str | None = None
    query: tuple[str, ...] = ()
    body: type | None = None
    form: bool = False
    scoped: bool = True
    keyed: bool = False
    public: bool = False
    money: Spelling = "cents"
    statuses: tuple[int, ...] = (200,)
    listing: Listing | None = None
    names: Names = ()

    @property
    def kind(self) -> Literal["read", "keyed", "mutation"]:
        """How it may be repeated (see ``_http.retries``)."""
        if self.method == "GET":
            return "read"
        return "keyed" if self.keyed else "mutation"


@frozen(kw_only=True)
class Operation(AnyOperation[T]):
    """An operation that gives one ``T``."""


@frozen(kw_only=True)
class ListOperation(AnyOperation[T]):
    """An operation that lists several ``T``: all of them at once, or a page."""

    envelope: str
    listing: Listing


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


# --- the table

_TX = "/api/v1/bank-transactions/{id}"
_TX_MODULE = "bank_transactions.post_bank_transactions_by_id"
_ITSELF: Names = (("id", "id"),)
_ITS_TRANSACTION: Names = (("transaction/id", "id"),)

HEALTH = Operation(
    name="LedgerHQ.health", method="GET", path="/api/health",
    module="health.get_health",
    result=models.Health, scoped=False, public=True,
)  # fmt: skip
REGISTER = Operation(
    name="LedgerHQ.register_client", method="POST", path="/api/oauth/register",
    module="oauth.post_oauth_register",
    result=models.ClientRegistration, body=_bodies.ClientRegistrationRequest,
    scoped=False, public=True, statuses=(201,),
)  # fmt: skip
TOKEN = Operation(
    name="LedgerHQ.connect", method="POST", path="/api/oauth/token",
    module="oauth.post_oauth_token",
    result=models.TokenResponse, body=_bodies.TokenRequest, form=True, scoped=False, public=True,
)  # fmt: skip
AUTHORIZE = Operation(
    name="LedgerHQ.authorization_request", method="GET", path="/api/oauth/authorize",
    module="oauth.get_oauth_authorize",
    result=type(None), scoped=False, public=True,
    query=("client_id", "redirect_uri", "response_type", "code_challenge", "code_challenge_method", "state", "scope"),
)  # fmt: skip
ORGANIZATIONS = ListOperation(
    name="LedgerHQ.organizations", method="GET", path="/api/v1/organizations",
    module="organizations.get_organizations",
    result=models.OrganizationRecord, envelope="data", listing="cursor",
    query=("limit", "type", "cursor"), scoped=False,
)  # fmt: skip
ACCOUNTS = ListOperation(
    name="Organization.accounts", method="GET", path="/api/v1/accounts",
    module="accounts.get_accounts",
    result=models.Account, envelope="accounts", listing="whole",
)  # fmt: skip
BANK_ACCOUNTS = ListOperation(
    name="Organization.bank_accounts", method="GET", path="/api/v1/bank-accounts",
    module="bank_accounts.get_bank_accounts",
    result=models.BankAccount, envelope="bankAccounts", listing="whole",
)  # fmt: skip
CONTACTS = ListOperation(
    name="Organization.contacts", method="GET", path="/api/v1/contacts",
    module="contacts.get_contacts",
    result=models.Contact, envelope="data", listing="numbered", query=("page", "limit", "search", "type"),
)  # fmt: skip
TAX_RATES = ListOperation(
    name="Organization.tax_rates", method="GET", path="/api/v1/tax-rates",
    module="tax_rates.get_tax_rates",
    result=models.TaxRate, envelope="taxRates", listing="whole",
)  # fmt: skip
BILLS = ListOperation(
    name="Organization.bills", method="GET", path="/api/v1/bills",
    module="bills.get_bills",
    result=models.Bill, envelope="data", listing="numbered", query=("page", "limit", "status"),
)  # fmt: skip


def _posting(segment: str, body: type[postings.Posting]) -> Operation[models.Receipt]:
    return Operation(
        name=f"Organization.post({body.__name__})", method="POST", path=f"/api/v1/{segment}",
        module=f"{segment}.post_{segment}".replace("-", "_"), result=models.Receipt, envelope="data",
        body=body, keyed=True, statuses=(200, 201), names=(("idempotencyKey", "key"),),
    )  # fmt: skip


POSTINGS: Mapping[type[postings.Posting], Operation[models.Receipt]] = {
    postings.Purchase: _posting("purchases", postings.Purchase),
    postings.Deposit: _posting("deposits", postings.Deposit),
    postings.Transfer: _posting("transfers", postings.Transfer),
    postings.BillPayment: _posting("bill-payments", postings.BillPayment),
    postings.JournalEntry: _posting("journal-entries", postings.JournalEntry),
}
ENTRIES = ListOperation(
    name="Organization.entries", method="GET", path="/api/v1/entries",
    module="entries.get_entries",
    result=models.Entry, envelope="data", listing="numbered", money="decimal",
    query=("page", "limit", "status", "startDate", "endDate"),
)  # fmt: skip
ENTRY = Operation(
    name="Organization.entry", method="GET", path="/api/v1/entries/{id}",
    module="entries.get_entries_by_id",
    result=models.Entry, envelope="entry", money="decimal", names=_ITSELF,
)  # fmt: skip
CREATE_ENTRY = Operation(
    name="Organization.create_entry", method="POST", path="/api/v1/entries",
    module="entries.post_entries",
    result=models.Entry, envelope="entry", money="decimal", body=postings.DraftEntry, statuses=(201,),
)  # fmt: skip
POST_ENTRY = Operation(
    name="Organization.post_entry", method="POST", path="/api/v1/entries/{id}/post",
    module="entries.post_entries_by_id_post",
    result=models.Entry, envelope="entry", money="decimal", names=_ITSELF,
)  # fmt: skip
VOID_ENTRY = Operation(
    name="Organization.void_entry", method="POST", path="/api/v1/entries/{id}/void",
    module="entries.post_entries_by_id_void",
    result=models.Entry, envelope="entry", money="decimal", body=_bodies.VoidEntry, names=_ITSELF,
)  # fmt: skip
BANK_FEEDS = ListOperation(
    name="Organization.bank_feeds", method="GET", path="/api/v1/bank-feeds",
    module="bank_feeds.get_bank_feeds",
    result=models.BankFeed, envelope="bankFeeds", listing="whole",
)  # fmt: skip
BANK_FEED_HEALTH = ListOperation(
    name="Organization.bank_feed_health", method="GET", path="/api/v1/bank-feeds/health",
    module="bank_feeds.get_bank_feeds_health", result=models.BankFeedHealth, envelope="bankFeeds", listing="whole",
)  # fmt: skip
BANK_TRANSACTIONS = ListOperation(
    name="Organization.bank_transactions", method="GET", path="/api/v1/bank-transactions",
    module="bank_transactions.get_bank_transactions",
    result=models.BankTransaction, envelope="data", listing="numbered",
    query=("page", "limit", "status", "bankAccountId", "startDate", "endDate", "sourceType"),
    names=(("bankAccountId", "bankAccountId"),),
)  # fmt: skip
BANK_ACCOUNT_TRANSACTIONS = ListOperation(
    name="Organization.bank_account_transactions", method="GET", path="/api/v1/bank-accounts/{id}/transactions",
    module="bank_accounts.get_bank_accounts_by_id_transactions", result=models.BankTransaction, envelope="data",
    listing="numbered", query=("page", "limit", "status"), names=(("bankAccountId", "id"),),
)  # fmt: skip
BANK_TRANSACTION = Operation(
    name="Organization.bank_transaction", method="GET", path=_TX,
    module="bank_transactions.get_bank_transactions_by_id", result=models.BankTransaction, envelope="transaction",
    names=_ITSELF,
)  # fmt: skip
RECLASSIFY = Operation(
    name="Organization.reclassify", method="POST", path=f"{_TX}/reclassify",
    module=f"{_TX_MODULE}_reclassify",
    result=models.Reclassification, body=_bodies.Reclassify, names=_ITS_TRANSACTION,
)  # fmt: skip
MATCH = Operation(
    name="Organization.match", method="POST", path=f"{_TX}/match",
    module=f"{_TX_MODULE}_match",
    result=models.Match, body=_bodies.MatchTo,
)  # fmt: skip
SPLIT_DOCUMENTS = Operation(
    name="Organization.split", method="POST", path=f"{_TX}/split",
    module=f"{_TX_MODULE}_split",
    result=models.DocumentSplit, body=_bodies.SplitDocuments, names=_ITS_TRANSACTION,
)  # fmt: skip
SPLIT_ACCOUNTS = Operation(
    name="Organization.split", method="POST", path=f"{_TX}/split-account",
    module=f"{_TX_MODULE}_split_account",
    result=models.AccountSplit, body=_bodies.SplitAccounts, statuses=(201,),
)  # fmt: skip
RECONCILE = Operation(
    name="Organization.reconcile", method="POST", path=f"{_TX}/reconcile",
    module=f"{_TX_MODULE}_reconcile",
    result=models.BankTransaction, envelope="transaction", body=_bodies.Reconcile, names=_ITSELF,
)  # fmt: skip
EXCLUDE = Operation(
    name="Organization.exclude", method="POST", path=f"{_TX}/exclude",
    module=f"{_TX_MODULE}_exclude",
    result=models.BankTransaction, envelope="transaction", names=_ITSELF,
)  # fmt: skip


def _report(
    name: str,
    segment: str,
    result: type[T],
    query: tuple[str, ...],
    money: Spelling = "cents",
    *,
    names: Names = (),
) -> Operation[T]:
    return Operation(
        name=f"Organization.{name}", method="GET", path=f"/api/v1/reports/{segment}",
        module=f"reports.get_reports_{segment.replace('-', '_')}", result=result, query=query, money=money,
        names=names,
    )  # fmt: skip


_SPAN = ("startDate", "endDate")
FINANCIAL_PACKET = _report(
    "financial_packet", "financial-packet", packet.FinancialPacket, (*_SPAN, "include", "generalLedgerLimit"),
    names=(
        ("organization/id", "organization"), ("period/startDate", "startDate"), ("period/endDate", "endDate"),
    ),
)  # fmt: skip
TRIAL_BALANCE = _report("trial_balance", "trial-balance", statements.TrialBalance, _SPAN, "decimal")
BALANCE_SHEET = _report("balance_sheet", "balance-sheet", statements.BalanceSheet, ("endDate",), "decimal")
PROFIT_AND_LOSS = _report("profit_and_loss", "profit-and-loss", statements.ProfitAndLoss, _SPAN)
GENERAL_LEDGER = _report("general_ledger", "general-ledger", statements.GeneralLedger, (*_SPAN, "limit"))
BANK_RECONCILIATION_STATUS = _report(
    "bank_reconciliation_status", "bank-reconciliation-status", statements.BankReconciliationStatus, ()
)


def operations() -> tuple[AnyOperation[Any], ...]:
    """Return every operation of the table."""
    single = [value for value in globals().values() if isinstance(value, AnyOperation)]
    return (*single, *POSTINGS.values())


# --- what the contract must offer


def needs() -> Sequence[Need]:
    """Return what the layer needs of the contract, worked out from the table."""
    return [_need(operation) for operation in operations()]


def _need(operation: AnyOperation[Any]) -> Need:
    parameters = [("query", name) for name in operation.query]
    if operation.keyed:
        parameters.insert(0, ("header", KEY_HEADER))
    if operation.scoped:
        parameters.insert(0, ("header", SCOPE_HEADER))
    return Need(
        operation=operation.name,
        method=operation.method,
        path=operation.path,
        parameters=tuple(parameters),
        request=shape(operation.body) if operation.body else None,
        request_media="application/x-www-form-urlencoded" if operation.form else "application/json",
        response=_response_shape(operation),
        statuses=operation.statuses,
    )


def _response_shape(operation: AnyOperation[Any]) -> Shape | None:
    if operation.result is type(None):
        return None
    result = shape(operation.result, operation.money)
    if operation.envelope is None:
        return result
    envelope: dict[str, Shape] = {operation.envelope: [result] if operation.listing else result}
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
    arguments: dict[str, Any] = {}
    if operation.scoped:
        arguments["x_organization_id"] = check_id(organization_id, "organization id")
    if operation.keyed:
        arguments["idempotency_key"] = check_key(key)
    if id is not None:
        arguments["id"] = check_id(id)
    if operation.body is not None:
        arguments["body"] = Body(to_wire(body))

    module = operation_module(operation.module)
    for name, value in (query or {}).items():
        assert name in operation.query, f"{operation.name} is not declared to send {name}"
        if value is not None:
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
    request = build(operation, organization_id=organization_id, id=id, query=query, body=body, key=key)
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
    """Return the call of an operation that lists; ``make`` takes the items and the document they stand in.

    What it reads raises ``ContractError``, as that of ``call``.
    """
    request = build(operation, organization_id=organization_id, id=id, query=query)
    reading = Reading(operation.money, None, organization_id or "")
    expectations = _expectations(operation, organization_id, id, query)

    def read_list(response: Response) -> R:
        document = response.document()
        content, pointer = _content(operation, document)
        items = read_many(operation.result, content, reading, pointer=pointer)
        compare_each(expectations, content, pointer=pointer)
        return make(items, document)

    return _call(operation, request, read_list)


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
    add_facts(
        error,
        method=operation.method,
        path=operation.path.replace("{id}", quote(id or "", safe="")),
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
    if operation.envelope is None:
        return document, ""
    content = document.get(operation.envelope) if isinstance(document, dict) else None
    return content, f"/{operation.envelope}"
