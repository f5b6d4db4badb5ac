"""The seam: what the layer leans on in the contract, operation by operation, in one place.

Each ``Operation`` names its route and the module of the generated client that builds its request, says what is
sent and where the result stands in the answer, and how money is spelled there. ``needs`` tells the same to
``make regenerate`` and ``make drift``, which compare it with a contract. This is the only module that touches
``ledgerhq_api``. Answers are read by ``wire``, not by the generated readers: those take ``"12.5"`` or ``true``
for integer cents and break with a ``KeyError`` on a missing field.
"""

from __future__ import annotations

import enum
import inspect
import json
import re
import typing
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import urlencode

from attrs import field, frozen

from ledgerhq_ext import bodies, models, packet, posting
from ledgerhq_ext.checks import check_id
from ledgerhq_ext.errors import ContractError
from ledgerhq_ext.flow import Request, UnreadableAnswer
from ledgerhq_ext.idempotency import canonical_json, check_key
from ledgerhq_ext.wire import Shape, Spelling, shape, to_wire

T = TypeVar("T")

SCOPE_HEADER = "x-organization-id"
KEY_HEADER = "Idempotency-Key"
DEFAULT_BASE_URL = "https://app.ledgerhq.pro"
"""The service's address. Never taken from a regenerated contract's ``servers``."""


@frozen(kw_only=True)
class Operation(Generic[T]):
    """One operation of the contract, as the layer uses it."""

    name: str
    method: str
    path: str
    module: str
    result: type[T]
    envelope: str | None = None
    listing: Literal["whole", "cursor", "numbered"] | None = None
    query: tuple[str, ...] = ()
    body: type | None = None
    form: bool = False
    scoped: bool = True
    keyed: bool = False
    public: bool = False
    money: Spelling = "cents"
    statuses: tuple[int, ...] = (200,)

    @property
    def kind(self) -> Literal["read", "keyed", "mutation"]:
        """How it may be repeated (see ``retries``)."""
        return "read" if self.method == "GET" else "keyed" if self.keyed else "mutation"


@frozen(kw_only=True)
class Need:
    """What the layer needs of one operation of the contract; shapes as in ``wire.Shape``."""

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

HEALTH = Operation(
    name="LedgerHQ.health", method="GET", path="/api/health",
    module="health.get_health",
    result=models.Health, scoped=False, public=True,
)  # fmt: skip
REGISTER = Operation(
    name="LedgerHQ.register_client", method="POST", path="/api/oauth/register",
    module="oauth.post_oauth_register",
    result=models.ClientRegistration, body=bodies.ClientRegistrationRequest, scoped=False, public=True, statuses=(201,),
)  # fmt: skip
TOKEN = Operation(
    name="LedgerHQ.connect", method="POST", path="/api/oauth/token",
    module="oauth.post_oauth_token",
    result=models.TokenResponse, body=bodies.TokenRequest, form=True, scoped=False, public=True,
)  # fmt: skip
AUTHORIZE = Operation(
    name="LedgerHQ.authorization_request", method="GET", path="/api/oauth/authorize",
    module="oauth.get_oauth_authorize",
    result=type(None), scoped=False, public=True,
    query=("client_id", "redirect_uri", "response_type", "code_challenge", "code_challenge_method", "state", "scope"),
)  # fmt: skip
ORGANIZATIONS = Operation(
    name="LedgerHQ.organizations", method="GET", path="/api/v1/organizations",
    module="organizations.get_organizations",
    result=models.OrganizationInfo, envelope="data", listing="cursor", query=("limit", "type", "cursor"), scoped=False,
)  # fmt: skip
ACCOUNTS = Operation(
    name="Organization.accounts", method="GET", path="/api/v1/accounts",
    module="accounts.get_accounts",
    result=models.Account, envelope="accounts", listing="whole",
)  # fmt: skip
BANK_ACCOUNTS = Operation(
    name="Organization.bank_accounts", method="GET", path="/api/v1/bank-accounts",
    module="bank_accounts.get_bank_accounts",
    result=models.BankAccount, envelope="bankAccounts", listing="whole",
)  # fmt: skip
CONTACTS = Operation(
    name="Organization.contacts", method="GET", path="/api/v1/contacts",
    module="contacts.get_contacts",
    result=models.Contact, envelope="data", listing="numbered", query=("page", "limit", "search", "type"),
)  # fmt: skip
TAX_RATES = Operation(
    name="Organization.tax_rates", method="GET", path="/api/v1/tax-rates",
    module="tax_rates.get_tax_rates",
    result=models.TaxRate, envelope="taxRates", listing="whole",
)  # fmt: skip
BILLS = Operation(
    name="Organization.bills", method="GET", path="/api/v1/bills",
    module="bills.get_bills",
    result=models.Bill, envelope="data", listing="numbered", query=("page", "limit", "status"),
)  # fmt: skip


def _posting(segment: str, body: type[posting.Posting]) -> Operation[models.Receipt]:
    return Operation(
        name=f"Organization.post({body.__name__})", method="POST", path=f"/api/v1/{segment}",
        module=f"{segment}.post_{segment}".replace("-", "_"), result=models.Receipt, envelope="data",
        body=body, keyed=True, statuses=(200, 201),
    )  # fmt: skip


POSTINGS: Mapping[type[posting.Posting], Operation[models.Receipt]] = {
    posting.Purchase: _posting("purchases", posting.Purchase),
    posting.Deposit: _posting("deposits", posting.Deposit),
    posting.Transfer: _posting("transfers", posting.Transfer),
    posting.BillPayment: _posting("bill-payments", posting.BillPayment),
    posting.JournalEntry: _posting("journal-entries", posting.JournalEntry),
}
ENTRIES = Operation(
    name="Organization.entries", method="GET", path="/api/v1/entries",
    module="entries.get_entries",
    result=models.Entry, envelope="data", listing="numbered", money="decimal",
    query=("page", "limit", "status", "startDate", "endDate"),
)  # fmt: skip
ENTRY = Operation(
    name="Organization.entry", method="GET", path="/api/v1/entries/{id}",
    module="entries.get_entries_by_id",
    result=models.Entry, envelope="entry", money="decimal",
)  # fmt: skip
CREATE_ENTRY = Operation(
    name="Organization.create_entry", method="POST", path="/api/v1/entries",
    module="entries.post_entries",
    result=models.Entry, envelope="entry", money="decimal", body=posting.DraftEntry, statuses=(201,),
)  # fmt: skip
POST_ENTRY = Operation(
    name="Organization.post_entry", method="POST", path="/api/v1/entries/{id}/post",
    module="entries.post_entries_by_id_post",
    result=models.Entry, envelope="entry", money="decimal",
)  # fmt: skip
VOID_ENTRY = Operation(
    name="Organization.void_entry", method="POST", path="/api/v1/entries/{id}/void",
    module="entries.post_entries_by_id_void",
    result=models.Entry, envelope="entry", money="decimal", body=bodies.VoidEntry,
)  # fmt: skip
BANK_FEEDS = Operation(
    name="Organization.bank_feeds", method="GET", path="/api/v1/bank-feeds",
    module="bank_feeds.get_bank_feeds",
    result=models.BankFeed, envelope="bankFeeds", listing="whole",
)  # fmt: skip
BANK_FEED_HEALTH = Operation(
    name="Organization.bank_feed_health", method="GET", path="/api/v1/bank-feeds/health",
    module="bank_feeds.get_bank_feeds_health", result=models.BankFeedHealth, envelope="bankFeeds", listing="whole",
)  # fmt: skip
BANK_TRANSACTIONS = Operation(
    name="Organization.bank_transactions", method="GET", path="/api/v1/bank-transactions",
    module="bank_transactions.get_bank_transactions",
    result=models.BankTransaction, envelope="data", listing="numbered",
    query=("page", "limit", "status", "bankAccountId", "startDate", "endDate", "sourceType"),
)  # fmt: skip
BANK_ACCOUNT_TRANSACTIONS = Operation(
    name="Organization.bank_account_transactions", method="GET", path="/api/v1/bank-accounts/{id}/transactions",
    module="bank_accounts.get_bank_accounts_by_id_transactions", result=models.BankTransaction, envelope="data",
    listing="numbered", query=("page", "limit", "status"),
)  # fmt: skip
BANK_TRANSACTION = Operation(
    name="Organization.bank_transaction", method="GET", path=_TX,
    module="bank_transactions.get_bank_transactions_by_id", result=models.BankTransaction, envelope="transaction",
)  # fmt: skip
RECLASSIFY = Operation(
    name="Organization.reclassify", method="POST", path=f"{_TX}/reclassify",
    module=f"{_TX_MODULE}_reclassify",
    result=models.Reclassification, body=bodies.Reclassify,
)  # fmt: skip
MATCH = Operation(
    name="Organization.match", method="POST", path=f"{_TX}/match",
    module=f"{_TX_MODULE}_match",
    result=models.Match, body=bodies.MatchTo,
)  # fmt: skip
SPLIT_DOCUMENTS = Operation(
    name="Organization.split", method="POST", path=f"{_TX}/split",
    module=f"{_TX_MODULE}_split",
    result=models.DocumentSplit, body=bodies.SplitDocuments,
)  # fmt: skip
SPLIT_ACCOUNTS = Operation(
    name="Organization.split", method="POST", path=f"{_TX}/split-account",
    module=f"{_TX_MODULE}_split_account",
    result=models.AccountSplit, body=bodies.SplitAccounts, statuses=(201,),
)  # fmt: skip
RECONCILE = Operation(
    name="Organization.reconcile", method="POST", path=f"{_TX}/reconcile",
    module=f"{_TX_MODULE}_reconcile",
    result=models.BankTransaction, envelope="transaction", body=bodies.Reconcile,
)  # fmt: skip
EXCLUDE = Operation(
    name="Organization.exclude", method="POST", path=f"{_TX}/exclude",
    module=f"{_TX_MODULE}_exclude",
    result=models.BankTransaction, envelope="transaction",
)  # fmt: skip


def _report(
    name: str, segment: str, result: type[T], query: tuple[str, ...], money: Spelling = "cents"
) -> Operation[T]:
    return Operation(
        name=f"Organization.{name}", method="GET", path=f"/api/v1/reports/{segment}",
        module=f"reports.get_reports_{segment.replace('-', '_')}", result=result, query=query, money=money,
    )  # fmt: skip


_SPAN = ("startDate", "endDate")
FINANCIAL_PACKET = _report(
    "financial_packet", "financial-packet", packet.FinancialPacket, (*_SPAN, "include", "generalLedgerLimit")
)
TRIAL_BALANCE = _report("trial_balance", "trial-balance", packet.TrialBalance, _SPAN, "decimal")
BALANCE_SHEET = _report("balance_sheet", "balance-sheet", packet.BalanceSheet, ("endDate",), "decimal")
PROFIT_AND_LOSS = _report("profit_and_loss", "profit-and-loss", packet.ProfitAndLoss, _SPAN)
GENERAL_LEDGER = _report("general_ledger", "general-ledger", packet.GeneralLedger, (*_SPAN, "limit"))
BANK_RECONCILIATION_STATUS = _report(
    "bank_reconciliation_status", "bank-reconciliation-status", packet.BankReconciliationStatus, ()
)


def operations() -> tuple[Operation[Any], ...]:
    """Every operation of the table."""
    single = [value for value in globals().values() if isinstance(value, Operation)]
    return (*single, *POSTINGS.values())


# --- what the contract must offer


def needs() -> Sequence[Need]:
    """What the layer needs of the contract, worked out from the table."""
    return [_need(operation) for operation in operations()]


def _need(operation: Operation[Any]) -> Need:
    headers = [("header", SCOPE_HEADER)] * operation.scoped + [("header", KEY_HEADER)] * operation.keyed
    return Need(
        operation=operation.name,
        method=operation.method,
        path=operation.path,
        parameters=(*headers, *(("query", name) for name in operation.query)),
        request=shape(operation.body) if operation.body else None,
        request_media="application/x-www-form-urlencoded" if operation.form else "application/json",
        response=_response_shape(operation),
        statuses=operation.statuses,
    )


def _response_shape(operation: Operation[Any]) -> Shape | None:
    if operation.result is type(None):
        return None
    found = shape(operation.result, operation.money)
    if operation.envelope is None:
        return found
    around: dict[str, Shape] = {operation.envelope: [found] if operation.listing else found}
    if operation.listing == "cursor":
        around["nextCursor?"] = "string"
    if operation.listing == "numbered":
        around["pagination"] = {"limit": "integer", "total": "integer"}
    return around


# --- building requests with the generated client


class _Body:
    """What a generated request builder wants of a body."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.to_dict = document.copy


def build(
    operation: Operation[Any],
    *,
    organization_id: str | None = None,
    id: str | None = None,
    query: Mapping[str, Any] | None = None,
    body: object | None = None,
    key: str | None = None,
) -> Request:
    """The request of an operation. Query names are the wire's; None leaves a parameter out."""
    arguments: dict[str, Any] = {}
    if operation.scoped:
        arguments["x_organization_id"] = check_id(organization_id, "organization id")
    if operation.keyed:
        arguments["idempotency_key"] = check_key(key)
    if id is not None:
        arguments["id"] = check_id(id)
    if operation.body is not None:
        arguments["body"] = _Body(to_wire(body))
    wanted = {name: value for name, value in (query or {}).items() if value is not None}
    assert wanted.keys() <= set(operation.query), f"{operation.name} is not declared to send {wanted}"
    module = generated(operation.module)
    arguments |= {_python_name(module, name): value for name, value in wanted.items()}
    return from_generated(module, arguments)


def generated(name: str) -> ModuleType:
    """A module of the generated client's ``api`` package, imported on first use."""
    return import_module(f"ledgerhq_api.api.{name}")


def from_generated(module: ModuleType, arguments: Mapping[str, Any]) -> Request:
    """The request that a generated operation module builds; plain strings are taken for enums."""
    enums = _enums(module)
    given = {
        name: enums[name](value) if name in enums and isinstance(value, str) else value
        for name, value in arguments.items()
    }
    for name, parameter in _parameters(module).items():
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD and name in given:
            # These stand in the path; quoting leaves "" and ".." what they are.
            check_id(given[name], name)
    made = module._get_kwargs(**given)
    headers = {str(name): str(value) for name, value in made.get("headers", {}).items()}
    content = None
    if "json" in made:
        content = canonical_json(made["json"])
        headers["Content-Type"] = "application/json"
    elif "data" in made:
        content = urlencode({k: v for k, v in made["data"].items() if v is not None}).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    query = tuple((name, query_text(value)) for name, given in made.get("params", {}).items() for value in _each(given))
    return Request(method=made["method"].upper(), path=made["url"], query=query, headers=headers, content=content)


def _each(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else (value,)


def query_text(value: Any) -> str:
    """A query value as text: booleans as JSON spells them."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def _parameters(module: ModuleType) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(module._get_kwargs).parameters


def _python_name(module: ModuleType, wire_name: str) -> str:
    plain = re.sub(r"(?<!^)(?=[A-Z])", "_", wire_name).lower()
    return plain if plain in _parameters(module) else f"{plain}_"


@cache
def _enums(module: ModuleType) -> dict[str, type[enum.Enum]]:
    hints = typing.get_type_hints(module._get_kwargs)
    options = {name: typing.get_args(hint) or (hint,) for name, hint in hints.items()}
    found = {
        name: next((o for o in some if isinstance(o, type) and issubclass(o, enum.Enum)), None)
        for name, some in options.items()
    }
    return {name: kind for name, kind in found.items() if kind is not None}


def takes(module: ModuleType, argument: str) -> bool:
    """Whether a generated operation has an argument of that name."""
    return argument in _parameters(module)


def parse_generated(module: ModuleType, status: int, headers: Mapping[str, str], content: bytes, base_url: str) -> Any:
    """What the generated client's own reader makes of a success; ``ContractError`` where it breaks."""
    import httpx
    from ledgerhq_api.client import Client
    from ledgerhq_api.errors import UnexpectedStatus

    plain = {name: value for name, value in headers.items() if name not in ("content-encoding", "transfer-encoding")}
    answer = httpx.Response(status, headers=plain, content=content)
    try:
        return module._parse_response(client=Client(base_url=base_url), response=answer)
    except UnexpectedStatus:
        problem = ContractError(f"status {status} is not an answer of this operation")
    except json.JSONDecodeError:
        problem = UnreadableAnswer(f"the answer (status {status}) is not JSON")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        problem = ContractError(f"the answer does not fit the operation: {type(error).__name__}: {error}")
    raise problem
