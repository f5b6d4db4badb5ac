from ..enums import OpenStrEnum


class BankAccountType(OpenStrEnum):
    CASH = "cash"
    CHECKING = "checking"
    CREDIT_CARD = "credit_card"
    INVESTMENT = "investment"
    LOAN = "loan"
    OTHER = "other"
    SAVINGS = "savings"
