"""What blocking classes share: each one stands over an asynchronous one whose I/O blocks."""

from __future__ import annotations

from typing import Generic, Self, TypeVar

from ledgerhq_ext.errors import InputError

Core = TypeVar("Core")


class Handle(Generic[Core]):
    """A blocking handle. Its methods run those of ``_core`` to their end, in one step."""

    _core: Core

    @classmethod
    def _of(cls, core: Core) -> Self:
        # Not by its constructor, which takes what a new client is made from.
        handle = cls.__new__(cls)
        handle._core = core
        return handle

    def __repr__(self) -> str:
        # Python's own description of the core would name the class that waits.
        if type(self._core).__repr__ is object.__repr__:
            return object.__repr__(self)
        return repr(self._core).removeprefix("Async")


def core_of(handle: Handle[Core], kind: type[Handle[Core]], name: str) -> Core:
    """Return the asynchronous handle behind a blocking one; errors as ``check_handle``."""
    check_handle(handle, kind, name)
    return handle._core


def check_handle(handle: object, kind: type, name: str) -> None:
    """Raise ``InputError`` unless a value is a handle of this kind, such as an ``Organization``."""
    # The firm in the place of one of its companies is the usual slip, or the other way round.
    if not isinstance(handle, kind):
        article = "a" if kind.__name__.startswith("L") else "an"
        raise InputError(f"{name} must be {article} {kind.__name__}, not {handle!r}.")
