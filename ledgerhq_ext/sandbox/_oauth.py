"""OAuth 2.1: metadata, registration, consent, and the token endpoint.

Public clients, PKCE S256 only.
"""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route as StarletteRoute

from ledgerhq_ext.sandbox._box import Box
from ledgerhq_ext.sandbox._consent import consent_page
from ledgerhq_ext.sandbox._firms import firms, first_firm
from ledgerhq_ext.sandbox._public_clients import is_challenge, is_redirect, proves
from ledgerhq_ext.sandbox._routes import JSON, Call, Reply, Routes, Row
from ledgerhq_ext.sandbox._state import digest
from ledgerhq_ext.sandbox._tokens import expiry, good_token, log, mint

ROUTES = Routes()
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
    """Return where the endpoints are, and what they support (RFC 8414)."""
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
    for uri in uris:
        if not is_redirect(uri):
            return _error("invalid_client_metadata", f"redirect_uris: not usable: {uri[:200]}")

    issued_at = int(call.state.clock.now())
    client_id = call.state.new_id()
    name = call.body.get("client_name")
    call.insert(
        "clients", id=client_id, name=name, redirectUris=json.dumps(uris), issuedAt=issued_at
    )
    body = {
        "client_id": client_id,
        "client_name": name,
        "redirect_uris": uris,
        "client_id_issued_at": issued_at,
    }
    return Reply(201, body)


@ROUTES.add("GET", "/api/oauth/authorize", scoped=False, errors="oauth")
def authorize(call: Call) -> Reply:
    """Ask for consent, or send the browser back at once."""
    request = {name: str(call.query[name]) for name in _FIELDS if name in call.query}
    name = _client_name(call, request)
    if name is None:
        return _unknown_client()
    mistake = _mistake(request)
    if mistake:
        return _back(request, **mistake)

    firm = _consenting_firm(call)
    if call.settings.auto_approve:
        return _back(request, code=_new_code(call, request, firm))
    page = consent_page(name, request, firms(call.state), firm)
    return Reply(200, page, _PAGE_HEADERS, "text/html")


def consent_route(box: Box) -> StarletteRoute:
    """Return the route of the consent page's form, which is not a part of the contract."""

    async def decide(request: Request) -> Response:
        """Answer the form by a redirect, or by an error that stays here."""
        text = (await request.body()).decode("latin-1")
        form = dict(parse_qsl(text, keep_blank_values=True))
        with box.state.transaction():
            reply = _decide(Call(box.state, box.settings), form)
        if reply.status == 302:
            return RedirectResponse(reply.headers["location"], 302, _PAGE_HEADERS)
        return JSONResponse(reply.body, reply.status)

    return StarletteRoute("/api/oauth/authorize", decide, methods=["POST"])


@ROUTES.add("POST", "/api/oauth/token", scoped=False, errors="oauth")
def token(call: Call) -> Reply:
    """Exchange a code, or a refresh token, for a new pair of tokens."""
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
    for name in ("code", "redirect_uri", "code_verifier"):
        if name not in call.body:
            return _error("invalid_request", f"{name}: is required")

    code = call.body["code"]
    row = call.one("SELECT * FROM codes WHERE hash = ?", digest(code))
    if row is None or not _redeems(call, client_id, row):
        log(call, "code", client_id, code, "invalid_grant")
        message = "The code is unknown, used, expired, or was issued for a different request"
        return _error("invalid_grant", message)

    # It works once: whoever sees it on its way is too late.
    call.db.execute("DELETE FROM codes WHERE hash = ?", (row["hash"],))
    log(call, "code", client_id, code, "ok")
    return Reply(200, mint(call.state, call.settings, client_id, row["firmId"]))


def _redeems(call: Call, client_id: str, row: Row) -> bool:
    """Return True if a code is alive, and is this client's, for this address and verifier."""
    if row["expiresAt"] <= call.state.now():
        return False
    issued_for = (row["clientId"], row["redirectUri"])
    if issued_for != (client_id, call.body["redirect_uri"]):
        # Somebody else's code: it was intercepted, or the app mixes up its users.
        return False
    return proves(call.body["code_verifier"], row["challenge"])


def _refresh(call: Call, client_id: str) -> Reply:
    presented = call.body.get("refresh_token")
    if presented is None:
        return _error("invalid_request", "refresh_token: is required")
    row = good_token(call, digest(presented), "refresh", client_id)
    if row is None:
        log(call, "refresh", client_id, presented, "invalid_grant")
        return _error("invalid_grant", "The refresh token is unknown, used or expired")

    # It works once: presented again, it is unknown.
    call.db.execute("DELETE FROM tokens WHERE hash = ?", (digest(presented),))
    log(call, "refresh", client_id, presented, "ok")
    return Reply(200, mint(call.state, call.settings, client_id, row["firmId"]))


def _decide(call: Call, form: dict[str, str]) -> Reply:
    # The form comes from a browser: what the page was checked for is checked again.
    request = {name: form[name] for name in _FIELDS if name in form}
    if _client_name(call, request) is None:
        return _unknown_client()
    mistake = _mistake(request)
    if mistake:
        return _back(request, **mistake)

    if form.get("decision") != "approve":
        return _back(
            request, error="access_denied", error_description="The user denied the request"
        )
    firm = form.get("firm", _consenting_firm(call))
    if firm not in [row["id"] for row in firms(call.state)]:
        return _error("invalid_request", "firm: there is no such firm")
    return _back(request, code=_new_code(call, request, firm))


def _unknown_client() -> Reply:
    # Answered here, never by a redirect: nobody registered that address.
    message = "Unknown client_id, or a redirect_uri that it did not register"
    return _error("invalid_request", message)


def _consenting_firm(call: Call) -> str:
    return call.settings.firm or first_firm(call.state)


def _new_code(call: Call, request: dict[str, str], firm: str) -> str:
    code = call.state.new_secret("mcp_ac_")
    call.insert(
        "codes",
        hash=digest(code),
        clientId=request["client_id"],
        firmId=firm,
        redirectUri=request["redirect_uri"],
        challenge=request["code_challenge"],
        expiresAt=expiry(call.state, call.settings.code_lifetime),
    )
    return code


def _client_name(call: Call, request: dict[str, str]) -> str | None:
    """Return the name of the client; None where it, or its redirect URI, was never registered."""
    client = call.one("SELECT * FROM clients WHERE id = ?", request.get("client_id"))
    if client is None:
        return None
    uris = json.loads(client["redirectUris"])
    # The very same text: a prefix would let codes go to another address.
    if request.get("redirect_uri") not in uris:
        return None
    return client["name"] or "An unnamed app"


def _mistake(request: dict[str, str]) -> dict[str, str]:
    """Return the error of a request that the client hears of by a redirect.

    Empty where it has none.
    """
    if request.get("response_type") != "code":
        return {
            "error": "unsupported_response_type",
            "error_description": "response_type must be code",
        }
    has_challenge = is_challenge(request.get("code_challenge", ""))
    if request.get("code_challenge_method") != "S256" or not has_challenge:
        return {
            "error": "invalid_request",
            "error_description": "PKCE with an S256 challenge is required",
        }
    if not request.get("state"):
        return {"error": "invalid_request", "error_description": "state is required"}
    return {}


def _back(request: dict[str, str], **answer: str) -> Reply:
    """Send the browser back to the client, with the answer and the state in the query."""
    if "state" in request:
        answer["state"] = request["state"]
    uri = request["redirect_uri"]
    separator = "&" if urlsplit(uri).query else "?"
    location = uri + separator + urlencode(answer)
    return Reply(302, None, {"location": location, "cache-control": "no-store"})


def _error(code: str, description: str) -> Reply:
    body: JSON = {"error": code, "error_description": description}
    return Reply(400, body)


_PAGE_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
}
