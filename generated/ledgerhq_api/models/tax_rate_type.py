from ..enums import OpenStrEnum


class TaxRateType(OpenStrEnum):
    BOTH = "both"
    PURCHASE = "purchase"
    SALES = "sales"
