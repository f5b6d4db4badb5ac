"""The chart of accounts."""

from __future__ import annotations

from ledgerhq_ext.sandbox._currencies import require_currency
from ledgerhq_ext.sandbox._errors import Problem, bad_request, conflict, not_found
from ledgerhq_ext.sandbox._ledger import belongs
from ledgerhq_ext.sandbox._routes import JSON, Call, Reply, Routes, Row, Settings
from ledgerhq_ext.sandbox._state import State

ROUTES = Routes()
_TYPES = ("asset", "liability", "equity", "revenue", "expense")
_CHANGEABLE = (
    "code",
    "name",
    "subType",
    "parentId",
    "description",
    "defaultTaxRateId",
    "isActive",
)
_USES = {
    "has entries": "SELECT 1 FROM lines WHERE accountId = ?",
    "is the ledger account of a bank account": (
        "SELECT 1 FROM bankAccounts WHERE chartAccountId = ?"
    ),
    "has accounts below it": "SELECT 1 FROM accounts WHERE parentId = ?",
    "classifies bank transactions": "SELECT 1 FROM bankRows WHERE accountId = ?",
}


@ROUTES.add("GET", "/api/v1/accounts")
def list_accounts(call: Call) -> Reply:
    """Return all accounts, ordered by code."""
    rows = call.all("SELECT * FROM accounts WHERE organizationId = ? ORDER BY code", call.org)
    return Reply(200, {"accounts": [_rendered(row) for row in rows]})


@ROUTES.add("POST", "/api/v1/accounts")
def create_account(call: Call) -> Reply:
    """Add an account; a code that is in use is a 409."""
    body = call.body
    _require_free_code(call, body["code"], None)
    _require_references(call, body, None)
    account_id = call.state.new_id()
    call.insert(
        "accounts",
        id=account_id,
        organizationId=call.org,
        code=body["code"],
        name=body["name"],
        type=body["type"],
        subType=body.get("subType"),
        parentId=body.get("parentId"),
        currencyCode=body.get("currencyCode", call.currency),
        isActive=1,
        description=body.get("description"),
        defaultTaxRateId=body.get("defaultTaxRateId"),
        isSystem=0,
        createdAt=call.state.now(),
    )
    return _answer(call, account_id, 201)


@ROUTES.add("GET", "/api/v1/accounts/{id}")
def get_account(call: Call) -> Reply:
    """Return one account."""
    return _answer(call, call.values[0])


@ROUTES.add("PATCH", "/api/v1/accounts/{id}")
def update_account(call: Call) -> Reply:
    """Change the fields that the request names."""
    row = _account(call, call.values[0])
    changes = {name: call.body[name] for name in _CHANGEABLE if name in call.body}

    if "code" in changes:
        _require_free_code(call, changes["code"], row["id"])
    _require_system_account(row, changes)
    _require_references(call, changes, row["id"])

    # The names are those of _CHANGEABLE, never input.
    for name, value in changes.items():
        sql = f"UPDATE accounts SET {name} = ? WHERE id = ?"  # noqa: S608
        call.db.execute(sql, (value, row["id"]))
    return _answer(call, row["id"])


@ROUTES.add("DELETE", "/api/v1/accounts/{id}")
def delete_account(call: Call) -> Reply:
    """Remove an unused account."""
    row = _account(call, call.values[0])
    if row["isSystem"]:
        raise conflict(f"Account {row['code']} is a system account")
    for use, sql in _USES.items():
        if call.one(sql, row["id"]):
            raise conflict(f"Account {row['code']} {use}")
    call.db.execute("DELETE FROM accounts WHERE id = ?", (row["id"],))
    return Reply(200, {"success": True})


def add_account(state: State, settings: Settings, organization: str, fields: JSON) -> str:
    """Add an account outside of a request, under the same rules, and return its id.

    What breaks a rule is a ValueError.
    """
    kind = fields["type"]
    if kind not in _TYPES:
        raise ValueError(f"{kind!r} is not a valid account type; use one of {', '.join(_TYPES)}")
    require_currency(fields.get("currencyCode", "USD"))

    with state.transaction() as db:
        row = db.execute("SELECT * FROM organizations WHERE id = ?", (organization,)).fetchone()
        try:
            reply = create_account(Call(state, settings, organization=dict(row), body=fields))
        except Problem as problem:
            raise ValueError(problem.message) from None
    return str(reply.body["account"]["id"])


def _account(call: Call, account_id: str) -> Row:
    row = call.one(
        "SELECT * FROM accounts WHERE id = ? AND organizationId = ?", account_id, call.org
    )
    if row is None:
        raise not_found("Account")
    return row


def _rendered(row: Row) -> JSON:
    return {**dict(row), "isActive": bool(row["isActive"]), "isSystem": bool(row["isSystem"])}


def _answer(call: Call, account_id: str, status: int = 200) -> Reply:
    return Reply(status, {"account": _rendered(_account(call, account_id))})


def _require_system_account(row: Row, changes: JSON) -> None:
    """Refuse what would take a system account away from the service, which books on it (409)."""
    is_closed = changes.get("isActive") is False
    if row["isSystem"] and (is_closed or "subType" in changes):
        raise conflict(f"Account {row['code']} is a system account")


def _require_free_code(call: Call, code: str, own_id: str | None) -> None:
    sql = "SELECT 1 FROM accounts WHERE organizationId = ? AND code = ? AND id IS NOT ?"
    if call.one(sql, call.org, code, own_id):
        raise conflict(f"Account code {code} already exists")


def _require_references(call: Call, fields: JSON, own_id: str | None) -> None:
    belongs(call, "accounts", fields.get("parentId"), "parentId: account")
    belongs(call, "taxRates", fields.get("defaultTaxRateId"), "defaultTaxRateId: tax rate")
    _require_no_loop(call, fields.get("parentId"), own_id)


def _require_no_loop(call: Call, parent_id: str | None, own_id: str | None) -> None:
    """Walk up from the new parent; an account that comes twice stands below itself."""
    path = {own_id}
    parent = parent_id
    while parent is not None:
        if parent in path:
            raise bad_request("parentId: an account cannot be its own parent")
        path.add(parent)
        row = call.one("SELECT parentId FROM accounts WHERE id = ?", parent)
        parent = row["parentId"] if row else None
