from __future__ import annotations

from attrs import frozen

from ..records import Answer


@frozen(kw_only=True, repr=False)
class Health(Answer):
    """``GET /api/health``. ``status`` is ``ok`` when the service answers.

    Attributes:
        status: "ok" when the service answers.
    """

    status: str
