"""The way back from the browser: the code becomes tokens, which are stored."""

from __future__ import annotations

from ledgerhq_ext._auth.answers import Grant
from ledgerhq_ext._auth.busy import Busy, ask_patiently
from ledgerhq_ext._auth.callbacks import read_callback
from ledgerhq_ext._auth.connection import Connection
from ledgerhq_ext._auth.oauth import AuthorizationRequest, in_section
from ledgerhq_ext._auth.refresh import OAuthConnection, request_token
from ledgerhq_ext._auth.stores import Section
from ledgerhq_ext._bodies import TokenRequest
from ledgerhq_ext._http.io import Work
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._http.urls import origin
from ledgerhq_ext.errors import InputError, OAuthError, TransportError


async def connect(
    session: Session,
    connection: OAuthConnection,
    callback_url: str,
    request: AuthorizationRequest,
) -> None:
    """Check the state, exchange the code, and store the tokens."""
    code = _code(session, callback_url, request)

    async def ask(deadline: float, busy: Busy) -> None:
        # Not cut halfway: the code works once, and nobody else has the tokens that it gives.
        async def inside(session: Session, section: Section, work: Work, until: float) -> None:
            await work(section.check_writable)
            request.used = True
            sent_at = session.clock.now()
            grant = await _exchange(session, request, code, until, busy)
            renewed = _blank(request).renewed(grant, sent_at=sent_at)
            await work(lambda: section.write(renewed))
            connection.forget()
            if grant.problem is not None:
                raise OAuthError("invalid_response", f"{grant.problem}; the refresh token was kept")

        await in_section(session, connection.store, deadline, inside)

    try:
        await ask_patiently(session, ask)
    finally:
        connection.forget()


async def _exchange(session: Session, request: AuthorizationRequest, code: str, until: float, busy: Busy) -> Grant:
    """Return what the code gives; a code that was not presented serves later."""
    body = TokenRequest(
        grant_type="authorization_code",
        client_id=request.client_id,
        code=code,
        redirect_uri=request.redirect_uri,
        code_verifier=request.code_verifier,
    )
    try:
        grant = await request_token(session, until, body, busy)
    except TransportError as error:
        if error.outcome == "not_sent":
            request.used = False
            raise
        raise OAuthError("no_answer", f"the code may be spent: start again ({error.message})") from None
    if grant.is_empty:
        raise OAuthError("invalid_response", f"the code is spent, and {grant.problem}: start again")
    return grant


def _blank(request: AuthorizationRequest) -> Connection:
    return Connection(issuer=request.issuer, client_id=request.client_id, redirect_uris=(request.redirect_uri,))


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
