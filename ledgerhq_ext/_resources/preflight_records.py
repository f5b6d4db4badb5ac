"""Preflight: the records that postings refer to, the findings about them, and the report."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from ledgerhq_ext import models
from ledgerhq_ext.errors import InputError


@frozen
class Finding:
    """A problem with a posting, or something unusual about it."""

    position: int
    """The index of the posting among those that were checked, starting at 0."""
    field: str
    """The attribute of the posting, such as ``lines[1].account_id``."""
    message: str

    def __str__(self) -> str:
        return f"postings[{self.position}].{self.field}: {self.message}"


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


@frozen(kw_only=True)
class Records:
    """The records that postings refer to, by id; None for those that were not read."""

    accounts: Mapping[str, models.Account]
    bank_accounts: Mapping[str, models.BankAccount] | None
    contacts: Mapping[str, models.Contact] | None
    tax_rates: Mapping[str, models.TaxRate] | None
    bills: Mapping[str, models.Bill] | None
    currency: str | None
    """The currency of the company's books."""
