"""Connecting a firm: OAuth 2.1, authorization code with PKCE (S256), a public client without a secret."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any
from urllib.parse import urlencode

from attrs import asdict, define, field

from ledgerhq_ext import _seam
from ledgerhq_ext._auth.callbacks import check_redirect_uri, read_callback
from ledgerhq_ext._auth.connection import Connection
from ledgerhq_ext._auth.refresh import enter, oauth_error, request_token
from ledgerhq_ext._auth.stores import Section, TokenStore
from ledgerhq_ext._bodies import ClientRegistrationRequest, TokenRequest
from ledgerhq_ext._http.call import with_headers
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._http.urls import origin
from ledgerhq_ext._wire import read
from ledgerhq_ext.errors import ContractError, InputError, OAuthError, TransportError
from ledgerhq_ext.models import ClientRegistration


def _text(_: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, str) or not value:
        # The value is not shown: two of these are secrets.
        raise InputError(f"This is no stored authorization request: {attribute.name} must be text.")


@define(kw_only=True)
class AuthorizationRequest:
    """Send the user to ``url``; keep the rest until they come back, on the server side, in their session.

    ``to_json`` and ``from_json`` carry it from one web request to the next. It serves once: forget it then.
    """

    url: str = field(validator=_text)
    issuer: str = field(validator=_text)
    client_id: str = field(validator=_text)
    redirect_uri: str = field(validator=_text)
    state: str = field(validator=_text, repr=False)
    code_verifier: str = field(validator=_text, repr=False)
    used: bool = False

    def to_json(self) -> str:
        """Return it as text. It holds the verifier: keep it from the browser."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> AuthorizationRequest:
        """Return the request that ``to_json`` wrote. Raises ``InputError`` for any other text."""
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError, RecursionError):
            raise InputError("This is no stored authorization request.") from None


async def register_client(session: Session, redirect_uris: list[str], client_name: str | None) -> ClientRegistration:
    """Register a public client (``POST /api/oauth/register``)."""
    if not redirect_uris or isinstance(redirect_uris, str):
        raise InputError("redirect_uris must be a list with one address or more.")
    uris = tuple(check_redirect_uri(uri) for uri in redirect_uris)
    body = ClientRegistrationRequest(redirect_uris=uris, client_name=client_name)
    request = with_headers(session, _seam.build(_seam.REGISTER, body=body), token=None)
    options = session.options
    response = await session.io.send(request, timeout=options.timeout, budget=options.deadline)
    if not 200 <= response.status < 300:
        raise oauth_error(response)
    return read(ClientRegistration, response.json())


async def authorization_request(
    session: Session,
    store: TokenStore,
    redirect_uri: str,
    *,
    client_id: str | None,
    client_name: str | None,
    scope: str | None,
) -> AuthorizationRequest:
    """Return where to send the firm's owner or admin, and what to remember meanwhile."""
    check_redirect_uri(redirect_uri)
    if client_id is None:
        client_id = await _client_id(session, store, redirect_uri, client_name)
    state = secrets.token_urlsafe(32)
    verifier = secrets.token_urlsafe(64)
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    query = {
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "state": state,
        "scope": scope,
    }
    request = _seam.build(_seam.AUTHORIZE, query=query)
    return AuthorizationRequest(
        url=f"{session.base_url}{request.path}?{urlencode(request.query)}",
        issuer=origin(session.base_url),
        client_id=client_id,
        redirect_uri=redirect_uri,
        state=state,
        code_verifier=verifier,
    )


async def _client_id(session: Session, store: TokenStore, redirect_uri: str, client_name: str | None) -> str:
    """Return the stored client, or register one.

    It is registered inside the section, so that two who start at the same time share one client.
    """
    issuer = origin(session.base_url)
    with await enter(session, store, session.deadline()) as section:
        stored = section.read()
        if stored and stored.issuer == issuer and redirect_uri in stored.redirect_uris:
            return stored.client_id

        section.check_writable()
        client = await register_client(session, [redirect_uri], client_name)
        if stored is None or stored.access_token is None:
            section.write(Connection(issuer=issuer, client_id=client.client_id, redirect_uris=(redirect_uri,)))
        return client.client_id


async def connect(session: Session, store: TokenStore, callback_url: str, request: AuthorizationRequest) -> None:
    """Check the state, exchange the code, and store the tokens."""
    code = _code(session, callback_url, request)
    deadline = session.deadline()
    with await enter(session, store, deadline) as section:
        section.check_writable()
        request.used = True
        # Not cut halfway: the code works once, and nobody else has the tokens that it gives.
        await session.io.complete(_exchange(session, section, request, code, deadline))


async def _exchange(
    session: Session, section: Section, request: AuthorizationRequest, code: str, deadline: float
) -> None:
    body = TokenRequest(
        grant_type="authorization_code",
        client_id=request.client_id,
        code=code,
        redirect_uri=request.redirect_uri,
        code_verifier=request.code_verifier,
    )
    sent_at = session.clock.now()
    try:
        tokens = await request_token(session, deadline, body)
    except (TransportError, ContractError) as error:
        if error.outcome == "not_sent":
            request.used = False
            raise
        raise OAuthError("no_answer", f"the code may be spent: start again ({error.message})") from None
    connection = Connection(issuer=request.issuer, client_id=request.client_id, redirect_uris=(request.redirect_uri,))
    section.write(connection.renewed(tokens, sent_at=sent_at))


def _code(session: Session, callback_url: str, request: AuthorizationRequest) -> str:
    """Return the code in the address that the browser came back to, when it belongs to the request."""
    if not isinstance(request, AuthorizationRequest):
        raise InputError(f"request must be the AuthorizationRequest that this answers, not {type(request).__name__}.")
    callback = read_callback(callback_url)
    if not callback.has_state(request.state):
        raise OAuthError("invalid_state", "this answer does not belong to this authorization request")
    if request.used:
        raise OAuthError("state_used", "this authorization request was used already: start again")
    issuer = callback.value("iss") or request.issuer
    if request.issuer != origin(session.base_url) or issuer != request.issuer:
        raise OAuthError("invalid_issuer", "this authorization request belongs to another service")

    refusal = callback.refusal
    if refusal is not None:
        request.used = True
        raise refusal
    return callback.code


async def disconnect(session: Session, store: TokenStore) -> None:
    """Forget the stored connection."""
    with await enter(session, store, session.deadline()) as section:
        section.write(None)
