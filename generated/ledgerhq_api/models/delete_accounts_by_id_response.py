from __future__ import annotations

from attrs import frozen

from ..records import Answer


@frozen(kw_only=True, repr=False)
class DeleteAccountsByIdResponse(Answer):
    """DeleteAccountsByIdResponse of the contract."""

    success: bool | None = None
