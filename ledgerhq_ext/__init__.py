"""LedgerHQ for partner developers: connect as a firm, post without losing or doubling an entry, review, report.

    from ledgerhq_ext import LedgerHQ, Purchase, PurchaseLine

    with LedgerHQ.from_env() as hq:
        books = hq.organization("org_8c1f")
        receipt = books.post(Purchase(...), source=("acme-pos", "1001"))

Money is integer cents everywhere (``to_cents``, ``format_cents``). Every exception is a ``LedgerHQError`` (the tree
is drawn in ``ledgerhq_ext.errors``).
"""

from ledgerhq_ext._version import __version__
from ledgerhq_ext.auth.connecting import AuthorizationRequest
from ledgerhq_ext.auth.connection import Connection
from ledgerhq_ext.auth.stores import FileTokenStore, MemoryTokenStore, TokenStore
from ledgerhq_ext.bodies import AccountShare, DocumentShare
from ledgerhq_ext.client import AsyncLedgerHQ, AsyncOrganization, LedgerHQ, Organization
from ledgerhq_ext.errors import (
    APIError,
    AuthenticationError,
    ConflictError,
    ContractError,
    IdempotencyConflictError,
    InputError,
    LedgerHQError,
    NotFoundError,
    OAuthError,
    PeriodLockedError,
    PermissionDeniedError,
    RateLimitError,
    ReconnectRequired,
    RecordLookupError,
    ServerError,
    TransportError,
    ValidationError,
)
from ledgerhq_ext.flow import Response
from ledgerhq_ext.idempotency import idempotency_key
from ledgerhq_ext.models import (
    Account,
    AccountSplit,
    BankAccount,
    BankConnection,
    BankFeed,
    BankFeedHealth,
    BankTransaction,
    Bill,
    Contact,
    DocumentSplit,
    Entry,
    EntryLine,
    Health,
    Match,
    OrganizationInfo,
    Receipt,
    Reclassification,
    TaxRate,
)
from ledgerhq_ext.money import Cents, format_cents, split, to_cents, to_decimal, to_string
from ledgerhq_ext.packet import (
    BalanceSheet,
    BankReconciliationStatus,
    FinancialPacket,
    GeneralLedger,
    Problem,
    ProfitAndLoss,
    TrialBalance,
)
from ledgerhq_ext.pages import AsyncPages, Page, Pages
from ledgerhq_ext.periods import Period
from ledgerhq_ext.posting import (
    BillPayment,
    Deposit,
    DepositLine,
    DraftEntry,
    JournalEntry,
    JournalLine,
    Posting,
    PostingLine,
    Purchase,
    PurchaseLine,
    Transfer,
)
from ledgerhq_ext.raw import Result
from ledgerhq_ext.retries import RetryPolicy
from ledgerhq_ext.session import Event, Options

__all__ = [
    "APIError",
    "Account",
    "AccountShare",
    "AccountSplit",
    "AsyncLedgerHQ",
    "AsyncOrganization",
    "AsyncPages",
    "AuthenticationError",
    "AuthorizationRequest",
    "BalanceSheet",
    "BankAccount",
    "BankConnection",
    "BankFeed",
    "BankFeedHealth",
    "BankReconciliationStatus",
    "BankTransaction",
    "Bill",
    "BillPayment",
    "Cents",
    "ConflictError",
    "Connection",
    "Contact",
    "ContractError",
    "Deposit",
    "DepositLine",
    "DocumentShare",
    "DocumentSplit",
    "DraftEntry",
    "Entry",
    "EntryLine",
    "Event",
    "FileTokenStore",
    "FinancialPacket",
    "GeneralLedger",
    "Health",
    "IdempotencyConflictError",
    "InputError",
    "JournalEntry",
    "JournalLine",
    "LedgerHQ",
    "LedgerHQError",
    "Match",
    "MemoryTokenStore",
    "NotFoundError",
    "OAuthError",
    "Options",
    "Organization",
    "OrganizationInfo",
    "Page",
    "Pages",
    "Period",
    "PeriodLockedError",
    "PermissionDeniedError",
    "Posting",
    "PostingLine",
    "Problem",
    "ProfitAndLoss",
    "Purchase",
    "PurchaseLine",
    "RateLimitError",
    "Receipt",
    "Reclassification",
    "ReconnectRequired",
    "RecordLookupError",
    "Response",
    "Result",
    "RetryPolicy",
    "ServerError",
    "TaxRate",
    "TokenStore",
    "Transfer",
    "TransportError",
    "TrialBalance",
    "ValidationError",
    "__version__",
    "format_cents",
    "idempotency_key",
    "split",
    "to_cents",
    "to_decimal",
    "to_string",
]
