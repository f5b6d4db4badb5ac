"""The error of the store, beside the exceptions of the core."""

from __future__ import annotations

from ledgerhq_ext.errors import InputError


class StoreError(InputError):
    """The database cannot be used as it is: unreachable, full, read-only, or of another release.

    ``outcome`` is ``not_sent``, except where a request had left before the database failed
    (``unknown``).
    """
