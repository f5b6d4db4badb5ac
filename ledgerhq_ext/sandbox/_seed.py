"""A seeded database: built once per process, then copied."""

from __future__ import annotations

import sqlite3
from functools import cache
from typing import Any

from ledgerhq_ext.sandbox._companies import (
    BANK_ACCOUNTS,
    CHART,
    COMPANIES,
    CONTACTS,
    FIRM,
    TAX_RATES,
    Company,
)
from ledgerhq_ext.sandbox._history import write_history
from ledgerhq_ext.sandbox._sheet import Sheet
from ledgerhq_ext.sandbox._state import derived_id, new_database

_FOUNDED = "2024-12-01T09:00:00.000Z"
_SYNCED = "2026-06-30T10:15:00.000Z"
_FAILED = "2026-06-24T04:02:00.000Z"


@cache
def template() -> bytes:
    """The seeded database, to be copied from."""
    db = new_database()
    db.execute("BEGIN")
    _write(db, "organizations", [_organization(*FIRM, "firm", "USD", "US", 1)])
    for company in COMPANIES:
        own = (company.slug, company.name, "client", company.currency, company.country, company.fiscal_month)
        _write(db, "organizations", [_organization(*own)])
        sheet = Sheet(company.slug, organization_id(company.slug), company.currency)
        _write_directory(sheet, company)
        write_history(sheet)
        for table, rows in sheet.tables.items():
            _write(db, table, rows)
    db.execute("COMMIT")
    content = db.serialize()
    db.close()
    return content


def organization_id(slug: str) -> str:
    """The id of a seeded organization; the same in every sandbox."""
    return derived_id("organization", slug)


def _organization(slug: str, name: str, kind: str, currency: str, country: str, month: int) -> dict[str, Any]:
    return {
        "id": organization_id(slug),
        "name": name,
        "type": kind,
        "slug": slug,
        "defaultCurrency": currency,
        "countryCode": country,
        "fiscalYearStartMonth": month,
        "createdAt": _FOUNDED,
    }


def _write_directory(sheet: Sheet, company: Company) -> None:
    common = {"currencyCode": company.currency, "createdAt": _FOUNDED}
    for code, name, kind, sub_type, system in CHART:
        own = {"code": code, "name": name, "type": kind, "subType": sub_type, "isSystem": system}
        sheet.add("accounts", code, **own, **common, isActive=1)
    for number, (name, kind, email, tax, terms) in enumerate(CONTACTS):
        own = {"name": name, "type": kind, "email": email, "taxNumber": tax, "paymentTermsDays": terms}
        sheet.add("contacts", str(number), **own, **common, phone=f"+1 555 01{number:02}")
    for name, rate, kind, sort, recoverable, default, active in TAX_RATES[company.country]:
        own = {"name": name, "rate": rate, "type": kind, "kind": sort, "recoverablePercent": recoverable}
        sheet.add("taxRates", name, **own, isDefault=default, isActive=active)
    for number, account in enumerate(BANK_ACCOUNTS, start=1):
        _write_bank_account(sheet, company, number, account, common)


def _write_bank_account(
    sheet: Sheet, company: Company, number: int, given: tuple[Any, ...], common: dict[str, str]
) -> None:
    name, kind, code, color, status, error = given
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
