from __future__ import annotations

from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class Health(Answer):
    """``GET /api/health``. ``status`` is ``ok`` when the service answers.

    Attributes:
        status: "ok" when the service answers.
    """

    status: str
