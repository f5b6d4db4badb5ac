"""The bearer token of an OAuth connection, which is refreshed by one caller for all."""

from __future__ import annotations

from urllib.parse import urlsplit

from attrs import evolve

from ledgerhq_ext import _seam
from ledgerhq_ext._auth.connection import Connection
from ledgerhq_ext._auth.secrets import is_secret
from ledgerhq_ext._auth.stores import Section, TokenStore
from ledgerhq_ext._bodies import TokenRequest
from ledgerhq_ext._http.call import with_headers
from ledgerhq_ext._http.messages import Response
from ledgerhq_ext._http.session import Session, mark
from ledgerhq_ext._http.urls import origin
from ledgerhq_ext._wire import read
from ledgerhq_ext.errors import (
    ContractError,
    InputError,
    OAuthError,
    ReconnectRequired,
    TransportError,
)
from ledgerhq_ext.models import TokenResponse

_POLL = 0.02
_TOKEN_TIMEOUT = 20.0
_REST_AFTER_FAILURE = 5.0
_LONGEST_LIFE = 10**9


class OAuthConnection:
    """The stored connection: refreshed ahead of its end and after a 401, once for all who wait.

    The store's exclusive section makes threads, tasks and processes take turns; whoever comes second
    reads the new token. A token is only ever sent to the origin that issued it.
    """

    def __init__(self, store: TokenStore, client_id: str | None = None) -> None:
        self.store = store
        self.client_id = client_id
        self._not_before = 0.0

    def check_organization(self, organization_id: str) -> None:
        """Allow any organization: a firm speaks for all of its client companies."""

    async def token(self, session: Session, deadline: float, /, rejected: str | None = None) -> str | None:
        """Return a token that is good now and was not ``rejected``.

        Raises ``ReconnectRequired`` when there is none to be had.
        """
        connection = self._check(session, self.store.read())
        if _is_usable(connection, session, rejected, fresh=True):
            return connection.access_token

        is_alive = _is_usable(connection, session, rejected, fresh=False)
        is_resting = session.clock.monotonic() < self._not_before
        if is_alive and (connection.refresh_token is None or is_resting):
            return connection.access_token

        section = self.store.try_lock()
        if section is None:
            if is_alive:
                return connection.access_token
            section = await enter(session, self.store, deadline)
        with section:
            connection = self._check(session, section.read())
            if not _is_usable(connection, session, rejected, fresh=True):
                # Not cut halfway: a rotated token that nobody stores is a lost connection.
                connection = await session.io.complete(self._refresh(session, section, connection, deadline, rejected))
        return connection.access_token

    def _check(self, session: Session, connection: Connection | None) -> Connection:
        if connection is None:
            raise ReconnectRequired("not_connected", "the token store holds no connection: connect first")
        if connection.access_token is None and connection.refresh_token is None:
            raise ReconnectRequired(
                "not_connected",
                connection.lost or "the token store holds no connection: connect first",
            )
        if connection.issuer != origin(session.base_url):
            host = urlsplit(connection.issuer).netloc
            raise InputError(f"the stored tokens belong to {host}; they are not sent to {session.base_url}.")
        return connection

    async def _refresh(
        self,
        session: Session,
        section: Section,
        connection: Connection,
        deadline: float,
        rejected: str | None,
    ) -> Connection:
        """Spend the refresh token; a failure is only raised when no living token is left."""
        if connection.refresh_token is None:
            raise ReconnectRequired("connection_lost", connection.lost or "there is no refresh token")
        try:
            section.check_writable()
            renewed = await _spend(session, connection, section, deadline)
        except ReconnectRequired as error:
            stored = section.read()
            stale = mark(connection.access_token or "")
            if stored and _is_usable(stored, session, stale, fresh=True):
                return stored
            # Written down, so that nobody presents the dead token again.
            lost = evolve(connection, refresh_token=None, lost=error.error_description)
            section.write(lost)
            if _is_usable(lost, session, rejected, fresh=False):
                return lost
            raise
        except (OAuthError, TransportError, InputError):
            self._not_before = session.clock.monotonic() + _REST_AFTER_FAILURE
            if _is_usable(connection, session, rejected, fresh=False):
                return connection
            raise
        section.write(renewed)
        return renewed


async def enter(session: Session, store: TokenStore, deadline: float) -> Section:
    """Wait for the store's exclusive section, until the deadline."""
    while True:
        section = store.try_lock()
        if section is not None:
            return section
        if session.clock.monotonic() >= deadline:
            raise TransportError("Another user of the token store did not end in time.", outcome="not_sent")
        await session.io.sleep(_POLL)


def _is_usable(connection: Connection, session: Session, rejected: str | None, *, fresh: bool) -> bool:
    states = ("fresh",) if fresh else ("fresh", "stale")
    if connection.state(session.clock.now()) not in states:
        return False
    return mark(connection.access_token or "") != rejected


async def _spend(session: Session, connection: Connection, section: Section, deadline: float) -> Connection:
    """Return the connection with a new pair of tokens.

    A response that is lost is asked for once more: only the service knows who was first.
    """
    body = TokenRequest(
        grant_type="refresh_token",
        client_id=connection.client_id,
        refresh_token=connection.refresh_token,
    )
    lost = connection.lost
    for _ in range(2):
        sent_at = session.clock.now()
        try:
            tokens = await request_token(session, deadline, body)
        except OAuthError as error:
            if error.error != "invalid_grant":
                # Whatever call asked for the token: it was not sent.
                error.outcome = "not_sent"
                raise
            reason = lost or "the service refused the refresh token"
            raise ReconnectRequired("invalid_grant", f"{reason}; the firm has to connect again") from None
        except (TransportError, ContractError) as error:
            if error.outcome == "not_sent":
                raise
            lost = f"the answer to a token refresh was lost ({type(error).__name__})"
        else:
            return connection.renewed(tokens, sent_at=sent_at)

    # The grant may still stand: the next call tries again, and knows what to say when it does not.
    section.write(evolve(connection, lost=lost))
    # No TransportError: those are repeated, and the refresh token was presented often enough.
    raise OAuthError("no_answer", f"no new token: {lost}, twice")


async def request_token(session: Session, deadline: float, body: TokenRequest) -> TokenResponse:
    """Ask for a token (``POST /api/oauth/token``).

    Raises ``OAuthError`` with the RFC 6749 code, and never shows the body. A ``TransportError`` or
    ``ContractError`` whose outcome is ``unknown`` means that the grant may be spent.
    """
    request = with_headers(session, _seam.build(_seam.TOKEN, body=body), token=None)
    budget = min(_TOKEN_TIMEOUT, deadline - session.clock.monotonic())
    if budget <= 0:
        raise TransportError("No time was left to ask for a token.", outcome="not_sent")

    timeout = min(session.options.timeout, budget)
    response = await session.io.send(request, timeout=timeout, budget=budget)
    if not 200 <= response.status < 300:
        raise oauth_error(response)
    tokens = read(TokenResponse, response.json())
    is_bearer = tokens.token_type.lower() == "bearer"
    if not is_bearer or not 0 < tokens.expires_in <= _LONGEST_LIFE:
        raise ContractError("the token response holds no living bearer token")
    if not is_secret(tokens.access_token):
        raise ContractError("the access token holds characters that no token has", pointer="/access_token")
    return tokens


def oauth_error(response: Response) -> OAuthError | TransportError:
    """Return the exception for a response of the OAuth endpoints that is not a success."""
    try:
        document = response.json()
    except ContractError:
        document = None
    if not isinstance(document, dict):
        document = {}
    code = document.get("error")
    description = document.get("error_description")

    if response.status in (429, 503):
        return TransportError(f"The OAuth endpoint is busy ({response.status}).", outcome="not_sent")
    if response.status >= 500:
        return TransportError(f"The OAuth endpoint failed ({response.status}).", outcome="unknown")
    if not isinstance(description, str):
        description = f"the OAuth endpoint answered {response.status}"
    if not isinstance(code, str):
        code = "server_error"
    return OAuthError(code, description, outcome="rejected")
