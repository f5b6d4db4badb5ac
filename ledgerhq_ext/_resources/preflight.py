"""Preflight: the report on postings before they are sent."""

from __future__ import annotations

from typing import Unpack

from attrs import frozen

import ledgerhq_ext
from ledgerhq_ext._http.options import CallOptions
from ledgerhq_ext._resources.lookups import LookupMethods
from ledgerhq_ext._resources.preflight_records import Finding
from ledgerhq_ext.errors import InputError


@frozen(kw_only=True)
class PreflightReport:
    """The report of a check of postings. It is truthy if there are no ``problems``.

    ``problems`` lists what the service would refuse, ``warnings`` what is unusual but may be
    intended. ``checked`` lists what was read (``accounts``, ``bank accounts``, ``contacts``, ``tax
    rates``, ``bills``, ``currency``; only what the postings refer to), ``unchecked`` what could not
    be read: always ``period lock``, and whatever these credentials may not read.
    """

    problems: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    checked: tuple[str, ...]
    unchecked: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """True if nothing was found that the service would refuse."""
        return not self.problems

    def __bool__(self) -> bool:
        return self.ok

    def raise_for_problems(self) -> None:
        """Raise an ``InputError`` that names every problem. Do nothing if there are none."""
        if self.problems:
            lines = "".join(f"\n  - {problem}" for problem in self.problems)
            raise InputError(f"The service would refuse these postings:{lines}")


class PreflightMethods(LookupMethods):
    """Checks of an organization's postings."""

    async def check(
        self, *postings: ledgerhq_ext.Posting, **options: Unpack[CallOptions]
    ) -> PreflightReport:
        """Check postings without sending them. Return what would be refused, and what is unusual.

        Accounts, contacts, tax rates and bills must exist; accounts must be active, of a type that
        their role allows, and in the company's currency; payments together must not exceed the
        amount due on a bill. Each list is read once for all postings, so check many in one call:
        ``books.check(*postings)``.

        Check before the first ``post``, because posting changes what is checked (a bill is then
        paid). A report without problems is not a guarantee: the books may change, and no route says
        which periods are locked (see ``unchecked``). Raises ``InputError`` if an argument is not a
        posting, ``APIError``, ``TransportError`` and ``ContractError``.

        Routes: ``GET /api/v1/accounts``, and as needed ``/bank-accounts``, ``/contacts``,
        ``/tax-rates``, ``/bills`` and ``/organizations``.
        """
        from ledgerhq_ext._resources.preflight_reads import check_postings

        return await check_postings(self._with(options), postings)
