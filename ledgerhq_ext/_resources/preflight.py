"""Preflight: checks of postings before they are sent."""

from __future__ import annotations

from typing import Unpack

import ledgerhq_ext
from ledgerhq_ext._http.options import CallOptions
from ledgerhq_ext._resources.lookups import LookupMethods


class PreflightMethods(LookupMethods):
    """Checks of an organization's postings."""

    async def check(
        self, *postings: ledgerhq_ext.Posting, **options: Unpack[CallOptions]
    ) -> ledgerhq_ext.PreflightReport:
        """Check postings without sending them. Return what would be refused, and what is unusual.

        Accounts, contacts, tax rates and bills must exist; accounts must be active, of a type that
        their role allows, and in the company's currency; payments together must not exceed the
        amount due on a bill. Each list is read once for all postings, so check many in one call:
        ``books.check(*postings)``.

        Check before the first ``post``, because posting changes what is checked (a bill is then
        paid). A report without problems is not a guarantee: the books may change, and no route says
        which periods are locked (see ``unchecked``). Raises ``InputError`` if an argument is not a
        posting that ``post`` would send, ``APIError``, ``TransportError`` and ``ContractError``.

        Routes: ``GET /api/v1/accounts``, and as needed ``/bank-accounts``, ``/contacts``,
        ``/tax-rates``, ``/bills`` and ``/organizations``.
        """
        from ledgerhq_ext._resources.preflight_reads import check_postings

        return await check_postings(self._with(options), postings)
