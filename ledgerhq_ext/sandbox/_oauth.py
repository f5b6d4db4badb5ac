"""OAuth 2.1: metadata, registration, consent, and the token endpoint. Public clients, PKCE S256 only."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route as StarletteRoute

from ledgerhq_ext.sandbox._box import Box
from ledgerhq_ext.sandbox._consent import consent_page
from ledgerhq_ext.sandbox._firms import firms, first_firm
from ledgerhq_ext.sandbox._routes import JSON, Call, Reply, Routes
from ledgerhq_ext.sandbox._state import digest
from ledgerhq_ext.sandbox._tokens import expiry, good_token, log, mint

ROUTES = Routes()
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}\Z")
_FIELDS = (
    "client_id",
    "redirect_uri",
    "response_type",
    "code_challenge",
    "code_challenge_method",
    "state",
    "scope",
)


@ROUTES.add("GET", "/.well-known/oauth-authorization-server", scoped=False)
def metadata(call: Call) -> Reply:
    """Where the endpoints are (RFC 8414)."""
    body = {
        "issuer": call.base_url,
        "authorization_endpoint": call.base_url + "/api/oauth/authorize",
        "token_endpoint": call.base_url + "/api/oauth/token",
        "registration_endpoint": call.base_url + "/api/oauth/register",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "scopes_supported": ["mcp"],
    }
    return Reply(200, body)


@ROUTES.add("POST", "/api/oauth/register", scoped=False, errors="oauth")
def register(call: Call) -> Reply:
    """Register a public client."""
    uris = call.body["redirect_uris"]
    refused = [uri for uri in uris if not _is_redirect(uri)]
    if refused:
        return _error("invalid_client_metadata", f"redirect_uris: not usable: {refused[0][:200]}")
    issued = int(call.state.clock.now())
    client_id = call.state.new_id()
    name = call.body.get("client_name")
    call.insert("clients", id=client_id, name=name, redirectUris=json.dumps(uris), issuedAt=issued)
    body = {"client_id": client_id, "client_name": name, "redirect_uris": uris, "client_id_issued_at": issued}
    return Reply(201, body)


@ROUTES.add("GET", "/api/oauth/authorize", scoped=False, errors="oauth")
def authorize(call: Call) -> Reply:
    """Ask for consent, or send the browser back at once."""
    asked = {name: str(call.query[name]) for name in _FIELDS if name in call.query}
    name = _client_name(call, asked)
    if name is None:
        return _error("invalid_request", "Unknown client_id, or a redirect_uri that it did not register")
    wrong = _wrong_request(asked)
    if wrong:
        return _back(asked, **wrong)
    if call.settings.auto_approve:
        return _back(asked, code=_new_code(call, asked, _consenting_firm(call)))
    page = consent_page(name, asked, firms(call.state), _consenting_firm(call))
    return Reply(200, page, _PAGE_HEADERS, "text/html")


def consent_route(box: Box) -> StarletteRoute:
    """The form of the consent page: it is no part of the contract."""

    async def decide(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("latin-1"), keep_blank_values=True))
        with box.state.transaction():
            reply = _decided(Call(box.state, box.settings), form)
        if reply.status == 302:
            return RedirectResponse(reply.headers["location"], 302, _PAGE_HEADERS)
        return JSONResponse(reply.body, reply.status)

    return StarletteRoute("/api/oauth/authorize", decide, methods=["POST"])


@ROUTES.add("POST", "/api/oauth/token", scoped=False, errors="oauth")
def token(call: Call) -> Reply:
    """Exchange a code, or a refresh token, for tokens."""
    grants = {"authorization_code": _exchange_code, "refresh_token": _refresh}
    grant = grants.get(call.body["grant_type"])
    if grant is None:
        return _error("unsupported_grant_type", "authorization_code or refresh_token")
    client_id = call.body.get("client_id")
    if client_id is None:
        return _error("invalid_request", "client_id: is required")
    if not call.one("SELECT 1 FROM clients WHERE id = ?", client_id):
        return _error("invalid_client", "Unknown client_id")
    reply = grant(call, client_id)
    reply.headers |= {"cache-control": "no-store", "pragma": "no-cache"}
    return reply


def _exchange_code(call: Call, client_id: str) -> Reply:
    wanted = ("code", "redirect_uri", "code_verifier")
    missing = [name for name in wanted if name not in call.body]
    if missing:
        return _error("invalid_request", f"{missing[0]}: is required")
    code, redirect_uri, verifier = (call.body[name] for name in wanted)
    row = call.one("SELECT * FROM codes WHERE hash = ?", digest(code))
    good = row is not None and row["expiresAt"] > call.state.now() and row["clientId"] == client_id
    if row is None or not good or row["redirectUri"] != redirect_uri or not _proves(verifier, row["challenge"]):
        log(call, "code", client_id, code, "invalid_grant")
        return _error("invalid_grant", "The code is unknown, used, expired, or was issued for something else")
    call.db.execute("DELETE FROM codes WHERE hash = ?", (row["hash"],))
    log(call, "code", client_id, code, "ok")
    return Reply(200, mint(call.state, call.settings, client_id, row["firmId"]))


def _refresh(call: Call, client_id: str) -> Reply:
    presented = call.body.get("refresh_token")
    if presented is None:
        return _error("invalid_request", "refresh_token: is required")
    row = good_token(call, digest(presented), "refresh", client_id)
    if row is None:
        log(call, "refresh", client_id, presented, "invalid_grant")
        return _error("invalid_grant", "The refresh token is unknown, used or expired")
    call.db.execute("DELETE FROM tokens WHERE hash = ?", (digest(presented),))
    log(call, "refresh", client_id, presented, "ok")
    return Reply(200, mint(call.state, call.settings, client_id, row["firmId"]))


def _decided(call: Call, form: dict[str, str]) -> Reply:
    asked = {name: form[name] for name in _FIELDS if name in form}
    if _client_name(call, asked) is None:
        return _error("invalid_request", "Unknown client_id, or a redirect_uri that it did not register")
    wrong = _wrong_request(asked)
    if wrong:
        return _back(asked, **wrong)
    if form.get("decision") != "approve":
        return _back(asked, error="access_denied", error_description="The user denied the request")
    firm = form.get("firm", _consenting_firm(call))
    if firm not in [row["id"] for row in firms(call.state)]:
        return _error("invalid_request", "firm: there is no such firm")
    return _back(asked, code=_new_code(call, asked, firm))


def _consenting_firm(call: Call) -> str:
    return call.settings.firm or first_firm(call.state)


def _new_code(call: Call, asked: dict[str, str], firm: str) -> str:
    code = call.state.new_secret("mcp_ac_")
    call.insert(
        "codes",
        hash=digest(code),
        clientId=asked["client_id"],
        firmId=firm,
        redirectUri=asked["redirect_uri"],
        challenge=asked["code_challenge"],
        expiresAt=expiry(call.state, call.settings.code_lifetime),
    )
    return code


def _client_name(call: Call, asked: dict[str, str]) -> str | None:
    client = call.one("SELECT * FROM clients WHERE id = ?", asked.get("client_id"))
    if client is None or asked.get("redirect_uri") not in json.loads(client["redirectUris"]):
        return None
    return client["name"] or "An unnamed app"


def _wrong_request(asked: dict[str, str]) -> dict[str, str]:
    if asked.get("response_type") != "code":
        return {"error": "unsupported_response_type", "error_description": "response_type must be code"}
    if asked.get("code_challenge_method") != "S256" or not _CHALLENGE.match(asked.get("code_challenge", "")):
        return {"error": "invalid_request", "error_description": "PKCE with an S256 challenge is required"}
    if not asked.get("state"):
        return {"error": "invalid_request", "error_description": "state is required"}
    return {}


def _back(asked: dict[str, str], **answer: str) -> Reply:
    if "state" in asked:
        answer["state"] = asked["state"]
    uri = asked["redirect_uri"]
    location = uri + ("&" if urlsplit(uri).query else "?") + urlencode(answer)
    return Reply(302, None, {"location": location, "cache-control": "no-store"})


def _proves(verifier: str, challenge: str) -> bool:
    if not _VERIFIER.match(verifier):
        return False
    hashed = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(hashed, challenge)


def _is_redirect(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        return False
    if parts.fragment or "#" in uri or not re.fullmatch(r"[!-~]+", uri):
        return False
    if parts.scheme == "http":
        return host in _LOOPBACK
    # Private schemes of native apps are reverse domain names (RFC 8252): javascript: and data: are none.
    return (parts.scheme == "https" and bool(host)) or "." in parts.scheme


def _error(code: str, description: str) -> Reply:
    body: JSON = {"error": code, "error_description": description}
    return Reply(400, body)


_PAGE_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
}
