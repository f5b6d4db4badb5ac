"""Firms, client companies and accounts that are added to a box."""

from __future__ import annotations

import re

from ledgerhq_ext.sandbox._companies import Company
from ledgerhq_ext.sandbox._currencies import require_currency
from ledgerhq_ext.sandbox._routes import JSON
from ledgerhq_ext.sandbox._seed import FOUNDED, write_books, write_organization
from ledgerhq_ext.sandbox._state import State

_BANK = "First Sandbox Bank"


def firms(state: State) -> list[JSON]:
    """Return the firms, in the order in which they were added."""
    return state.rows("SELECT * FROM organizations WHERE type = 'firm' ORDER BY seq")


def first_firm(state: State) -> str:
    """Return the id of the firm that every box begins with."""
    return str(firms(state)[0]["id"])


def add_firm(state: State, name: str) -> str:
    """Add a firm without client companies, and return its id. ValueError for a blank name."""
    firm = Company(_slug(name), _checked_name(name), "USD", "US", 1, _BANK)
    with state.transaction() as db:
        firm_id = state.new_id()
        write_organization(db, firm_id, firm_id, firm, state.now())
    return firm_id


def add_company(state: State, firm: str, company: Company, *, empty: bool) -> str:
    """Add a client company with empty or seeded books to a firm, and return its id.

    ValueError for an unknown currency, or a fiscal year that starts outside of months 1 to 12.
    """
    require_currency(company.currency)
    if company.fiscal_month not in range(1, 13):
        month = company.fiscal_month
        raise ValueError(
            f"{month!r} is not a valid month; the fiscal year must start in month 1 to 12"
        )

    with state.transaction() as db:
        organization = state.new_id()
        write_organization(db, organization, firm, company, state.now() if empty else FOUNDED)
        if not empty:
            write_books(db, organization, company, (organization,))
    return organization


def new_company(name: str, currency: str, country: str, fiscal_month: int) -> Company:
    """Return a company for `add_company`. ValueError for a blank name."""
    return Company(_slug(name), _checked_name(name), currency, country, fiscal_month, _BANK)


def _checked_name(name: str) -> str:
    if not name.strip():
        raise ValueError(f"{name!r} is not a valid name, because it is blank")
    return name


def _slug(name: str) -> str:
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-") or "company"
