"""Contains all the data models used in inputs/outputs, each imported when it is first used"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .account import Account
    from .account_create import AccountCreate
    from .account_type import AccountType
    from .account_update import AccountUpdate
    from .authorization_server_metadata import AuthorizationServerMetadata
    from .balance_sheet import BalanceSheet
    from .balance_sheet_statement import BalanceSheetStatement
    from .bank_account import BankAccount
    from .bank_account_create import BankAccountCreate
    from .bank_account_type import BankAccountType
    from .bank_feed import BankFeed
    from .bank_feed_account_health import BankFeedAccountHealth
    from .bank_feed_health import BankFeedHealth
    from .bank_reconciliation_account import BankReconciliationAccount
    from .bank_reconciliation_account_unreconciled import (
        BankReconciliationAccountUnreconciled,
    )
    from .bank_reconciliation_status import BankReconciliationStatus
    from .bank_transaction import BankTransaction
    from .bank_transaction_status import BankTransactionStatus
    from .bill import Bill
    from .bill_payment_request import BillPaymentRequest
    from .bill_status import BillStatus
    from .client_registration import ClientRegistration
    from .client_registration_request import ClientRegistrationRequest
    from .contact import Contact
    from .contact_type import ContactType
    from .decimal_statement_line import DecimalStatementLine
    from .decimal_statement_section import DecimalStatementSection
    from .decimal_trial_balance_line import DecimalTrialBalanceLine
    from .delete_accounts_by_id_response import DeleteAccountsByIdResponse
    from .deposit_request import DepositRequest
    from .entry import Entry
    from .entry_create import EntryCreate
    from .entry_line import EntryLine
    from .entry_status import EntryStatus
    from .entry_void import EntryVoid
    from .financial_packet import FinancialPacket
    from .financial_packet_organization import FinancialPacketOrganization
    from .financial_packet_period import FinancialPacketPeriod
    from .general_ledger import GeneralLedger
    from .general_ledger_line import GeneralLedgerLine
    from .get_accounts_by_id_response import GetAccountsByIdResponse
    from .get_accounts_response import GetAccountsResponse
    from .get_bank_accounts_by_id_transactions_response import (
        GetBankAccountsByIdTransactionsResponse,
    )
    from .get_bank_accounts_response import GetBankAccountsResponse
    from .get_bank_feeds_health_response import GetBankFeedsHealthResponse
    from .get_bank_feeds_response import GetBankFeedsResponse
    from .get_bank_transactions_by_id_response import GetBankTransactionsByIdResponse
    from .get_bills_response import GetBillsResponse
    from .get_companies_by_id_journal_lines_response import (
        GetCompaniesByIdJournalLinesResponse,
    )
    from .get_companies_by_id_reconciliations_response import (
        GetCompaniesByIdReconciliationsResponse,
    )
    from .get_companies_by_id_response import GetCompaniesByIdResponse
    from .get_contacts_response import GetContactsResponse
    from .get_entries_by_id_response import GetEntriesByIdResponse
    from .get_entries_response import GetEntriesResponse
    from .get_organizations_response import GetOrganizationsResponse
    from .get_tax_rates_response import GetTaxRatesResponse
    from .health import Health
    from .journal_entry_request import JournalEntryRequest
    from .journal_line import JournalLine
    from .last_reconciliation import LastReconciliation
    from .match_request import MatchRequest
    from .match_request_match_type import MatchRequestMatchType
    from .match_result import MatchResult
    from .match_result_payment import MatchResultPayment
    from .organization import Organization
    from .organization_type import OrganizationType
    from .packet_warning import PacketWarning
    from .pagination import Pagination
    from .post_bank_accounts_response import PostBankAccountsResponse
    from .post_bill_payments_response import PostBillPaymentsResponse
    from .posted_line import PostedLine
    from .posting_line import PostingLine
    from .posting_receipt import PostingReceipt
    from .posting_receipt_resource_type import PostingReceiptResourceType
    from .profit_and_loss import ProfitAndLoss
    from .purchase_request import PurchaseRequest
    from .reclassify_request import ReclassifyRequest
    from .reclassify_result import ReclassifyResult
    from .reconcile_request import ReconcileRequest
    from .reconciliation import Reconciliation
    from .split_account_allocation import SplitAccountAllocation
    from .split_account_request import SplitAccountRequest
    from .split_account_result import SplitAccountResult
    from .split_allocation import SplitAllocation
    from .split_allocation_document_type import SplitAllocationDocumentType
    from .split_request import SplitRequest
    from .split_result import SplitResult
    from .split_result_payments_item import SplitResultPaymentsItem
    from .statement_line import StatementLine
    from .statement_section import StatementSection
    from .tax_rate import TaxRate
    from .tax_rate_kind import TaxRateKind
    from .tax_rate_type import TaxRateType
    from .token_request import TokenRequest
    from .token_response import TokenResponse
    from .transfer_request import TransferRequest
    from .trial_balance import TrialBalance
    from .trial_balance_line import TrialBalanceLine
    from .trial_balance_statement import TrialBalanceStatement
    from .unreconciled_aging import UnreconciledAging
else:
    from importlib import import_module

    _MODULES = {
        "Account": ".account",
        "AccountCreate": ".account_create",
        "AccountType": ".account_type",
        "AccountUpdate": ".account_update",
        "AuthorizationServerMetadata": ".authorization_server_metadata",
        "BalanceSheet": ".balance_sheet",
        "BalanceSheetStatement": ".balance_sheet_statement",
        "BankAccount": ".bank_account",
        "BankAccountCreate": ".bank_account_create",
        "BankAccountType": ".bank_account_type",
        "BankFeed": ".bank_feed",
        "BankFeedAccountHealth": ".bank_feed_account_health",
        "BankFeedHealth": ".bank_feed_health",
        "BankReconciliationAccount": ".bank_reconciliation_account",
        "BankReconciliationAccountUnreconciled": ".bank_reconciliation_account_unreconciled",
        "BankReconciliationStatus": ".bank_reconciliation_status",
        "BankTransaction": ".bank_transaction",
        "BankTransactionStatus": ".bank_transaction_status",
        "Bill": ".bill",
        "BillPaymentRequest": ".bill_payment_request",
        "BillStatus": ".bill_status",
        "ClientRegistration": ".client_registration",
        "ClientRegistrationRequest": ".client_registration_request",
        "Contact": ".contact",
        "ContactType": ".contact_type",
        "DecimalStatementLine": ".decimal_statement_line",
        "DecimalStatementSection": ".decimal_statement_section",
        "DecimalTrialBalanceLine": ".decimal_trial_balance_line",
        "DeleteAccountsByIdResponse": ".delete_accounts_by_id_response",
        "DepositRequest": ".deposit_request",
        "Entry": ".entry",
        "EntryCreate": ".entry_create",
        "EntryLine": ".entry_line",
        "EntryStatus": ".entry_status",
        "EntryVoid": ".entry_void",
        "FinancialPacket": ".financial_packet",
        "FinancialPacketOrganization": ".financial_packet_organization",
        "FinancialPacketPeriod": ".financial_packet_period",
        "GeneralLedger": ".general_ledger",
        "GeneralLedgerLine": ".general_ledger_line",
        "GetAccountsByIdResponse": ".get_accounts_by_id_response",
        "GetAccountsResponse": ".get_accounts_response",
        "GetBankAccountsByIdTransactionsResponse": ".get_bank_accounts_by_id_transactions_response",
        "GetBankAccountsResponse": ".get_bank_accounts_response",
        "GetBankFeedsHealthResponse": ".get_bank_feeds_health_response",
        "GetBankFeedsResponse": ".get_bank_feeds_response",
        "GetBankTransactionsByIdResponse": ".get_bank_transactions_by_id_response",
        "GetBillsResponse": ".get_bills_response",
        "GetCompaniesByIdJournalLinesResponse": ".get_companies_by_id_journal_lines_response",
        "GetCompaniesByIdReconciliationsResponse": ".get_companies_by_id_reconciliations_response",
        "GetCompaniesByIdResponse": ".get_companies_by_id_response",
        "GetContactsResponse": ".get_contacts_response",
        "GetEntriesByIdResponse": ".get_entries_by_id_response",
        "GetEntriesResponse": ".get_entries_response",
        "GetOrganizationsResponse": ".get_organizations_response",
        "GetTaxRatesResponse": ".get_tax_rates_response",
        "Health": ".health",
        "JournalEntryRequest": ".journal_entry_request",
        "JournalLine": ".journal_line",
        "LastReconciliation": ".last_reconciliation",
        "MatchRequest": ".match_request",
        "MatchRequestMatchType": ".match_request_match_type",
        "MatchResult": ".match_result",
        "MatchResultPayment": ".match_result_payment",
        "Organization": ".organization",
        "OrganizationType": ".organization_type",
        "PacketWarning": ".packet_warning",
        "Pagination": ".pagination",
        "PostBankAccountsResponse": ".post_bank_accounts_response",
        "PostBillPaymentsResponse": ".post_bill_payments_response",
        "PostedLine": ".posted_line",
        "PostingLine": ".posting_line",
        "PostingReceipt": ".posting_receipt",
        "PostingReceiptResourceType": ".posting_receipt_resource_type",
        "ProfitAndLoss": ".profit_and_loss",
        "PurchaseRequest": ".purchase_request",
        "ReclassifyRequest": ".reclassify_request",
        "ReclassifyResult": ".reclassify_result",
        "ReconcileRequest": ".reconcile_request",
        "Reconciliation": ".reconciliation",
        "SplitAccountAllocation": ".split_account_allocation",
        "SplitAccountRequest": ".split_account_request",
        "SplitAccountResult": ".split_account_result",
        "SplitAllocation": ".split_allocation",
        "SplitAllocationDocumentType": ".split_allocation_document_type",
        "SplitRequest": ".split_request",
        "SplitResult": ".split_result",
        "SplitResultPaymentsItem": ".split_result_payments_item",
        "StatementLine": ".statement_line",
        "StatementSection": ".statement_section",
        "TaxRate": ".tax_rate",
        "TaxRateKind": ".tax_rate_kind",
        "TaxRateType": ".tax_rate_type",
        "TokenRequest": ".token_request",
        "TokenResponse": ".token_response",
        "TransferRequest": ".transfer_request",
        "TrialBalance": ".trial_balance",
        "TrialBalanceLine": ".trial_balance_line",
        "TrialBalanceStatement": ".trial_balance_statement",
        "UnreconciledAging": ".unreconciled_aging",
    }

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_MODULES[name], __name__), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *_MODULES})


__all__ = (
    "Account",
    "AccountCreate",
    "AccountType",
    "AccountUpdate",
    "AuthorizationServerMetadata",
    "BalanceSheet",
    "BalanceSheetStatement",
    "BankAccount",
    "BankAccountCreate",
    "BankAccountType",
    "BankFeed",
    "BankFeedAccountHealth",
    "BankFeedHealth",
    "BankReconciliationAccount",
    "BankReconciliationAccountUnreconciled",
    "BankReconciliationStatus",
    "BankTransaction",
    "BankTransactionStatus",
    "Bill",
    "BillPaymentRequest",
    "BillStatus",
    "ClientRegistration",
    "ClientRegistrationRequest",
    "Contact",
    "ContactType",
    "DecimalStatementLine",
    "DecimalStatementSection",
    "DecimalTrialBalanceLine",
    "DeleteAccountsByIdResponse",
    "DepositRequest",
    "Entry",
    "EntryCreate",
    "EntryLine",
    "EntryStatus",
    "EntryVoid",
    "FinancialPacket",
    "FinancialPacketOrganization",
    "FinancialPacketPeriod",
    "GeneralLedger",
    "GeneralLedgerLine",
    "GetAccountsByIdResponse",
    "GetAccountsResponse",
    "GetBankAccountsByIdTransactionsResponse",
    "GetBankAccountsResponse",
    "GetBankFeedsHealthResponse",
    "GetBankFeedsResponse",
    "GetBankTransactionsByIdResponse",
    "GetBillsResponse",
    "GetCompaniesByIdJournalLinesResponse",
    "GetCompaniesByIdReconciliationsResponse",
    "GetCompaniesByIdResponse",
    "GetContactsResponse",
    "GetEntriesByIdResponse",
    "GetEntriesResponse",
    "GetOrganizationsResponse",
    "GetTaxRatesResponse",
    "Health",
    "JournalEntryRequest",
    "JournalLine",
    "LastReconciliation",
    "MatchRequest",
    "MatchRequestMatchType",
    "MatchResult",
    "MatchResultPayment",
    "Organization",
    "OrganizationType",
    "PacketWarning",
    "Pagination",
    "PostBankAccountsResponse",
    "PostBillPaymentsResponse",
    "PostedLine",
    "PostingLine",
    "PostingReceipt",
    "PostingReceiptResourceType",
    "ProfitAndLoss",
    "PurchaseRequest",
    "ReclassifyRequest",
    "ReclassifyResult",
    "ReconcileRequest",
    "Reconciliation",
    "SplitAccountAllocation",
    "SplitAccountRequest",
    "SplitAccountResult",
    "SplitAllocation",
    "SplitAllocationDocumentType",
    "SplitRequest",
    "SplitResult",
    "SplitResultPaymentsItem",
    "StatementLine",
    "StatementSection",
    "TaxRate",
    "TaxRateKind",
    "TaxRateType",
    "TokenRequest",
    "TokenResponse",
    "TransferRequest",
    "TrialBalance",
    "TrialBalanceLine",
    "TrialBalanceStatement",
    "UnreconciledAging",
)
