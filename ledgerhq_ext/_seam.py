"""The seam: what the layer leans on in the contract, operation by operation, in one place.

Each operation names its module in the generated client, which knows its route, its parameters and
its answer, and says only what no contract says: what of it is sent, where the result stands in the
response, how money is spelled there, where the result names what was asked for, and whether it is
safe to repeat. ``make regenerate`` and ``make drift`` work out from it what a contract must have.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledgerhq_ext import models
from ledgerhq_ext._carriers import Location
from ledgerhq_ext._comparison import Names
from ledgerhq_ext._operations import AnyOperation, ListOperation, Operation

DEFAULT_BASE_URL = "https://app.ledgerhq.pro"
"""The service's address. Never taken from a regenerated contract's ``servers``."""

_TX_MODULE = "bank_transactions.post_bank_transactions_by_id"
_ITSELF: Names = (("id", "id"),)
_ITS_TRANSACTION: Names = (("transaction/id", "id"),)

HEALTH: Operation[models.Health] = Operation(
    "LedgerHQ.health", "health.get_health", scoped=False, public=True
)
REGISTER: Operation[models.ClientRegistration] = Operation(
    "LedgerHQ.register_client",
    "oauth.post_oauth_register",
    body="_bodies.ClientRegistrationRequest",
    scoped=False,
    public=True,
)
TOKEN: Operation[Any] = Operation(
    "LedgerHQ.connect",
    "oauth.post_oauth_token",
    body="_bodies.TokenRequest",
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
CREATE_ACCOUNT: Operation[models.Account] = Operation(
    "Organization.create_account",
    "accounts.post_accounts",
    envelope="account",
    body="_bodies.AccountCreate",
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
CREATE_CONTACT: Operation[models.Contact] = Operation(
    "Organization.create_contact",
    "contacts.post_contacts",
    envelope="contact",
    body="_bodies.ContactCreate",
    alternative="Create the contact in LedgerHQ and look it up with contact()",
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


def _posting(segment: str, class_name: str) -> Operation[models.Receipt]:
    return Operation(
        f"Organization.post({class_name})",
        f"{segment}.post_{segment}",
        envelope="data",
        body=f"postings.{class_name}",
        keyed=True,
        names=(("idempotencyKey", "key"),),
    )


POSTINGS: Mapping[str, Operation[models.Receipt]] = {
    "purchase": _posting("purchases", "Purchase"),
    "deposit": _posting("deposits", "Deposit"),
    "transfer": _posting("transfers", "Transfer"),
    "bill_payment": _posting("bill_payments", "BillPayment"),
    "journal_entry": _posting("journal_entries", "JournalEntry"),
}
"""The operation of each posting, by the resource that it creates."""
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
    body="postings.DraftEntry",
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
    body="_bodies.VoidEntry",
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
    body="_bodies.Reclassify",
    names=_ITS_TRANSACTION,
)
MATCH: Operation[models.Match] = Operation(
    "Organization.match", f"{_TX_MODULE}_match", body="_bodies.MatchTo"
)
SPLIT_DOCUMENTS: Operation[models.DocumentSplit] = Operation(
    "Organization.split",
    f"{_TX_MODULE}_split",
    body="_bodies.SplitDocuments",
    names=_ITS_TRANSACTION,
)
SPLIT_ACCOUNTS: Operation[models.AccountSplit] = Operation(
    "Organization.split", f"{_TX_MODULE}_split_account", body="_bodies.SplitAccounts"
)
RECONCILE: Operation[models.BankTransaction] = Operation(
    "Organization.reconcile",
    f"{_TX_MODULE}_reconcile",
    envelope="transaction",
    body="_bodies.Reconcile",
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
