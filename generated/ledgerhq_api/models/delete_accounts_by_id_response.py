from __future__ import annotations

from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class DeleteAccountsByIdResponse(Answer):
    """DeleteAccountsByIdResponse of the contract."""

    success: bool | None = None
