"""Routes of master data: organizations, bank accounts and feeds, contacts, tax rates."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from ledgerhq_ext.sandbox._errors import bad_request, conflict, not_found
from ledgerhq_ext.sandbox._ledger import linked_bank_account
from ledgerhq_ext.sandbox._paging import numbered_page
from ledgerhq_ext.sandbox._routes import JSON, Call, Reply, Routes, Row

ROUTES = Routes()
_ORGANIZATION = (
    "id, name, type, slug, defaultCurrency, countryCode, fiscalYearStartMonth, createdAt"
)
# The balance of the register; that of the ledger differs as long as rows are not booked.
_BANK_ACCOUNT = """b.*, (SELECT coalesce(sum(amount), 0) FROM bankRows r
    WHERE r.bankAccountId = b.id AND r.status <> 'excluded') AS balance"""
_CONTACT = "id, name, email, phone, taxNumber, type, paymentTermsDays, currencyCode, createdAt"
_PAYMENT_TERMS_DAYS = 30
_RECONCILIATION = "id, bankAccountId, endDate, completedAt"
_HEALTH = {"active": "healthy"}


@ROUTES.add("GET", "/api/health", scoped=False)
def health(_: Call) -> Reply:
    """Say that the service answers."""
    return Reply(200, {"status": "ok"})


@ROUTES.add("GET", "/api/v1/organizations", scoped=False)
def list_organizations(call: Call) -> Reply:
    """Return the organizations of the firm, by name; an API key sees its own only."""
    return _page_of_organizations(call, call.query.get("type"))


@ROUTES.add("GET", "/api/v1/companies", scoped=False)
def list_companies(call: Call) -> Reply:
    """Return the client companies of the firm, by name."""
    return _page_of_organizations(call, "client")


@ROUTES.add("GET", "/api/v1/companies/{companyId}", scoped=False)
def get_company(call: Call) -> Reply:
    """Return one client company of the firm."""
    sql = f"""SELECT {_ORGANIZATION} FROM organizations
        WHERE id = ? AND firmId = ? AND type = 'client'"""  # noqa: S608
    row = call.one(sql, call.values[0], call.firm)
    if row is None or call.bound_to not in (None, row["id"]):
        raise not_found("Company")
    return Reply(200, {"data": dict(row)})


def _page_of_organizations(call: Call, kind: str | None) -> Reply:
    limit = call.query.get("limit", 100)
    after = _read_cursor(call.query.get("cursor"))
    # One row more than the page holds: it says whether there is a next page.
    rows = call.all(
        f"""SELECT {_ORGANIZATION} FROM organizations WHERE (name, id) > (?, ?)
        AND firmId = ? AND type = coalesce(?, type) AND id = coalesce(?, id)
        ORDER BY name, id LIMIT ?""",  # noqa: S608
        *after,
        call.firm,
        kind,
        call.bound_to,
        limit + 1,
    )
    page = rows[:limit]
    cursor = _write_cursor(page[-1]) if len(rows) > limit else None
    return Reply(200, {"data": [dict(row) for row in page], "nextCursor": cursor})


@ROUTES.add("GET", "/api/v1/reconciliations")
def list_reconciliations(call: Call) -> Reply:
    """Return the finished reconciliations, newest first.

    The contract has it below a company only.
    """
    source = "reconciliations WHERE {where} ORDER BY endDate DESC, id"
    return numbered_page(call, _RECONCILIATION, source, [("organizationId = ?", call.org)], dict)


@ROUTES.add("GET", "/api/v1/bank-accounts")
def list_bank_accounts(call: Call) -> Reply:
    """Return the bank accounts, by name."""
    sql = f"""SELECT {_BANK_ACCOUNT} FROM bankAccounts b
        WHERE organizationId = ? ORDER BY accountName, id"""  # noqa: S608
    return Reply(200, {"bankAccounts": [_bank_account(row) for row in call.all(sql, call.org)]})


@ROUTES.add("POST", "/api/v1/bank-accounts")
def create_bank_account(call: Call) -> Reply:
    """Add a bank account."""
    body = call.body
    row_id = call.state.new_id()
    _require_linkable(call, body.get("chartAccountId"))
    call.insert(
        "bankAccounts",
        id=row_id,
        organizationId=call.org,
        accountName=body["accountName"],
        accountNumber=_masked(body.get("accountNumber")),
        bankName=body.get("bankName"),
        currencyCode=body.get("currencyCode", call.currency),
        countryCode=body.get("countryCode"),
        accountType=body.get("accountType", "checking"),
        color=body.get("color", "#14532d"),
        chartAccountId=body.get("chartAccountId"),
        isActive=1,
        createdAt=call.state.now(),
    )
    row = call.one(f"SELECT {_BANK_ACCOUNT} FROM bankAccounts b WHERE id = ?", row_id)  # noqa: S608
    return Reply(201, {"bankAccount": _bank_account(row) if row else None})


@ROUTES.add("GET", "/api/v1/contacts")
def list_contacts(call: Call) -> Reply:
    """Return customers and suppliers, by name."""
    words = "lower(name || ' ' || coalesce(email, '') || ' ' || coalesce(taxNumber, ''))"
    filters: list[tuple[str, Any]] = [
        ("organizationId = ?", call.org),
        ("type = ?", call.query.get("type")),
        (f"instr({words}, lower(?)) > 0", call.query.get("search") or None),
    ]
    return numbered_page(call, _CONTACT, "contacts WHERE {where} ORDER BY name, id", filters, dict)


@ROUTES.add("POST", "/api/v1/contacts")
def create_contact(call: Call) -> Reply:
    """Add a contact; several may have one name."""
    body = call.body
    row_id = call.state.new_id()
    call.insert(
        "contacts",
        id=row_id,
        organizationId=call.org,
        name=body["name"],
        email=body.get("email"),
        phone=body.get("phone"),
        taxNumber=body.get("taxNumber"),
        type=body.get("type", "customer"),
        paymentTermsDays=body.get("paymentTermsDays", _PAYMENT_TERMS_DAYS),
        currencyCode=body.get("currencyCode", call.currency),
        createdAt=call.state.now(),
    )
    row = call.one(f"SELECT {_CONTACT} FROM contacts WHERE id = ?", row_id)  # noqa: S608
    return Reply(201, {"contact": dict(row) if row else None})


@ROUTES.add("GET", "/api/v1/tax-rates")
def list_tax_rates(call: Call) -> Reply:
    """Return the tax rates, by name."""
    rows = call.all("SELECT * FROM taxRates WHERE organizationId = ? ORDER BY name, id", call.org)
    return Reply(200, {"taxRates": [_without_owner(row, "isDefault", "isActive") for row in rows]})


@ROUTES.add("GET", "/api/v1/bank-feeds")
def list_bank_feeds(call: Call) -> Reply:
    """Return the feeds, by institution."""
    return Reply(200, {"bankFeeds": [_without_owner(row) for row in _feeds(call)]})


@ROUTES.add("GET", "/api/v1/bank-feeds/health")
def bank_feed_health(call: Call) -> Reply:
    """Return the health of the feeds, each with its account."""
    return Reply(200, {"bankFeeds": [_feed_health(row) for row in _feeds(call)]})


def _feeds(call: Call) -> list[Row]:
    return call.all(
        """SELECT f.*, b.accountName
        FROM bankFeeds f LEFT JOIN bankAccounts b ON b.id = f.bankAccountId
        WHERE f.organizationId = ? ORDER BY f.institutionName, f.id""",
        call.org,
    )


def _feed_health(row: Row) -> JSON:
    health = {
        "status": _HEALTH.get(row["status"], row["status"]),
        "lastSyncedAt": row["lastSyncedAt"],
        "error": row["error"],
    }
    account = {"bankAccountId": row["bankAccountId"], "accountName": row["accountName"], **health}
    return {
        "id": row["id"],
        "institutionName": row["institutionName"],
        **health,
        "accounts": [account] if row["bankAccountId"] else [],
    }


def _without_owner(row: Row, *flags: str) -> JSON:
    hidden = ("organizationId", "accountName", "error")
    fields = {name: row[name] for name in row.keys() if name not in hidden}  # noqa: SIM118
    return fields | {flag: bool(row[flag]) for flag in flags}


def _bank_account(row: Row) -> JSON:
    return {**dict(row), "isActive": bool(row["isActive"])}


def _masked(number: str | None) -> str | None:
    # As the service does: nobody needs more of a number than its end.
    return None if number is None else f"••••{number[-4:]}"


def _require_linkable(call: Call, account_id: str | None) -> None:
    if account_id is None:
        return
    row = call.one(
        "SELECT * FROM accounts WHERE id = ? AND organizationId = ?", account_id, call.org
    )
    if row is None:
        raise not_found("chartAccountId: account")
    if row["type"] not in ("asset", "liability"):
        raise bad_request(f"chartAccountId: {row['code']} is not an asset or liability account")
    # Two registers on one account: no entry would say whose row it is.
    if linked_bank_account(call, account_id):
        raise conflict(f"chartAccountId: {row['code']} already belongs to a bank account")


def _write_cursor(row: Row) -> str:
    return base64.urlsafe_b64encode(f"{row['name']}\x1f{row['id']}".encode()).decode()


def _read_cursor(cursor: str | None) -> tuple[str, str]:
    if cursor is None:
        return "", ""
    try:
        text = base64.b64decode(cursor.encode(), b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise bad_request("query cursor: not a cursor of this list") from error
    name, _, row_id = text.partition("\x1f")
    if not row_id:
        raise bad_request("query cursor: not a cursor of this list")
    return name, row_id
