from ..enums import OpenStrEnum


class TaxRateKind(OpenStrEnum):
    BLOCKED = "blocked"
    EXEMPT = "exempt"
    NO_VAT = "no_vat"
    PARTIAL_BLOCK = "partial_block"
    REVERSE_CHARGE = "reverse_charge"
    SALES_TAX_US = "sales_tax_us"
    STANDARD = "standard"
