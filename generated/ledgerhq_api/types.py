"""What operations and records are made of: money, files, responses, and what is left out."""

from collections.abc import Mapping, MutableMapping
from http import HTTPStatus
from typing import IO, Annotated, BinaryIO, Generic, Literal, TypeVar

from attrs import define, field

Cents = Annotated[int, "cents"]
"""An ``int`` of minor units, in annotations. Read without a currency, a decimal string is a ``Decimal``."""


class Unset:
    """The type of ``UNSET``"""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Unset = Unset()
"""The value of what is left out of a request; ``None`` is sent as null."""

# The types that `httpx.Client(files=)` can accept, copied from that library.
FileContent = IO[bytes] | bytes | str
FileTypes = (
    # (filename, file (or bytes), content_type)
    tuple[str | None, FileContent, str | None]
    # (filename, file (or bytes), content_type, headers)
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
RequestFiles = list[tuple[str, FileTypes]]


@define
class File:
    """A file that is sent, or an answer that is no text"""

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> FileTypes:
        """Return a tuple representation that httpx will accept for multipart/form-data"""
        return self.file_name, self.payload, self.mime_type


T = TypeVar("T")


@define
class Response(Generic[T]):
    """The response of an operation: ``parsed`` is what its body says"""

    status_code: HTTPStatus
    content: bytes = field(repr=False)
    headers: MutableMapping[str, str] = field(repr=False)
    parsed: T | None


__all__ = ["UNSET", "Cents", "File", "FileTypes", "RequestFiles", "Response", "Unset"]
