from ..enums import OpenStrEnum


class BillStatus(OpenStrEnum):
    DRAFT = "draft"
    OVERDUE = "overdue"
    PAID = "paid"
    PARTIAL = "partial"
    RECEIVED = "received"
    VOID = "void"
