from ..enums import OpenStrEnum


class SplitAllocationDocumentType(OpenStrEnum):
    BILL = "bill"
    INVOICE = "invoice"
