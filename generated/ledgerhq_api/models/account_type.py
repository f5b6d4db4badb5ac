from enum import StrEnum
from typing import Self


class AccountType(StrEnum):
    ASSET = "asset"
    EQUITY = "equity"
    EXPENSE = "expense"
    LIABILITY = "liability"
    REVENUE = "revenue"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        """Keep a value that the contract did not know when this was generated"""
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = "UNKNOWN"
        member._value_ = value
        return member

    def __reduce_ex__(self, protocol: object) -> tuple[type[Self], tuple[str]]:
        """Pickle by value: a name would not bring back a value that the contract did not know"""
        return type(self), (self._value_,)

    def __str__(self) -> str:
        return str(self.value)
