from __future__ import annotations

from ..records import Answer, frozen


@frozen(kw_only=True, repr=False)
class UnreconciledAging(Answer):
    """Numbers of unreconciled rows by age.

    In the contract: Numbers of rows by age.
    """

    week: int
    month: int
    two_months: int
    older: int
