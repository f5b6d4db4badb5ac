"""All the records and enums of the contract, each imported when it is first used"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .account import Account as Account
    from .account_create import AccountCreate as AccountCreate
    from .account_split import AccountSplit as AccountSplit
    from .account_type import AccountType as AccountType
    from .account_update import AccountUpdate as AccountUpdate
    from .authorization_server_metadata import AuthorizationServerMetadata as AuthorizationServerMetadata
    from .balance_sheet import BalanceSheet as BalanceSheet
    from .bank_account import BankAccount as BankAccount
    from .bank_account_create import BankAccountCreate as BankAccountCreate
    from .bank_account_type import BankAccountType as BankAccountType
    from .bank_feed import BankFeed as BankFeed
    from .bank_feed_account_health import BankFeedAccountHealth as BankFeedAccountHealth
    from .bank_feed_health import BankFeedHealth as BankFeedHealth
    from .bank_reconciliation_account import BankReconciliationAccount as BankReconciliationAccount
    from .bank_reconciliation_status import BankReconciliationStatus as BankReconciliationStatus
    from .bank_transaction import BankTransaction as BankTransaction
    from .bank_transaction_status import BankTransactionStatus as BankTransactionStatus
    from .bill import Bill as Bill
    from .bill_payment_request import BillPaymentRequest as BillPaymentRequest
    from .bill_status import BillStatus as BillStatus
    from .client_registration import ClientRegistration as ClientRegistration
    from .client_registration_request import ClientRegistrationRequest as ClientRegistrationRequest
    from .contact import Contact as Contact
    from .contact_create import ContactCreate as ContactCreate
    from .contact_type import ContactType as ContactType
    from .delete_accounts_by_id_response import DeleteAccountsByIdResponse as DeleteAccountsByIdResponse
    from .deposit_request import DepositRequest as DepositRequest
    from .document_split import DocumentSplit as DocumentSplit
    from .entry import Entry as Entry
    from .entry_create import EntryCreate as EntryCreate
    from .entry_line import EntryLine as EntryLine
    from .entry_status import EntryStatus as EntryStatus
    from .entry_void import EntryVoid as EntryVoid
    from .financial_packet import FinancialPacket as FinancialPacket
    from .general_ledger import GeneralLedger as GeneralLedger
    from .get_accounts_by_id_response import GetAccountsByIdResponse as GetAccountsByIdResponse
    from .get_accounts_response import GetAccountsResponse as GetAccountsResponse
    from .get_bank_accounts_by_id_transactions_response import (
        GetBankAccountsByIdTransactionsResponse as GetBankAccountsByIdTransactionsResponse,
    )
    from .get_bank_accounts_response import GetBankAccountsResponse as GetBankAccountsResponse
    from .get_bank_feeds_health_response import GetBankFeedsHealthResponse as GetBankFeedsHealthResponse
    from .get_bank_feeds_response import GetBankFeedsResponse as GetBankFeedsResponse
    from .get_bank_transactions_by_id_response import GetBankTransactionsByIdResponse as GetBankTransactionsByIdResponse
    from .get_bills_response import GetBillsResponse as GetBillsResponse
    from .get_companies_by_id_journal_lines_response import (
        GetCompaniesByIdJournalLinesResponse as GetCompaniesByIdJournalLinesResponse,
    )
    from .get_companies_by_id_reconciliations_response import (
        GetCompaniesByIdReconciliationsResponse as GetCompaniesByIdReconciliationsResponse,
    )
    from .get_companies_by_id_response import GetCompaniesByIdResponse as GetCompaniesByIdResponse
    from .get_contacts_response import GetContactsResponse as GetContactsResponse
    from .get_entries_by_id_response import GetEntriesByIdResponse as GetEntriesByIdResponse
    from .get_entries_response import GetEntriesResponse as GetEntriesResponse
    from .get_organizations_response import GetOrganizationsResponse as GetOrganizationsResponse
    from .get_tax_rates_response import GetTaxRatesResponse as GetTaxRatesResponse
    from .health import Health as Health
    from .journal_entry_request import JournalEntryRequest as JournalEntryRequest
    from .journal_line import JournalLine as JournalLine
    from .last_reconciliation import LastReconciliation as LastReconciliation
    from .ledger_line import LedgerLine as LedgerLine
    from .match import Match as Match
    from .match_request import MatchRequest as MatchRequest
    from .match_request_match_type import MatchRequestMatchType as MatchRequestMatchType
    from .organization_record import OrganizationRecord as OrganizationRecord
    from .organization_type import OrganizationType as OrganizationType
    from .packet_organization import PacketOrganization as PacketOrganization
    from .packet_period import PacketPeriod as PacketPeriod
    from .packet_warning import PacketWarning as PacketWarning
    from .pagination import Pagination as Pagination
    from .payment import Payment as Payment
    from .post_bank_accounts_response import PostBankAccountsResponse as PostBankAccountsResponse
    from .post_contacts_response import PostContactsResponse as PostContactsResponse
    from .posted_line import PostedLine as PostedLine
    from .posting_line import PostingLine as PostingLine
    from .posting_receipt_resource_type import PostingReceiptResourceType as PostingReceiptResourceType
    from .posting_response import PostingResponse as PostingResponse
    from .profit_and_loss import ProfitAndLoss as ProfitAndLoss
    from .purchase_request import PurchaseRequest as PurchaseRequest
    from .receipt import Receipt as Receipt
    from .reclassification import Reclassification as Reclassification
    from .reclassify_request import ReclassifyRequest as ReclassifyRequest
    from .reconcile_request import ReconcileRequest as ReconcileRequest
    from .reconciliation import Reconciliation as Reconciliation
    from .split_account_allocation import SplitAccountAllocation as SplitAccountAllocation
    from .split_account_request import SplitAccountRequest as SplitAccountRequest
    from .split_allocation import SplitAllocation as SplitAllocation
    from .split_allocation_document_type import SplitAllocationDocumentType as SplitAllocationDocumentType
    from .split_request import SplitRequest as SplitRequest
    from .statement_line import StatementLine as StatementLine
    from .statement_section import StatementSection as StatementSection
    from .tax_rate import TaxRate as TaxRate
    from .tax_rate_kind import TaxRateKind as TaxRateKind
    from .tax_rate_type import TaxRateType as TaxRateType
    from .token_request import TokenRequest as TokenRequest
    from .token_response import TokenResponse as TokenResponse
    from .transfer_request import TransferRequest as TransferRequest
    from .trial_balance import TrialBalance as TrialBalance
    from .trial_balance_line import TrialBalanceLine as TrialBalanceLine
    from .unreconciled import Unreconciled as Unreconciled
    from .unreconciled_aging import UnreconciledAging as UnreconciledAging
else:
    from importlib import import_module

    _WHERE = """
Account.account AccountCreate.account_create AccountSplit.account_split AccountType.account_type
AccountUpdate.account_update AuthorizationServerMetadata.authorization_server_metadata
BalanceSheet.balance_sheet BankAccount.bank_account BankAccountCreate.bank_account_create
BankAccountType.bank_account_type BankFeed.bank_feed BankFeedAccountHealth.bank_feed_account_health
BankFeedHealth.bank_feed_health BankReconciliationAccount.bank_reconciliation_account
BankReconciliationStatus.bank_reconciliation_status BankTransaction.bank_transaction
BankTransactionStatus.bank_transaction_status Bill.bill BillPaymentRequest.bill_payment_request
BillStatus.bill_status ClientRegistration.client_registration
ClientRegistrationRequest.client_registration_request Contact.contact ContactCreate.contact_create
ContactType.contact_type DeleteAccountsByIdResponse.delete_accounts_by_id_response
DepositRequest.deposit_request DocumentSplit.document_split Entry.entry EntryCreate.entry_create
EntryLine.entry_line EntryStatus.entry_status EntryVoid.entry_void FinancialPacket.financial_packet
GeneralLedger.general_ledger GetAccountsByIdResponse.get_accounts_by_id_response
GetAccountsResponse.get_accounts_response
GetBankAccountsByIdTransactionsResponse.get_bank_accounts_by_id_transactions_response
GetBankAccountsResponse.get_bank_accounts_response GetBankFeedsHealthResponse.get_bank_feeds_health_response
GetBankFeedsResponse.get_bank_feeds_response
GetBankTransactionsByIdResponse.get_bank_transactions_by_id_response GetBillsResponse.get_bills_response
GetCompaniesByIdJournalLinesResponse.get_companies_by_id_journal_lines_response
GetCompaniesByIdReconciliationsResponse.get_companies_by_id_reconciliations_response
GetCompaniesByIdResponse.get_companies_by_id_response GetContactsResponse.get_contacts_response
GetEntriesByIdResponse.get_entries_by_id_response GetEntriesResponse.get_entries_response
GetOrganizationsResponse.get_organizations_response GetTaxRatesResponse.get_tax_rates_response Health.health
JournalEntryRequest.journal_entry_request JournalLine.journal_line LastReconciliation.last_reconciliation
LedgerLine.ledger_line Match.match MatchRequest.match_request MatchRequestMatchType.match_request_match_type
OrganizationRecord.organization_record OrganizationType.organization_type
PacketOrganization.packet_organization PacketPeriod.packet_period PacketWarning.packet_warning
Pagination.pagination Payment.payment PostBankAccountsResponse.post_bank_accounts_response
PostContactsResponse.post_contacts_response PostedLine.posted_line PostingLine.posting_line
PostingReceiptResourceType.posting_receipt_resource_type PostingResponse.posting_response
ProfitAndLoss.profit_and_loss PurchaseRequest.purchase_request Receipt.receipt
Reclassification.reclassification ReclassifyRequest.reclassify_request ReconcileRequest.reconcile_request
Reconciliation.reconciliation SplitAccountAllocation.split_account_allocation
SplitAccountRequest.split_account_request SplitAllocation.split_allocation
SplitAllocationDocumentType.split_allocation_document_type SplitRequest.split_request
StatementLine.statement_line StatementSection.statement_section TaxRate.tax_rate TaxRateKind.tax_rate_kind
TaxRateType.tax_rate_type TokenRequest.token_request TokenResponse.token_response
TransferRequest.transfer_request TrialBalance.trial_balance TrialBalanceLine.trial_balance_line
Unreconciled.unreconciled UnreconciledAging.unreconciled_aging
"""
    _MODULES = dict(pair.split(".") for pair in _WHERE.split())
    __all__ = sorted(_MODULES)

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *_MODULES})
