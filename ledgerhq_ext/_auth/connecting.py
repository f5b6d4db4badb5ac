"""The way back from the browser: the code becomes tokens, stored beside their firm."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from attrs import evolve

from ledgerhq_ext._auth.answers import Grant
from ledgerhq_ext._auth.authorization import AuthorizationRequest
from ledgerhq_ext._auth.busy import Busy, ask_patiently
from ledgerhq_ext._auth.callbacks import read_callback
from ledgerhq_ext._auth.connection import Connection
from ledgerhq_ext._auth.credentials import AccessToken, TokenAuthorizer
from ledgerhq_ext._auth.oauth import in_section
from ledgerhq_ext._auth.refresh import OAuthConnection
from ledgerhq_ext._auth.sections import Section
from ledgerhq_ext._auth.token_endpoint import request_token
from ledgerhq_ext._bodies import TokenRequest
from ledgerhq_ext._http.io import Work
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._http.urls import origin
from ledgerhq_ext.errors import InputError, OAuthError, TransportError

COMPANIES = "companies:"
"""Begins the name of a firm that is known by its client companies alone."""

ReadFirm = Callable[[Session, float, str | None], Coroutine[Any, Any, tuple[str, ...]]]
"""Returns the names of the firm that a session speaks for, until a moment; see ``firm_names``."""


async def connect(
    session: Session,
    connection: OAuthConnection,
    callback_url: str,
    request: AuthorizationRequest,
    *,
    replace: bool,
    read_firm: ReadFirm,
) -> None:
    """Check the state, exchange the code, and store the tokens of the firm."""
    if not isinstance(replace, bool):
        raise InputError(f"replace must be True or False, not {replace!r}.")
    code = _code(session, callback_url, request)

    async def ask(deadline: float, busy: Busy) -> None:
        """Connect, until the deadline."""

        # Not cut halfway: the code works once, and nobody else has the tokens that it gives.
        async def inside(session: Session, section: Section, work: Work, until: float) -> None:
            """Exchange the code while nobody else uses the store."""
            firm = None if replace else await _stored_firm(section, work)
            await work(section.check_writable)
            sent_at = session.clock.now()
            grant = await _exchange(session, request, code, until, busy)
            renewed = _blank(request).renewed(grant, sent_at=sent_at)

            # Where no firm is stored, the tokens are, before anybody looks whose they are: the look
            # may fail, or the process die in it, and they cannot be asked for twice. A firm that is
            # stored stays until the look has told that it is the same one: what can be lost then is
            # the new grant, not the one in use.
            try:
                if firm is None:
                    await work(partial(section.write, renewed))
                names = await _names(session, until, renewed, firm, read_firm)
                if firm is not None and firm not in names:
                    raise _another_firm(firm, names)
                if names:
                    await work(partial(section.write, evolve(renewed, firm=names[0])))
            finally:
                # Here, since the caller may have gone by now.
                connection.forget()
            if grant.problem is not None:
                raise OAuthError("invalid_response", f"{grant.problem}; the refresh token was kept")

        await in_section(session, connection.store, deadline, inside)

    await ask_patiently(session, ask)


async def _stored_firm(section: Section, work: Work) -> str | None:
    connection = await work(section.read)
    return None if connection is None else connection.firm


async def _exchange(
    session: Session, request: AuthorizationRequest, code: str, until: float, busy: Busy
) -> Grant:
    """Exchange the code for a grant; a code that was not presented serves later."""
    # Again: whoever was in the section before may have presented the same code.
    _check_unused(request)
    request.used = True
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
        raise OAuthError(
            "no_answer", f"the code may already have been used; start again ({error.message})"
        ) from None
    if grant.is_empty:
        raise OAuthError("invalid_response", f"the code was used, and {grant.problem}; start again")
    return grant


def _blank(request: AuthorizationRequest) -> Connection:
    return Connection(
        issuer=request.issuer, client_id=request.client_id, redirect_uris=(request.redirect_uri,)
    )


async def _names(
    session: Session, until: float, renewed: Connection, firm: str | None, read_firm: ReadFirm
) -> tuple[str, ...]:
    """Return the names of the firm that the new tokens stand for; none where nobody can tell."""
    if renewed.access_token is None:
        return ()
    by_its_token = TokenAuthorizer(AccessToken(renewed.access_token))
    return await read_firm(evolve(session, authorizer=by_its_token), until, firm)


def _another_firm(firm: str, names: tuple[str, ...]) -> InputError:
    newcomer = "the firm that granted access now cannot be identified"
    if names:
        newcomer = f"{_description(names[0])} granted access now"
    return InputError(
        f"The token store is connected as {_description(firm)}, and {newcomer}. Nothing was "
        "stored, and the stored connection stays in use. Use a separate token store for another "
        "firm, or connect again with replace=True to replace the first one."
    )


def _description(firm: str) -> str:
    if not firm.startswith(COMPANIES):
        return f"firm {firm}"
    # Companies come and go: a person may know that it is the same firm.
    digest = firm.removeprefix(COMPANIES)
    return f"a firm that is known only by its client companies (their digest is {digest})"


def _code(session: Session, callback_url: str, request: AuthorizationRequest) -> str:
    """Return the code in the address, when that is the answer to the request."""
    if not isinstance(request, AuthorizationRequest):
        raise InputError(
            "request must be the AuthorizationRequest that this callback answers, not "
            f"{type(request).__name__}."
        )
    callback = read_callback(callback_url)
    if not callback.has_state(request.state):
        raise OAuthError(
            "invalid_state", "this callback does not belong to this authorization request"
        )
    _check_unused(request)

    # Two services, one of them hostile, may send the browser to the same address (RFC 9207).
    issuer = callback.value("iss") or request.issuer
    if request.issuer != origin(session.base_url) or issuer != request.issuer:
        raise OAuthError("invalid_issuer", "this authorization request belongs to another service")

    refusal = callback.refusal
    if refusal is not None:
        request.used = True
        raise refusal
    return callback.code


def _check_unused(request: AuthorizationRequest) -> None:
    """Raise ``OAuthError`` for a request whose code may have been presented."""
    if request.used:
        raise OAuthError(
            "state_used", "this authorization request was already used; create a new one"
        )
