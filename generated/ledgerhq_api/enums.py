"""Open enums: a value that the contract did not list when this client was generated is kept as it is."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Any, Self


class OpenStrEnum(StrEnum):
    """A string enum that also accepts other strings."""

    def __repr__(self) -> str:
        return repr(self._value_)

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        member: Self | None = _unknown(cls, str, value)
        return member

    def __reduce_ex__(self, protocol: object) -> tuple[type[Self], tuple[str]]:
        # By value: a name would not bring back a value that the contract did not know.
        return type(self), (self._value_,)


class OpenIntEnum(IntEnum):
    """An integer enum that also accepts other integers."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        member: Self | None = _unknown(cls, int, value)
        return member

    def __reduce_ex__(self, protocol: object) -> tuple[type[Self], tuple[int]]:
        return type(self), (self._value_,)

    def __str__(self) -> str:
        return str(self.value)


def _unknown(cls: Any, kind: type[str] | type[int], value: object) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        return None
    member: Any = kind.__new__(cls, value)
    member._name_ = "UNKNOWN"
    member._value_ = value
    return member
