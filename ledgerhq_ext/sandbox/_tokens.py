"""Bearer tokens: minted, kept as hashes, presented, rotated."""

from __future__ import annotations

from datetime import timedelta

from ledgerhq_ext.sandbox._clock import iso
from ledgerhq_ext.sandbox._errors import Problem
from ledgerhq_ext.sandbox._routes import JSON, Call, Settings
from ledgerhq_ext.sandbox._state import State, digest

API_KEY = "dk_live_"


def mint(state: State, settings: Settings, client_id: str) -> JSON:
    """A new pair of tokens, as the token endpoint answers it."""
    access, refresh = state.new_secret("mcp_at_"), state.new_secret("mcp_rt_")
    _keep(state, access, "access", client_id, settings.access_token_lifetime)
    _keep(state, refresh, "refresh", client_id, settings.refresh_token_lifetime)
    return {
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": int(settings.access_token_lifetime),
        "refresh_token": refresh,
        "scope": "mcp",
    }


def expiry(state: State, lifetime: float) -> str:
    """The moment when something that begins now ends."""
    return iso(state.clock.moment() + timedelta(seconds=lifetime))


def authenticate(call: Call, header: str) -> str | None:
    """Check the bearer. Gives the organization that it is bound to; None for a firm's token."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem(401, "Missing bearer token")
    hashed = digest(token.strip())
    if token.startswith(API_KEY):
        key = call.one("SELECT organizationId FROM apiKeys WHERE hash = ?", hashed)
        if key is None:
            raise Problem(401, "Unknown API key")
        return str(key["organizationId"])
    if not is_good(call, hashed, "access"):
        raise Problem(401, "The access token is invalid or has expired")
    return None


def is_good(call: Call, hashed: str, kind: str, client_id: str | None = None) -> bool:
    """Whether a token exists, has not expired, and is that client's."""
    row = call.one("SELECT * FROM tokens WHERE hash = ? AND kind = ?", hashed, kind)
    mine = row is not None and client_id in (None, row["clientId"])
    return row is not None and mine and row["expiresAt"] > call.state.now()


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
    """A new API key of an organization."""
    key = state.new_secret(API_KEY)
    state.db.execute("INSERT INTO apiKeys VALUES (?, ?)", (digest(key), organization))
    return key


def _keep(state: State, token: str, kind: str, client_id: str, lifetime: float) -> None:
    values = (digest(token), kind, client_id, expiry(state, lifetime))
    state.db.execute("INSERT INTO tokens VALUES (?, ?, ?, ?)", values)
