from ..enums import OpenStrEnum


class PostingReceiptResourceType(OpenStrEnum):
    BILL_PAYMENT = "bill_payment"
    DEPOSIT = "deposit"
    JOURNAL_ENTRY = "journal_entry"
    PURCHASE = "purchase"
    TRANSFER = "transfer"
