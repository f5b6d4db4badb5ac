"""Connecting a firm: OAuth 2.1, authorization code with PKCE (S256), a public client."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode

from ledgerhq_ext import _calls, _seam, models
from ledgerhq_ext._auth.authorization import AuthorizationRequest
from ledgerhq_ext._auth.busy import Busy, ask_patiently
from ledgerhq_ext._auth.callbacks import check_redirect_uri
from ledgerhq_ext._auth.connection import Connection
from ledgerhq_ext._auth.jobs import NotInTime, exchange
from ledgerhq_ext._auth.refresh import OAuthConnection
from ledgerhq_ext._auth.sections import Section, TokenStore, once_free
from ledgerhq_ext._bodies import ClientRegistrationRequest
from ledgerhq_ext._http.call import send, with_headers
from ledgerhq_ext._http.io import Work
from ledgerhq_ext._http.session import Session
from ledgerhq_ext._http.urls import origin
from ledgerhq_ext._wire import read
from ledgerhq_ext.errors import InputError, TransportError

T = TypeVar("T")


async def register_client(
    session: Session, redirect_uris: list[str], client_name: str | None
) -> models.ClientRegistration:
    """Register a public client (``POST /api/oauth/register``)."""
    if not redirect_uris or isinstance(redirect_uris, str):
        raise InputError("redirect_uris must be a list of at least one address.")
    uris = tuple(check_redirect_uri(uri) for uri in redirect_uris)

    async def ask(deadline: float, busy: Busy) -> models.ClientRegistration:
        """Register, until the deadline."""
        return await _register(session.until(deadline), uris, client_name, busy)

    return await ask_patiently(session, ask)


async def _register(
    session: Session, redirect_uris: tuple[str, ...], client_name: str | None, busy: Busy
) -> models.ClientRegistration:
    body = ClientRegistrationRequest(redirect_uris=redirect_uris, client_name=client_name)
    request = with_headers(session, _calls.build(_seam.REGISTER, body=body), token=None)
    options = session.options
    response = await send(session, request, timeout=options.timeout, budget=options.deadline)
    if not 200 <= response.status < 300:
        raise busy.refusal(session, response)
    return read(models.ClientRegistration, response.json())


async def authorization_request(
    session: Session,
    store: TokenStore,
    redirect_uri: str,
    *,
    client_id: str | None,
    client_name: str | None,
    scope: str | None,
) -> AuthorizationRequest:
    """Return the address to send the firm's owner or admin to, and what to remember meanwhile.

    The address is that of ``GET /api/oauth/authorize``.
    """
    check_redirect_uri(redirect_uri)
    if client_id is None:
        client_id = await _client_id(session, store, redirect_uri, client_name)

    # PKCE: the challenge travels through the browser, its verifier only with the code.
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
    request = _calls.build(_seam.AUTHORIZE, query=query)
    return AuthorizationRequest(
        url=f"{session.base_url}{request.path}?{urlencode(request.query)}",
        issuer=origin(session.base_url),
        client_id=client_id,
        redirect_uri=redirect_uri,
        state=state,
        code_verifier=verifier,
    )


Inside = Callable[[Session, Section, Work, float], Coroutine[Any, Any, T]]
"""What is done inside a store's section: over a session, until a moment."""


async def in_section(session: Session, store: TokenStore, deadline: float, inside: Inside[T]) -> T:
    """Wait for the store's section until the deadline, and bring what is done in it to its end."""

    async def attempt(session: Session, work: Work, until: float) -> list[T] | None:
        """Return the result in a list; None while somebody else is in the section."""
        section = await work(store.try_lock)
        if section is None:
            return None
        try:
            return [await inside(session, section, work, until)]
        finally:
            await work(partial(section.__exit__, None, None, None))

    try:
        results = await once_free(session, deadline, lambda: exchange(session, deadline, attempt))
        return results[0]
    except NotInTime:
        pass  # Raised below, without this one as its context.
    raise TransportError(
        "The token endpoint or the token store did not answer before the deadline; the exchange "
        "continues in the background.",
        outcome="unknown",
    )


async def _client_id(
    session: Session, store: TokenStore, redirect_uri: str, client_name: str | None
) -> str:
    """Return the id of the stored client, or register one.

    It is registered inside the section, so that two who start at the same time share one client.
    """
    issuer = origin(session.base_url)

    async def ask(deadline: float, busy: Busy) -> str:
        """Find or register the client, until the deadline."""

        async def inside(session: Session, section: Section, work: Work, until: float) -> str:
            """Return the stored client, or register one and store it."""
            stored = await work(section.read)
            if stored and stored.issuer == issuer and redirect_uri in stored.redirect_uris:
                return stored.client_id

            await work(section.check_writable)
            uris = (redirect_uri,)
            client = await _register(session.until(until), uris, client_name, busy)
            # A connection that is in use stays, with its own client, until the firm has connected.
            if stored is None or stored.is_blank:
                blank = Connection(issuer=issuer, client_id=client.client_id, redirect_uris=uris)
                await work(partial(section.write, blank))
            return client.client_id

        return await in_section(session, store, deadline, inside)

    return await ask_patiently(session, ask)


async def disconnect(session: Session, connection: OAuthConnection) -> None:
    """Forget the stored connection."""

    async def inside(_: Session, section: Section, work: Work, __: float) -> None:
        """Store that there is no connection."""
        try:
            await work(partial(section.write, None))
        finally:
            # Here, since the caller may have gone by now.
            connection.forget()

    await in_section(session, connection.store, session.deadline(), inside)
