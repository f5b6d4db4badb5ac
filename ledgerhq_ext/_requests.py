"""A posting from the JSON that it is sent as: what a store keeps, and what people write by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledgerhq_ext._wire import read
from ledgerhq_ext.errors import ContractError, InputError
from ledgerhq_ext.postings import POSTINGS, Posting


def posting_from_dict(resource: str, request: Mapping[str, Any]) -> Posting:
    """Return the posting for a request in the contract's field names, with amounts in cents.

    ``resource`` is ``purchase``, ``deposit``, ``transfer``, ``bill_payment`` or ``journal_entry``:
    ``posting_from_dict(row.resource, row.request)`` for a posting in the outbox. Fields that the
    contract does not have become ``extra``, and are sent unchanged. Raises ``InputError``, which
    says where the request does not fit.
    """
    for kind in POSTINGS:
        if kind.resource == resource:
            return _read(kind, request)
    names = ", ".join(kind.resource for kind in POSTINGS)
    raise InputError(f"resource must be one of {names}, not {resource!r}.")


def _read(kind: type[Posting], request: Mapping[str, Any]) -> Posting:
    if not isinstance(request, Mapping):
        raise InputError(f"request must be a JSON object, not {type(request).__name__}.")
    try:
        return read(kind, dict(request))
    except ContractError as error:
        problem = InputError(f"The request is not a valid {kind.resource}: {error.message}.")
    # Out here: to its reader the mistake is in the request, and in no answer.
    raise problem
