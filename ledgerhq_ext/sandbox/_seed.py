"""A seeded database: built once per process and seed, then copied."""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from typing import Any

from ledgerhq_ext.sandbox._companies import (
    BANK_ACCOUNTS,
    CHART,
    COMPANIES,
    CONTACTS,
    FIRM,
    TAX_RATES,
    TAX_RATES_ELSEWHERE,
    Company,
)
from ledgerhq_ext.sandbox._history import write_history
from ledgerhq_ext.sandbox._sheet import Sheet
from ledgerhq_ext.sandbox._state import derived_id, new_database

FOUNDED = "2024-12-01T09:00:00.000Z"
_SYNCED = "2026-06-30T10:15:00.000Z"
_FAILED = "2026-06-24T04:02:00.000Z"


@lru_cache(maxsize=8)
def template(seed: int | None) -> bytes:
    """Return the seeded database, to be copied from.

    Ids are those of the seed; without one they are the same everywhere.
    """
    space = () if seed is None else ("seed", seed)
    db = new_database()
    db.execute("BEGIN")
    slug, name = FIRM
    firm = derived_id(*space, "organization", slug)
    write_organization(db, firm, firm, Company(slug, name, "USD", "US", 1, ""), FOUNDED)

    for company in COMPANIES:
        organization = derived_id(*space, "organization", company.slug)
        write_organization(db, organization, firm, company, FOUNDED)
        write_books(db, organization, company, space)

    db.execute("COMMIT")
    content = db.serialize()
    db.close()
    return content


def write_organization(
    db: sqlite3.Connection, id: str, firm: str, company: Company, created_at: str
) -> None:
    """Write a client company of a firm, or the firm itself."""
    row = {
        "id": id,
        "firmId": firm,
        "name": company.name,
        "type": "firm" if id == firm else "client",
        "slug": company.slug,
        "defaultCurrency": company.currency,
        "countryCode": company.country,
        "fiscalYearStartMonth": company.fiscal_month,
        "createdAt": created_at,
    }
    _write(db, "organizations", [row])


def write_books(
    db: sqlite3.Connection, organization: str, company: Company, space: tuple[object, ...]
) -> None:
    """Write chart, contacts, bank accounts and six months of history."""
    sheet = Sheet(company.slug, organization, company.currency, space)
    _write_directory(sheet, company)
    write_history(sheet)
    for table, rows in sheet.tables.items():
        _write(db, table, rows)


def _write_directory(sheet: Sheet, company: Company) -> None:
    common = {"currencyCode": company.currency, "createdAt": FOUNDED}
    for code, name, kind, sub_type, system in CHART:
        own = {"code": code, "name": name, "type": kind, "subType": sub_type, "isSystem": system}
        sheet.add("accounts", code, **own, **common, isActive=1)

    for number, (name, kind, email, tax, terms) in enumerate(CONTACTS):
        own = {
            "name": name,
            "type": kind,
            "email": email,
            "taxNumber": tax,
            "paymentTermsDays": terms,
        }
        sheet.add("contacts", str(number), **own, **common, phone=f"+1 555 01{number:02}")

    tax_rates = TAX_RATES.get(company.country, TAX_RATES_ELSEWHERE)
    for name, rate, kind, sort, recoverable, default, active in tax_rates:
        own = {
            "name": name,
            "rate": rate,
            "type": kind,
            "kind": sort,
            "recoverablePercent": recoverable,
        }
        sheet.add("taxRates", name, **own, isDefault=default, isActive=active)

    for number, account in enumerate(BANK_ACCOUNTS, start=1):
        _write_bank_account(sheet, company, number, account, common)


def _write_bank_account(
    sheet: Sheet, company: Company, number: int, account: tuple[Any, ...], common: dict[str, str]
) -> None:
    name, kind, code, color, status, error = account
    bank_id = sheet.add(
        "bankAccounts",
        code,
        **common,
        accountName=name,
        accountNumber=f"••••{4200 + number}",
        bankName=company.bank,
        countryCode=company.country,
        accountType=kind,
        color=color,
        chartAccountId=sheet.id("accounts", code),
        isActive=1,
    )
    synced = _FAILED if error else _SYNCED
    feed = {"institutionName": company.bank, "provider": "plaid", "lastSyncedAt": synced}
    sheet.add("bankFeeds", code, **feed, bankAccountId=bank_id, status=status, error=error)


def _write(db: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    marks = ", ".join("?" * len(names))
    sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
    db.executemany(sql, [tuple(row[name] for name in names) for row in rows])
