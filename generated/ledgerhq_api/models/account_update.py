from __future__ import annotations

from ..records import Body, define
from ..types import UNSET, Unset


@define
class AccountUpdate(Body):
    """AccountUpdate of the contract."""

    code: str | Unset = UNSET
    default_tax_rate_id: str | None | Unset = UNSET
    description: str | None | Unset = UNSET
    is_active: bool | Unset = UNSET
    name: str | Unset = UNSET
    parent_id: str | None | Unset = UNSET
    sub_type: str | None | Unset = UNSET
