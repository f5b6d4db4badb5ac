from __future__ import annotations

from attrs import frozen

from ..records import Answer


@frozen(kw_only=True, repr=False)
class Health(Answer):
    """Health of the contract.

    Attributes:
        status: "ok" when the service answers.
    """

    status: str
