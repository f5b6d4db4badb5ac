from ..enums import OpenStrEnum


class MatchRequestMatchType(OpenStrEnum):
    BILL = "bill"
    EXISTING_JOURNAL = "existing_journal"
    EXISTING_PAYMENT = "existing_payment"
    INVOICE = "invoice"
