from ..enums import OpenStrEnum


class ContactType(OpenStrEnum):
    BOTH = "both"
    CUSTOMER = "customer"
    SUPPLIER = "supplier"
