"""LedgerHQ for partner developers: connect a firm, post without losing or duplicating an entry,
review and report.

    from ledgerhq_ext import LedgerHQ, Transfer

    with LedgerHQ.from_env() as hq:
        company = next(iter(hq.organizations(type="client")))
        books = hq.organization(company)
        accounts = books.accounts()
        transfer = Transfer(
            txn_date="2026-06-08",
            from_account_id=accounts.by_code("1010"),
            to_account_id=accounts.by_code("1020"),
            amount=50_000,
        )
        receipt = books.post(transfer, source=("acme-pos", "1001"))

Money is integer cents everywhere (``to_cents``, ``format_cents``). Every exception is a
``LedgerHQError``; see ``ledgerhq_ext.errors`` for the tree.
"""

from typing import TYPE_CHECKING

from ledgerhq_ext._version import __version__

if TYPE_CHECKING:
    # Type checkers, editors and documentation generators read these lines. `make surface` makes of
    # them the table by which a name is imported when it is first used.
    from ledgerhq_ext._auth.authorization import AuthorizationRequest
    from ledgerhq_ext._auth.connection import Connection
    from ledgerhq_ext._auth.credentials import AccessToken, ApiKey, Credentials, OAuth
    from ledgerhq_ext._auth.sections import Section, TokenStore
    from ledgerhq_ext._auth.stores import FileTokenStore, MemoryTokenStore
    from ledgerhq_ext._filters import (
        AccountType,
        BankTransactionStatus,
        BillStatus,
        ContactType,
        EntryStatus,
        OrganizationType,
        Other,
        ReportName,
    )
    from ledgerhq_ext._http.hooks import CallHook, CallSummary, Event, Hook
    from ledgerhq_ext._http.messages import Response
    from ledgerhq_ext._http.options import CallOptions, Clock
    from ledgerhq_ext._http.retries import RetryPolicy
    from ledgerhq_ext._idempotency import idempotency_key
    from ledgerhq_ext._query import QueryValue
    from ledgerhq_ext._raw_responses import (
        AsyncLedgerHQWithRawResponse,
        AsyncOrganizationWithRawResponse,
    )
    from ledgerhq_ext._references import Identified
    from ledgerhq_ext._requests import posting_from_dict
    from ledgerhq_ext._resources.keyed import Accounts, BankAccounts, Bills, Contacts, TaxRates
    from ledgerhq_ext._resources.listing import Page
    from ledgerhq_ext._resources.open_door import RawResponse
    from ledgerhq_ext._resources.pages import AsyncPages, Pages
    from ledgerhq_ext._resources.preflight_records import Finding, PreflightReport
    from ledgerhq_ext._wire import Record
    from ledgerhq_ext.blocking import (
        LedgerHQ,
        LedgerHQWithRawResponse,
        Organization,
        OrganizationWithRawResponse,
    )
    from ledgerhq_ext.client import AsyncLedgerHQ, AsyncOrganization
    from ledgerhq_ext.errors import (
        APIError,
        AuthenticationError,
        ConflictError,
        ContractError,
        IdempotencyConflictError,
        InputError,
        LedgerHQError,
        MissingExtraError,
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
    from ledgerhq_ext.models import (
        Account,
        AccountSplit,
        BankAccount,
        BankConnection,
        BankFeed,
        BankFeedAccountHealth,
        BankFeedHealth,
        BankTransaction,
        Bill,
        ClientRegistration,
        Contact,
        DocumentSplit,
        Entry,
        EntryLine,
        Health,
        Match,
        OrganizationRecord,
        Payment,
        Receipt,
        Reclassification,
        TaxRate,
    )
    from ledgerhq_ext.money import Cents, format_cents, split_cents, to_cents, to_decimal, to_string
    from ledgerhq_ext.postings import (
        AccountAllocation,
        BillPayment,
        Deposit,
        DepositLine,
        DocumentAllocation,
        DraftEntry,
        JournalEntry,
        JournalLine,
        Posting,
        PostingLine,
        Purchase,
        PurchaseLine,
        Transfer,
    )
    from ledgerhq_ext.reports.check import Check, CheckVerdict
    from ledgerhq_ext.reports.comparison import Change
    from ledgerhq_ext.reports.packet import (
        FinancialPacket,
        PacketOrganization,
        PacketPeriod,
        PacketWarning,
    )
    from ledgerhq_ext.reports.periods import Period
    from ledgerhq_ext.reports.statements import (
        BalanceSheet,
        BankReconciliationAccount,
        BankReconciliationStatus,
        GeneralLedger,
        LastReconciliation,
        LedgerLine,
        Problem,
        ProfitAndLoss,
        StatementLine,
        StatementSection,
        TrialBalance,
        TrialBalanceLine,
        Unreconciled,
        UnreconciledAging,
    )
else:

    def __getattr__(name: str) -> object:
        """Import a public name when it is first used."""
        from ledgerhq_ext._lazy import import_public

        value = import_public(name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


__all__ = [
    "APIError",
    "AccessToken",
    "Account",
    "AccountAllocation",
    "AccountSplit",
    "AccountType",
    "Accounts",
    "ApiKey",
    "AsyncLedgerHQ",
    "AsyncLedgerHQWithRawResponse",
    "AsyncOrganization",
    "AsyncOrganizationWithRawResponse",
    "AsyncPages",
    "AuthenticationError",
    "AuthorizationRequest",
    "BalanceSheet",
    "BankAccount",
    "BankAccounts",
    "BankConnection",
    "BankFeed",
    "BankFeedAccountHealth",
    "BankFeedHealth",
    "BankReconciliationAccount",
    "BankReconciliationStatus",
    "BankTransaction",
    "BankTransactionStatus",
    "Bill",
    "BillPayment",
    "BillStatus",
    "Bills",
    "CallHook",
    "CallOptions",
    "CallSummary",
    "Cents",
    "Change",
    "Check",
    "CheckVerdict",
    "ClientRegistration",
    "Clock",
    "ConflictError",
    "Connection",
    "Contact",
    "ContactType",
    "Contacts",
    "ContractError",
    "Credentials",
    "Deposit",
    "DepositLine",
    "DocumentAllocation",
    "DocumentSplit",
    "DraftEntry",
    "Entry",
    "EntryLine",
    "EntryStatus",
    "Event",
    "FileTokenStore",
    "FinancialPacket",
    "Finding",
    "GeneralLedger",
    "Health",
    "Hook",
    "IdempotencyConflictError",
    "Identified",
    "InputError",
    "JournalEntry",
    "JournalLine",
    "LastReconciliation",
    "LedgerHQ",
    "LedgerHQError",
    "LedgerHQWithRawResponse",
    "LedgerLine",
    "Match",
    "MemoryTokenStore",
    "MissingExtraError",
    "NotFoundError",
    "OAuth",
    "OAuthError",
    "Organization",
    "OrganizationRecord",
    "OrganizationType",
    "OrganizationWithRawResponse",
    "Other",
    "PacketOrganization",
    "PacketPeriod",
    "PacketWarning",
    "Page",
    "Pages",
    "Payment",
    "Period",
    "PeriodLockedError",
    "PermissionDeniedError",
    "Posting",
    "PostingLine",
    "PreflightReport",
    "Problem",
    "ProfitAndLoss",
    "Purchase",
    "PurchaseLine",
    "QueryValue",
    "RateLimitError",
    "RawResponse",
    "Receipt",
    "Reclassification",
    "ReconnectRequired",
    "Record",
    "RecordLookupError",
    "ReportName",
    "Response",
    "RetryPolicy",
    "Section",
    "ServerError",
    "StatementLine",
    "StatementSection",
    "TaxRate",
    "TaxRates",
    "TokenStore",
    "Transfer",
    "TransportError",
    "TrialBalance",
    "TrialBalanceLine",
    "Unreconciled",
    "UnreconciledAging",
    "ValidationError",
    "__version__",
    "format_cents",
    "idempotency_key",
    "posting_from_dict",
    "split_cents",
    "to_cents",
    "to_decimal",
    "to_string",
]
