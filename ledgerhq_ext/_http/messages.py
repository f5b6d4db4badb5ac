"""Requests and responses, as values. Nothing here sends."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from ledgerhq_ext._http.documents import (
    document_of,
    exact_document_of,
    rough_document_of,
)
from ledgerhq_ext._redaction import redact
from ledgerhq_ext.errors import ContractError, LedgerHQError

SCOPE_HEADER = "x-organization-id"
KEY_HEADER = "Idempotency-Key"
Carrier: TypeAlias = Literal["header", "path"]
"""What names the client company of a request: the header, or a segment of the path."""


class UnreadableResponse(ContractError):  # noqa: N818 - a response, not a fault of the caller
    """A success whose body is not JSON, most likely truncated. A ``ContractError`` to callers."""


@frozen(kw_only=True)
class Request:
    """A request before it is sent. ``path`` is below the base URL; headers stay out of ``repr``.

    ``organization`` is the one that it is for, whatever carries it on the wire; None for the firm.
    ``keeps_part`` is for answers that cannot be asked for twice: a body that breaks off is a
    response too.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)
    keeps_part: bool = False
    organization: str | None = None

    @property
    def idempotency_key(self) -> str | None:
        """The key of a posting; None for anything else."""
        for header, value in self.headers.items():
            if header.lower() == KEY_HEADER.lower():
                return value
        return None


@frozen(kw_only=True)
class Response:
    """A complete response: status, headers (names in lower case) and the bytes of the body.

    ``problem`` says why the body breaks off, where the request keeps a part.
    """

    status: int
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    content: bytes = field(default=b"", repr=False)
    problem: LedgerHQError | None = None

    @property
    def request_id(self) -> str | None:
        """The id to quote to LedgerHQ's support, or None when the service sent none."""
        request_id = self.headers.get("x-request-id")
        # It is logged, so whatever looks like a token is taken out.
        return redact(request_id) if request_id else None

    def json(self) -> Any:
        """Return the body as JSON. Raises ``ContractError`` when it is not JSON."""
        return self._parsed(json.loads)

    def document(self) -> Any:
        """Return the body as JSON whose fractions are exact: ``Decimal``, not ``float``."""
        return self._parsed(document_of)

    def _rough_document(self) -> Any:
        """Return the body as JSON whose fractions are ``float``; None where that is not faster."""
        return rough_document_of(self.content)

    def _exact_document(self) -> Any:
        """Return the same as ``document``, where it is known that a rough one is not exact."""
        return self._parsed(exact_document_of)

    def _parsed(self, parse: Callable[[bytes], Any]) -> Any:
        try:
            return parse(self.content)
        except (ValueError, RecursionError):
            pass  # Not raised from here: the context would hold the whole body.
        raise UnreadableResponse(f"the response (status {self.status}) is not JSON")
