from ..enums import OpenStrEnum


class BankTransactionStatus(OpenStrEnum):
    EXCLUDED = "excluded"
    RECONCILED = "reconciled"
    UNRECONCILED = "unreconciled"
