"""Connecting a firm: OAuth 2.1, authorization code with PKCE (S256), a public client without a secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from urllib.parse import parse_qs, urlencode, urlsplit

from attrs import asdict, define, field

from ledgerhq_ext import operations
from ledgerhq_ext.auth.connection import Connection
from ledgerhq_ext.auth.credentials import OAuthConnection, enter, oauth_error, request_token
from ledgerhq_ext.bodies import ClientRegistrationRequest, TokenRequest
from ledgerhq_ext.calls import with_headers
from ledgerhq_ext.errors import ContractError, InputError, OAuthError, TransportError
from ledgerhq_ext.flow import Flow, Response, Send
from ledgerhq_ext.models import ClientRegistration
from ledgerhq_ext.session import Session, is_loopback, origin
from ledgerhq_ext.wire import read


@define(kw_only=True)
class AuthorizationRequest:
    """Send the user to ``url``; keep the rest until they come back, on the server side, in their session.

    ``to_json`` and ``from_json`` carry it from one web request to the next. It serves once: forget it then.
    """

    url: str
    issuer: str
    client_id: str
    redirect_uri: str
    state: str = field(repr=False)
    code_verifier: str = field(repr=False)
    used: bool = False

    def to_json(self) -> str:
        """As text. It holds the verifier: keep it from the browser."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> AuthorizationRequest:
        """The request that ``to_json`` wrote; ``InputError`` when it is none."""
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError):
            raise InputError("This is no stored authorization request.") from None


def _check_redirect_uri(uri: str) -> str:
    parts = urlsplit(uri) if isinstance(uri, str) else None
    safe = parts and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")))
    if not (parts and safe and parts.netloc) or parts.fragment:
        raise InputError(f"redirect_uri {uri!r} must be https, or http on loopback, with no fragment.")
    return uri


def register_client(
    session: Session, redirect_uris: list[str], client_name: str | None = None
) -> Flow[ClientRegistration]:
    """Register a public client (``POST /api/oauth/register``). Raises ``OAuthError``, ``TransportError``.

    ``authorization_request`` does this by itself where it is needed.
    """
    if not redirect_uris or isinstance(redirect_uris, str):
        raise InputError("redirect_uris must be a list with one address or more.")
    uris = tuple(_check_redirect_uri(uri) for uri in redirect_uris)
    body = ClientRegistrationRequest(redirect_uris=uris, client_name=client_name)
    request = with_headers(session, operations.build(operations.REGISTER, body=body), token=None)
    response: Response = yield Send(request, session.options.timeout, session.options.deadline)
    if not 200 <= response.status < 300:
        raise oauth_error(response)
    return read(ClientRegistration, response.json())


def authorization_request(
    session: Session,
    connection: OAuthConnection,
    redirect_uri: str,
    *,
    client_id: str | None = None,
    client_name: str | None = None,
    scope: str | None = "mcp",
) -> Flow[AuthorizationRequest]:
    """Where to send the firm's owner or admin. The registered client is kept in the store and used again."""
    _check_redirect_uri(redirect_uri)
    client_id = client_id or (yield from _client_id(session, connection, redirect_uri, client_name))
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "state": state,
        "scope": scope,
    }
    request = operations.build(operations.AUTHORIZE, query=asked)
    return AuthorizationRequest(
        url=f"{session.base_url}{request.path}?{urlencode(request.query)}",
        issuer=origin(session.base_url),
        client_id=client_id,
        redirect_uri=redirect_uri,
        state=state,
        code_verifier=verifier,
    )


def _client_id(session: Session, connection: OAuthConnection, redirect_uri: str, client_name: str | None) -> Flow[str]:
    """The stored client, or a new one. Registered inside the section, so that two starters share one client."""
    deadline = session.clock.monotonic() + session.options.deadline
    with (yield from enter(session, connection.store, deadline)) as section:
        known = section.read()
        if known and known.issuer == origin(session.base_url) and redirect_uri in known.redirect_uris:
            return known.client_id
        section.check_writable()
        client = yield from register_client(session, [redirect_uri], client_name)
        if known is None or known.access_token is None:
            section.write(
                Connection(issuer=origin(session.base_url), client_id=client.client_id, redirect_uris=(redirect_uri,))
            )
        return client.client_id


def connect(
    session: Session, connection: OAuthConnection, callback_url: str, request: AuthorizationRequest
) -> Flow[None]:
    """The return leg: check the state, exchange the code, keep the tokens.

    ``callback_url`` is the whole address the browser came back to. Raises ``OAuthError`` when the user refused,
    the state is not ours or was used, or the code is not taken; ``TransportError`` (``not_sent``) when nothing
    was asked yet: then call it again.
    """
    code = _code(session, callback_url, request)
    deadline = session.clock.monotonic() + session.options.deadline
    body = TokenRequest(
        grant_type="authorization_code",
        client_id=request.client_id,
        code=code,
        redirect_uri=request.redirect_uri,
        code_verifier=request.code_verifier,
    )
    with (yield from enter(session, connection.store, deadline)) as section:
        section.check_writable()
        request.used = True
        sent_at = session.clock.now()
        try:
            tokens = yield from request_token(session, deadline, body)
        except (TransportError, ContractError) as error:
            if error.outcome == "not_sent":
                request.used = False
                raise
            raise OAuthError("no_answer", f"the code may be spent: start again ({error.message})") from None
        fresh = Connection(issuer=request.issuer, client_id=request.client_id, redirect_uris=(request.redirect_uri,))
        section.write(fresh.renewed(tokens, sent_at=sent_at))


def _code(session: Session, callback_url: str, request: AuthorizationRequest) -> str:
    came = parse_qs(urlsplit(callback_url).query)
    one = {name: values[0] for name, values in came.items() if len(values) == 1}
    if not hmac.compare_digest(one.get("state", "").encode(), request.state.encode()):
        raise OAuthError("invalid_state", "this answer does not belong to this authorization request")
    if request.used:
        raise OAuthError("state_used", "this authorization request was used already: start again")
    if request.issuer != origin(session.base_url) or one.get("iss", request.issuer) != request.issuer:
        raise OAuthError("invalid_issuer", "this authorization request belongs to another service")
    if "error" in one:
        request.used = True
        raise OAuthError(one["error"], one.get("error_description", "the service did not give access"))
    if "code" not in one:
        raise OAuthError("invalid_request", "the address holds no code")
    return one["code"]


def disconnect(session: Session, connection: OAuthConnection) -> Flow[None]:
    """Forget the stored connection. Local only: the service has no route to revoke a grant."""
    deadline = session.clock.monotonic() + session.options.deadline
    with (yield from enter(session, connection.store, deadline)) as section:
        section.write(None)
