"""Bank review, blocking.

Written by ``python -m scripts.write_surface``; do not edit.
Edit ``review._applying``, ``review._reading``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from ledgerhq_ext._handle import core_of
from ledgerhq_ext._http.io import run
from ledgerhq_ext.blocking import Organization
from ledgerhq_ext.review._applying import Report, Result, async_apply
from ledgerhq_ext.review._decision_file import DecisionFile
from ledgerhq_ext.review._reading import async_read_table
from ledgerhq_ext.review._tables import ReviewTable


def apply(
    organization: Organization,
    file: DecisionFile,
    *,
    pending: bool = False,
    on_result: Callable[[Result], None] | None = None,
) -> Report:
    """Carry out the decisions of a reviewed CSV file (its columns: ``read_decisions``).

    A file with anything malformed, or with an account that is not one account of the books, is
    refused with ``InputError`` before anything is changed. After that every line counts for itself:
    one that fails is reported and the next one is tried, until the connection itself is lost. A row
    whose amount, status or entry is not the one that was reviewed is refused, and so is one that is
    still pending, unless ``pending``: the bank may replace it by another one. Applying a file again
    does nothing a second time. ``on_result`` is called with every result at once, for progress or a
    journal.
    """
    return run(
        async_apply(
            core_of(organization, "organization"), file, pending=pending, on_result=on_result
        )
    )


def read_table(
    organization: Organization, *, as_of: dt.date | None = None, currency: str | None = None
) -> ReviewTable:
    """Return the unreconciled rows of a company, each with its bank account, entry and candidates.

    As ``table``, over all that has to be read for it, each list once whatever the number of rows:
    ``GET /api/v1/bank-transactions`` and ``/bank-accounts``, and where a row can use them
    ``/entries`` (those about the dates of the rows), ``/bills``, ``/contacts`` and the company's
    record for its currency. What these credentials may not read is named by ``unread``.
    """
    return run(
        async_read_table(core_of(organization, "organization"), as_of=as_of, currency=currency)
    )
