"""Bearer tokens: minted, kept as hashes, presented, rotated."""

from __future__ import annotations

from datetime import timedelta

from ledgerhq_ext.sandbox._clock import iso
from ledgerhq_ext.sandbox._errors import Problem
from ledgerhq_ext.sandbox._routes import JSON, Call, Row, Settings
from ledgerhq_ext.sandbox._state import State, digest

API_KEY = "dk_live_"


def mint(state: State, settings: Settings, client_id: str, firm: str) -> JSON:
    """Return a new pair of tokens of a firm, as the token endpoint answers it."""
    access = state.new_secret("mcp_at_")
    refresh = state.new_secret("mcp_rt_")
    _keep(state, access, "access", client_id, firm, settings.access_token_lifetime)
    _keep(state, refresh, "refresh", client_id, firm, settings.refresh_token_lifetime)
    return {
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": int(settings.access_token_lifetime),
        "refresh_token": refresh,
        "scope": "mcp",
    }


def expiry(state: State, lifetime: float) -> str:
    """Return the moment when something that begins now ends, in `lifetime` seconds."""
    return iso(state.clock.moment() + timedelta(seconds=lifetime))


def authenticate(call: Call, header: str) -> None:
    """Check the bearer (401), and write into the call whose it is: a firm, or one organization."""
    scheme, _, text = header.partition(" ")
    token = text.strip()
    if scheme.lower() != "bearer" or not token:
        raise Problem(401, "Missing bearer token")
    hashed = digest(token)
    if token.startswith(API_KEY):
        sql = """SELECT id, firmId FROM organizations
            WHERE id = (SELECT organizationId FROM apiKeys WHERE hash = ?)"""
        organization = call.one(sql, hashed)
        if organization is None:
            raise Problem(401, "Unknown API key")
        call.firm = organization["firmId"]
        call.bound_to = organization["id"]
        return
    # It stays good until it expires, also after its refresh token was used.
    token_row = good_token(call, hashed, "access")
    if token_row is None:
        raise Problem(401, "The access token is invalid or has expired")
    call.firm = token_row["firmId"]


def good_token(call: Call, hashed: str, kind: str, client_id: str | None = None) -> Row | None:
    """Return a token that exists, has not expired, and is that client's (None: anybody's).

    Else None.
    """
    sql = """SELECT * FROM tokens WHERE hash = ? AND kind = ? AND expiresAt > ?
        AND clientId = coalesce(?, clientId)"""
    return call.one(sql, hashed, kind, call.state.now(), client_id)


def log(call: Call, event: str, client_id: str, token: str, outcome: str) -> None:
    """Remember that a token or code was presented."""
    call.insert(
        "oauthLog",
        at=call.state.now(),
        event=event,
        clientId=client_id,
        tokenHash=digest(token),
        outcome=outcome,
    )


def add_api_key(state: State, organization: str) -> str:
    """Return a new API key of an organization."""
    key = state.new_secret(API_KEY)
    state.db.execute("INSERT INTO apiKeys VALUES (?, ?)", (digest(key), organization))
    return key


def _keep(state: State, token: str, kind: str, client_id: str, firm: str, lifetime: float) -> None:
    # As a hash: a state in a file opens nobody's books.
    values = (digest(token), kind, client_id, firm, expiry(state, lifetime))
    state.db.execute("INSERT INTO tokens VALUES (?, ?, ?, ?, ?)", values)
