"""The store's own error, in addition to the core's exceptions."""

from __future__ import annotations

from ledgerhq_ext.errors import AuthenticationError, InputError, LedgerHQError


class StoreError(InputError):
    """The database cannot be used: it is unreachable, full, read-only, or from an incompatible
    release.

    ``outcome`` is ``not_sent``, unless a request was sent before the database failed (``unknown``).
    """

    # Whether nothing else would go better: the database is away, locked or full.
    _is_outage: bool = False


class DifferentPayloadError(InputError):
    """A source transaction was added before, with another payload. Users see an ``InputError``.

    ``difference`` is the first part of the message; ``posting_id`` is the number of the posting.
    """

    def __init__(self, difference: str, advice: str, *, posting_id: int) -> None:
        super().__init__(f"{difference} {advice}")
        self.difference = difference
        self.posting_id = posting_id


def is_about_no_company(error: LedgerHQError) -> bool:
    """Return whether an error is no company's own: there is no access, or no store, for any."""
    lacks_token = isinstance(error, InputError) and error._lacks_token
    return lacks_token or isinstance(error, AuthenticationError | StoreError)
