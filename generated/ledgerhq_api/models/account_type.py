from ..enums import OpenStrEnum


class AccountType(OpenStrEnum):
    ASSET = "asset"
    EQUITY = "equity"
    EXPENSE = "expense"
    LIABILITY = "liability"
    REVENUE = "revenue"
