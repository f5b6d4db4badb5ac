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
    """Apply the decisions in a reviewed CSV file or workbook (see ``read_decisions`` for its
    columns).

    A file that is malformed, that is of another organization, or that names an account that does
    not match exactly one account in the books, raises ``InputError`` before anything is changed.
    After that, each line is applied independently: one that fails is reported and the next one is
    tried, until the connection itself is lost. A row whose date, amount, status or entry is no
    longer the one that was reviewed is refused. So is a row that is still pending, because the bank
    may replace it, unless ``pending`` is true. Applying a file again changes nothing. ``on_result``
    is called with each result immediately, for progress or logging.
    """
    return run(
        async_apply(
            core_of(organization, Organization, "organization"),
            file,
            pending=pending,
            on_result=on_result,
        )
    )


def read_table(
    organization: Organization, *, as_of: dt.date | None = None, currency: str | None = None
) -> ReviewTable:
    """Return the unreconciled rows of a company, each with its bank account, entry and candidates.

    Works like ``table``, and reads everything that is needed for it, each list once no matter how
    many rows there are: ``GET /api/v1/bank-transactions`` and ``/bank-accounts``, and as needed
    ``/entries`` (around the dates of the rows), ``/bills``, ``/contacts`` and the company's record
    for its currency. ``unread`` names what these credentials may not read.
    """
    return run(
        async_read_table(
            core_of(organization, Organization, "organization"), as_of=as_of, currency=currency
        )
    )
